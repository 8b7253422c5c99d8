"""What stands in the shop: the screen people touch and the agent behind it."""
