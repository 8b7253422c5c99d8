"""Printers: where a slip comes out, and how each says what became of it."""
