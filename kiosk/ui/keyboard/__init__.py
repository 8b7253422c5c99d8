"""The keyboard on the screen: ten columns, layouts as data, made for one finger."""
