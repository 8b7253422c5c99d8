"""Things that are not code: themes, the demo catalogue, pictures. Read with importlib.resources."""
