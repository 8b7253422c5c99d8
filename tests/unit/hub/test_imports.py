"""Many items at once through the hub's pages: looked at first, told line by line, and then taken in."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from sync.hub import locks
from sync.hub.errors import HubError
from sync.hub.importing import Found, table, uploaded, waiting
from sync.hub.items import uploads
from sync.hub.store import accounts, audit, catalogue
from tests.conftest import TestHub, wait_for
from tests.support.colleague import Colleague

PDF = b"%PDF-1.4\n" + b"x" * 300
TABLE = (
    "key,title,kind,summary,themes,tags,url,maker,price,postcode,day,from\n"
    'pot,Cook for ten,Guide,"One big pot, ten plates","food, shelter","pot, stew",'
    "https://pot.example/,Brook Street,3.50,ZZ99 1AA,,\n"
    "menders,Repair café,event,Mend it,food,,,,,,2026-12-05,10:00\n"
    "gold,Gold,treasure,,,,,,,,,\n"
    "web,Bad address,guide,,,,javascript:alert(1),,,,,\n"
    ",,,,,,,,,,,\n"
    "cost,Dear,guide,,,,,,lots,,,\n"
)


@pytest.fixture
def editor(hub: TestHub) -> Iterator[Colleague]:
    hub.serve()
    yield Colleague(hub)


def send(editor: Colleague, content: bytes | str, name: str = "items.csv") -> requests.Response:
    raw = content.encode() if isinstance(content, str) else content
    return editor.post("/import", files={"file": (name, raw)})


def looked_at(editor: Colleague, content: bytes | str, name: str = "items.csv") -> tuple[str, waiting.State]:
    """The address of an upload once it was looked at, and what was found."""
    sent = send(editor, content, name)
    assert sent.status_code == 303, sent.text
    address = sent.headers["Location"].removeprefix("/admin")
    return address, until_still(editor, address)


def until_still(editor: Colleague, address: str) -> waiting.State:
    hub = editor.hub.hub
    desk = waiting.Imports(hub.folder, hub.database)
    name = address.rpartition("/")[2]
    wait_for(lambda: not desk.state(name).is_running, 300)
    return desk.state(name)


def take(editor: Colleague, address: str) -> waiting.State:
    assert editor.post(address, {"do": "take"}).status_code == 303
    return until_still(editor, address)


def titles(hub: TestHub) -> list[str]:
    with hub.hub.database.reading() as db:
        return sorted(fields["title"] for _id, _revision, fields in catalogue.live(db, "item"))


def rows(editor: Colleague, address: str) -> list[dict[str, str]]:
    answer = editor.get(f"{address}/report.csv")
    assert (
        answer.headers["Content-Type"].startswith("text/csv") and "attachment" in answer.headers["Content-Disposition"]
    )
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


def lines(*items: dict[str, Any]) -> bytes:
    return "".join(json.dumps({"kind": "guide", **item}) + "\n" for item in items).encode()


def photograph() -> bytes:
    made = io.BytesIO()
    picture = Image.new("RGB", (3_000, 1_500), "#2E7D4F")
    exif = Image.Exif()
    exif[0x010E] = "taken at Ann's house"
    picture.save(made, "JPEG", exif=exif)
    return made.getvalue()


# -- a table


def test_a_table_is_looked_at_line_by_line_and_changes_nothing_before_somebody_says_so(editor: Colleague) -> None:
    address, state = looked_at(editor, TABLE)
    assert (state.stage, state.added, state.left_out, state.changed) == (waiting.LOOKED, 2, 3, 0)
    assert titles(editor.hub) == []
    told = rows(editor, address)
    assert [(row["line"], row["outcome"]) for row in told if row["outcome"] == "left out"] == [
        ("items.csv, line 4", "left out"),
        ("items.csv, line 5", "left out"),
        ("items.csv, line 7", "left out"),
    ]
    whys = {row["line"][-1]: row["why"] for row in told}
    assert "kind" in whys["4"] and "no web address" in whys["5"] and "no price" in whys["7"]
    page = editor.get(address).text
    assert "Nothing has changed yet" in page and "Take in 2" in page and "no price" in page
    done = take(editor, address)
    assert (done.stage, done.added, done.left_out) == (waiting.TAKEN, 2, 3)
    assert titles(editor.hub) == ["Cook for ten", "Repair café"]
    with editor.hub.hub.database.reading() as db:
        fields = {one["title"]: one for _id, _revision, one in catalogue.live(db, "item")}
        pot = fields["Cook for ten"]
        assert pot["themes"] == ["food", "shelter"] and pot["tags"] == ["pot", "stew"]
        assert pot["maker"] == {"name": "Brook Street"} and pot["price"] == {"amount_pence": 350}
        assert pot["summary"] == "One big pot, ten plates" and pot["place"] == {"postcode": "ZZ99 1AA"}
        assert fields["Repair café"]["starts"] == "2026-12-05T10:00:00"
        (change, *_rest) = catalogue.history(db, "item", catalogue.id_of(db, _code(db, "Cook for ten")) or "")
        assert change.who == editor.id
        assert [row["what"] for row in audit.latest(db)] == ["items imported"]
    page = editor.get(address).text
    assert "Done." in page and "not in the shops yet" in page
    assert editor.post("/publish").status_code == 303
    assert "not in the shops yet" not in editor.get(address).text


def _code(db: Any, title: str) -> str:
    from sync import codes

    return next(codes.for_id(one) for one, _revision, fields in catalogue.live(db, "item") if fields["title"] == title)


def test_the_same_table_again_changes_nothing_and_a_changed_one_only_what_it_says(editor: Colleague) -> None:
    address, _state = looked_at(editor, TABLE)
    take(editor, address)
    again = looked_at(editor, TABLE)[1]
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    other = looked_at(editor, TABLE.replace("Mend it", "Mend it with others"))[1]
    assert (other.added, other.changed, other.unchanged) == (0, 1, 1)


def test_without_a_key_a_row_is_known_by_title_and_maker(editor: Colleague) -> None:
    text = "title;kind;maker\nRepair  café;event;Menders\nrepair café;event;menders\nRepair café;event;Others\n"
    address, state = looked_at(editor, text)
    assert (state.added, state.left_out) == (2, 1)
    assert "same id" in next(row["why"] for row in rows(editor, address) if row["outcome"] == "left out")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,kind\nA,guide\n", "one of them must be title"),
        ("title,kind\nCafé,guide\n".encode("cp1252"), "is not UTF-8 text"),
        (b"title,kind,colour\nA,guide,red\n", "does not know the columns colour"),
        (b"title,kind\nA,guide,B\n", "3 cells for 2 columns"),
        (b'title,kind\n"A,guide\n', "cannot be read any further"),
        (b"id,title,kind\nx,A,guide\n", "it must be a UUID"),
    ],
)
def test_a_table_that_is_wrong_says_where_and_what_to_do(editor: Colleague, content: bytes, says: str) -> None:
    address, state = looked_at(editor, content)
    assert state.left_out == 1
    assert any(says in row["why"] for row in rows(editor, address))
    assert says in editor.get(address).text


def test_the_template_is_a_table_that_can_be_taken(editor: Colleague) -> None:
    text = editor.get("/import/template.csv").content
    assert text.decode("utf-8-sig").startswith("key,title,kind,")
    assert looked_at(editor, text)[1].added == 1


def test_our_own_tables_come_back_as_they_were() -> None:
    found = list(table.read_rows(io.BytesIO(b"title,kind\n'=Sum it up,guide\n"), "t"))
    assert isinstance(found[0], Found) and found[0].item.title == "=Sum it up"


def test_what_looks_like_a_formula_is_quoted_in_the_report(editor: Colleague) -> None:
    address, _state = looked_at(editor, "title,kind\n=cmd(),guide\n")
    assert [row["title"] for row in rows(editor, address)] == ["'=cmd()"]


def test_new_themes_are_told_before_they_are_made(editor: Colleague) -> None:
    address, state = looked_at(editor, "title,kind,themes\nA,guide,fodo\n")
    assert state.themes == ["fodo"] and "New themes would be made" in editor.get(address).text


# -- lines and ZIPs


def test_a_zip_brings_items_with_their_files_and_pictures_drawn_anew(editor: Colleague) -> None:
    content = zipped(
        {
            "shelf/items.ndjson": lines(
                {"key": "pot", "title": "Pot", "files": [{"path": "files/pot.pdf"}], "picture": "pot.jpg"},
                {"key": "bad", "title": "Bad", "files": [{"path": "page.html"}]},
            ),
            "shelf/files/pot.pdf": PDF,
            "shelf/pot.jpg": photograph(),
            "shelf/page.html": b"<!doctype html><script>alert(1)</script>",
        }
    )
    address, state = looked_at(editor, content, "shelf.zip")
    assert (state.added, state.left_out) == (1, 1)
    blobs = editor.hub.hub.folder.catalogue / "blobs"
    assert not [path for path in blobs.rglob("*") if path.is_file()]
    take(editor, address)
    with editor.hub.hub.database.reading() as db:
        (_id, _revision, fields) = next(iter(catalogue.live(db, "item")))
    (file,) = fields["files"]
    assert (file["name"], file["media_type"], file["size_bytes"]) == ("pot.pdf", "application/pdf", len(PDF))
    drawn = editor.hub.hub.folder.blobs.find(fields["picture"]["sha256"])
    assert drawn and b"Ann's house" not in drawn.read_bytes()
    with Image.open(drawn) as picture:
        assert picture.width == 1_600
    again = looked_at(editor, content, "shelf.zip")[1]
    assert (again.unchanged, again.changed) == (1, 0)


@pytest.mark.parametrize(
    "name", ["../out.ndjson", "/etc/out.ndjson", "a/../../out.ndjson", "C:/out.ndjson", "a\\..\\b.ndjson"]
)
def test_a_zip_writes_nothing_outside_of_its_folder(editor: Colleague, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.rglob("*") if "imports" not in path.parts}
    address, state = looked_at(editor, zipped({name: lines({"key": "a", "title": "A"})}), "x.zip")
    assert state.stage == waiting.FAILED and "outside of itself" in state.trouble
    assert "could not be read" in editor.get(address).text
    after = {path for path in tmp_path.rglob("*") if "imports" not in path.parts}
    assert {path.name for path in after - before} <= {"hub.db-wal", "hub.db-shm", locks.IMPORTING}
    assert editor.post(address, {"do": "take"}).status_code == 400


def test_links_in_a_zip_are_only_files(editor: Colleague) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        link = zipfile.ZipInfo("secret.pdf")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr("items.ndjson", lines({"key": "a", "title": "A", "files": [{"path": "secret.pdf"}]}))
    _address, state = looked_at(editor, made.getvalue(), "x.zip")
    assert state.left_out == 1 and state.added == 0


def test_a_zip_that_grows_beyond_the_bounds_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploaded, "MOST_UNPACKED_BYTES", 1_000_000)
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped({"zeros.pdf": bytes(5_000_000), "items.ndjson": b""}))
    assert bomb.stat().st_size < 10_000
    with pytest.raises(HubError, match="unpacks to over"):
        uploaded.unpack(bomb, tmp_path / "inside")
    assert not (tmp_path / "inside").exists()
    monkeypatch.setattr(uploaded, "MOST_FILES", 3)
    bomb.write_bytes(zipped({f"{n}.pdf": b"" for n in range(4)}))
    with pytest.raises(HubError, match="3 are the most"):
        uploaded.unpack(bomb, tmp_path / "inside")


def test_what_is_neither_says_so(editor: Colleague) -> None:
    for content, says in (
        (b"\x89PNG\r\n\x1a\n\x00\x00", "neither lines of items"),
        (b"PK\x03\x04 nothing", "cannot be unpacked"),
        (zipped({"a.txt": b"x"}), "ends with .ndjson"),
    ):
        _address, state = looked_at(editor, content, "x.bin")
        assert state.stage == waiting.FAILED and says in state.trouble


def test_lines_are_taken_and_their_places_told_without_the_servers_folders(editor: Colleague) -> None:
    address, state = looked_at(editor, lines({"key": "a", "title": "A"}) + b"{oh\n", "mine.ndjson")
    assert (state.added, state.left_out) == (1, 1)
    assert {row["line"] for row in rows(editor, address)} == {"mine.ndjson, line 1", "mine.ndjson, line 2"}


# -- how it is kept


def test_an_upload_is_kept_for_an_hour_under_a_name_nobody_guesses(
    editor: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _state = looked_at(editor, TABLE)
    name = address.rpartition("/")[2]
    folder = editor.hub.hub.folder
    assert len(name) == 22 and (folder.imports / name).stat().st_mode & 0o777 == 0o700
    assert waiting.sweep(folder) == 0
    now = time.time()
    monkeypatch.setattr(waiting.time, "time", lambda: now + waiting.KEPT_S + 1)
    assert waiting.sweep(folder) == 1 and not (folder.imports / name).exists()
    assert editor.get(address).status_code == 404
    assert editor.get("/import/..%2f..%2fkeys").status_code == 404


def test_what_was_taken_leaves_no_upload_and_is_not_taken_twice(editor: Colleague) -> None:
    address, _state = looked_at(editor, TABLE)
    take(editor, address)
    here = editor.hub.hub.folder.imports / address.rpartition("/")[2]
    assert sorted(path.name for path in here.iterdir()) == ["report.ndjson", "state.json"]
    assert editor.post(address, {"do": "take"}).status_code == 400


def test_one_that_was_cut_short_says_so_and_can_be_taken_again(editor: Colleague) -> None:
    address, state = looked_at(editor, TABLE)
    here = editor.hub.hub.folder.imports / address.rpartition("/")[2]
    state.stage = waiting.TAKING
    waiting._write(here, state)
    assert "cut short" in editor.get(address).text
    assert take(editor, address).stage == waiting.TAKEN and len(titles(editor.hub)) == 2


def test_only_one_is_at_work_at_a_time(editor: Colleague) -> None:
    address, state = looked_at(editor, TABLE)
    here = editor.hub.hub.folder.imports / address.rpartition("/")[2]
    state.stage, state.at_s = waiting.TAKING, time.time() - 2 * waiting.KEPT_S  # alive, and quiet for long
    waiting._write(here, state)
    with locks.held(editor.hub.hub.folder, locks.IMPORTING):
        page = editor.get(address).text
        assert "Taking it in" in page and 'http-equiv="refresh"' in page
        refused = send(editor, TABLE)
        assert refused.status_code == 400 and "Another import is at work" in refused.text
        for do in ("take", "drop"):
            assert editor.post(address, {"do": do}).status_code == 400
        assert waiting.sweep(editor.hub.hub.folder) == 0
    assert "cut short" in editor.get(address).text


def test_one_that_is_not_wanted_is_forgotten_at_once(editor: Colleague) -> None:
    address, _state = looked_at(editor, TABLE)
    assert editor.post(address, {"do": "drop"}).headers["Location"] == "/admin/import"
    assert not list(editor.hub.hub.folder.imports.iterdir())


def test_nothing_and_too_much_are_refused(editor: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    assert editor.post("/import").status_code == 400
    assert send(editor, b"").status_code == 400
    monkeypatch.setattr(waiting, "MOST_BYTES", 10)
    refused = send(editor, TABLE)
    assert refused.status_code == 400 and "not over" in refused.text
    assert not list(editor.hub.hub.folder.imports.glob("*"))


def test_coordinators_do_not_import(editor: Colleague) -> None:
    helper = Colleague(editor.hub, accounts.COORDINATOR)
    assert helper.get("/import").status_code == 403 and send(helper, TABLE).status_code == 403


@pytest.mark.timeout(600)
def test_many_lines_are_taken_while_the_hub_answers(editor: Colleague, long: bool) -> None:
    count = 100_000 if long else 3_000
    text = "key,title,kind\n" + "".join(f"k{n},Thing {n},guide\n" for n in range(count))
    address, state = looked_at(editor, text)
    assert state.added == count
    assert editor.post(address, {"do": "take"}).status_code == 303
    assert editor.get(address).status_code == 200
    state = until_still(editor, address)
    assert (state.stage, state.added) == (waiting.TAKEN, count) and len(titles(editor.hub)) == count


# -- the parts


def test_a_comparison_says_what_putting_does(hub: TestHub) -> None:
    hub.take({"key": "a", "title": "A"}, {"key": "b", "title": "B"})
    with hub.hub.database.reading() as db:
        (a, b) = catalogue.in_force_now(db, "item", [one for one, _r, _f in catalogue.live(db, "item")])
    import msgspec

    changed = msgspec.structs.replace(b, title="C")
    new = msgspec.structs.replace(a, id="01890000-0000-7000-8000-000000000001", code="")
    with hub.hub.database.writing() as db:
        foreseen = catalogue.compare(db, [a, changed, new])
        assert foreseen == catalogue.put(db, [a, changed, new], "x") == ["unchanged", "changed", "added"]
        assert catalogue.compare(db, []) == []


def test_a_file_that_changes_its_type_by_name_is_told_by_what_it_holds() -> None:
    file = uploads.file_of(io.BytesIO(PDF), "pot.zip")
    assert file.media_type == "application/pdf"
    with pytest.raises(HubError):
        uploads.file_of(io.BytesIO(b"MZ" + bytes(200)), "pot.pdf")
