"""The Digital Public Goods register, as JSON files: one app a file, or two files that name the same app.

`nominees/NAME.json` says what an app does, its licence, makers and links; `digitalpublicgoods/NAME.json` says where it
is used and where its papers are. Either alone is enough. Contact persons in them are never read.

`register` reads the files, `about` tells by the table of `subjects` what an entry is about and how people would look
for it, `summary` says so in plain words (`plain`), `machines` what it works on, and `item` puts it all together.

Source: https://github.com/DPGAlliance/publicgoods-candidates, nominee-schema.json (draft-07).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sync.hub.importing import Found, Skipped
from sync.hub.importing.dpg import item, register


def read(paths: Iterable[Path]) -> Iterator[Found | Skipped]:
    """Every app of the register below these folders."""
    entries: list[register.Entry] = []
    for one in register.entries(paths):
        if isinstance(one, Skipped):
            yield one
        else:
            entries.append(one)
    for entry in register.merged(entries):
        yield Found(entry.where, item.of(entry))
