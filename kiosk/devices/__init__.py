"""What a unit has besides its screen: printers, and the bell between screen and agent."""
