"""The shop's side of sync.

- `passes`: one pass, the way down and the way up beside each other
- `down`: what was published is verified, fetched and put into the replica
- `up`: records, heartbeats, tokens, and what the hub answers
- `sticks`: the same for units that have no connection
- `enrol`, `enrol_code`, `identity`: how a kiosk comes to belong to a shop, and who it is
- `carriers`, `http`, `clock` and the rest: what all of them stand on
"""
