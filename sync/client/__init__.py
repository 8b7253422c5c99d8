"""The shop's side of sync. One pass is: push, pull, check; see `passes`."""
