"""The templates of the hub's own pages. Whatever comes from the database is text to them, never markup."""

from __future__ import annotations

import datetime as dt
import hashlib
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from sync import codes, wording
from sync.pages import render
from sync.pages.icons import icon

STATIC: Final = {
    name: resources.files("sync.hub.admin").joinpath(f"static/{name}").read_bytes()
    for name in ("admin.css", "admin.js", "htmx.min.js")
}
VERSION: Final = hashlib.sha256(b"".join(STATIC.values())).hexdigest()[:12]


def template(name: str, /, **values: Any) -> bytes:
    """A page or a part of one, in UTF-8."""
    return _templates.get_template(name).render(**values).encode("utf-8", "replace")


def moment(at: str) -> str:
    """`2026-11-30T14:20:05.123+00:00` as `30 November 2026, 14:20` (UTC)."""
    there = dt.datetime.fromisoformat(at)
    return f"{wording.day(there.date().isoformat())}, {there:%H:%M}"


def _make_templates() -> Environment:
    made = Environment(
        loader=PackageLoader("sync.hub.admin"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {
        "icon": icon,
        "spoken": render.spoken,
        "wording": wording,
        "show_code": codes.show,
        "version": VERSION,
    }
    made.filters |= {"short": render.short, "moment": moment, "day": wording.day, "markdown": render.markdown}
    return made


_templates: Final = _make_templates()
