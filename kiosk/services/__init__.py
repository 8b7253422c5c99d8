"""What a person can do at a unit, one method each. Screens and commands call these, and nothing below them."""
