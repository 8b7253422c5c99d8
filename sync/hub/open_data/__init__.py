"""The figures that everybody may have: `figures` gathers them, `views` shows them as a page, CSV and JSON."""

from sync.hub.open_data.views import routes

__all__ = ["routes"]
