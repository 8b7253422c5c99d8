"""Where postcodes are: taken in from tables of every sort, and what items and shops have by them."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from sync.hub import places
from sync.hub.cli import main
from sync.hub.errors import HubError
from sync.hub.importing import Skipped, postcodes
from sync.hub.store import catalogue
from sync.hub.store import postcodes as store
from sync.records import Item, Shop
from tests.conftest import TestHub

TABLE = "Postcode,Country,Latitude,Longitude\nSA9 1GX,W,51.77,-3.77\nZZ99 9ZZ,E,52.4,-1.8\n"


def read(path: Path, content: str | bytes, name: str = "table.csv") -> list[Any]:
    there = path / name
    there.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(postcodes.read(there))


@pytest.mark.parametrize(
    "content",
    [
        "postcode,lat,lon\nSA9 1GX,51.77,-3.77\n",
        "lon,LAT, PostCode \n-3.77,51.77,sa9 1gx",
        "pcd,pcd2,pcds,x,lat,long\n'SA9  1GX','SA9  1GX',SA9 1GX,1,51.77,-3.77\n",
        "\ufeffpostcode,longitude,latitude\r\n\r\n sA91gX ,-3.77, 51.77 \r\n",
        "sa9 1gx,51.77,-3.77\n",
        '"SA9 1GX","51.77","-3.77"\n',
        'postcode,name,lat,lon\nSA9 1GX,"Pontardawe, SA8",51.77,-3.77\n',
        'postcode,lat,lon,name\nSA9 1GX,51.77,-3.77,"a quotation that does not end\n',
    ],
)
def test_columns_are_found_by_their_names(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == [("SA91GX", (51.77, -3.77))]


def test_a_packed_table_is_as_a_plain_one(tmp_path: Path) -> None:
    found = read(tmp_path, gzip.compress(TABLE.encode()), "table.csv.gz")
    assert found == read(tmp_path, TABLE) == [("SA91GX", (51.77, -3.77)), ("ZZ999ZZ", (52.4, -1.8))]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("SA9 1GX,51.77", "has 2 fields; there should be at least 3"),
        (",51.77,-3.77", "the postcode is ''; it must be letters and figures such as SA9 1GX"),
        ("Swansea,51.77,-3.77", "the postcode is 'Swansea'"),
        ("SA9 1GX SA9 1GX,51.77,-3.77", "the postcode is"),
        ("SA9 1GX,99.999999,0.0", "the latitude of SA91GX is '99.999999'; it must be a number from -90 to 90"),
        ("SA9 1GX,north,-3.77", "the latitude of SA91GX is 'north'"),
        ("SA9 1GX,nan,-3.77", "the latitude of SA91GX is 'nan'"),
        ("SA9 1GX,51.77,181", "the longitude of SA91GX is '181'; it must be a number from -180 to 180"),
        ("SA9 1GX,51.77,", "the longitude of SA91GX is ''"),
        ("SA9 1GX,0,0", "which stands for none"),
        ("x" * 70_000, "longer than 20,000 letters"),
    ],
)
def test_a_line_that_is_not_right_is_told_and_stops_no_other(tmp_path: Path, line: str, why: str) -> None:
    first, bad, last = read(tmp_path, f"postcode,lat,lon\nAA1 1AA,50,1\n{line}\nAA1 1AB,50,2\n")
    assert (first, last) == (("AA11AA", (50.0, 1.0)), ("AA11AB", (50.0, 2.0)))
    assert isinstance(bad, Skipped) and bad.where.endswith("table.csv, line 3") and why in bad.why


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("place,lat,lon\nx,1,1\n", "line 1: no column is called postcode or pcds or pcd; the first line must name"),
        ("postcode,easting,northing\n", "no column is called lat or latitude and lon or long or longitude"),
        ("SA9 1GX,51.77\n", "no column is called"),
        ("SA9 1GX;51.77;-3.77\n", "It says: SA9 1GX;51.77;-3.77"),
    ],
)
def test_a_table_that_does_not_say_what_is_where_is_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(HubError, match=r"table\.csv") as told:
        read(tmp_path, content)
    assert said in str(told.value)


def test_a_file_that_breaks_off_says_where_and_what_came_before_counts(hub: TestHub, tmp_path: Path) -> None:
    hub.take({"key": "a", "title": "A", "place": {"postcode": "aa0 0aa"}})
    lines = "".join(f"AA{n % 100} {n % 10}{chr(65 + n % 26)}A,{50 + n / 1e6},1\n" for n in range(60_000))
    packed = gzip.compress(f"postcode,lat,lon\n{lines}".encode())
    (tmp_path / "half.csv.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(HubError, match=r"half.csv.gz cannot be read after line \d+: .*; what came before was taken"):
        places.take_in(postcodes.read(tmp_path / "half.csv.gz"), hub.hub.database, who="test")
    with pytest.raises(HubError, match="cannot be read after line 0"):
        read(tmp_path, b"not gzip", "odd.gz")
    assert places.known(hub.hub.database).postcodes > 0
    assert item_of(hub).place.lat is not None  # type: ignore[union-attr]


def take(hub: TestHub, path: Path, content: str = TABLE) -> places.Taken:
    (path / "table.csv").write_text(content)
    return places.take_in(postcodes.read(path / "table.csv"), hub.hub.database, who="test")


def item_of(hub: TestHub, title: str = "A") -> Item:
    with hub.hub.database.reading() as db:
        (fields,) = [f | {"id": i, "r": r} for i, r, f in catalogue.live(db, "item") if f["title"] == title]
    return msgspec.convert(fields, Item)


def position(one: Any) -> tuple[float | None, float | None]:
    return one.lat, one.lon


def test_places_that_wait_get_a_position_and_a_new_revision(hub: TestHub, tmp_path: Path) -> None:
    hub.take(
        {"key": "a", "title": "A", "place": {"name": "Hall", "postcode": " sa9  1gx"}},
        {"key": "b", "title": "B", "place": {"postcode": "SA9 1GX", "lat": 1.5, "lon": 2.5}},
        {"key": "c", "title": "C", "place": {"postcode": "XX1 1XX"}},
        {"key": "d", "title": "D", "place": {"name": "Nowhere"}},
        {"key": "e", "title": "E"},
        {"key": "f", "title": "F", "place": {"postcode": "SA9 1GX", "lat": 3.5}},
    )
    hub.hub.set_shop("Mill Lane", postcode="zz999zz")
    before = {title: item_of(hub, title).revision for title in "ABCDEF"}
    assert places.known(hub.hub.database) == places.Known(postcodes=0, items=4, shops=1, unknown=4, no_postcode=1)
    report = take(hub, tmp_path)
    assert (report.taken, report.skipped, report.located) == (2, 0, 2)
    place = item_of(hub).place
    assert place and (place.name, place.postcode, position(place)) == (
        "Hall",
        " sa9  1gx",
        (51.77, -3.77),
    )
    assert position(item_of(hub, "B").place) == (1.5, 2.5)
    assert position(item_of(hub, "F").place) == (3.5, None)
    changed = [title for title in "ABCDEF" if item_of(hub, title).revision != before[title]]
    assert changed == ["A"]
    with hub.hub.database.reading() as db:
        assert position(catalogue.shop_named(db, "Mill Lane")) == (52.4, -1.8)
    assert places.known(hub.hub.database) == places.Known(postcodes=2, items=3, shops=0, unknown=1, no_postcode=1)
    assert take(hub, tmp_path).located == 0


def test_an_import_gives_the_position_and_stays_unchanged_when_it_comes_again(hub: TestHub, tmp_path: Path) -> None:
    take(hub, tmp_path)
    line = {"key": "a", "title": "A", "place": {"postcode": "SA9 1GX"}}
    assert hub.take(line).taken == 1
    assert position(item_of(hub).place) == (51.77, -3.77)
    assert hub.take(line).unchanged == 1
    assert hub.take(line | {"place": {"postcode": "ZZ99 9ZZ"}}).taken == 1
    assert position(item_of(hub).place) == (52.4, -1.8)


def test_a_shop_that_moves_takes_its_new_postcodes_position(hub: TestHub, tmp_path: Path) -> None:
    take(hub, tmp_path)
    assert position(hub_shop(hub, postcode="SA9 1GX")) == (51.77, -3.77)
    assert position(hub_shop(hub, postcode="ZZ99 9ZZ")) == (52.4, -1.8)
    assert position(hub_shop(hub, postcode="XX1 1XX")) == (None, None)
    assert position(hub_shop(hub, postcode="SA9 1GX", lat=1.5, lon=2.5)) == (1.5, 2.5)
    assert position(hub_shop(hub, postcode="ZZ99 9ZZ")) == (1.5, 2.5)  # given by hand, so it stays
    assert position(hub_shop(hub, hours="Mo 10:00-12:00")) == (1.5, 2.5)


def hub_shop(hub: TestHub, **changes: Any) -> Shop:
    hub.hub.set_shop("Mill Lane", **changes)
    with hub.hub.database.reading() as db:
        shop = catalogue.shop_named(db, "Mill Lane")
    assert shop
    return shop


def test_the_last_line_of_a_postcode_counts_and_what_is_known_is_not_lost(hub: TestHub, tmp_path: Path) -> None:
    take(hub, tmp_path)
    take(hub, tmp_path, "AA1 1AA,50,1\nSA9 1GX,51.1,-3.1\nsa91gx,51.2,-3.2\n")
    with hub.hub.database.reading() as db:
        found = store.positions(db, ["SA9 1GX", "zz99 9zz", "aa11aa", "nowhere", ""])
        assert store.count(db) == 3
    assert found == {"SA91GX": (51.2, -3.2), "ZZ999ZZ": (52.4, -1.8), "AA11AA": (50.0, 1.0)}


def command(hub: TestHub, *words: str) -> Result:
    return CliRunner().invoke(main, ["postcodes", *words], obj=None)


def test_the_commands(hub: TestHub, tmp_path: Path) -> None:
    hub.take({"key": "a", "title": "A", "place": {"postcode": "SA9 1GX"}})
    data = str(hub.folder)
    (tmp_path / "table.csv").write_text(TABLE + "AA1 1AA,E,x,1\n")
    done = command(hub, "import", "--data", data, str(tmp_path / "table.csv"))
    assert done.exit_code == 0, done.output
    assert "2 postcodes taken, 1 lines skipped; 1 items and shops have a position by them now." in done.output
    assert "line 4: skipped, the latitude of AA11AA is 'x'" in done.output
    assert "2 postcodes are known.\nEvery place in the catalogue has a position." in command(hub, "--data", data).output
    hub.take(
        {"key": "b", "title": "B", "place": {"postcode": "XX1 1XX"}}, {"key": "c", "title": "C", "place": {"name": "C"}}
    )
    said = command(hub, "--data", data).output
    assert "Without a position: 2 items and 0 shops; 1 with a postcode that is not known, 1 with none." in said
    as_json = msgspec.json.decode(command(hub, "--data", data, "--json").output)
    assert as_json == {"postcodes": 2, "items": 2, "shops": 0, "unknown": 1, "no_postcode": 1}
    bad = command(hub, "--data", data, "import", str(tmp_path / "nothing.csv"))
    assert bad.exit_code == 2 and "does not exist" in bad.output
    (tmp_path / "bad.csv").write_text("AA1 1AA,99,1\n")
    assert command(hub, "--data", data, "import", "--json", str(tmp_path / "bad.csv")).exit_code == 1
