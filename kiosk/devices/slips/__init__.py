"""What a slip looks like: one description of it, drawn for every paper."""
