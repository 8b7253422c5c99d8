"""Who came: figures for the terminal, a spreadsheet, a page and paper, and every record behind them."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import click
import msgspec

from sync.hub.cli.options import data_option, open_hub, shop_id_of
from sync.hub.hub import Hub
from sync.hub.reports import entries, spreadsheet, text
from sync.hub.reports.attendance import BYS, Scope
from sync.hub.reports.tables import Table, words_for
from sync.hub.reports.whole import Whole, whole
from sync.hub.store.attendance import HOME_ZONE, zone_of
from sync.replica.folder import write_in_one_step

_day = click.DateTime(["%Y-%m-%d"])
_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@data_option
@click.option("--by", type=click.Choice(BYS), help="Figures by this. Default: session.")
@click.option("--from", "first", type=_day, metavar="DAY", help="From this day on, such as 2026-11-24.")
@click.option("--to", "last", type=_day, metavar="DAY", help="Up to this day, itself included.")
@click.option("--shop", help="Only what was logged at this shop.")
@click.option(
    "--public", is_flag=True, help="Figures that may be told: small numbers are hidden (setting small_cells)."
)
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@click.option("--csv", "as_csv", is_flag=True, help="Every record as CSV; with --by, the figures.")
@click.option("--html", metavar="FILE", type=_file, help="Write all figures as one page.")
@click.option("--sheet", metavar="SESSION", help="Write one session, by its id, as an A4 page (with --out FILE.pdf).")
@click.option("--audit", metavar="ID", help="One record with all its corrections: who, what and when.")
@click.option("--out", metavar="FILE", type=_file, help="Write to this file.")
def attendance(data: Path | None, shop: str | None, **asked: Any) -> None:
    """Show who came to which session, what about, and what came of it.

    Without options: a table by session. Ids of sessions are in the CSV and JSON.
    """
    _check(asked)
    hub = open_hub(data)
    scope = _scope(hub, asked["first"], asked["last"], shop)
    if asked["audit"]:
        _audit(hub, asked["audit"], as_json=asked["as_json"])
    elif asked["sheet"]:
        _sheet(hub, asked["sheet"], asked["out"])
    elif asked["html"]:
        _page(hub, scope, shop or "", asked["html"], public=asked["public"])
    elif asked["as_csv"] and not (asked["by"] or asked["public"]):
        _records(hub, scope, asked["out"])
    else:
        _figures(hub, scope, asked)


def _check(asked: dict[str, Any]) -> None:
    forms = [name for name in ("as_json", "as_csv", "html", "sheet", "audit") if asked[name]]
    if len(forms) > 1 and forms != ["as_json", "audit"]:
        raise click.UsageError("give one of --json, --csv, --html, --sheet and --audit")
    if asked["sheet"] and not asked["out"]:
        raise click.UsageError("--sheet needs --out FILE.pdf")
    if asked["public"] and (asked["sheet"] or asked["audit"]):
        raise click.UsageError("a sheet and an audit are not for the public: --public goes with figures")
    if asked["first"] and asked["last"] and asked["first"] > asked["last"]:
        raise click.UsageError("--from is after --to")
    if asked["out"] and not (asked["sheet"] or asked["as_csv"] or asked["as_json"]):
        raise click.UsageError("--out goes with --csv, --json and --sheet")


def _scope(hub: Hub, first: dt.datetime | None, last: dt.datetime | None, shop: str | None) -> Scope:
    shop_id = shop_id_of(hub, shop)
    with hub.database.reading() as db:
        zone = zone_of(db, shop_id) if shop_id else HOME_ZONE
    begin = first.date() if first and first.date() > dt.date.min else None
    end = last.date() if last and last.date() < dt.date.max else None
    return Scope(begin, end, shop_id, zone)


# -- each form


def _figures(hub: Hub, scope: Scope, asked: dict[str, Any]) -> None:
    by = asked["by"] or "session"
    with hub.database.reading() as db:
        found = whole(db, scope, [by], public=asked["public"])
    table = found.tables[by]
    with _to(asked["out"]) as file:
        if asked["as_json"]:
            file.write(msgspec.json.encode(_as_json(found, table)).decode() + "\n")
        elif asked["as_csv"]:
            spreadsheet.write_table(file, table)
        elif table.lines:
            file.writelines(f"{line}\n" for line in text.lines(table))
            file.writelines(f"{note}\n" for note in found.notes)
        else:
            file.write("Nothing was logged then.\n")


def _as_json(found: Whole, table: Table) -> dict[str, Any]:
    scope = found.scope
    return {
        "by": table.by,
        "from": scope.first,
        "to": scope.last,
        "shop": found.words.shop(scope.shop_id) if scope.shop_id else None,
        "headings": {column.key: column.heading for column in table.columns},
        "rows": [{"key": line.key, **line.cells} for line in table.lines],
        "total": {column.key: table.total.cells[column.key] for column in table.columns if column.counts},
        "notes": found.notes,
    }


def _records(hub: Hub, scope: Scope, out: Path | None) -> None:
    with hub.database.reading() as db, _to(out) as file:
        shops = dict(words_for(db).shops)
        count = spreadsheet.write(file, entries.COLUMNS, entries.in_force(db, scope, shops))
    if out:
        click.echo(f"Wrote {out}: {count:,} records.")


def _page(hub: Hub, scope: Scope, shop: str, out: Path, *, public: bool) -> None:
    from sync.hub.reports.page import page  # the other forms need no templates

    with hub.database.reading() as db:
        found = whole(db, scope, public=public)
    write_in_one_step(out, page(found, shop, dt.datetime.now(scope.zone).date()).encode())
    click.echo(f"Wrote {out}. It needs nothing else: open it in a browser, print it, or send it.")


def _sheet(hub: Hub, session: str, out: Path) -> None:
    from sync.hub.reports.sheet import content, draw  # only paper needs what draws it

    with hub.database.reading() as db:
        said = content(db, session)
    write_in_one_step(out, draw(said))
    click.echo(f"Wrote {out}: one page to print.")


def _audit(hub: Hub, record_id: str, *, as_json: bool) -> None:
    with hub.database.reading() as db:
        found = entries.audit(db, record_id)
        words = words_for(db, found[0]["shop_id"])
    if as_json:
        for row in found:
            click.echo(msgspec.json.encode(row).decode())
        return
    for row in found:
        click.echo(f"{_what(row)}: {row['id']}")
        click.echo(f"    by {row['who'] or row['staff'] or 'somebody'} on {row['kiosk'] or row['device_id']}")
        click.echo(f"    made {row['recorded_at']}, here since {row['received_at']}{_clock(row)}")
        about = ", ".join(map(words.topic, row["topics"].split())) or "nothing said"
        said = [words(row["role"]), f"{row['people']} people", row["first_time"] or "not asked", f"about: {about}"]
        said += [words.outcome(row["outcome"])] if row["outcome"] else []
        said += [f"{row['minutes']} minutes"] if row["minutes"] is not None else []
        said += ["from paper"] if row["paper"] else []
        click.echo(f"    {'deleted' if row['void'] else ', '.join(said)}; at {row['at']}, session {row['session']}")


def _what(row: dict[str, Any]) -> str:
    kind = "First record" if row["id"] == row["root"] else "Correction"
    return f"{kind} (this counts)" if row["counts"] else kind


def _clock(row: dict[str, Any]) -> str:
    return "; the kiosk's clock was wrong" if row["clock_wrong"] else ""


@contextlib.contextmanager
def _to(out: Path | None) -> Iterator[TextIO]:
    """Where to write; a file only takes its name when all of it is there."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
