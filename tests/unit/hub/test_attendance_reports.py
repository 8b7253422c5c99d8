"""What the hub's people are told of attendance, as they ask for it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import Result
from sqlalchemy import insert, update

from sync.hub import cells
from sync.hub.reports import lettering, spreadsheet
from sync.hub.reports.charts import BAR, INK, LINE, Bar, bars
from sync.hub.store.schema import attendance, attendance_month, session_month, staff
from tests.conftest import TestHub
from tests.support.logging_shop import LoggingShop, new_id
from tests.unit.hub.test_commands import hub as run

ONE, TWO, THREE, FOUR = (f"01890000-0000-7000-8000-00000000000{n}" for n in range(1, 5))
ANNA = "01890000-0000-7000-8000-0000000000ff"


@pytest.fixture
def logged(hub: TestHub) -> dict[str, str]:
    """Two shops, three described sessions and one that nobody described; returns ids worth asking for."""
    mill, brook = LoggingShop(hub.hub), LoggingShop(hub.hub, "Brook Street")
    with hub.hub.database.writing() as db:
        values = {"id": ANNA, "name": "Anna Kovács", "salt": "", "stretched": "", "added_at": "", "pin_at": ""}
        db.execute(insert(staff).values(values))
    first = mill.visit(ONE, people=2, topics=["email"], outcome="solved", first_time="first", staff=ANNA)
    mill.send(
        mill.held(ONE, "2026-11-02T11:00:00", title="=1+1"),
        mill.held(TWO, "2026-11-30T18:00:00", title="Tea and tablets"),
        first,
        mill.visit(ONE, people=4, topics=["email", "jobs"], outcome="unmet_money", first_time="again"),
        mill.visit(
            ONE, people=3, topics=["email"], outcome="solved", first_time="first", corrects=first.id, staff=ANNA
        ),
        mill.visit(ONE, role="helper", people=2, minutes=90),
        mill.visit(ONE, role="helper"),
        mill.visit(TWO, topics=["gardening"], at="2026-11-30T18:30:00+00:00", paper=True),
        mill.heads(ONE, 30),
        mill.heads(ONE, 12),
        mill.visit(FOUR, people=5, at="2026-10-31T23:30:00+00:00"),
        mill.visit(ONE, at="2020-01-01T00:00:00Z", recorded_at="2020-01-01T00:00:00Z", outcome="unmet"),
    )
    brook.send(
        brook.held(THREE, "2026-12-01T09:00:00", title="Phones"), brook.visit(THREE, people=7, first_time="first")
    )
    gone = brook.visit(THREE)
    brook.send(gone, brook.visit(THREE, corrects=gone.id, void=True))
    return {"corrected": first.id, "deleted": gone.id}


def told(tmp_path: Path, *words: str) -> list[dict[str, str]]:
    result = run(tmp_path, "attendance", "--csv", *words)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.output)))


def figures(tmp_path: Path, *words: str) -> dict[str, Any]:
    result = run(tmp_path, "attendance", "--json", *words)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def test_by_session_everything_is_counted(logged: dict[str, str], tmp_path: Path) -> None:
    rows = figures(tmp_path)["rows"]
    assert [row["session"] for row in rows] == [FOUR, ONE, TWO, THREE]
    one = rows[1]
    assert (one["visits"], one["first_time"], one["again"], one["not_asked"]) == (8, 3, 4, 1)
    assert (one["topic.email"], one["topic.jobs"], one["outcome.solved"]) == (7, 4, 3)
    assert (one["unmet"], one["unmet.email"], one["unmet.jobs"]) == (5, 4, 4)
    assert (one["helpers"], one["helper_minutes"], one["head_count"]) == (3, 180, 12)
    assert (one["starts"], one["shop"], one["title"]) == ("2026-11-02 11:00", "Mill Lane", "=1+1")
    assert (rows[0]["starts"], rows[0]["title"], rows[0]["visits"]) == ("2026-10-31", "", 5)
    assert rows[3]["visits"] == 7


def test_by_shop_topic_and_month(logged: dict[str, str], tmp_path: Path) -> None:
    shops = {row["shop"]: row for row in figures(tmp_path, "--by", "shop")["rows"]}
    assert list(shops) == ["Brook Street", "Mill Lane"]
    assert (shops["Mill Lane"]["sessions"], shops["Mill Lane"]["visits"]) == (3, 14)
    topics = {row["key"]: row for row in figures(tmp_path, "--by", "topic")["rows"]}
    assert list(topics) == ["email", "jobs", "gardening"]
    assert (topics["email"]["visits"], topics["email"]["unmet"], topics["jobs"]["unmet"]) == (7, 4, 4)
    assert topics["gardening"]["topic"] == "Gardening"
    months = {row["month"]: row for row in figures(tmp_path, "--by", "month")["rows"]}
    assert months["2026-10"]["visits"] == 5 and months["2026-12"]["sessions"] == 1


def test_a_range_is_of_the_sessions_days(logged: dict[str, str], tmp_path: Path) -> None:
    def within(*words: str) -> list[str]:
        return [row["session"] for row in figures(tmp_path, *words)["rows"]]

    assert within("--from", "2026-11-02", "--to", "2026-11-30") == [ONE, TWO]
    assert within("--to", "2026-11-01") == [FOUR]
    assert within("--from", "2026-12-01") == [THREE]
    assert within("--shop", "Brook Street") == [THREE]
    assert within("--from", "2026-11-03", "--to", "9999-12-31", "--shop", "Mill Lane") == [TWO]
    for words in (["--from", "2026-11-02", "--to", "2026-11-30"], ["--shop", "Mill Lane"], ["--to", "2026-11-01"]):
        records = told(tmp_path, *words)
        for by in ("session", "shop", "month", "topic"):
            total = figures(tmp_path, "--by", by, *words)["total"]
            assert total["visits"] == sum(int(row["people"]) for row in records if row["role"] == "visitor")


def test_the_records_are_all_there_and_add_up_to_the_figures(logged: dict[str, str], tmp_path: Path) -> None:
    records = told(tmp_path)
    assert len(records) == 8 and next(iter(records[0])) == "id"
    first = next(row for row in records if row["id"] == logged["corrected"])
    assert (first["people"], first["corrected"], first["staff"], first["shop"]) == ("3", "yes", ANNA, "Mill Lane")
    assert first["session title"] == "'=1+1" and first["session start"] == "2026-11-02T11:00:00"
    assert [row["clock_wrong"] for row in records].count("yes") == 1
    assert [row["paper"] for row in records].count("yes") == 1
    by_session: Counter[str] = Counter()
    for row in records:
        by_session[row["session"]] += int(row["people"]) if row["role"] == "visitor" else 0
    table = told(tmp_path, "--by", "session")
    assert {row["Id"]: int(row["Visits"]) for row in table} == dict(by_session)
    for by in ("shop", "month"):
        assert sum(int(row["Visits"]) for row in told(tmp_path, "--by", by)) == sum(by_session.values())


def test_a_csv_is_written_to_a_file_as_a_whole(logged: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    assert "8 records" in run(tmp_path, "attendance", "--csv", "--out", str(out)).output
    assert list(csv.DictReader(io.StringIO(out.read_text()))) == told(tmp_path)
    assert [file.name for file in tmp_path.iterdir() if "part" in file.name] == []


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r+"])
def test_no_cell_is_a_formula(begin: str) -> None:
    shown = begin.replace("\t", " ").replace("\r", " ")
    assert cells.safe(f"{begin}cmd|' /C calc'!A0") == f"'{shown}cmd|' /C calc'!A0"
    file = io.StringIO()
    spreadsheet.write(file, [f"{begin}x"], [[f"{begin}y"], ["safe"], [-1], [None], [True]])
    assert [row[0] for row in csv.reader(io.StringIO(file.getvalue()))] == [
        f"'{shown}x",
        f"'{shown}y",
        "safe",
        "-1",
        "",
        "yes",
    ]


def test_months_of_which_only_totals_are_left_are_added(hub: TestHub, logged: dict[str, str], tmp_path: Path) -> None:
    before = {by: figures(tmp_path, "--by", by)["total"] for by in ("session", "shop", "topic", "month")}
    with hub.hub.database.writing() as db:
        mill = db.execute(attendance.select()).first().shop_id  # type: ignore[union-attr]
        common = {"month": "2025-08", "shop_id": mill, "role": "visitor", "first_time": "first", "outcome": "unmet"}
        helper = {**common, "role": "helper", "first_time": "", "outcome": "", "topic": ""}
        rows = [
            {**common, "topic": "", "records": 9, "people": 10, "minutes": 0},
            {**common, "topic": "email", "records": 9, "people": 10, "minutes": 0},
            {**common, "topic": "jobs", "records": 2, "people": 3, "minutes": 0},
            {**helper, "records": 1, "people": 2, "minutes": 120},
        ]
        db.execute(insert(attendance_month), rows)
        db.execute(insert(session_month).values(month="2025-08", shop_id=mill, sessions=4, head_count=50))
    for by in before:
        after = figures(tmp_path, "--by", by)
        assert after["total"]["visits"] == before[by]["visits"] + 10
        assert after["total"]["unmet"] == before[by]["unmet"] + 10
        if by != "topic":
            assert sum(row["visits"] for row in after["rows"]) == after["total"]["visits"]
            assert after["total"]["helper_minutes"] == before[by]["helper_minutes"] + 120
            assert after["total"]["head_count"] == before[by]["head_count"] + 50
            assert after["total"]["topic.jobs"] == before[by]["topic.jobs"] + 3
    month = figures(tmp_path, "--by", "month")["rows"][0]
    assert (month["month"], month["sessions"], month["visits"], month["unmet.email"]) == ("2025-08", 4, 10, 10)
    topics = {row["key"]: row for row in figures(tmp_path, "--by", "topic")["rows"]}
    assert (topics["email"]["visits"], topics["email"]["unmet"]) == (17, 14)
    old = figures(tmp_path)["rows"][0]
    assert (old["starts"], old["title"], old["session"]) == ("2025-08", "Earlier, of which only totals are left", "")
    whole = ["--from", "2025-08-01", "--to", "2025-08-31", "--by", "month"]
    assert figures(tmp_path, *whole)["total"]["visits"] == 10
    assert figures(tmp_path, "--from", "2025-08-02", "--to", "2025-08-31", "--by", "month")["rows"] == []


def test_the_table_is_read_at_a_terminal(logged: dict[str, str], tmp_path: Path) -> None:
    lines = run(tmp_path, "attendance").output.splitlines()
    assert lines[0].split()[:3] == ["Starts", "Surgery", "Shop"]
    assert "Email 7, Job search 4" in lines[2] and "3.0" in lines[2]
    assert lines[5].startswith("Total") and " 21 " in lines[5]
    assert "1 of 8 records were made by a kiosk whose clock was wrong" in lines[6]
    assert "How long 1 helpers stayed is not known" in lines[7]
    run(tmp_path, "settings set", "word.visitors", "Guests")
    run(tmp_path, "settings set", "word.topic.email", "Post")
    assert "Post 7" in run(tmp_path, "attendance").output
    assert run(tmp_path, "attendance", "--from", "2027-01-01").output == "Nothing was logged then.\n"


def test_an_audit_tells_who_said_what_and_when(logged: dict[str, str], tmp_path: Path) -> None:
    said = run(tmp_path, "attendance", "--audit", logged["corrected"]).output
    assert said.index("First record:") < said.index("Correction (this counts):")
    assert said.count("Anna Kovács") == 2 and "2 people" in said and "3 people" in said and "Solved" in said
    rows = [
        json.loads(line)
        for line in run(tmp_path, "attendance", "--audit", logged["corrected"], "--json").output.splitlines()
    ]
    assert [(row["people"], row["counts"], row["who"]) for row in rows] == [
        (2, False, "Anna Kovács"),
        (3, True, "Anna Kovács"),
    ]
    again = run(tmp_path, "attendance", "--audit", rows[1]["id"]).output
    assert again == said
    assert "deleted; at" in run(tmp_path, "attendance", "--audit", logged["deleted"]).output
    missing = run(tmp_path, "attendance", "--audit", new_id())
    assert missing.exit_code == 1 and "no attendance record" in missing.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--csv", "--json"], "give one of"),
        (["--sheet", ONE], "--sheet needs --out"),
        (["--sheet", ONE, "--out", "x.pdf", "--public"], "not for the public"),
        (["--audit", ONE, "--public"], "not for the public"),
        (["--from", "2026-12-01", "--to", "2026-11-01"], "--from is after --to"),
        (["--out", "x"], "--out goes with"),
        (["--shop", "Nowhere"], "there is no shop 'Nowhere'"),
        (["--from", "yesterday"], "does not match the format"),
    ],
)
def test_what_cannot_be_asked_is_said(logged: dict[str, str], tmp_path: Path, words: list[str], says: str) -> None:
    result = run(tmp_path, "attendance", *words)
    assert result.exit_code != 0 and says in result.output, result.output


def test_public_figures_hide_small_numbers(logged: dict[str, str], tmp_path: Path) -> None:
    for by in ("session", "shop", "topic", "month"):
        found = figures(tmp_path, "--by", by, "--public")
        numbers = [
            cell
            for row in [*found["rows"], found["total"]]
            for key, cell in row.items()
            if isinstance(cell, int) and key not in ("sessions", "helper_minutes")
        ]
        assert not [number for number in numbers if 0 < number < 5]
        assert "<5" in json.dumps(found["rows"])
    text = run(tmp_path, "attendance", "--public").output
    assert "Numbers from 1 to 4 are shown as <5" in text
    assert "<5" in run(tmp_path, "attendance", "--csv", "--public").output
    run(tmp_path, "settings set", "small_cells", "0")
    assert figures(tmp_path, "--public")["rows"] == figures(tmp_path)["rows"]


# -- paper and page


def write_sheet(tmp_path: Path, session: str) -> str:
    out = tmp_path / "sheet.pdf"
    result = run(tmp_path, "attendance", "--sheet", session, "--out", str(out))
    assert result.exit_code == 0, result.output
    pages = pypdf.PdfReader(out).pages
    assert len(pages) == 1 and [round(side) for side in pages[0].mediabox[2:]] == [595, 842]
    return pages[0].extract_text()


def test_a_sheet_is_one_page_with_the_figures(logged: dict[str, str], tmp_path: Path) -> None:
    text = write_sheet(tmp_path, ONE)
    for said in ("=1+1", "Monday 2 November 2026", "11:00 to 13:00", "Mill Lane", "Email", "Solved", "3.0", "12"):
        assert said in text
    assert "5 visits: Email 4, Job search 4." in text and "Walk-ins" in text and "Notes" in text
    write_sheet(tmp_path, FOUR)
    unknown = run(tmp_path, "attendance", "--sheet", new_id(), "--out", str(tmp_path / "x.pdf"))
    assert unknown.exit_code == 1 and "nothing is known of a session" in unknown.output


@pytest.mark.parametrize("fonts", [True, False])
@pytest.mark.parametrize(
    "title",
    [
        "جراحة وسائل التواصل (2) today",
        "ফোন সহায়তা",
        "ਫ਼ੋਨ ਮਦਦ",
        "Допомога з телефоном",
        "電話の手伝い",
        "🎉 Party 𐍈",
        "  ",
        "a" * 400,
        "word " * 80,
        "סדנה",
    ],
)
def test_a_sheet_takes_a_title_in_any_script(
    hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str, fonts: bool
) -> None:
    caches = (lettering.own_font, lettering._font_of, lettering._picture)
    if not fonts:
        monkeypatch.setattr(lettering, "FOLDER", tmp_path / "none")
    for each in caches:
        each.cache_clear()
    shop = LoggingShop(hub.hub)
    topics = [f"topic_{n}" for n in range(20)]
    shop.send(shop.held(ONE, title=title), shop.visit(ONE, topics=topics, outcome="unmet", people=500))
    write_sheet(tmp_path, ONE)
    for each in caches:
        each.cache_clear()


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def write_page(tmp_path: Path, *words: str) -> str:
    result: Result = run(tmp_path, "attendance", "--html", str(tmp_path / "page.html"), *words)
    assert result.exit_code == 0, result.output
    return (tmp_path / "page.html").read_text()


def test_the_page_stands_alone(hub: TestHub, logged: dict[str, str], tmp_path: Path) -> None:
    shop = LoggingShop(hub.hub)
    shop.send(shop.held(new_id(), title="<script>alert(1)</script>"))
    text = write_page(tmp_path)
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}] and len(page.all("h1")) == 1
    assert not [tag for tag, _attributes in page.tags if tag in ("script", "link", "img", "iframe", "object")]
    assert not [a for _tag, a in page.tags if {"src", "href", "onclick", "srcset"} & set(a)]
    assert "url(" not in text and "@import" not in text and "&lt;script&gt;" in text
    assert set(re.findall(r"https?://[^\"' )]+", text)) <= {"http://www.w3.org/2000/svg"}
    assert len(page.all("table")) == len(page.all("caption"))
    charts = page.all("svg")
    assert len(charts) == len(page.all("desc")) > 5
    ids = [a["id"] for _tag, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for chart in charts:
        assert chart["role"] == "img" and set(str(chart["aria-labelledby"]).split()) <= set(ids)
    assert "2 November 2026" not in text and "2 Nov 2026, 11:00" in text
    assert "Surgeries at Brook Street" in write_page(tmp_path, "--shop", "Brook Street")


def test_the_public_page_tells_no_small_number(logged: dict[str, str], tmp_path: Path) -> None:
    text = write_page(tmp_path, "--public")
    assert "&lt;5" in text and "for everybody to read" in text
    on_bars = re.findall(r'<text[^>]*font-weight="700"[^>]*>(\d+)</text>', text)
    assert on_bars and not [number for number in on_bars if 0 < int(number) < 5]
    without = re.findall(r'<text[^>]*font-weight="700"[^>]*>(\d+)</text>', write_page(tmp_path))
    assert [number for number in without if 0 < int(number) < 5]


def test_days_at_the_ends_of_the_calendar_are_days(logged: dict[str, str], tmp_path: Path) -> None:
    every = figures(tmp_path)["total"]
    for first, last in (("0001-01-01", "9999-12-31"), ("0001-01-02", "9999-12-30")):
        assert figures(tmp_path, "--from", first, "--to", last)["total"] == every
    assert run(tmp_path, "attendance", "--to", "0001-01-01").output == "Nothing was logged then.\n"


def test_a_title_cannot_turn_a_line_of_the_terminal_around(hub: TestHub, tmp_path: Path) -> None:
    shop = LoggingShop(hub.hub)
    shop.send(shop.held(new_id(), title="Tea\u202e and\u2028tablets"))
    assert "  Tea and tablets  " in run(tmp_path, "attendance").output


def test_of_two_kiosks_the_count_that_was_made_last_is_the_shops(hub: TestHub, tmp_path: Path) -> None:
    """A kiosk that has sent more is not one that counted later, and another shop's counts nobody here."""
    old, new, other = LoggingShop(hub.hub), LoggingShop(hub.hub), LoggingShop(hub.hub, "Brook Street")
    old.seq = other.seq = 5_000
    first, last, again = old.heads(ONE, 3), new.heads(ONE, 40), new.heads(ONE, 41)
    for shop, records in ((new, [last, again]), (old, [old.held(ONE), first]), (other, [other.heads(ONE, 9_999)])):
        first.recorded_at, last.recorded_at, again.recorded_at = (f"2026-11-22T11:0{n}:00.000+00:00" for n in (0, 2, 1))
        shop.send(*records)
    assert [row["head_count"] for row in figures(tmp_path)["rows"]] == [41]
    assert figures(tmp_path, "--by", "month")["total"]["head_count"] == 41


