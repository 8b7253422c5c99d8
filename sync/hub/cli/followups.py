"""Who asked to be rung back, and whoever asks what is kept of him or to be forgotten."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from sync.attendance import word
from sync.hub import contacts, forgotten, retention, settings
from sync.hub.cells import plain, safe
from sync.hub.cli.options import data_option, open_hub, shop_id_of, who
from sync.hub.hub import Hub
from sync.hub.store import audit, follow_ups, suggestions
from sync.hub.store.catalogue import shop_names
from sync.hub.store.follow_ups import Kept, Refused
from sync.hub.suggesting import contact as maker_contact
from sync.records import Contact

Row = dict[str, Any]

_COLUMNS: Final = ("id", "asked", "shop", "first name", "contact", "about", "language", "days left", "state")
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with whole ids.")
_csv_option = click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet. Delete the file in time.")
_text_argument = click.argument("text", required=False)


@click.group(invoke_without_command=True)
@data_option
@click.option("--shop", help="Only those who asked in this shop.")
@click.option("--all", "done", is_flag=True, help="Those who were rung back already as well.")
@_json_option
@_csv_option
@click.pass_context
def followups(
    context: click.Context, data: Path | None, shop: str | None, done: bool, as_json: bool, as_csv: bool
) -> None:
    """List who asked to be rung back, the longest waiting first. That it was looked at is noted."""
    context.obj = data
    if context.invoked_subcommand is not None:
        return
    hub = open_hub(data)
    shop_id = shop_id_of(hub, shop)
    with hub.database.writing() as db:
        kept, letters = follow_ups.kept(db, shop_id, done=done), follow_ups.telling_letters(db)
        audit.note(db, who(), "follow-ups listed", str(len(kept)))
    found = _rows(hub, kept)
    if not (found or as_json or as_csv):
        click.echo("Nobody waits to be rung back.")
        return
    _show(found, letters, as_json=as_json, as_csv=as_csv)


@followups.command("done")
@data_option
@click.argument("follow_up", metavar="ID")
@click.pass_obj
def done_(above: Path | None, data: Path | None, follow_up: str) -> None:
    """Somebody was rung back: ID leaves the list, and is deleted on its day."""
    with open_hub(data or above).database.writing() as db:
        found = follow_ups.mark(db, follow_up, who(), done=True)
    click.echo(f"{found.id} is done. It is deleted on {found.delete_on}.")


@followups.command()
@data_option
@click.argument("follow_up", metavar="ID")
@click.pass_obj
def undo(above: Path | None, data: Path | None, follow_up: str) -> None:
    """ID was not done after all: it is on the list again."""
    with open_hub(data or above).database.writing() as db:
        found = follow_ups.mark(db, follow_up, who(), done=False)
    click.echo(f"{found.id} is open again.")


@followups.command()
@data_option
@click.argument("follow_up", metavar="ID")
@click.pass_obj
def delete(above: Path | None, data: Path | None, follow_up: str) -> None:
    """Delete ID now, whatever its day is."""
    hub = open_hub(data or above)
    with hub.database.writing() as db:
        found = follow_ups.find(db, follow_up)
        follow_ups.forget(db, [found.id], who())
    _leave_nothing(hub)
    click.echo(f"{found.id} is deleted.")


@followups.command()
@data_option
@_text_argument
@_json_option
@_csv_option
@click.pass_obj
def find(above: Path | None, data: Path | None, text: str | None, as_json: bool, as_csv: bool) -> None:
    """Show all that is kept with the name, number or address TEXT, for whoever asks what is kept of him.

    Without TEXT it is asked for, so that it stands in no list of commands.
    """
    hub = open_hub(data or above)
    search = _Search(hub, text or _ask())
    if search.rows or as_json or as_csv:
        _show(search.rows, search.letters, as_json=as_json, as_csv=as_csv)
    else:
        click.echo("Nothing is kept with that.")
    search.warn()


@followups.command()
@data_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
@_text_argument
@click.pass_obj
def forget(above: Path | None, data: Path | None, text: str | None, yes: bool) -> None:
    """Delete all that is kept with the name, number or address TEXT, for whoever asks to be forgotten.

    Without TEXT it is asked for, so that it stands in no list of commands.
    """
    hub = open_hub(data or above)
    search = _Search(hub, text or _ask())
    if not search.rows:
        click.echo("Nothing is kept with that.")
        search.warn()
        return
    _show(search.rows, search.letters)
    if not yes and not click.confirm(f"Delete {_so_many(len(search.rows))}?"):
        click.echo("Nothing was deleted.")
        return
    with hub.database.writing() as db:
        gone = follow_ups.forget(db, [one.id for one in search.kept], who())
        gone += follow_ups.forget_refused(db, [one.number for one in search.refused], who())
        for item_id in search.makers:
            suggestions.forget_contact(db, item_id)
            audit.note(db, who(), follow_ups.MAKER_DELETED, item_id)
        gone += len(search.makers)
    _leave_nothing(hub)
    click.echo(f"Deleted {_so_many(gone)}.")
    search.warn()


class _Search:
    """All that is kept with a name, number or address: the follow-ups, and what was refused. It is noted."""

    def __init__(self, hub: Hub, text: str) -> None:
        self._closed = 0
        self._text = text
        self._key = hub.keys.seal
        with hub.database.reading() as db:
            kept, refused = follow_ups.kept(db, done=True), follow_ups.refused(db)
            self.letters = follow_ups.telling_letters(db)
        self.kept = [one for one in kept if self._is_meant(one.sealed)]
        self.refused = [one for one in refused if self._is_meant(one.sealed)]
        with hub.database.writing() as db:
            audit.note(db, who(), "follow-ups searched", str(len(self.kept) + len(self.refused)))
        self.makers = {one: said for one, said in _makers(hub) if contacts.holds(said, text)}
        self.rows = _rows(hub, self.kept) + [_refused(hub, one) for one in self.refused]
        self.rows += [_suggested(item_id, said) for item_id, said in self.makers.items()]

    def warn(self) -> None:
        """Say what could not be looked into."""
        if self._closed:
            click.echo(f"{_so_many(self._closed)} cannot be opened: nobody can tell whose.", err=True)

    def _is_meant(self, sealed: bytes) -> bool:
        contact = contacts.open_(sealed, self._key).contact
        self._closed += contact is None
        return contact is not None and contacts.holds(contact, self._text)


# -- inner -----------------------------------------------------------------------------------------------------


def _leave_nothing(hub: Hub) -> None:
    forgotten.write(hub.database, hub.folder)
    if not retention.scrub(hub.database):
        click.echo(f"Note: {retention.NOT_SCRUBBED}. Or run `touchpoint-hub retention`.", err=True)


def _rows(hub: Hub, kept: Sequence[Kept]) -> list[Row]:
    with hub.database.reading() as db:
        names = shop_names(db)
        said = {shop_id: settings.for_shop(db, shop_id) for shop_id in {one.shop_id for one in kept}}
    today = dt.datetime.now(dt.UTC).date()
    return [
        {
            "id": one.id,
            "shop": names.get(one.shop_id, ""),
            "received_at": one.received_at,
            "delete_on": one.delete_on,
            "days_left": max(0, (dt.date.fromisoformat(one.delete_on) - today).days),
            "done_at": one.done_at,
            "done_by": one.done_by,
            **_contact(hub, one.sealed, said[one.shop_id]),
        }
        for one in kept
    ]


def _refused(hub: Hub, one: Refused) -> Row:
    return {"id": "", "refused": one.number, **_contact(hub, one.sealed, {})}


def _makers(hub: Hub) -> Iterator[tuple[str, Contact]]:
    """How those who suggest something may be reached, with the id of what they suggest."""
    with hub.database.reading() as db:
        kept = suggestions.contacts(db)
    for item_id, sealed in kept:
        said = maker_contact.open_(sealed, hub.keys)
        yield item_id, Contact(first_name="", contact=said, about="", notice="", agreed_at="")


def _suggested(item_id: str, said: Contact) -> Row:
    own = {"first_name": "", "contact": said.contact, "about_word": "a suggestion", "language": ""}
    return {"id": item_id, "suggested": True, **own}


def _contact(hub: Hub, sealed: bytes, said: Mapping[str, object]) -> Row:
    opened = contacts.open_(sealed, hub.keys.seal)
    if opened.contact is None:
        return {"cannot_be_read": opened.why}
    contact = msgspec.structs.asdict(opened.contact)
    del contact["padding"]
    return {**contact, "about_word": plain(word(said, f"topic.{contact['about']}"))}


def _show(rows: Sequence[Row], letters: int, *, as_json: bool = False, as_csv: bool = False) -> None:
    """Rows as a table, with so many letters of each id."""
    if as_json:
        for row in rows:
            click.echo(msgspec.json.encode(row).decode())
        return
    table = csv.writer(sys.stdout) if as_csv else csv.writer(sys.stdout, delimiter="\t")
    table.writerow(_COLUMNS)
    for row in rows:
        cells = [plain(str(cell)) for cell in _cells(row, letters)]
        table.writerow([safe(cell) for cell in cells] if as_csv else cells)


def _cells(row: Row, letters: int) -> tuple[object, ...]:
    asked = str(row.get("agreed_at") or row.get("received_at") or "")[:16].replace("T", " ")
    contact = (row["first_name"], row["contact"], row["about_word"], row["language"]) if "contact" in row else ()
    said = contact or (row["cannot_be_read"], "", "", "")
    if "suggested" in row:
        state = "suggested"
    else:
        state = "refused" if "refused" in row else f"done {row['done_at'][:10]}" if row["done_at"] else "open"
    return (row["id"][:letters], asked, row.get("shop", ""), *said, row.get("days_left", ""), state)


def _so_many(count: int) -> str:
    return "1 follow-up" if count == 1 else f"{count:,} follow-ups"


def _ask() -> str:
    return str(click.prompt("Name, number or address", err=True))
