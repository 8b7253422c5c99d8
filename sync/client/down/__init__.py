"""The way down: what was published, verified, fetched and put into the replica."""
