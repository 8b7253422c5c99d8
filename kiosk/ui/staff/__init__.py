"""What the staff's screens stand on: who is at work, what is begun, and how things are told."""