@pytest.mark.parametrize("small", ["0", "1"])
def test_where_nothing_is_hidden_it_says_so(logged: dict[str, str], tmp_path: Path, small: str) -> None:
    assert run(tmp_path, "settings set", "small_cells", small).exit_code == 0
    assert figures(tmp_path, "--public")["total"] == figures(tmp_path)["total"]
    said = run(tmp_path, "attendance", "--public").output
    assert "<" not in said and "small_cells" in said


def test_an_empty_hub_has_a_page_too(hub: TestHub, tmp_path: Path) -> None:
    assert "Nothing was logged yet" in write_page(tmp_path) and "Nothing was logged yet" in write_page(
        tmp_path, "--public"
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_charts_are_legible() -> None:
    for colour in (BAR, INK, LINE):
        assert 1.05 / (_luminance(colour) + 0.05) >= 4.5
    drawn = bars("x", "A <b>", "about", [Bar("long " * 20, 3, "3"), Bar("none", None, "<5"), Bar("zero", 0, "0")])
    assert "A &lt;b&gt;" in drawn and "&lt;5" in drawn and "…" in drawn and drawn.count("<rect") == 1


def test_wrong_clocks_are_listed_and_still_count(hub: TestHub, logged: dict[str, str], tmp_path: Path) -> None:
    with hub.hub.database.writing() as db:
        db.execute(update(attendance).values(clock_wrong=True))
    assert all(row["clock_wrong"] == "yes" for row in told(tmp_path))
    assert "8 of 8 records" in run(tmp_path, "attendance").output
