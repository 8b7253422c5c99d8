"""What visitors looked at, took and searched for: counted as it comes, and terms forgotten that may be names."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from sync.hub import retention
from sync.hub.hub import Hub
from sync.hub.reports import usage as reports
from sync.hub.reports.tables import Line
from sync.hub.store import accounts, catalogue, facts, scans, usage
from sync.hub.store.schema import received, search_month, setting, usage_month
from sync.records import id_from_key
from tests.conftest import TestHub
from tests.support.colleague import Colleague
from tests.support.logging_shop import LoggingShop
from tests.support.pen import outcomes

TODAY = dt.datetime.now(dt.UTC).date()
DAY = TODAY.isoformat()
POT = id_from_key("item", "pot")


def send(shop: LoggingShop, *bodies: dict[str, Any]) -> list[str]:
    records = [shop.record("usage", {"day": DAY, "count": 1, **body}) for body in bodies]
    return outcomes(shop.hub, shop.device_id, *records)


def counts(hub: TestHub) -> dict[tuple[str, ...], int]:
    with hub.hub.database.reading() as db:
        return {tuple(row)[:-1]: row.count for row in db.execute(select(usage_month))}  # type: ignore[misc]


def terms(hub: TestHub) -> dict[str, int]:
    with hub.hub.database.reading() as db:
        return {line.key: int(line.cells["count"] or 0) for line in reports.tables(db, reports.Scope())["term"].lines}


def bodies(hub: TestHub) -> list[bytes]:
    with hub.hub.database.reading() as db:
        return list(db.execute(select(received.c.body).where(received.c.kind == "usage")).scalars())


def age(hub: TestHub, days: int) -> None:
    """All that is here came so many days earlier, and nothing of it was looked at since."""
    with hub.hub.database.writing() as db:
        db.execute(delete(setting).where(setting.c.key == facts.TERMS_FORGOTTEN))
        for row in db.execute(select(received.c.id, received.c.received_at)).all():
            at = dt.datetime.fromisoformat(row.received_at) - dt.timedelta(days)
            db.execute(update(received).where(received.c.id == row.id).values(received_at=at.isoformat()))
        for row in db.execute(select(search_month.c.term, search_month.c.last_day)).all():
            last = dt.date.fromisoformat(row.last_day) - dt.timedelta(days)
            db.execute(update(search_month).where(search_month.c.term == row.term).values(last_day=last.isoformat()))


# -- what is counted


def test_daily_totals_are_added_up_by_month_shop_action_thing_and_language(hub: TestHub) -> None:
    front, back = LoggingShop(hub.hub), LoggingShop(hub.hub, "High Road")
    assert send(front, {"action": "slip", "item": POT, "count": 3}, {"action": "slip", "item": POT, "count": 4}) == [
        "accepted",
        "accepted",
    ]
    send(front, {"action": "open", "item": POT, "language": "cy"}, {"action": "open", "item": POT, "language": "en"})
    send(back, {"action": "slip", "item": POT, "count": 2})
    month = DAY[:7]
    assert counts(hub) == {
        (month, front.shop_id, "slip", POT, ""): 7,
        (month, front.shop_id, "open", POT, "cy"): 1,
        (month, front.shop_id, "open", POT, "en"): 1,
        (month, back.shop_id, "slip", POT, ""): 2,
    }


def test_what_comes_twice_counts_once(hub: TestHub) -> None:
    shop = LoggingShop(hub.hub)
    record = shop.record("usage", {"day": DAY, "action": "qr", "item": POT, "count": 5})
    assert outcomes(hub.hub, shop.device_id, record) == ["accepted"]
    assert outcomes(hub.hub, shop.device_id, record) == ["duplicate"]
    assert list(counts(hub).values()) == [5]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "slip", "count": 0},
        {"action": "slip", "count": -4},
        {"action": "slip", "count": 10**9},
        {"action": "slip", "count": "many"},
        {"action": "SLIP; DROP TABLE", "count": 1},
        {"action": "", "count": 1},
        {"count": 1},
    ],
)
def test_what_is_no_total_is_kept_and_counts_for_nothing(hub: TestHub, body: dict[str, Any]) -> None:
    assert send(LoggingShop(hub.hub), body) == ["accepted"]
    assert counts(hub) == {} and len(bodies(hub)) == 1


def test_a_day_that_cannot_be_counts_when_it_came_and_what_is_no_id_as_none(hub: TestHub) -> None:
    shop = LoggingShop(hub.hub)
    for day in ("2031-01-01", "1999-12-31", "tomorrow", "2026-02-31", ""):
        send(shop, {"action": "qr", "day": day, "item": "../x", "language": "<b>"})
    assert counts(hub) == {(DAY[:7], shop.shop_id, "qr", "", ""): 5}


def test_what_came_before_the_hub_counted_is_taken_up_once(hub: TestHub) -> None:
    shop = LoggingShop(hub.hub)
    send(shop, {"action": "slip", "item": POT, "count": 3}, {"action": "search_empty", "term": "tents", "count": 3})
    before = counts(hub), terms(hub)
    with hub.hub.database.writing() as db:
        for table in (usage_month, search_month):
            db.execute(delete(table))
        db.execute(delete(setting).where(setting.c.key == facts.USAGE_TAKEN_UP))
    for _ in range(2):
        Hub(hub.hub.folder).close()
        assert (counts(hub), terms(hub)) == before


# -- what was searched for in vain


def test_terms_are_shown_once_they_were_seen_three_times(hub: TestHub) -> None:
    front, back = LoggingShop(hub.hub), LoggingShop(hub.hub, "High Road")
    send(
        front, {"action": "search_empty", "term": "Tents "}, {"action": "search_empty", "term": "ann smith", "count": 2}
    )
    send(back, {"action": "search_empty", "term": "tents", "count": 2})
    assert terms(hub) == {"tents": 3}
    with hub.hub.database.reading() as db:
        own = reports.tables(db, reports.Scope(shop_id=back.shop_id), ["term"])["term"]
    assert own.lines == []


def test_what_may_be_a_number_or_an_address_is_never_kept(hub: TestHub) -> None:
    shop = LoggingShop(hub.hub)
    unwanted = ["call 07700", "ann@example.org", "x" * 41, "ab", "te\u202enow", "٠٧٧٠٠ ann"]
    assert set(send(shop, *({"action": "search_empty", "term": term, "count": 9} for term in unwanted))) == {"accepted"}
    assert terms(hub) == {} and sum(counts(hub).values()) == 9 * len(unwanted)
    assert set(bodies(hub)) == {b"{}"}


def test_terms_that_were_seen_seldom_go_after_90_days_and_leave_nothing(hub: TestHub) -> None:
    shop = LoggingShop(hub.hub)
    send(shop, {"action": "search_empty", "term": "ann smith", "count": 2}, {"action": "slip", "item": POT, "count": 1})
    send(shop, {"action": "search_empty", "term": "tents", "count": 3})
    age(hub, 90)
    assert retention.run(hub.hub.database, hub.hub.folder).terms == 0
    age(hub, 1)
    dry = retention.run(hub.hub.database, hub.hub.folder, dry_run=True)
    assert dry.terms == 1 and "search term" in dry.in_words()
    assert retention.run(hub.hub.database, hub.hub.folder).terms == 1
    assert terms(hub) == {"tents": 3} and sum(counts(hub).values()) == 6
    left = sorted(bodies(hub))
    assert left[0].startswith(b'{"action":"slip"') and left[1:] == [b"{}", b"{}"]
    hub.hub.database.scrub()
    for path in hub.folder.glob("hub.db*"):
        assert b"ann smith" not in path.read_bytes()
    assert retention.run(hub.hub.database, hub.hub.folder).terms == 0


def test_a_term_that_is_looked_for_again_stays(hub: TestHub) -> None:
    shop = LoggingShop(hub.hub)
    send(shop, {"action": "search_empty", "term": "tents", "count": 2})
    age(hub, 200)
    send(shop, {"action": "search_empty", "term": "tents"})
    assert retention.run(hub.hub.database, hub.hub.folder).terms == 0 and terms(hub) == {"tents": 3}


@pytest.mark.parametrize(("term", "kept"), [(" Old  Tents ", "old tents"), ("a" * 40, "a" * 40), ("a" * 41, "")])
def test_terms_are_kept_in_one_spelling(term: str, kept: str) -> None:
    assert usage.kept(term) == kept


# -- the pages


@pytest.fixture
def team(hub: TestHub) -> TestHub:
    hub.take({"key": "pot", "title": "=Pot & pan"})
    hub.publish()
    front, back = LoggingShop(hub.hub), LoggingShop(hub.hub, "High Road")
    send(front, {"action": "slip", "item": POT, "count": 1_234}, {"action": "open", "item": POT, "language": "cy"})
    send(front, {"action": "search_empty", "term": "tents", "count": 3})
    send(back, {"action": "qr", "item": id_from_key("item", "gone"), "count": 2})
    hub.serve()
    return hub


def rows(member: Colleague, path: str) -> list[dict[str, str]]:
    answer = member.get(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_page_tells_what_was_taken_and_a_table_stands_beside_each_chart(team: TestHub) -> None:
    page = Colleague(team).get("/reports/usage").text
    for words in ("1,234", "=Pot &amp; pan", "Cymraeg", "tents", "High Road", "Withdrawn: "):
        assert words in page
    assert page.count("<svg class=") == page.count("<table>") == 6
    assert "style=" not in page


def test_every_table_can_be_had_as_csv_with_formulas_quoted(team: TestHub) -> None:
    editor = Colleague(team)
    assert rows(editor, "/reports/usage.csv?by=month")[0]["Taken on a slip"] == "1234"
    assert [row["Shop"] for row in rows(editor, "/reports/usage.csv?by=shop")] == ["High Road", "Mill Lane"]
    assert rows(editor, "/reports/usage.csv?by=item")[0]["What"] == "'=Pot & pan"
    assert (
        rows(editor, "/reports/usage.csv?by=language")[0] | {"Looked at": "1", "Language": "Cymraeg"}
        == rows(editor, "/reports/usage.csv?by=language")[0]
    )
    assert rows(editor, "/reports/usage.csv?by=term") == [{"Words": "tents", "Times": "3", "Last on": DAY}]


def test_months_and_shops_can_be_chosen(team: TestHub) -> None:
    editor = Colleague(team)
    with team.hub.database.reading() as db:
        ids = {name: shop_id for shop_id, name in catalogue.shop_names(db).items()}
    assert "Nothing was counted then" in editor.get("/reports/usage?from=2020-01&to=2020-02").text
    there = editor.get(f"/reports/usage?shop={ids['High Road']}").text
    assert "Withdrawn: " in there and "Pot" not in there
    for odd in ("from=2026-13&to=x", "from=%00&to=9999-99", "shop=x"):
        assert editor.get(f"/reports/usage?{odd}").status_code == (403 if "shop" in odd else 200)


def test_a_coordinator_sees_their_own_shop_alone(team: TestHub) -> None:
    with team.hub.database.reading() as db:
        ids = {name: shop_id for shop_id, name in catalogue.shop_names(db).items()}
    helper = Colleague(team, accounts.COORDINATOR, (ids["High Road"],))
    page = helper.get("/reports/usage").text
    assert "High Road" in page and "Mill Lane" not in page and "1,234" not in page
    for path in (
        "/reports",
        "/reports/usage",
        "/reports/usage.csv",
        "/reports/attendance.csv",
        "/reports/attendance.html",
    ):
        assert helper.get(f"{path}?shop={ids['Mill Lane']}").status_code == 403
    assert [row["Shop"] for row in rows(helper, "/reports/usage.csv?by=shop")] == ["High Road"]
    assert Colleague(team, accounts.COORDINATOR).get("/reports").status_code == 403


def test_pages_that_were_opened_by_a_code_stand_beside_what_shops_counted(team: TestHub) -> None:
    with team.hub.database.writing() as db:
        scans.add(db, {(DAY, POT, "pl"): 17, ("2020-01-01", POT, "en"): 5})
    editor = Colleague(team)
    assert rows(editor, "/reports/usage.csv?by=month")[-1]["Opened by a code"] == "17"
    assert {row["Language"]: row["Opened by a code"] for row in rows(editor, "/reports/usage.csv?by=language")} == {
        "Cymraeg": "0",
        "Polski": "17",
    }
    assert "Opened by a code" not in rows(editor, "/reports/usage.csv?by=shop")[0]
    assert rows(editor, "/reports/usage.csv?by=month&from=2020-01&to=2020-01")[0]["Opened by a code"] == "5"


def test_totals_stay_what_the_rows_add_up_to(team: TestHub) -> None:
    with team.hub.database.reading() as db:
        found = reports.tables(db, reports.Scope())
    for by in ("month", "shop", "item"):
        table = found[by]
        for column in (one.key for one in table.columns if one.counts):
            assert table.total.cells[column] == sum(_cell(line, column) for line in table.lines) or column == usage.VAIN


def _cell(line: Line, column: str) -> int:
    return int(line.cells[column] or 0)
