"""What makers suggest in public: taken or not, kept from machines, and answered by editors."""

from __future__ import annotations

import base64
import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
import requests
import uuid_utils
from sqlalchemy import select

from sync.hub import retention
from sync.hub.errors import HubError
from sync.hub.hub_keys import OwnKeys
from sync.hub.store import accounts, catalogue, drafts, suggestions
from sync.hub.store.schema import audit, maker_contact
from sync.hub.suggesting import contact, traps, views
from sync.limits import Limits
from sync.pages.frame import Frame
from sync.records import Item
from tests.conftest import TestHub
from tests.support.colleague import Colleague, hidden
from tests.unit.hub.test_commands import hub as run

WORDS: dict[str, str] = {
    "kind": "event",
    "title": "Repair café",
    "summary": "Bring what is broken, and mend it with somebody who knows how.",
    "language": "en",
    "maker": "Brook Street Menders",
    "url": "https://menders.example/",
    "place": "Mill Lane Hall",
    "postcode": "ZZ99 1AA",
    "day": "2026-12-05",
    "from": "10:00",
    "to": "13:00",
    "contact": "ann@menders.example",
}


@pytest.fixture
def served(hub: TestHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestHub]:
    """A hub whose form may be sent as soon as it is there."""
    monkeypatch.setattr(traps, "LEAST_S", 0.0)
    hub.take({"key": "pot", "title": "Cook for ten"})
    hub.publish()
    hub.serve()
    yield hub


def form(hub: TestHub) -> str:
    page = requests.get(f"{hub.url}/suggest", timeout=10)
    assert page.status_code == 200 and "Set-Cookie" not in page.headers and "<script" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    return page.text


def send(hub: TestHub, headers: dict[str, str] | None = None, **changes: Any) -> requests.Response:
    data = {**WORDS, "stamp": hidden(form(hub), "stamp"), **changes}
    return requests.post(
        f"{hub.url}/suggest",
        data=data,
        headers={"Sec-Fetch-Site": "same-origin", **(headers or {})},
        timeout=10,
        allow_redirects=False,
    )


def waiting(hub: TestHub) -> list[drafts.Draft]:
    with hub.hub.database.reading() as db:
        return list(drafts.in_state(db, drafts.SUGGESTED))


def noted(hub: TestHub) -> list[tuple[str, str, str]]:
    with hub.hub.database.reading() as db:
        return [(row.who, row.what, row.about) for row in db.execute(select(audit).order_by(audit.c.number))]


def contacts_kept(hub: TestHub) -> int:
    with hub.hub.database.reading() as db:
        return len(db.execute(select(maker_contact)).all())


# -- what is taken


def test_what_is_sent_becomes_a_draft_that_waits_for_an_editor(served: TestHub) -> None:
    done = send(served)
    assert done.status_code == 303 and done.headers["Location"] == "/suggest/thanks"
    assert "Thank you" in requests.get(served.url + done.headers["Location"], timeout=10).text
    (draft,) = waiting(served)
    item = draft.item
    assert draft.who == suggestions.MAKER
    assert (item.kind, item.title, item.summary) == ("event", WORDS["title"], WORDS["summary"])
    assert item.maker and item.maker.name == "Brook Street Menders" and item.url == "https://menders.example/"
    assert item.place and (item.place.name, item.place.postcode) == ("Mill Lane Hall", "ZZ99 1AA")
    assert (item.starts, item.ends) == ("2026-12-05T10:00:00", "2026-12-05T13:00:00")
    with served.hub.database.reading() as db:
        assert all(fields["title"] != WORDS["title"] for _id, _revision, fields in catalogue.live(db, "item"))


