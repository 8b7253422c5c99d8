"""What the hub's people are told of what shops have logged: the figures, and one module for each form they come in."""
