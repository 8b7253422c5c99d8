"""The way up: records, heartbeats, tokens, and what the hub answers."""
