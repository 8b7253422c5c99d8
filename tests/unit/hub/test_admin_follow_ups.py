"""Who asked to be rung back, on the hub's own pages: one at a time, by those whose shop it is, and noted."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from sync.hub import forgotten
from sync.hub.store import accounts, follow_ups
from sync.hub.store.schema import audit
from tests.conftest import TestHub
from tests.support.colleague import Colleague
from tests.support.pen import Pen, outcomes


@pytest.fixture
def pens(hub: TestHub) -> tuple[Pen, Pen]:
    mill, road = Pen(hub.hub), Pen(hub.hub, "High Road")
    assert outcomes(hub.hub, mill.id, mill.asks("Ann", "07700 900123")) == ["accepted"]
    assert outcomes(hub.hub, road.id, road.asks("<b>Bea</b>", "bea@example.org", about="phone")) == ["accepted"]
    hub.serve()
    return mill, road


def ids(hub: TestHub) -> dict[str, tuple[str, str]]:
    """The follow-up and the shop by the shop's name."""
    with hub.hub.database.reading() as db:
        from sync.hub.store.catalogue import shop_names

        names = shop_names(db)
        return {names[one.shop_id]: (one.id, one.shop_id) for one in follow_ups.kept(db, done=True)}


def noted(hub: TestHub) -> list[tuple[str, str, str]]:
    with hub.hub.database.reading() as db:
        return [(row.who, row.what, row.about) for row in db.execute(select(audit).order_by(audit.c.number))]


def test_the_list_says_where_and_when_and_nothing_of_them(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    page = Colleague(hub, accounts.ADMINISTRATOR).get("/follow-ups").text
    assert "Mill Lane" in page and "High Road" in page and "in 90 days" in page
    assert "Ann" not in page and "07700" not in page and "Bea" not in page and noted(hub) == []


def test_one_is_shown_on_request_and_that_is_noted(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    boss, (one, _shop) = Colleague(hub, accounts.ADMINISTRATOR), ids(hub)["High Road"]
    shown = boss.post(f"/follow-ups/{one}/show")
    assert "bea@example.org" in shown.text and "&lt;b&gt;Bea&lt;/b&gt;" in shown.text and "Ann" not in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert noted(hub) == [(boss.id, "follow-up shown", one)]
    assert boss.get(f"/follow-ups/{one}/show").status_code in (404, 405)


def test_done_and_not_done_after_all(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    boss, (one, _shop) = Colleague(hub, accounts.ADMINISTRATOR), ids(hub)["Mill Lane"]
    assert boss.post(f"/follow-ups/{one}", {"do": "done"}).headers["Location"] == "/admin/follow-ups?said=done"
    assert one not in boss.get("/follow-ups").text
    there = boss.get("/follow-ups?show=done").text
    assert one in there and "done by An administrator" in there
    assert boss.post(f"/follow-ups/{one}", {"do": "open"}).status_code == 303
    assert one in boss.get("/follow-ups").text
    assert boss.post(f"/follow-ups/{one}", {"do": "sing"}).status_code == 400
    assert [what for _who, what, _about in noted(hub)] == ["follow-up done", "follow-up open again"]


def test_a_deleted_one_leaves_nothing(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    boss, (one, _shop) = Colleague(hub, accounts.ADMINISTRATOR), ids(hub)["Mill Lane"]
    done = boss.post(f"/follow-ups/{one}", {"do": "delete"})
    assert done.headers["Location"].startswith("/admin/follow-ups?said=")
    assert "Deleted" in boss.get(done.headers["Location"].removeprefix("/admin")).text
    assert "Mill Lane" not in ids(hub) and one in forgotten.read(hub.hub.folder)
    assert boss.post(f"/follow-ups/{one}/show").status_code == 404
    assert noted(hub) == [(boss.id, follow_ups.DELETED, one)]


def test_a_coordinator_rings_back_who_asked_at_their_shop(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    (mine, shop), (theirs, _other) = ids(hub)["High Road"], ids(hub)["Mill Lane"]
    helper = Colleague(hub, accounts.COORDINATOR, (shop,))
    page = helper.get("/follow-ups").text
    assert mine in page and theirs not in page and "Mill Lane" not in page
    assert "bea@example.org" in helper.post(f"/follow-ups/{mine}/show").text
    for path, do in (
        (f"/follow-ups/{theirs}/show", {}),
        *((f"/follow-ups/{theirs}", {"do": do}) for do in ("done", "delete")),
    ):
        assert helper.post(path, do).status_code == 403
    assert len(ids(hub)) == 2 and noted(hub) == [(helper.id, "follow-up shown", mine)]


def test_editors_and_strangers_see_none_of_it(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    one, _shop = ids(hub)["Mill Lane"]
    editor = Colleague(hub)
    assert editor.get("/follow-ups").status_code == 403 and "Follow-ups" not in editor.get("").text
    assert editor.post(f"/follow-ups/{one}/show").status_code == 403
    editor.token = ""
    assert editor.post(f"/follow-ups/{one}/show").status_code == 401
    assert editor.get("/follow-ups", redirects=False).status_code == 303


def test_what_cannot_be_opened_says_so_and_can_be_deleted(hub: TestHub, pens: tuple[Pen, Pen]) -> None:
    from sqlalchemy import update

    from sync.hub.store.schema import follow_up

    one, _shop = ids(hub)["Mill Lane"]
    with hub.hub.database.writing() as db:
        db.execute(update(follow_up).where(follow_up.c.id == one).values(sealed=b"rubbish"))
    boss = Colleague(hub, accounts.ADMINISTRATOR)
    assert "cannot be read" in boss.post(f"/follow-ups/{one}/show").text
    assert boss.post(f"/follow-ups/{one}", {"do": "delete"}).status_code == 303 and "Mill Lane" not in ids(hub)
