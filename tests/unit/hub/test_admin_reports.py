"""Who came, on the hub's own pages: for all shops or a coordinator's own, as page, CSV and paper."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass

import pytest

from sync.hub.store import accounts
from tests.conftest import TestHub
from tests.support.colleague import Colleague
from tests.support.logging_shop import LoggingShop, new_id
from tests.support.pen import outcomes

TODAY = dt.datetime.now(dt.UTC).replace(hour=11, minute=0, second=0, microsecond=0)


@dataclass
class Town:
    """A hub with two shops in which surgeries were held."""

    hub: TestHub
    mill: LoggingShop
    road: LoggingShop
    session: str


@pytest.fixture
def town(hub: TestHub) -> Town:
    mill, road = LoggingShop(hub.hub), LoggingShop(hub.hub, "High Road")
    session, other = new_id(), new_id()
    at, starts = TODAY.isoformat(), TODAY.replace(tzinfo=None).isoformat()
    sent = [mill.held(session, starts, title="Social media surgery")]
    sent += [mill.visit(session, at=at, topics=["email"], outcome="helped") for _ in range(7)]
    assert set(outcomes(hub.hub, mill.device_id, *sent)) == {"accepted"}
    sent = [road.held(other, starts, title="Phone café"), road.visit(other, at=at, topics=["phone"])]
    assert set(outcomes(hub.hub, road.device_id, *sent)) == {"accepted"}
    hub.serve()
    return Town(hub, mill, road, session)


def rows(member: Colleague, path: str) -> list[dict[str, str]]:
    answer = member.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_page_shows_charts_with_their_tables_and_leads_to_paper(town: Town) -> None:
    editor = Colleague(town.hub)
    page = editor.get("/reports").text
    assert "<h1>Who came</h1>" in page and "Social media surgery" in page and "Phone café" in page
    assert page.count("<svg class=") == page.count("<table>") >= 4 and "style=" not in page
    pdf = editor.get(f"/reports/sessions/{town.session}.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert editor.get(f"/reports/sessions/{new_id()}.pdf").status_code == 404


def test_figures_and_every_record_can_be_had_as_csv(town: Town) -> None:
    editor = Colleague(town.hub)
    assert [row["Visits"] for row in rows(editor, "/reports/attendance.csv?by=shop")] == ["1", "7"]
    assert [row["Visits"] for row in rows(editor, "/reports/attendance.csv?by=month")] == ["8"]
    records = rows(editor, "/reports/attendance.csv?by=records")
    assert len(records) == 8 and {row["shop"] for row in records} == {"Mill Lane", "High Road"}
    assert rows(editor, "/reports/attendance.csv?by=nothing") == rows(editor, "/reports/attendance.csv?by=month")


def test_a_page_to_print_has_its_style_in_itself_and_runs_nothing(town: Town) -> None:
    answer = Colleague(town.hub).get("/reports/attendance.html")
    assert "Sessions at all shops" in answer.text or "at all shops" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "<script" not in answer.text


def test_a_coordinator_sees_their_own_shop(town: Town) -> None:
    helper = Colleague(town.hub, accounts.COORDINATOR, (town.road.shop_id,))
    page = helper.get("/reports").text
    assert "Phone café" in page and "Social media surgery" not in page and "All shops" not in page
    assert [row["Visits"] for row in rows(helper, "/reports/attendance.csv?by=shop")] == ["1"]
    assert {row["shop"] for row in rows(helper, "/reports/attendance.csv?by=records")} == {"High Road"}
    assert helper.get(f"/reports/sessions/{town.session}.pdf").status_code == 403
    assert helper.get(f"/reports?shop={town.mill.shop_id}").status_code == 403


def test_nothing_is_shown_to_who_is_not_signed_in(town: Town) -> None:
    stranger = Colleague(town.hub)
    stranger.token = "x" * 43
    for path in ("/reports", "/reports/usage", "/reports/attendance.csv", f"/reports/sessions/{town.session}.pdf"):
        answer = stranger.get(path, redirects=False)
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/admin/sign-in")
