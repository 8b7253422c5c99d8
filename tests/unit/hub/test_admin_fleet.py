"""Shops and kiosks on the hub's own pages: seen, let in, asked, moved and revoked, by whoever may."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import update

from kiosk import bootstrap
from sync.errors import HubRejectedError
from sync.hub import settings
from sync.hub.fleet import fleet as fleets
from sync.hub.store import accounts, audit, catalogue, drafts, heartbeats
from sync.hub.store.schema import device
from sync.messages import CodeRequest, Former, Heartbeat, succession
from sync.records import Item, Shop, id_from_key
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.logging_shop import LoggingShop
from tests.support.team import Member


@pytest.fixture
def admin(hub: TestHub) -> Member:
    hub.serve()
    return Member(hub, accounts.ADMINISTRATOR, name="Ann Okafor")


def shop_of(hub: TestHub, name: str) -> Shop:
    with hub.hub.database.reading() as db:
        found = catalogue.shop_named(db, name)
    assert found
    return found


def beat(kiosk: LoggingShop, *, seen_minutes_ago: float = 0, name: str = "", **said: object) -> None:
    now = dt.datetime.now(dt.UTC)
    words = {"at": now.isoformat(), "drawn_at": now.isoformat(), "outcome": "current", "printers": ["ready"], **said}
    kiosk.hub.heartbeat(kiosk.device_id, Heartbeat(**words))  # type: ignore[arg-type]
    seen = (now - dt.timedelta(minutes=seen_minutes_ago)).isoformat(timespec="milliseconds")
    values = {"seen_at": seen, "heartbeat_at": seen} | ({"name": name} if name else {})
    with kiosk.hub.database.writing() as db:
        db.execute(update(device).where(device.c.id == kiosk.device_id).values(values))


def asks(hub: TestHub, name: str = "raspberrypi", former: LoggingShop | None = None) -> tuple[str, str]:
    """A screen that shows a code; the code, and the secret that it asks with."""
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    before = []
    if former:
        proof = former.key.sign(succession(former.device_id, public)).hex()
        before = [Former(device_id=former.device_id, signature=proof)]
    issued = hub.hub.kiosks.issue_code(CodeRequest(public_key=public, name=name, former=before), hub.url)
    return issued.user_code, issued.device_code


def hears(kiosk: TestKiosk) -> None:
    """A heartbeat now, as every five minutes."""
    speaks = bootstrap.upstream(kiosk.services)
    assert speaks.run(beat=True).beat
    speaks.close()


def noted(hub: TestHub) -> list[str]:
    with hub.hub.database.reading() as db:
        return [row["what"] for row in audit.latest(db)]


# -- shops


def test_a_shop_is_made_changed_and_its_hours_are_told_in_words(hub: TestHub, admin: Member) -> None:
    sent = {
        "name": " Mill   Lane ",
        "postcode": "SA8 4ED",
        "hours": "Mo-Fr 9:30-17:00; We off",
        "timezone": "Europe/London",
    }
    page = admin.post("/admin/shops/new", sent).headers["Location"].partition("?")[0]
    shown = admin.get(page).text
    assert "Open Monday, Tuesday 09:30 to 17:00, Thursday, Friday 09:30 to 17:00" in shown
    made = shop_of(hub, "Mill Lane")
    assert page == f"/admin/shops/{made.id}" and made.id == id_from_key("shop", "Mill Lane")
    assert "Mill Lane" in admin.get("/admin/shops").text
    answer = admin.post(page, sent | {"name": "Mill Lane", "address": "4 Mill Lane", "timezone": "Europe/Dublin"})
    assert answer.status_code == 303 and admin.get(answer.headers["Location"]).text.count("Everybody sees it") == 1
    changed = shop_of(hub, "Mill Lane")
    assert (changed.address, changed.timezone) == ("4 Mill Lane", "Europe/Dublin")
    with hub.hub.database.reading() as db:
        assert catalogue.history(db, "shop", made.id)[0].who == admin.account.id
    published = hub.hub.publisher.published()
    assert published and published.state.revision == catalogue_revision(hub)


def catalogue_revision(hub: TestHub) -> int:
    with hub.hub.database.reading() as db:
        return catalogue.last_revision(db)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "  "}, "It needs a name."),
        ({"name": "x" * 81}, "80 letters at most"),
        ({"name": "CANAL road"}, "Another shop has this name."),
        ({"hours": "Mo-Fr nine to five"}, "needs times such as 09:30-17:00"),
        ({"hours": "Mumday 09:00-10:00"}, "is not a day"),
        ({"hours": "Fr 20:00-02:00"}, "ends before it begins"),
        ({"timezone": "Wales"}, "This time zone is not known"),
        ({"postcode": "?!"}, "This is no postcode"),
    ],
)
def test_what_a_shop_cannot_be_is_said_at_its_field(
    hub: TestHub, admin: Member, wrong: dict[str, str], says: str
) -> None:
    hub.hub.set_shop("Canal Road")
    sent = {"name": "Mill Lane", "address": "4 Mill Lane", "timezone": "Europe/London"} | wrong
    answer = admin.post("/admin/shops/new", sent)
    assert answer.status_code == 422 and says in answer.text and "4 Mill Lane" in answer.text
    mine = hub.hub.set_shop("Mill Lane", hours="Mo 10:00-11:00")
    answer = admin.post(f"/admin/shops/{mine.id}", sent)
    assert answer.status_code == 422 and says in answer.text
    assert shop_of(hub, "Mill Lane").hours == "Mo 10:00-11:00"


def test_hours_are_understood_while_they_are_typed(admin: Member) -> None:
    assert "Open Saturday 10:00 to 16:00." in admin.get("/admin/hours?hours=Sa+10:00-16:00").text
    assert "is not a day" in admin.get("/admin/hours?hours=Zz+10:00-16:00").text
    assert "&lt;script" in admin.get("/admin/hours?hours=%3Cscript%3E+10:00-16:00").text
    assert "never said" in admin.get("/admin/hours").text


def test_a_shop_with_another_name_keeps_its_kiosks_people_and_what_was_for_it_alone(
    hub: TestHub, admin: Member, kiosk: TestKiosk
) -> None:
    hub.take(
        {"key": "lift", "title": "The lift is broken", "shops": ["Mill Lane", "Canal Road"]},
        {"key": "all", "title": "For all"},
    )
    hub.publish()
    kiosk.enrol(hub)
    kiosk.sync()
    mine = shop_of(hub, "Mill Lane")
    draft = Item(id="0189a000-0000-7000-8000-000000000001", kind="guide", title="A draft", shops=["Mill Lane"])
    with hub.hub.database.writing() as db:
        drafts.put(db, draft, "somebody", state=drafts.SCHEDULED, publish_on="2030-01-01")
    sent = {"name": "The Mill", "timezone": "Europe/London"}
    assert admin.post(f"/admin/shops/{mine.id}", sent).status_code == 303
    with hub.hub.database.reading() as db:
        kept = drafts.get(db, draft.id)
        assert catalogue.shop_named(db, "Mill Lane") is None
    assert kept and kept.item.shops == ["The Mill"] and (kept.who, kept.publish_on) == ("somebody", "2030-01-01")
    hears(kiosk)
    kiosk.sync()
    assert kiosk.services.unit.shop_name == "The Mill" and len(kiosk.titles()) == 2
    fresh = hub.hub.set_shop("Mill Lane")
    assert fresh.id != mine.id and shop_of(hub, "The Mill").id == mine.id
    assert hub.hub.set_shop("Mill Lane").id == fresh.id


def test_shelves_reach_the_kiosk_and_the_page_says_how_much_that_is(hub: TestHub, shop: TestKiosk) -> None:
    admin = Member(hub, accounts.ADMINISTRATOR)
    mine = shop_of(hub, "Mill Lane")
    page = f"/admin/shops/{mine.id}"
    wait_for(lambda: "It shows everything there is for it: <b>2</b> items" in admin.get(page).text)
    answer = admin.post(f"{page}/shelves", {"themes": ["food", "made-up"], "languages": ["en", "cy"], "room": "0,5"})
    assert answer.headers["Location"] == f"{page}?said=shelves#shelves"
    shown = admin.get(page).text
    assert "It shows <b>1</b> of 2 items" in shown and 'value="0.5"' in shown
    assert set(re.findall(r'value="(\w+)" checked', shown)) == {"food", "en", "cy"}
    hears(shop)
    assert shop.services.settings_now().blob_budget_bytes == 500_000_000
    assert shop.titles() == ["Cook for ten on £10"]
    with hub.hub.database.writing() as db:
        settings.put(db, "stock_kinds", "app")  # for all shops
    with hub.hub.database.reading() as db:
        every = [theme.key for theme in catalogue.themes(db)]
    admin.post(f"{page}/shelves", {"themes": every})
    with hub.hub.database.reading() as db:
        given = settings.for_shop(db, mine.id)
    assert given == {"stock_kinds": ""}
    assert "shelves changed" in noted(hub)


@pytest.mark.parametrize("room", ["much", "-1", "nan", "inf", "1e9"])
def test_room_that_is_none_is_refused(hub: TestHub, admin: Member, room: str) -> None:
    page = f"/admin/shops/{hub.hub.set_shop('Mill Lane').id}"
    answer = admin.post(f"{page}/shelves", {"themes": ["food"], "room": room})
    assert answer.status_code == 422 and "This is no room for files" in answer.text and f'value="{room}"' in answer.text
    with hub.hub.database.reading() as db:
        assert list(settings.everything(db)) == [] or all(not one.shop_id for one in settings.everything(db))


# -- the fleet


def test_the_fleet_is_shown_trouble_first_and_by_shop(hub: TestHub, admin: Member) -> None:
    well, silent, empty = LoggingShop(hub.hub, "Aber"), LoggingShop(hub.hub, "Mill Lane"), LoggingShop(hub.hub, "Canal")
    beat(well, name="door")
    beat(silent, name="back room", seen_minutes_ago=200)
    beat(empty, name="<b>window</b>", printers=["ready paper_low"], waiting=77, free_bytes=5 * 10**9, program="0.0.1")
    gone = LoggingShop(hub.hub, "Aber")
    hub.hub.kiosks.revoke(gone.device_id)
    shown = admin.get("/admin/kiosks").text
    order = [shown.index(name) for name in ("back room", "&lt;b&gt;window", ">door<")]
    assert order == sorted(order) and gone.device_id not in shown
    for words in ("Quiet for 3 hours", "paper runs low", "77 records wait", "5.0 GB", "0.0.1", "3 hours ago"):
        assert words in shown
    trouble = admin.get("/admin/kiosks?show=trouble").text
    assert "back room" in trouble and ">door<" not in trouble
    only = admin.get(f"/admin/kiosks?shop={well.shop_id}").text
    assert ">door<" in only and "back room" not in only.partition('<ul class="cards">')[2]
    assert gone.device_id in admin.get("/admin/kiosks?show=gone").text
    assert admin.get("/admin/kiosks?page=99&show=nothing").status_code == 200
    assert "2 kiosks to look at" in admin.get("/admin").text


def test_many_kiosks_have_pages(hub: TestHub, admin: Member) -> None:
    for _each in range(43):
        LoggingShop(hub.hub)
    first = admin.get("/admin/kiosks").text
    assert first.count('<li class="card">') == 40 and "Page 1 of 2" in first
    assert admin.get("/admin/kiosks?show=all&page=2").text.count('<li class="card">') == 3


def test_a_kiosk_is_asked_renamed_and_moved(hub: TestHub, admin: Member) -> None:
    mine, other = LoggingShop(hub.hub), LoggingShop(hub.hub, "Canal Road")
    beat(mine)
    page = f"/admin/kiosks/{mine.device_id}"
    for what in ("sync", "test_slip", "sync"):
        assert admin.post(f"{page}/ask", {"what": what}).headers["Location"] == f"{page}?said=asked"
    with hub.hub.database.reading() as db:
        assert [command.name for command in heartbeats.asked(db, mine.device_id)] == ["sync", "test_slip"]
    assert "to look for news and to print a test slip" in admin.get(page).text
    assert admin.post(f"{page}/ask", {"what": "explode"}).status_code == 400
    admin.post(f"{page}/rename", {"name": " By the\n window "})
    assert "By the window" in admin.get(page).text
    assert admin.post(f"{page}/rename", {"name": " "}).status_code == 400
    admin.post(f"{page}/move", {"shop": other.shop_id})
    info = hub.hub.device_info(mine.device_id)
    assert (info.name, info.shop_id, info.shop_name) == ("By the window", other.shop_id, "Canal Road")
    assert admin.post(f"{page}/move", {"shop": "0189a000-0000-7000-8000-000000000001"}).status_code == 404
    assert noted(hub)[:4] == ["kiosk moved", "kiosk renamed", "kiosk asked test_slip", "kiosk asked sync"]


def test_revoking_says_first_what_it_means(hub: TestHub, admin: Member) -> None:
    mine = LoggingShop(hub.hub)
    hub.hub.people.add("Rhian", [mine.shop_id], "test")
    page = f"/admin/kiosks/{mine.device_id}"
    before = admin.get(f"{page}/revoke").text
    assert "This cannot be undone" in before and "1 person needs a new PIN" in before and "Rhian" in before
    hub.hub.device_info(mine.device_id)
    assert admin.post(f"{page}/revoke").headers["Location"] == f"{page}?said=revoked"
    with pytest.raises(HubRejectedError, match="revoked"):
        hub.hub.device_info(mine.device_id)
    after = admin.get(page).text
    assert "Revoked" in after and "/ask" not in after and "/move" not in after
    assert admin.post(f"{page}/ask", {"what": "sync"}).status_code == 400
    assert admin.get(f"{page}/revoke").status_code == 303
    assert "kiosk revoked" in noted(hub)


def test_nobody_is_saved_by_calling_himself_by_anothers_number(hub: TestHub, admin: Member) -> None:
    mine, thief = LoggingShop(hub.hub), LoggingShop(hub.hub)
    beat(thief, name=mine.device_id)
    admin.post(f"/admin/kiosks/{mine.device_id}/revoke")
    with pytest.raises(HubRejectedError, match="revoked"):
        hub.hub.device_info(mine.device_id)
    hub.hub.device_info(thief.device_id)


# -- letting a screen in


def test_a_screen_is_let_in_by_its_code_after_a_look_at_what_it_says(hub: TestHub, admin: Member) -> None:
    mine = hub.hub.set_shop("Mill Lane")
    code, secret = asks(hub, name="pi <3")
    typed = code.replace("-", " ").lower()
    there = admin.post("/admin/kiosks/join", {"code": typed, "do": "look"}).headers["Location"]
    shown = admin.get(there).text
    assert code in shown and "pi &lt;3" in shown and "just now" in shown
    assert hub.hub.kiosks.poll_code(secret).state == "pending"
    answer = admin.post("/admin/kiosks/join", {"code": code, "do": "approve", "new_shop": ""})
    assert answer.status_code == 422 and "Choose the shop" in answer.text and code in answer.text
    answer = admin.post("/admin/kiosks/join", {"code": code, "do": "approve", "shop": mine.id, "name": "window"})
    assert (
        answer.headers["Location"].endswith("?said=joined")
        and "within seconds" in admin.get(answer.headers["Location"]).text
    )
    wait_for(lambda: hub.hub.kiosks.poll_code(secret).state != "slow_down")
    state = hub.hub.kiosks.poll_code(secret)
    assert state.enrolled and state.enrolled.shop_name == "Mill Lane"
    assert hub.hub.device_info(state.enrolled.device_id).name == "window"
    assert "kiosk approved" in noted(hub)
    again = admin.post("/admin/kiosks/join", {"code": code, "do": "approve", "shop": mine.id})
    assert again.status_code == 404 and "approved already" in again.text


def test_a_new_shop_may_be_made_for_a_screen_and_a_stranger_be_turned_away(hub: TestHub, admin: Member) -> None:
    code, _secret = asks(hub)
    answer = admin.post("/admin/kiosks/join", {"code": code, "do": "approve", "new_shop": "Canal Road"})
    assert answer.status_code == 303 and shop_of(hub, "Canal Road")
    code, secret = asks(hub)
    answer = admin.post("/admin/kiosks/join", {"code": code, "do": "deny"})
    assert "turned away" in admin.get(answer.headers["Location"]).text
    assert hub.hub.kiosks.poll_code(secret).state == "denied"


def test_one_that_was_revoked_is_known_again_before_it_is_let_in(hub: TestHub, admin: Member) -> None:
    thief = LoggingShop(hub.hub)
    beat(thief, name="the stolen one")
    hub.hub.kiosks.revoke(thief.device_id)
    code, _secret = asks(hub, former=thief)
    shown = admin.get(f"/admin/kiosks/join?code={code}").text
    assert "the stolen one" in shown and "It was revoked. Let it in only if you have it back" in shown


def test_wrong_codes_are_told_clearly_and_guessing_is_slowed(hub: TestHub, admin: Member) -> None:
    for typed, says in (("BCDF-GHJK", "No kiosk shows the code BCDF-GHJK now"), ("hello", "is not a kiosk&#39;s code")):
        answer = admin.get(f"/admin/kiosks/join?code={typed}")
        assert answer.status_code == 404 and says in answer.text and typed in answer.text
    code, _secret = asks(hub)
    for number in range(12):
        assert admin.get(f"/admin/kiosks/join?code={code}").status_code == 200, number  # right ones cost nothing
    answers = [admin.get(f"/admin/kiosks/join?code=BCDF-GHJ{letter}").status_code for letter in "BCDFGHJKLM"]
    assert answers == [404] * 8 + [429] * 2
    told = admin.get(f"/admin/kiosks/join?code={code}")
    assert told.status_code == 429 and "Please wait 1 minute, then" in told.text
    assert admin.post("/admin/kiosks/join", {"code": code, "do": "approve", "new_shop": "X"}).status_code == 429
    other = Member(hub, accounts.ADMINISTRATOR, name="Bela Nagy")
    assert other.get(f"/admin/kiosks/join?code={code}").status_code == 200


# -- who may what


def test_coordinators_see_their_own_shops_and_may_ask(hub: TestHub, admin: Member) -> None:
    mine, other = LoggingShop(hub.hub), LoggingShop(hub.hub, "Canal Road")
    beat(mine, name="window", seen_minutes_ago=99)
    beat(other, name="secret corner", seen_minutes_ago=99)
    coordinator = Member(hub, accounts.COORDINATOR, shops=[mine.shop_id])
    for path in ("/admin/kiosks", "/admin/kiosks?show=trouble", "/admin/shops", f"/admin/kiosks?shop={other.shop_id}"):
        shown = coordinator.get(path)
        assert shown.status_code == 200 and "Canal Road" not in shown.text and "secret corner" not in shown.text
    assert (
        "window" in coordinator.get("/admin/kiosks").text
        and "Let a kiosk in" not in coordinator.get("/admin/kiosks").text
    )
    page, theirs = f"/admin/kiosks/{mine.device_id}", f"/admin/kiosks/{other.device_id}"
    shown = coordinator.get(page).text
    assert "Print a test slip" in shown and "/move" not in shown and "/revoke" not in shown and "/rename" not in shown
    assert coordinator.post(f"{page}/ask", {"what": "test_slip"}).status_code == 303
    assert coordinator.get(theirs).status_code == coordinator.post(f"{theirs}/ask", {"what": "sync"}).status_code == 404
    shop_page = coordinator.get(f"/admin/shops/{mine.shop_id}").text
    assert "<form" not in shop_page.partition("<main")[2] and "Themes" in shop_page
    assert coordinator.get(f"/admin/shops/{other.shop_id}").status_code == 404
    refused = [
        coordinator.post(f"{page}/move", {"shop": other.shop_id}),
        coordinator.post(f"{page}/rename", {"name": "x"}),
        coordinator.post(f"{page}/revoke"),
        coordinator.get(f"{page}/revoke"),
        coordinator.get("/admin/kiosks/join"),
        coordinator.post("/admin/kiosks/join", {"code": "BCDF-GHJK"}),
        coordinator.get("/admin/shops/new"),
        coordinator.post("/admin/shops/new", {"name": "X"}),
        coordinator.post(f"/admin/shops/{mine.shop_id}", {"name": "X"}),
        coordinator.post(f"/admin/shops/{mine.shop_id}/shelves", {}),
    ]
    assert [answer.status_code for answer in refused] == [403] * len(refused)
    info = hub.hub.device_info(mine.device_id)
    assert (info.name, info.shop_id) == ("window", mine.shop_id)


def test_editors_look_after_shelves_and_not_after_who_belongs(hub: TestHub, admin: Member) -> None:
    mine = LoggingShop(hub.hub)
    editor, page = Member(hub, accounts.EDITOR), f"/admin/kiosks/{mine.device_id}"
    assert editor.post(f"/admin/shops/{mine.shop_id}/shelves", {"kinds": ["app"]}).status_code == 303
    assert editor.post(f"{page}/ask", {"what": "sync"}).status_code == 303
    for path in ("move", "rename", "revoke"):
        assert editor.post(f"{page}/{path}", {"name": "x"}).status_code == 403
    assert editor.get("/admin/kiosks/join").status_code == 403 and "/revoke" not in editor.get(page).text


def test_a_kiosk_that_a_stick_serves_is_expected_by_nobody(hub: TestHub) -> None:
    mine = LoggingShop(hub.hub)
    hub.hub.heartbeat(mine.device_id, Heartbeat(at=""), by_stick=True)
    with hub.hub.database.reading() as db:
        assert [kiosk.by_stick for kiosk in fleets.kiosks(db)] == [True]
    hub.hub.heartbeat(mine.device_id, Heartbeat(at=""))
    with hub.hub.database.reading() as db:
        assert [kiosk.by_stick for kiosk in fleets.kiosks(db)] == [False]


# -- who is told


def kept(hub: TestHub) -> dict[str, object]:
    with hub.hub.database.reading() as db:
        return {one.key: one.value for one in settings.everything(db)}


def test_who_is_told_is_set_and_a_password_is_never_shown(hub: TestHub, admin: Member) -> None:
    sent = {
        "alert_to": "ann@example.org, bela@example.org",
        "alert_after_minutes": "45",
        "host": "mail.example.org",
        "encryption": "start",
        "user": "hub@example.org",
        "password": "open: sesame/1",
    }
    assert admin.post("/admin/alerts", sent).headers["Location"] == "/admin/alerts?said=kept"
    url = "smtps://hub%40example.org:open%3A%20sesame%2F1@mail.example.org:465"
    assert (kept(hub)["smtp_url"], kept(hub)["alert_after_minutes"]) == (url, 45)
    shown = admin.get("/admin/alerts").text
    assert "hub@example.org" in shown and "sesame" not in shown and "ann@example.org bela@example.org" in shown
    again = sent | {"password": "", "port": "465", "alert_to": "ann@example.org"}
    assert admin.post("/admin/alerts", again).status_code == 303 and kept(hub)["smtp_url"] == url
    for stolen in ({"host": "evil.example.org"}, {"port": "466"}, {"user": "eve"}):
        answer = admin.post("/admin/alerts", again | stolen)
        assert answer.status_code == 422 and "Type the password once more" in answer.text, stolen
        assert kept(hub)["smtp_url"] == url
    admin.post("/admin/alerts", {"alert_after_minutes": "30"})
    assert (kept(hub)["smtp_url"], kept(hub)["alert_to"]) == ("", "")
    assert "alerts changed" in noted(hub)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"alert_to": "ann"}, "is no e-mail address"),
        ({"alert_from": "a@example.org b@example.org"}, "1 is the most"),
        ({"alert_after_minutes": "soon"}, "must be a whole number from 5 to 10080"),
        ({"alert_after_minutes": "1"}, "must be a whole number from 5 to 10080"),
        ({"host": "mail.example.org", "port": "mail"}, "The port is a number"),
        ({"host": "mail.example.org", "port": "99999"}, "The port is a number"),
        ({"host": "mail/example"}, "no address of a mail server"),
        ({"host": "mail.example.org", "password": "secretword"}, "There is a password and no user"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(hub: TestHub, admin: Member, wrong: dict[str, str], says: str) -> None:
    answer = admin.post("/admin/alerts", {"alert_after_minutes": "30"} | wrong)
    assert answer.status_code == 422 and says in answer.text and "secretword" not in answer.text
    assert kept(hub) == {"base_url": ""}


def test_a_try_says_what_fails_and_keeps_what_was_typed(hub: TestHub, admin: Member) -> None:
    sent = {"alert_to": "ann@example.org", "alert_after_minutes": "30", "host": "127.0.0.1", "port": "1", "do": "try"}
    answer = admin.post("/admin/alerts", sent | {"encryption": "later"})
    assert answer.status_code == 422 and "the mail server 127.0.0.1, port 1 cannot be used" in answer.text
    assert kept(hub)["smtp_url"] == "smtp://127.0.0.1:1"
    answer = admin.post("/admin/alerts", sent | {"alert_to": ""})
    assert answer.status_code == 422 and "say who is told" in answer.text
    for role in (accounts.EDITOR, accounts.COORDINATOR):
        shops = [hub.hub.set_shop("Mill Lane").id] if role == accounts.COORDINATOR else []
        member = Member(hub, role, shops=shops)
        assert member.get("/admin/alerts").status_code == member.post("/admin/alerts", sent).status_code == 403
