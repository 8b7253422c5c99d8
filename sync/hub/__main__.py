"""`python -m sync.hub` is `touchpoint-hub`."""

from sync.hub.cli import main

main()
