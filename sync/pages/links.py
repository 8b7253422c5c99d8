"""Which links of the catalogue may be followed; whatever is in it, anybody may have written."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from sync.records import File

_WEB: Final = ("http", "https")
_BODY: Final = (*_WEB, "mailto")


def web(url: str) -> str:
    """The address when it leads to a web site; empty for anything else, such as `javascript:`."""
    return url if host(url) else ""


def host(url: str) -> str:
    """Which host a web address leads to, so that people see where they would go; empty when it is none."""
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        return ""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme.lower() in _WEB else ""
    except ValueError:
        return ""


def may_stand_in_text(url: str) -> bool:
    """Whether a link in an item's text is kept: to a web site or a mail address, never into these pages."""
    scheme = url.partition(":")[0].lower()
    return bool(host(url)) if scheme in _WEB else scheme in _BODY and ":" in url


def file(root: str, there: File) -> str:
    """The address of a file that is held here."""
    return f"{root}/files/{there.sha256}/{quote(there.name.replace('/', '-') or 'file', safe='')}"


def on_a_map(lat: float | None, lon: float | None) -> str:
    """Where a position (WGS 84 degrees) can be seen on OpenStreetMap; empty where there is none."""
    if lat is None or lon is None:
        return ""
    query = urlencode({"mlat": f"{lat:.6f}", "mlon": f"{lon:.6f}"})
    return f"https://www.openstreetmap.org/?{query}#map=17/{lat:.6f}/{lon:.6f}"