def test_only_the_fields_of_the_form_count(served: TestHub) -> None:
    assert (
        send(served, shops="Mill Lane", themes="food", attendance="yes", licence="MIT", price="3.50").status_code == 303
    )
    item = waiting(served)[0].item
    assert (item.shops, item.themes, item.attendance, item.licence, item.price) == ([], [], False, "", None)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("kind", "", "Please choose what it is"),
        ("kind", "gold", "Please choose what it is"),
        ("title", " ", "Please say what it is called"),
        ("title", "x" * 121, "at most"),
        ("summary", "Good.", "a little more"),
        ("url", "javascript:alert(1)", "This is no web address"),
        ("maker", "", "Please say who makes"),
        ("day", "", "Please say on which day"),
        ("to", "09:00", "The times do not fit together"),
        ("day", "2026-02-31", "The times do not fit together"),
        ("contact", "x" * 201, "at most"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(served: TestHub, field: str, text: str, says: str) -> None:
    done = send(served, **{field: text})
    assert done.status_code == 422 and not waiting(served)
    assert says in done.text and "Nothing is lost" in done.text
    assert WORDS["summary"] in done.text or field == "summary"
    assert 'aria-invalid="true"' in done.text


def test_markup_and_unseen_letters_are_only_text(served: TestHub) -> None:
    done = send(served, title='<script>alert("1")</script>', maker="")
    assert "<script" not in done.text and "&lt;script&gt;" in done.text
    assert send(served, title="Rep\u202eair\x00 café").status_code == 303
    assert waiting(served)[0].item.title == "Repair café"


# -- what is kept from the form


def test_forms_of_other_sites_are_refused(served: TestHub) -> None:
    for site in ("cross-site", "same-site", "none"):
        assert send(served, {"Sec-Fetch-Site": site}).status_code == 403
    stamp = hidden(form(served), "stamp")
    elsewhere = requests.post(
        f"{served.url}/suggest", data={**WORDS, "stamp": stamp}, headers={"Origin": "https://evil.example"}, timeout=10
    )
    assert elsewhere.status_code == 403 and not waiting(served)


def test_a_machine_that_fills_in_everything_is_asked_again_and_again(served: TestHub) -> None:
    done = send(served, nickname="Bot")
    assert done.status_code == 422 and "look over it once more" in done.text
    assert WORDS["summary"] in done.text and "Bot" not in done.text
    assert not waiting(served) and contacts_kept(served) == 0


def test_a_form_that_is_sent_at_once_is_shown_again(hub: TestHub) -> None:
    hub.serve()
    done = send(hub)
    assert done.status_code == 422 and "look over it once more" in done.text and WORDS["summary"] in done.text
    assert not waiting(hub)


def test_stamps_cannot_be_made_up_kept_or_used_early() -> None:
    stamps, other = traps.Stamps(b"a" * 32), traps.Stamps(b"b" * 32)
    at = time.time()
    stamp = stamps.make(at)
    assert stamps.fits(stamp, at + 5)
    assert not stamps.fits(stamp, at + 1) and not stamps.fits(stamp, at + 90_000)
    assert not other.fits(stamp, at + 5)
    for wrong in (
        "",
        ".",
        "1.2",
        f"{int(at)}.",
        f"{int(at) - 9}.{stamp.partition('.')[2]}",
        "１.x",
        "9" * 5_000 + ".x",
    ):
        assert not stamps.fits(wrong, at + 5)


def test_too_much_at_once_is_refused_and_kept(served: TestHub, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        assert send(served).status_code == 303
    done = send(served)
    assert done.status_code == 429 and int(done.headers["Retry-After"]) > 0
    assert WORDS["summary"] in done.text and len(waiting(served)) == 10


def test_everybody_together_is_limited_as_well(served: TestHub) -> None:
    at = [0.0]
    limits = Limits(each=10, each_per_s=1 / 120, all_=2, all_per_s=1 / 10, clock=lambda: at[0])
    frame = cast(Frame, None)  # nothing is shown
    form_ = views.Suggesting(served.hub, frame, limits=limits)
    assert [form_._limits.wait_s(f"192.0.2.{n}") for n in range(3)] == [0, 0, 10]


def test_what_is_too_large_or_no_form_is_not_read(served: TestHub) -> None:
    def post(**more: Any) -> int:
        headers = {"Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        return requests.post(f"{served.url}/suggest", headers=headers, timeout=10, **more).status_code

    assert post(data={"title": "x" * 100_000}) == 413
    assert post(json=WORDS) == 415
    assert post(files={"picture": b"x"}) == 415
    plain = {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(data="&".join(f"a{n}=1" for n in range(99)), headers=plain) == 400
    assert post(data=b"title=\xff", headers=plain) == 400
    assert not waiting(served)


def test_five_hundred_wait_at_most(served: TestHub) -> None:
    stamp = hidden(form(served), "stamp")
    with served.hub.database.writing() as db:
        for number in range(suggestions.MOST_WAITING):
            item = Item(id=str(uuid_utils.uuid7()), kind="guide", title=f"Thing {number}")
            suggestions.add(db, item, None)
    asked = requests.get(f"{served.url}/suggest", timeout=10)
    assert (
        asked.status_code == 503 and "read it first" in asked.text and "<form" not in asked.text.partition("<main")[2]
    )
    headers = {"Sec-Fetch-Site": "same-origin"}
    sent = requests.post(f"{served.url}/suggest", data={**WORDS, "stamp": stamp}, headers=headers, timeout=10)
    assert sent.status_code == 503 and WORDS["summary"] in sent.text and len(waiting(served)) == 500


# -- how to reach the maker


def test_how_to_reach_a_maker_lies_sealed_and_goes_on_its_day(served: TestHub) -> None:
    send(served)
    with served.hub.database.reading() as db:
        row = db.execute(select(maker_contact)).one()
    for path in served.folder.glob("hub.db*"):
        assert b"ann@menders" not in path.read_bytes()
    day = dt.date.fromisoformat(row.delete_on)
    assert day - dt.date.fromisoformat(row.received_at[:10]) == dt.timedelta(90)
    before = retention.run(served.hub.database, served.hub.folder, today=day - dt.timedelta(1))
    assert before.maker_contacts == 0 and contacts_kept(served) == 1
    assert retention.run(served.hub.database, served.hub.folder, today=day, dry_run=True).maker_contacts == 1
    assert retention.run(served.hub.database, served.hub.folder, today=day).maker_contacts == 1
    assert contacts_kept(served) == 0 and len(waiting(served)) == 1


def test_a_letter_tells_nothing_by_its_length_and_opens_with_this_hubs_keys_alone(hub: TestHub) -> None:
    keys = hub.hub.keys
    short, long = contact.seal_("a@b.cd", keys), contact.seal_("ł" * 200, keys)
    assert len(short) == len(long)
    assert contact.open_(short, keys) == "a@b.cd"
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    others = OwnKeys(X25519PrivateKey.generate(), Ed25519PrivateKey.generate())
    for sealed in (short[:-1], short + b"x", base64.b64encode(short), os.urandom(300)):
        with pytest.raises(HubError):
            contact.open_(sealed, keys)
    with pytest.raises(HubError):
        contact.open_(short, others)


def test_only_editors_see_it_on_request_and_that_is_noted(served: TestHub) -> None:
    send(served)
    item_id = waiting(served)[0].item.id
    editor, helper = Colleague(served), Colleague(served, accounts.COORDINATOR)
    page = editor.get(f"/suggestions/{item_id}")
    assert "ann@menders" not in page.text and "Show it" in page.text
    assert "ann@menders" not in editor.get(f"/items/{item_id}").text
    assert "Show it" not in helper.get(f"/suggestions/{item_id}").text
    assert helper.post(f"/suggestions/{item_id}/contact").status_code == 403
    assert not noted(served)
    shown = editor.post(f"/suggestions/{item_id}/contact")
    assert "each time is noted" in form(served)
    assert "ann@menders.example" in shown.text and shown.headers["Cache-Control"] == "no-store"
    assert noted(served) == [(editor.id, "maker's contact shown", item_id)]


def test_whoever_asks_what_is_kept_of_them_or_to_be_forgotten_means_this_too(
    served: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(served)
    item_id = waiting(served)[0].item.id
    found = run(tmp_path, "followups find", "ANN@menders.example")
    assert "ann@menders.example" in found.output and "suggested" in found.output
    assert "Nothing is kept" in run(tmp_path, "followups find", "bob@menders.example").output
    assert "Deleted 1 follow-up" in run(tmp_path, "followups forget", "ann@menders.example", "--yes").output
    assert contacts_kept(served) == 0 and len(waiting(served)) == 1
    assert noted(served)[-1][1:] == ("maker's contact deleted", item_id)


# -- the answer


def test_one_click_publishes_it_as_it_is(served: TestHub) -> None:
    send(served)
    draft = waiting(served)[0]
    editor = Colleague(served)
    listed = editor.get("/items?show=suggested").text
    assert f"/admin/suggestions/{draft.item.id}" in listed
    page = editor.get(f"/suggestions/{draft.item.id}")
    for words in (
        WORDS["summary"],
        "Brook Street Menders",
        "https://menders.example/",
        "Mill Lane Hall",
        "10:00 to 13:00",
    ):
        assert words in page.text
    done = editor.post(f"/suggestions/{draft.item.id}", {"do": "accept", "mark": hidden(page.text, "mark")})
    assert done.headers["Location"] == "/admin/items?show=suggested"
    with served.hub.database.reading() as db:
        (change,) = catalogue.history(db, "item", draft.item.id)
        assert change.who == editor.id and (change.fields or {})["title"] == WORDS["title"]
        assert catalogue.last_revision(db) == served.hub.publisher.published().state.revision  # type: ignore[union-attr]
    assert not waiting(served) and contacts_kept(served) == 0
    assert noted(served) == [(editor.id, "suggestion accepted", draft.item.id)]
    assert editor.post(f"/suggestions/{draft.item.id}", {"do": "accept", "mark": ""}).status_code == 404


def test_what_was_changed_meanwhile_is_not_published_unseen(served: TestHub) -> None:
    send(served)
    draft = waiting(served)[0]
    editor = Colleague(served)
    mark = hidden(editor.get(f"/suggestions/{draft.item.id}").text, "mark")
    time.sleep(0.002)
    with served.hub.database.writing() as db:
        drafts.put(db, msgspec.structs.replace(draft.item, title="Other"), "x", state=drafts.SUGGESTED)
    done = editor.post(f"/suggestions/{draft.item.id}", {"do": "accept", "mark": mark})
    assert done.status_code == 409 and "was not published" in done.text and len(waiting(served)) == 1


def test_a_declined_one_leaves_only_a_word_why(served: TestHub) -> None:
    send(served)
    send(served, title="Second")
    second, first = (draft.item.id for draft in waiting(served))
    editor = Colleague(served)
    assert editor.post(f"/suggestions/{first}", {"do": "decline", "why": "because"}).status_code == 422
    done = editor.post(f"/suggestions/{first}", {"do": "decline", "why": "double"})
    assert done.headers["Location"] == f"/admin/suggestions/{second}?said=declined"
    assert editor.post(f"/suggestions/{second}", {"do": "spam"}).status_code == 303
    assert not waiting(served) and contacts_kept(served) == 0
    assert noted(served) == [
        (editor.id, "suggestion declined", f"{first} double"),
        (editor.id, "suggestion was spam", second),
    ]


def test_in_the_editor_it_stays_a_suggestion_until_it_is_published(served: TestHub) -> None:
    send(served)
    item_id = waiting(served)[0].item.id
    editor = Colleague(served)
    page = editor.get(f"/items/{item_id}").text
    assert "Answer it" in page
    fields = {**WORDS, "title": "Repair café, weekly", "mark": hidden(page, "mark"), "do": "save"}
    assert editor.post(f"/items/{item_id}", fields).status_code == 303
    assert waiting(served)[0].item.title == "Repair café, weekly" and contacts_kept(served) == 1
    fields |= {"mark": hidden(editor.get(f"/items/{item_id}").text, "mark"), "do": "publish"}
    assert editor.post(f"/items/{item_id}", fields).status_code == 303
    assert not waiting(served) and contacts_kept(served) == 0


def test_coordinators_look_and_decide_nothing(served: TestHub) -> None:
    send(served)
    item_id = waiting(served)[0].item.id
    helper = Colleague(served, accounts.COORDINATOR)
    assert helper.get(f"/suggestions/{item_id}").status_code == 200
    for do in ("accept", "decline", "spam"):
        assert helper.post(f"/suggestions/{item_id}", {"do": do, "why": "double"}).status_code == 403
    assert len(waiting(served)) == 1
