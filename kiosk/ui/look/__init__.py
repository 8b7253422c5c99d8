"""How the screen looks: colours, sizes, text, icons, pictures, and which side things begin on."""
