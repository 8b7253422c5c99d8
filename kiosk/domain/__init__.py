"""Rules that need no disk, network or screen."""
