"""The public figures: months that are over, without small numbers, as page, CSV and JSON for everybody."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from sync.hub import settings
from sync.hub.open_data.figures import gather
from sync.records import id_from_key
from tests.conftest import TestHub, wait_for
from tests.support.logging_shop import LoggingShop, new_id
from tests.support.pen import outcomes

TODAY = dt.datetime.now(dt.UTC).date()
LAST = (TODAY.replace(day=1) - dt.timedelta(1)).replace(day=3)
NEXT = (TODAY.replace(day=28) + dt.timedelta(10)).replace(day=2)
POT = id_from_key("item", "pot")


@dataclass
class Town:
    """A hub with two shops that had a busy month and a quiet one."""

    hub: TestHub
    mill: LoggingShop
    road: LoggingShop

    def attend(self, shop: LoggingShop, count: int, day: dt.date = LAST, **said: Any) -> None:
        session, at = new_id(), f"{day.isoformat()}T11:00:00"
        sent = [shop.held(session, at)]
        sent += [shop.visit(session, at=f"{at}+00:00", recorded_at=f"{at}+00:00", **said) for _ in range(count)]
        assert set(outcomes(self.hub.hub, shop.device_id, *sent)) == {"accepted"}

    def use(self, shop: LoggingShop, count: int, day: dt.date = LAST, **said: Any) -> None:
        record = shop.record("usage", {"day": day.isoformat(), "count": count, "action": "slip", "item": POT, **said})
        assert outcomes(self.hub.hub, shop.device_id, record) == ["accepted"]

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.hub.url + path, headers=headers, timeout=20)

    def rows(self, name: str) -> list[dict[str, str]]:
        answer = self.get(f"/open-data/{name}.csv")
        assert answer.status_code == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.fixture
def town(hub: TestHub) -> Town:
    hub.hub.set_shop("Mill Lane", hours="Mo-Fr 10:00-16:00", postcode="ZZ99 1AA")
    hub.take(
        {"key": "pot", "title": "Pot", "translations": {"cy": {"title": "Crochan"}}},
        {"key": "app", "title": "App", "kind": "app"},
    )
    hub.publish()
    return Town(hub, LoggingShop(hub.hub), LoggingShop(hub.hub, "High Road"))


def served(town: Town) -> None:
    town.hub.serve()
    wait_for(lambda: town.get("/").status_code == 200, 20)


def test_small_numbers_are_not_told_and_nothing_gives_them_away(town: Town) -> None:
    town.attend(town.mill, 20, topics=["email"])
    town.attend(town.road, 3, topics=["phone"])
    served(town)
    by_shop = {row["Shop"]: row["Visits"] for row in town.rows("attendance-by-shop")}
    assert by_shop["High Road"] in ("<5", "hidden") and by_shop["Mill Lane"] not in ("20", "23")
    topics = {row["About"]: row["Visits"] for row in town.rows("attendance-by-topic")}
    assert "3" not in topics.values()
    said = town.get("/open-data.json").json()
    assert {row["Shop"]: row["Visits"] for row in said["attendance_by_shop"]} == by_shop
    assert any("<5" in note for note in said["notes"])


def test_large_numbers_are_told(town: Town) -> None:
    town.attend(town.mill, 20)
    town.attend(town.road, 30)
    served(town)
    assert {row["Shop"]: row["Visits"] for row in town.rows("attendance-by-shop")} == {
        "Mill Lane": "20",
        "High Road": "30",
    }
    assert "50" in town.get("/open-data").text


def test_two_downloads_do_not_tell_what_few_have_added(town: Town) -> None:
    def told(today: dt.date) -> list[dict[str, Any]]:
        with town.hub.hub.database.reading() as db:
            found = gather(db, today)
        return [row for by in ("shop", "topic", "month") for row in found.tables[f"attendance-by-{by}"].records()]

    town.attend(town.mill, 21, topics=["email"])
    town.attend(town.road, 33, topics=["phone"])
    before = told(TODAY)
    town.attend(town.mill, 1, day=TODAY, topics=["email"])
    town.attend(town.mill, 2, day=TODAY, topics=["email"])
    town.attend(town.road, 12, day=TODAY, topics=["phone"])
    after = told(NEXT)
    assert [row["Visits"] for row in before if row.get("Shop") == "Mill Lane"] == [20]
    assert [row["Visits"] for row in after if row.get("Shop") == "Mill Lane"] == [25]
    counts = [count for row in [*before, *after] for name, count in row.items() if name != "Surgeries"]
    assert {count % 5 for count in counts if isinstance(count, int)} == {0}
    with town.hub.hub.database.writing() as db:
        settings.put(db, "small_cells", 0)
    assert [row["Visits"] for row in told(NEXT) if row.get("Shop") == "Mill Lane"] == [24]


def test_usage_is_told_by_month_shop_and_action_without_sums(town: Town) -> None:
    town.use(town.mill, 400)
    town.use(town.mill, 30, action="open")
    town.use(town.road, 4)
    town.use(town.road, 9, action="search_empty", term="tents")
    served(town)
    month = f"{LAST:%Y-%m}"
    assert [tuple(row.values()) for row in town.rows("usage")] == [
        (month, "High Road", "Searched in vain", "9"),
        (month, "High Road", "Taken on a slip", "<5"),
        (month, "Mill Lane", "Looked at", "30"),
        (month, "Mill Lane", "Taken on a slip", "400"),
    ]
    everything = town.get("/open-data.json").text
    assert "tents" not in everything and not re.search(r'[:"]404[,"}]', everything)


def test_the_month_that_is_not_over_is_not_told(town: Town) -> None:
    town.attend(town.mill, 20, day=TODAY)
    town.use(town.mill, 400, day=TODAY)
    with town.hub.hub.database.reading() as db:
        now, later = gather(db, TODAY), gather(db, NEXT)
    assert now.tables["attendance-by-month"].rows == [] and now.tables["usage"].rows == []
    assert len(later.tables["attendance-by-month"].rows) == 1 and later.tables["usage"].rows[0][3] == 400


def test_what_there_is_is_counted_by_language_and_kind_and_shops_are_listed(town: Town) -> None:
    served(town)
    assert [tuple(row.values()) for row in town.rows("items")] == [
        ("cy", "guide", "1"),
        ("en", "app", "1"),
        ("en", "guide", "1"),
    ]
    assert [(row["name"], row["hours"]) for row in town.rows("shops")] == [
        ("High Road", ""),
        ("Mill Lane", "Mo-Fr 10:00-16:00"),
    ]


def test_the_page_states_the_licence_and_may_be_kept_for_an_hour(town: Town) -> None:
    town.attend(town.mill, 20)
    served(town)
    page = town.get("/open-data")
    assert page.status_code == 200 and "CC0-1.0" in page.text and 'rel="license"' in page.text
    assert page.headers["Cache-Control"] == "public, max-age=3600" and "Set-Cookie" not in page.headers
    assert "<script" not in page.text and "style=" not in page.text
    assert page.text.count("<svg class=") == page.text.count("<table>") >= 2
    again = town.get("/open-data.json", **{"If-None-Match": town.get("/open-data.json").headers["ETag"]})
    assert again.status_code == 304
    assert 'lang="cy"' in town.get("/open-data?lang=cy").text
    assert town.get("/open-data/keys.csv").status_code == 404


def test_the_licence_is_a_setting(town: Town) -> None:
    with town.hub.hub.database.writing() as db:
        settings.put(db, "open_data_licence", "OGL-UK-3.0")
    served(town)
    assert "nationalarchives.gov.uk" in town.get("/open-data").text
    assert town.get("/open-data.json").json()["licence"] == "OGL-UK-3.0"


def test_it_is_gathered_once_an_hour(town: Town) -> None:
    served(town)
    first = town.get("/open-data.json").json()
    town.attend(town.mill, 20)
    assert town.get("/open-data.json").json() == first


def test_a_hub_without_anything_has_a_page(hub: TestHub) -> None:
    hub.serve()
    assert requests.get(f"{hub.url}/open-data", timeout=20).status_code == 200
    assert requests.get(f"{hub.url}/open-data.json", timeout=20).json()["items"] == []


def test_formulas_in_names_are_quoted(town: Town) -> None:
    town.hub.hub.set_shop("=Sum")
    town.hub.publish()
    served(town)
    wait_for(lambda: len(town.get("/shops").text.split("=Sum")) > 1, 20)
    assert "'=Sum" in [row["name"] for row in town.rows("shops")]
