"""What the screens are made of, the look of each in the `.kv` file of the same name."""
