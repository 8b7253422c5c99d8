"""Says that what was asked for is still to come."""

from __future__ import annotations

from kiosk.ui import kv
from kiosk.ui.widgets.basics import Panel

kv.load(__file__)


class Waiting(Panel):
    """Lies over the middle of a screen; what stands there can still be touched."""
