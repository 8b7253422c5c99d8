"""Items at the desk: written, looked at, published, undone; and what must not get through."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
import re
import zipfile
from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec
import pytest
import requests
from PIL import Image

from sync.hub import keeper
from sync.hub.items import intake
from sync.hub.items.editors import Editors
from sync.hub.store import audit, catalogue
from sync.records import File, Item
from tests.conftest import DEMO, TestHub, wait_for
from tests.support.forms import untouched
from tests.support.team import Member

PDF = b"%PDF-1.7\n" + b"soup " * 2_000


@pytest.fixture
def editor(hub: TestHub) -> Member:
    hub.serve()
    return Member(hub, name="Ann Okafor")


def in_force(hub: TestHub) -> dict[str, Item]:
    with hub.hub.database.reading() as db:
        ids = [one for one, _revision, _fields in catalogue.live(db, "item")]
        return {item.title: item for item in catalogue.in_force_now(db, "item", ids) if isinstance(item, Item)}


def jpeg(width: int = 40, height: int = 20, *, turned: bool = False) -> bytes:
    made, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Camera of Ann"
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", (width, height), "#2E7D4F").save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_a_draft_is_on_no_shelf_until_it_is_published(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    assert (
        editor.save(page, title="Mend  a\nchair", body="Glue.\r\n\r\nClamps.")
        .headers["Location"]
        .endswith("said=saved")
    )
    assert in_force(hub) == {} and hub.hub.publisher.published() is None
    assert "Mend a chair" in editor.get("/admin/items?show=drafts").text
    answer = editor.save(page, "publish", title="Mend a chair", body="Glue.\r\n\r\nClamps.", themes=["food"])
    assert answer.headers["Location"].endswith("said=published")
    item = in_force(hub)["Mend a chair"]
    assert (item.body, item.themes) == ("Glue.\n\nClamps.", ["food"])
    assert hub.hub.publisher.published() is not None
    assert "Mend a chair" not in editor.get("/admin/items?show=drafts").text
    wait_for(lambda: "Mend a chair" in editor.get("/admin/items?q=chair").text)


def test_everything_that_the_form_has_comes_back_as_it_was(hub: TestHub, editor: Member) -> None:
    sent: dict[str, Any] = {
        "title": "Repair table",
        "summary": "Bring it, mend it.",
        "kind": "event",
        "language": "cy",
        "themes": ["together", "food"],
        "shops": ["Mill Lane"],
        "tags": "mend, fix ,, repair",
        "maker": "Brook Street",
        "maker_url": "https://brook.example/",
        "price": "£3.50",
        "price_note": "pay what you can",
        "licence": "CC-BY-4.0",
        "url": "https://table.example/",
        "place": "The hall",
        "address": "1 High Street",
        "postcode": "ZZ99 1AA",
        "day": "2027-03-06",
        "from": "10:00",
        "to": "12:30",
        "rrule": "FREQ=WEEKLY;INTERVAL=2",
        "attendance": "yes",
        "expires_on": "2028-01-01",
        "checked_on": "2026-11-30",
        "languages": ["en", "ur"],
        "title_en": "Repair table",
        "body_en": "In English",
        "title_ur": "مرمت کی میز",
    }
    page = editor.new_item("event")
    assert editor.save(page, "publish", **sent).headers["Location"].endswith("said=published")
    item = in_force(hub)["Repair table"]
    assert (item.starts, item.ends, item.timezone) == ("2027-03-06T10:00:00", "2027-03-06T12:30:00", "Europe/London")
    assert item.tags == ["mend", "fix", "repair"] and item.attendance and item.shops == ["Mill Lane"]
    assert item.price and (item.price.amount_pence, item.price.note) == (350, "pay what you can")
    assert item.translations["ur"].title == "مرمت کی میز" and item.translations["en"].body == "In English"
    again = editor.get(page).text
    for value in ("3.50", "2027-03-06", "12:30", "CC-BY-4.0", "مرمت کی میز", "mend, fix, repair", "ZZ99 1AA"):
        assert value in again
    fields = re.findall(r'<option value="([^"]*)" selected', again)
    assert "FREQ=WEEKLY;INTERVAL=2" in fields and "cy" in fields


def test_a_translation_awaits_somebody_whose_language_it_is(hub: TestHub, editor: Member) -> None:
    page = editor.new_item("guide")
    sent: dict[str, Any] = {"title": "Soup", "languages": ["cy"], "title_cy": "Cawl"}
    begun = editor.save(page, "translate", title="Soup", new_language="cy").headers["Location"]
    assert 'name="title_cy"' in editor.get(begun).text and 'name="unchecked_cy" value="yes">' in editor.get(begun).text
    editor.save(page, "publish", **sent, unchecked_cy="yes")
    assert in_force(hub)["Soup"].translations["cy"].unchecked
    assert 'name="unchecked_cy" value="yes" checked' in editor.get(page).text
    wait_for(lambda: "still to be read over" in editor.get("/admin/items?language=cy").text)
    assert "still to be read over" not in editor.get("/admin/items").text
    editor.save(page, "publish", **sent)
    assert not in_force(hub)["Soup"].translations["cy"].unchecked


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title": ""}, "It needs a title."),
        ({"title": "x" * 401}, "too long"),
        ({"url": "javascript:alert(1)"}, "no web address"),
        ({"maker": "x", "maker_url": "www.x.org"}, "no web address"),
        ({"maker_url": "https://x.example"}, "Say who made it"),
        ({"price": "three"}, "This is no price"),
        ({"price": "-1"}, "This is no price"),
        ({"price": "0.005"}, "This is no price"),
        ({"price": "1e999999999"}, "This is no price"),
        ({"expires_on": "2026-02-30"}, "This is no day"),
        ({"day": "2026-12-01"}, "from what time"),
        ({"day": "2026-12-01", "from": "11:00", "to": "10:00"}, "do not fit together"),
        ({"day": "2026-12-01", "from": "25:00"}, "do not fit together"),
        ({"day": "2026-12-01", "from": "eleven"}, "Write times as 09:30"),
        ({"kind": "weapon"}, "Kind is"),
        ({"language": "Welsh!"}, "Language is"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    hub: TestHub, editor: Member, wrong: dict[str, str], says: str
) -> None:
    page = editor.new_item()
    answer = editor.save(page, "publish", **{"title": "Soup", "summary": "A whole pot of words", **wrong})
    assert answer.status_code == 422 and says in answer.text and "A whole pot of words" in answer.text
    typed = next(iter(wrong.values()))
    if len(typed) < 400 and not {"kind", "language"} & set(wrong):
        assert typed in answer.text
    assert in_force(hub) == {}


def test_two_at_once_are_told_and_nobodys_words_are_lost(hub: TestHub, editor: Member) -> None:
    other = Member(hub, name="Bela Nagy")
    page = editor.new_item()
    editor.save(page, title="Soup")
    mark = editor.mark(page)
    assert other.save(page, title="Soup for all").status_code == 303
    mine = {"mark": mark, "kind": "guide", "language": "en", "title": "My soup", "do": "publish"}
    answer = editor.post(page, mine)
    assert answer.status_code == 409 and "My soup" in answer.text and "Somebody else changed this" in answer.text
    assert in_force(hub) == {} and "Soup for all" in editor.get(page).text
    found = re.search(r'name="mark" value="([^"]*)"', answer.text)
    assert found and editor.post(page, mine | {"mark": found[1]}).status_code == 303
    assert set(in_force(hub)) == {"My soup"}


def test_a_draft_that_somebody_discarded_can_be_kept_all_the_same(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    mark = editor.mark(page)
    assert editor.post(f"{page}/discard", {"mark": mark}).status_code == 303
    assert editor.get(page).status_code == 404
    sent = {"mark": mark, "kind": "guide", "language": "en", "title": "Soup", "do": "save"}
    answer = editor.post(page, sent)
    found = re.search(r'name="mark" value="([^"]*)"', answer.text)
    assert answer.status_code == 409 and found
    assert editor.post(page, sent | {"mark": found[1]}).status_code == 303


def test_what_somebody_else_has_changed_since_is_not_discarded(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    mark = editor.mark(page)
    editor.save(page, title="Soup")
    assert editor.post(f"{page}/discard", {"mark": mark}).status_code == 409 and "Soup" in editor.get(page).text
    assert editor.post(f"{page}/discard", {"mark": editor.mark(page)}).status_code == 303
    with hub.hub.database.reading() as db:
        noted = [(row["who"], row["about"]) for row in audit.latest(db) if row["what"] == "draft discarded"]
    assert noted == [(editor.account.id, page.rpartition("/")[2])]


def test_withdrawn_brought_back_and_undone_with_who_and_what(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    editor.save(page, "publish", title="Soup", summary="First words")
    editor.save(page, "publish", title="Soup", summary="Second words")
    assert editor.post(f"{page}/withdraw").headers["Location"].endswith("said=withdrawn")
    assert in_force(hub) == {} and "Soup" in editor.get("/admin/items?show=withdrawn").text
    assert editor.post(f"{page}/withdraw").status_code == 404
    history = editor.get(f"{page}/history").text
    revisions = re.findall(r'name="revision" value="(\d+)"', history)
    assert len(revisions) == 2 and history.count("by Ann Okafor") == 3 and "changed: summary" in history
    assert editor.post(f"{page}/restore", {"revision": revisions[1]}).headers["Location"].endswith("said=restored")
    assert in_force(hub)["Soup"].summary == "First words"
    assert "Restored" in editor.get(f"{page}/history").text
    for nonsense in ("", "x", "999999", "²"):
        assert editor.post(f"{page}/restore", {"revision": nonsense}).status_code in (400, 404)


def test_on_its_day_it_appears_by_itself(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    for day in ("", "2020-01-01", "soon"):
        answer = editor.save(page, "schedule", title="Street party", publish_on=day)
        assert answer.status_code == 422 and "Choose a day after today" in answer.text
    assert editor.save(page, "schedule", title="Street party", publish_on="2031-05-01").status_code == 303
    assert "on 2031-05-01" in editor.get("/admin/items?show=scheduled").text
    desk = Editors(hub.hub.database)
    assert desk.publish_due(dt.date(2031, 4, 30)) == 0 and in_force(hub) == {}
    appeared = desk.publish_due(dt.date(2031, 5, 1))
    assert "Street party" in in_force(hub)
    hub.take({"key": "pot", "title": "Published by nobody yet"})
    assert 0 < desk.publish_due(dt.date(2031, 5, 1)) == appeared


def test_what_appeared_and_could_not_be_published_is_published_later(
    hub: TestHub, editor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.publish()
    editor.save(editor.new_item(), "schedule", title="Street party", publish_on="2031-05-01")
    hub.stop()
    appeared = Editors(hub.hub.database).publish_due(dt.date(2031, 5, 1))  # and then the process was stopped
    monkeypatch.setattr(keeper, "LOOK_FOR_DAY_S", 0.05)
    hub.serve()
    wait_for(lambda: (state := hub.hub.publisher.state()) and state.revision == appeared)


def test_what_cannot_be_shown_on_its_day_is_a_draft_again_and_holds_nothing_else_up(
    hub: TestHub, editor: Member, caplog: pytest.LogCaptureFixture
) -> None:
    pages = [editor.new_item(), editor.new_item()]
    for page in pages:
        editor.save(page, "schedule", title="Street party", publish_on="2031-05-01")
    assert editor.save(pages[0], title="", summary="Still without a name").status_code == 422
    Editors(hub.hub.database).publish_due(dt.date(2031, 5, 1))
    assert list(in_force(hub)) == ["Street party"]
    assert "Draft by Ann Okafor" in editor.get(pages[0]).text
    assert pages[0] in editor.get("/admin/items?show=drafts").text
    (said,) = [record.getMessage() for record in caplog.records if "could not appear" in record.getMessage()]
    assert pages[0].rpartition("/")[2] in said and said.endswith("look at its title")


def test_words_from_outside_are_words(hub: TestHub, editor: Member) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    page = editor.new_item()
    editor.save(
        page,
        "publish",
        title=evil,
        summary=evil,
        body=f"{evil}\n\n[x](javascript:alert(1)) ![y](https://z.example/y.png)",
    )
    shown = [editor.get(path).text for path in (page, f"{page}/history", "/admin/items?show=drafts&q=" + evil)]
    shown.append(editor.post(f"{page}/preview", {"title": evil, "body": evil, "kind": "guide", "language": "en"}).text)
    for text in shown:
        assert "<script>alert" not in text and "<img src=x" not in text and 'href="javascript' not in text
        assert 'src="https://z.example' not in text


def test_files_are_told_by_what_they_hold(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    files = [
        ("files", ("../../etc/Soup.pdf", PDF, "text/html")),
        ("picture", ("me.png", jpeg(3000, 1500), "image/png")),
    ]
    assert editor.save(page, "publish", title="Soup", files=files).status_code == 303
    item = in_force(hub)["Soup"]
    assert [(file.name, file.media_type, file.size_bytes) for file in item.files] == [
        ("Soup.pdf", "application/pdf", len(PDF))
    ]
    assert item.picture and (item.picture.media_type, item.picture.name) == ("image/jpeg", "me.jpg")
    blobs = hub.hub.folder.blobs
    path = blobs.find(item.picture.sha256)
    assert path and b"Camera of Ann" not in path.read_bytes()
    with Image.open(path) as drawn:
        assert drawn.size == (1600, 800)
    shown = editor.get(f"/admin/pictures/{item.picture.sha256}")
    assert shown.headers["Content-Type"] == "image/jpeg" and "sandbox" in shown.headers["Content-Security-Policy"]
    assert editor.get(f"/admin/pictures/{item.files[0].sha256}").status_code == 404
    editor.save(
        page, "publish", title="Soup", file_0_key=item.files[0].sha256, file_0_name="Pot.pdf", remove_picture="yes"
    )
    item = in_force(hub)["Soup"]
    assert [file.name for file in item.files] == ["Pot.pdf"] and item.picture is None
    editor.save(page, "publish", title="Soup", file_0_key=item.files[0].sha256, file_0_remove="yes")
    assert in_force(hub)["Soup"].files == []


def bomb() -> bytes:
    made = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(made, "PNG")
    return made.getvalue()


def archive(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as there:
        there.writestr(name, "x" * 100)
    return made.getvalue()


@pytest.mark.parametrize(
    ("field", "name", "content", "says"),
    [
        ("files", "guide.pdf", b"MZ\x90\x00" + b"\x00" * 500, "not offered here"),
        ("files", "guide.pdf", b"\x7fELF" + b"\x00" * 500, "not offered here"),
        ("files", "page.html", b"<!doctype html><script>alert(1)</script>", "not offered here"),
        ("files", "page.txt", b"<html><script>alert(1)</script>", "not offered here"),
        ("files", "x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not offered here"),
        ("files", "x.sh", b"#!/bin/sh\nrm -rf /\n", "not offered here"),
        ("files", "nothing.pdf", b"", "is empty"),
        ("picture", "x.png", b"\x89PNG\r\n\x1a\n" + b"x" * 200, "no picture that can be shown"),
        ("picture", "x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture that can be shown"),
        ("picture", "x.gif", b"GIF89a" + b"\x00" * 50, "no picture that can be shown"),
        ("picture", "bomb.png", bomb(), "too many dots"),
    ],
)
def test_what_could_harm_is_not_kept(
    hub: TestHub, editor: Member, field: str, name: str, content: bytes, says: str
) -> None:
    page = editor.new_item()
    answer = editor.save(page, "publish", title="Soup", files=[(field, (name, content))])
    assert answer.status_code == 422 and says in answer.text
    assert not [path for path in hub.hub.folder.blobs.folder.rglob("*") if path.is_file()]
    assert in_force(hub) == {} and "Soup" in editor.get("/admin/items?show=drafts").text


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.zip", archive("a.txt"), "application/zip"),
        (
            "a.docx",
            archive("word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.csv", "name,day\nAnn,Mon\n".encode("utf-8-sig"), "text/csv"),
        ("a.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar"),
        ("a.txt", "Café".encode(), "text/plain"),
    ],
)
def test_what_is_useful_is_kept_as_what_it_is(
    hub: TestHub, editor: Member, name: str, content: bytes, media_type: str
) -> None:
    page = editor.new_item()
    assert editor.save(page, "publish", title="Soup", files=[("files", (name, content))]).status_code == 303
    assert [file.media_type for file in in_force(hub)["Soup"].files] == [media_type]


def test_too_much_at_once_is_refused_before_it_is_read(editor: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync.hub.admin import door

    monkeypatch.setattr(door, "MOST_BYTES", 100_000)
    page = editor.new_item()
    try:
        answer = editor.save(page, title="Soup", files=[("files", ("a.pdf", PDF * 200))])
    except requests.ConnectionError:
        return  # it was cut off while it was being sent, which is as good
    assert answer.status_code == 413


def test_a_picture_stands_upright(hub: TestHub, editor: Member) -> None:
    page = editor.new_item()
    editor.save(page, "publish", title="Soup", files=[("picture", ("a.jpg", jpeg(40, 20, turned=True)))])
    picture = in_force(hub)["Soup"].picture
    path = hub.hub.folder.blobs.find(picture.sha256) if picture else None
    assert path
    with Image.open(path) as drawn:
        assert drawn.size == (20, 40)


def test_a_code_or_words_find_an_item_and_filters_narrow(hub: TestHub, editor: Member) -> None:
    soups = [{"key": f"k{n}", "title": f"Soup {n:02}", "themes": ["food"]} for n in range(45)]
    hub.take(*soups, {"key": "b", "title": "Bike", "kind": "app"})
    assert "changes are not in the shops yet" in " ".join(editor.get("/admin/items").text.split())
    assert editor.post("/admin/publish").status_code == 303
    wait_for(lambda: "46 items" in editor.get("/admin/items").text)
    assert "Page 1 of 2" in editor.get("/admin/items").text and "Page 2 of 2" in editor.get("/admin/items?page=2").text
    assert "1 item<" in editor.get("/admin/items?kind=app").text
    assert "45 items" in editor.get("/admin/items?theme=food").text
    part = editor.get("/admin/items?q=bike", **{"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="rows"') and "Bike" in part
    code = re.search(r'class="code">([^<]+)<', part)
    assert code and editor.get(f"/admin/items?q={code[1].lower()}").status_code == 303
    for odd in ("page=0", "page=-1", "page=99999999999", "page=²", "show=../x", "q=%00", "theme='--", "page=9"):
        assert editor.get(f"/admin/items?{odd}").status_code == 200


ODD: list[dict[str, Any]] = [
    {
        "key": "odd",
        "title": "Odd",
        "kind": "event",
        "body": "\n  code\n\nWords \n",
        "themes": ["unheard-of", "food"],
        "tags": ["a, b", "c"],
        "language": "fr",
        "translations": {"de": {"title": "Seltsam "}, "ur": {"body": "\nلفظ "}},
        "price": {"amount_pence": 0},
        "place": {"lat": 52.5, "lon": -1.5},
        "starts": "2027-01-01T23:00:00",
        "ends": "2027-01-02T01:00:00",
        "rrule": "FREQ=MONTHLY;BYDAY=1SA",
        "exdates": ["2027-02-06T23:00:00"],
        "licence": "WTFPL",
        "shops": ["Nowhere"],
        "files": [{"url": "https://x.example/a.bin", "name": "a", "platform": "plan9", "language": "eo"}],
        "source": {"name": "Some register", "url": "https://r.example/", "licence": "CC0-1.0"},
    },
    {"key": "dollars", "title": "Dollars", "price": {"amount_pence": 1234567, "currency": "USD", "note": "each"}},
    {"key": "bare", "title": "Bare"},
]


def test_an_item_that_is_opened_and_published_stays_as_it_was(hub: TestHub, editor: Member) -> None:
    hub.take_file(DEMO)
    hub.take(*ODD)
    with hub.hub.database.reading() as db:
        before = {one: fields for one, _revision, fields in catalogue.live(db, "item")}
    assert len(before) > 60
    for item_id in before:
        page = f"/admin/items/{item_id}"
        sent = [*untouched(editor.get(page).text, "item"), ("do", "save")]
        answer = editor.post(page, sent)
        assert answer.status_code == 303, before[item_id]["title"]
    desk = Editors(hub.hub.database)
    for item_id, fields in before.items():
        kept = msgspec.to_builtins(desk.open(item_id).item)
        assert {name: value for name, value in kept.items() if name not in ("id", "r")} == fields


class Interrupted(io.BytesIO):
    """Bytes while whose copying something else happens."""

    def __init__(self, content: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(content)
        self._meanwhile, self._begun = meanwhile, 0

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() == 0:
            self._begun += 1
        elif self._begun == 2:  # the first time it is only looked at
            self._begun += 1
            self._meanwhile()
        return super().read(size)


def test_two_who_bring_the_same_file_at_once_bring_it_whole(hub: TestHub) -> None:
    content, blobs = os.urandom(3 << 20), hub.hub.folder.blobs
    file = File(name="soup.pdf", media_type="application/pdf")

    def bring(source: BinaryIO) -> File:
        return intake.keep(source, file, hub.hub.database, blobs)

    made = bring(Interrupted(content, lambda: bring(io.BytesIO(content))))
    path = blobs.path(made.sha256)
    assert path.read_bytes() == content and list(path.parent.iterdir()) == [path]


def test_what_could_not_be_copied_leaves_nothing(hub: TestHub) -> None:
    def fail() -> None:
        raise OSError(errno.ENOSPC, "no room")

    file, blobs = File(name="soup.pdf", media_type="application/pdf"), hub.hub.folder.blobs
    with pytest.raises(OSError, match="no room"):
        intake.keep(Interrupted(os.urandom(3 << 20), fail), file, hub.hub.database, blobs)
    assert not [path for path in blobs.folder.rglob("*") if path.is_file()]
