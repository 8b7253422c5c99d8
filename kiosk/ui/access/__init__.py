"""The screen for everyone: by keys alone, by ear, and how somebody wants it."""
