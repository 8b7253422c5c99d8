"""Read sheets/NAME.toml: what a download holds beside the body of its item.

A paper (PDF) has ``pages``, each with a title and blocks to fill in; a spreadsheet (CSV) has ``columns`` and
``rows``. ``body = false`` leaves the body of the item out of a paper, as a poster does. A paper whose name ends in
``-large-print`` is made from the same sheet as the one without it.
"""

from __future__ import annotations

import tomllib
from typing import Any

from catalogue import HERE

Sheet = dict[str, Any]
SHEETS = HERE / "sheets"
LARGE_PRINT = "-large-print"


def read_sheet(name: str) -> Sheet:
    """The sheet of that name, or an empty one."""
    path = SHEETS / f"{name.removesuffix(LARGE_PRINT)}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
