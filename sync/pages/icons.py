"""Line drawings on a grid of 24, for themes, kinds and facts; drawn for these pages."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

_PEOPLE: Final = (
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3 19c0-3 2.5-5 6-5s6 2 6 5ZM16 5a3 3 0 1 1 0 6"
    "M17.5 14.3c2 .6 3.5 2.2 3.5 4.7h-2.5"
)
_PATHS: Final = {
    # themes, by the names that the hub gives their icons
    "food-apple": (
        "M12 8C10 6 5.5 6.3 5.5 12c0 4 2.5 8.5 4.7 8.5.8 0 1.1-.5 1.8-.5s1 .5 1.8.5c2.2 0 4.7-4.5 4.7-8.5"
        "C18.5 6.3 14 6 12 8Z"
        "M12 8c0-2.5.8-4 2.8-5"
    ),
    "home": "M3 11.5 12 4l9 7.5M5.5 9.5V20h4.5v-5.5h4V20h4.5V9.5",
    "bus": "M5 4h14v13H5ZM5 11.5h14M8.5 14.3h.01M15.5 14.3h.01M7.5 17v2.5M16.5 17v2.5",
    "shield": "M12 3l7.5 2.8v5.2c0 4.8-3.2 8.3-7.5 10-4.3-1.7-7.5-5.2-7.5-10V5.8ZM8.8 11.8l2.3 2.3 4.2-4.4",
    "account-multiple": _PEOPLE,
    "human-handsup": (
        "M12 7a2.2 2.2 0 1 0 0-4.4A2.2 2.2 0 0 0 12 7ZM4.5 4.5c.3 3.3 2.2 5 5 5h5c2.8 0 4.7-1.7 5-5"
        "M9.5 9.5V21M14.5 9.5V21M9.5 15.5h5"
    ),
    # kinds
    "guide": "M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5ZM12 6.5V20",
    "app": "M7 2.5h10v19H7ZM11 18.5h2",
    "toolkit": "M3 8h18v11.5H3ZM9 8V4.5h6V8M3 13.5h18M12 12v3",
    "service": "M12 20.5S4 15.5 4 9.8A4.3 4.3 0 0 1 12 7.5a4.3 4.3 0 0 1 8 2.3c0 5.7-8 10.7-8 10.7Z",
    "event": "M4 6h16v14H4ZM4 10.5h16M8 3.5v4M16 3.5v4M8 14h2.5v2.5H8Z",
    "offer": (
        "M4.5 11.5h15V20h-15ZM3 7.5h18v4H3ZM12 7.5V20"
        "M12 7.5c-3.5 0-5-1.2-4.3-3s3.8-1.2 4.3 3c.5-4.2 3.6-4.8 4.3-3s-.8 3-4.3 3Z"
    ),
    "want": "M4 4.5h16v11.5h-8.5L7.5 20v-4H4ZM12 7.3v3.7M12 13.5h.01",
    "skill": "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9L6.7 20l1.1-6-4.4-4.2 6-.8Z",
    "project": "M5.5 21V4M5.5 4.5h13l-3 4 3 4h-13",
    "news": (
        "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4"
        "M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"
    ),
    "space": "M6 20.5V3.5h12v17M3.5 20.5h17M14.5 12.2h.01",
    # facts and buttons
    "download": "M12 3.5v12M7 11l5 5 5-5M4 20.5h16",
    "open": "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
    "person": "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.3-3.8 3.3-6 7.5-6s7.2 2.2 7.5 6Z",
    "price": "M3.5 12V3.5H12l8.5 8.5-8.5 8.5ZM7.8 7.8h.01",
    "may": "M12 3.5v17M7.5 20.5h9M5 6.5h14M5 6.5l-2.8 7h5.6ZM19 6.5l-2.8 7h5.6Z",
    "checked": "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8 12l3 3 5-5.5",
    "place": (
        "M12 21c-4-4.8-6.5-8-6.5-11a6.5 6.5 0 0 1 13 0c0 3-2.5 6.2-6.5 11Z"
        "M12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z"
    ),
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5l5 5",
    "on": "M9.5 5.5l6.5 6.5-6.5 6.5",
    "shelf": "M4 4h16v16H4ZM4 12h16M8 8h3M13 16h3",
}

_DIRECTED: Final = ("on", "open")
"""What points along the line of reading; it is turned round where that runs from the right."""


def icon(name: str, instead: str = "shelf") -> Markup:
    """A drawing for the eye alone, in the colour of the text around it; `instead` where there is none of that name."""
    path = _PATHS.get(name) or _PATHS.get(instead) or _PATHS["shelf"]
    kind = "icon along" if name in _DIRECTED else "icon"
    return Markup('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>').format(kind, path)
