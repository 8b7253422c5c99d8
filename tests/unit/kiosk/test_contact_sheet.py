"""The contact sheet without a window: which looks are drawn, what the rules find, what the page says."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations, product
from pathlib import Path

import msgspec
import pytest

from kiosk.bootstrap import services
from kiosk.errors import DisplayError
from kiosk.lettering.missing import missing
from kiosk.settings import Settings
from kiosk.ui.contact_sheet import checks, interface, page, pairs, unit
from kiosk.ui.contact_sheet.checks import Box, Fill, Press, Shown, Symbol, Text
from kiosk.ui.contact_sheet.display import virtual_display
from kiosk.ui.contact_sheet.shots import Shot
from sync import outbox, words
from sync.client.identity import Identity, load, save
from tests.ui import units

BLACK, WHITE, GREY = (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0), (0.6, 0.6, 0.6, 1.0)
_RULE = re.compile(r"^<-?(\w+)(?:@[\w+]+)?>:", re.MULTILINE)
MM = 4.0
"""Pixels a millimetre, on the window of these tests."""


# -- looks


def test_every_two_values_meet_in_few_rows() -> None:
    kinds = (pairs.PANELS, pairs.THEMES, pairs.TEXTS, ("en", "cy", "pl", "ur", "bn", "pa", "ar"))
    found = pairs.rows()
    assert len(found) <= 30
    for (one, values), (other, others) in combinations(enumerate(kinds), 2):
        assert {(row[one], row[other]) for row in found} == set(product(values, others))
    assert [row.panel for row in found] == sorted((row.panel for row in found), key=pairs.PANELS.index)


def test_all_of_them_where_that_is_asked_for() -> None:
    assert len(pairs.rows(full=True)) == 4 * 3 * 4 * 7
    assert len(pairs.rows(themes=["dark"], texts=["large"], full=True)) == 4 * 7


@pytest.mark.parametrize("kinds", [[["a"]], [["a"], ["b"]], [["a", "b", "c"]], [["a", "b"], ["c"], ["d", "e"]]])
def test_a_covering_of_little(kinds: list[list[str]]) -> None:
    found = pairs.covering(kinds)
    for (one, values), (other, others) in combinations(enumerate(kinds), 2):
        assert {(row[one], row[other]) for row in found} == set(product(values, others))
    assert found


def test_a_panel_by_its_name() -> None:
    assert pairs.panel("800x480") == pairs.Panel(800, 480, 91)
    assert pairs.panel("640x480/100.5") == pairs.Panel(640, 480, 100.5)
    for wrong in ("640x480", "x", "800x480/", "axb/9", "0x"):
        if wrong != "800x480/":
            with pytest.raises(ValueError, match="must be one of"):
                pairs.panel(wrong)


# -- rules: each has something that breaks it, and the same put right


def press(words_: str, x: float, y: float, width: float, height: float, number: int = 1, **more: object) -> Press:
    """Something to touch; sizes in millimetres."""
    return Press(words_, Box(x * MM, y * MM, width * MM, height * MM), 10 + number, number, **more)  # type: ignore[arg-type]


def text(words_: str, x: float = 10, y: float = 10, width: float = 40, **more: object) -> Text:
    """Words with capitals of 4.4 mm; sizes in millimetres."""
    given = {"order": 5, "size_px": 6 * MM, "lines": (words_,), **more}
    return Text(words=words_, ink=Box(x * MM, y * MM, width * MM, 5 * MM), **given)  # type: ignore[arg-type]


def shown(**what: object) -> Shown:
    """A window of 200 by 100 mm on a large panel."""
    return Shown(size=(200 * MM, 100 * MM), px_per_mm=MM, **what)  # type: ignore[arg-type]


def rules_broken(**what: object) -> set[str]:
    return {fault.rule for fault in checks.faults(shown(**what))}


SHEET = Fill(Box(-1, -1, 200 * MM + 2, 100 * MM + 2), (0, 0, 0, 0.7), 90)
CARD = Fill(Box(0, 0, 200 * MM, 50 * MM), WHITE, 90)
PHOTO = Fill(Box(0, 0, 200 * MM, 100 * MM), None, 2)
LIST = Box(0, 0, 200 * MM, 30 * MM)
SENTENCE = "This is a sentence to read."
BROKEN: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("too small", {"presses": (press("Go", 1, 1, 11, 30),)}, {"presses": (press("Go", 1, 1, 12, 30),)}),
    (
        "too close",
        {"presses": (press("Yes", 1, 1, 20, 20, 1), press("No", 23, 1, 20, 20, 2))},
        {"presses": (press("Yes", 1, 1, 20, 20, 1), press("No", 24, 1, 20, 20, 2))},
    ),
    (
        "lies over",
        {"presses": (press("Corner", 180, 80, 15, 15, 1), press("Start", 100, 75, 85, 20, 2))},
        {"presses": (press("Start", 100, 50, 85, 40, 1), press("In it", 110, 55, 15, 15, 2, within=(1,)))},
    ),
    (
        "lies over",
        {"presses": (press("Corner", 5, 5, 20, 20),), "texts": (text("Good stuff"),)},
        {"presses": (press("Corner", 5, 5, 60, 20),), "texts": (text("Good stuff", within=(1,)),)},
    ),
    (
        "out of reach",
        {"presses": (press("Go", 1, 50, 20, 20),), "lower": True},
        {"presses": (press("Go", 1, 40, 20, 20),), "lower": True},
    ),
    ("small symbol", {"symbols": (Symbol(45 * MM, 45, 1),)}, {"symbols": (Symbol(50 * MM, 45, 1),)}),
    ("outside", {"presses": (press("Go", 190, 1, 20, 20),)}, {"presses": (press("Go", 180, 1, 20, 20),)}),
    ("outside", {"texts": (text("Where", y=97),)}, {"texts": (text("Where", y=-3, clip=LIST),)}),
    ("outside", {"texts": (text("Where", x=-3, clip=LIST),)}, {"texts": (text("Where", x=0, clip=LIST),)}),
    (
        "out of its button",
        {"presses": (press("Go on", 8, 8, 30, 12),), "texts": (text("Go on", within=(1,)),)},
        {"presses": (press("Go on", 8, 8, 50, 12),), "texts": (text("Go on", within=(1,)),)},
    ),
    (
        "out of its button",
        {"presses": (press("Go on", 8, 11, 60, 12),), "texts": (text("Go on", within=(1,)),)},
        {"presses": (press("Go on", 8, 9, 60, 12),), "texts": (text("Go on", within=(1,)),)},
    ),
    (
        "over each other",
        {"texts": (text("One"), text("Other", x=40, y=12))},
        {"texts": (text("One"), text("Other", x=51, y=12), text("Third", y=16))},
    ),
    ("broken word", {"texts": (text("todaay", broken="todaay"),)}, {"texts": (text("today"),)}),
    (
        "cut short",
        {"texts": (text("All things", cut_short=True),), "interface": lambda _words: True},
        {"texts": (text("A long title of the catalogue", cut_short=True),)},
    ),
    ("small text", {"texts": (text("Small", size_px=4.7 * MM),)}, {"texts": (text("Small", size_px=4.9 * MM),)}),
    (
        "small text",
        {"texts": (text(SENTENCE, size_px=8.2 * MM),), "text_size": "largest"},
        {"texts": (text(SENTENCE, size_px=8.5 * MM), text("Go", y=40)), "text_size": "largest"},
    ),
    (
        "small text",
        {"texts": (text("One two three four five six", size_px=8.2 * MM),), "text_size": "largest"},
        {"texts": (text("Today, 11:00 to 13:00 · 28 counted", size_px=8.2 * MM),), "text_size": "largest"},
    ),
    ("missing letter", {"texts": (text("Fish \U0001f41f"),)}, {"texts": (text("مچھلی fish ਮੱਛੀ মাছ"),)}),
    ("faint", {"texts": (text("Pale", colour=GREY),)}, {"texts": (text("Pale", colour=BLACK),)}),
    (
        "faint",
        {"texts": (text("On black", colour=BLACK),), "fills": (Fill(Box(0, 0, 80 * MM, 80 * MM), BLACK, 1),)},
        {"texts": (text("On black", colour=WHITE),), "fills": (Fill(Box(0, 0, 80 * MM, 80 * MM), BLACK, 1),)},
    ),
    (
        "faint",
        {"texts": (text(SENTENCE, size_px=7 * MM, colour=(0.35, 0.35, 0.35, 1)),)},
        {"texts": (text("A name", size_px=7 * MM, colour=(0.35, 0.35, 0.35, 1)),)},
    ),
]


@pytest.mark.parametrize(("rule", "wrong", "right"), BROKEN)
def test_a_rule_finds_what_breaks_it_and_nothing_else(
    rule: str, wrong: dict[str, object], right: dict[str, object]
) -> None:
    assert rules_broken(**wrong) == {rule}
    assert rules_broken(**right) == set()


def test_every_rule_is_tried_here() -> None:
    assert {rule for rule, _wrong, _right in BROKEN} == checks.RULES.keys()


def test_what_lies_under_a_sheet_or_a_card_is_not_looked_at() -> None:
    wrong: dict[str, object] = {"presses": (press("Go", 1, 1, 5, 5),), "texts": (text("Pale", colour=GREY),)}
    assert rules_broken(**wrong) == {"too small", "faint"}
    for over in (SHEET, CARD):
        assert rules_broken(**wrong, fills=(over,)) == set()


def test_what_is_scrolled_away_is_not_looked_at() -> None:
    away = press("Go", 1, 31, 5, 5, clip=LIST)
    assert rules_broken(presses=(away,)) == set()


def test_of_words_on_a_picture_nobody_knows_whether_they_can_be_read() -> None:
    assert rules_broken(texts=(text("Grey", colour=GREY),), fills=(PHOTO,)) == set()


def test_what_shines_through_is_reckoned_with() -> None:
    veil = Fill(Box(0, 0, 200 * MM, 50 * MM), (0, 0, 0, 0.5), 1)
    drawn = shown(texts=(text("On grey"),), fills=(veil,))
    assert drawn.grounds(drawn.texts[0]) == [(0.5, 0.5, 0.5, 1.0)] * 3


def test_a_small_panel_is_looked_at_from_nearer_by() -> None:
    small = {"texts": (text("Small", size_px=3.5 * MM),)}
    assert rules_broken(**small) == {"small text"}
    assert rules_broken(**small, panel_mm=125.0) == set()


def test_the_fonts_have_what_they_have() -> None:
    assert missing("Cymraeg ŵŷ \u200fاردو\n") == set()
    assert missing("a\U0001f41fb") == {"\U0001f41f"}


# -- words


def test_the_programs_own_words_are_known_from_the_catalogues() -> None:
    own = interface.own_words("en")
    assert own("Take it away") and own("14 things to take away")
    assert not own("Cook for ten on £10")
    assert not own("Until 17:00. " + "Come in, get warm and stay as long as you like. " * 3)


def test_marked_words_are_longer_and_told_from_others() -> None:
    words.use(words.MARKED)
    try:
        said, counted = words._("Take it away"), words.count_of(3, "{} thing", "{} things")
    finally:
        words.use(words.ENGLISH)
    assert said.startswith("⟦Take it away") and len(said) > 1.3 * len("Take it away")
    assert counted.startswith("⟦3 things")
    is_marked = interface.marked({"Polski"}, unit.MARK)
    assert all(map(is_marked, (said, counted, "Polski", "11:20 · 42", "‹A title…", f"‹Soup› · {said}", "⟦a ‹b›·⟧")))
    assert not any(map(is_marked, ("Take it away", f"{said} and more", "‹Soup› Free")))


# -- the unit that is drawn


def test_the_demo_unit_has_everything(tmp_path: Path) -> None:
    unit.make(tmp_path)
    made = services(Settings(data=tmp_path), unit.clock(None))
    session = unit.log_visits(made)
    view = made.log.view(session)
    assert view.totals.visits > 20 and view.totals.helpers == 4 and view.totals.head_count == 28
    home = made.shelves.home()
    assert home.total > 50 and home.today and len(home.themes) == 6
    assert made.unit.freshness()[0]
    assert made.door.sign_in(unit.PIN).outcome == "welcome"
    first = made.shelves.shelf(limit=1).cards[0]
    assert made.shelves.file_here(first.picture)
    made.close()


def test_a_units_own_records_and_keys_are_never_in_the_copy(tmp_path: Path) -> None:
    own, copy = tmp_path / "own", tmp_path / "copy"
    units.enrol(own)
    units.deliver(own, units.some_items())
    mine = load(own / "identity.json")
    assert mine
    save(own / "identity.json", msgspec.structs.replace(mine, token="secret", private_key="ab" * 32))
    real = services(Settings(data=own))
    real.log.add(real.log.sessions()[0], topics=["email"])
    real.close()
    before = {path: path.read_bytes() for path in own.rglob("*") if path.is_file()}
    unit.make(copy, own)
    made = services(Settings(data=copy), unit.clock(own))
    assert made.shelves.home().total == 12
    with made.records.reading() as db:
        assert outbox.count_waiting(db) == 0
    unit.log_visits(made)
    made.close()
    copied = load(copy / "identity.json")
    assert isinstance(copied, Identity) and copied.shop_name == "Mill Lane"
    assert (copied.token, copied.private_key == "ab" * 32) == ("", False)
    assert {path: path.read_bytes() for path in own.rglob("*") if path.is_file()} == before


def test_in_a_marked_unit_every_word_of_the_catalogue_is_marked(tmp_path: Path) -> None:
    unit.make(tmp_path, marked=True)
    made = services(Settings(data=tmp_path), unit.clock(None))
    assert all(card.title.startswith("‹") for card in made.shelves.shelf(limit=100).cards)
    made.close()


# -- the page


def test_the_page_says_what_is_wrong_and_needs_no_script() -> None:
    look = {"panel": "800x480", "theme": "dark", "text": "large", "language": "ur"}
    good = Shot(screen="home", state="", picture="800x480/a.png", thumb="aGVs", **look)
    bad = Shot(screen="slip", state="5", faults=[("too small", "'<Go>' is 5 mm")], **look)
    text_ = page.made([good, bad])
    assert "2 pictures, 1 faults" in text_ and "&lt;Go&gt;" in text_ and "<Go>" not in text_
    assert 'href="800x480/a.png"' in text_ and "data:image/jpeg;base64,aGVs" in text_
    assert "script" not in text_ and "http" not in text_.replace("http-equiv", "")
    assert 'href="#screen-slip">slip (1)' in text_ and "#language-ur:target" in text_


def test_without_xvfb_it_is_said_which_package_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DisplayError, match="Debian's package xvfb"), virtual_display():
        pass


# -- what the sheet found once


def test_no_two_kv_files_draw_a_class_of_one_name() -> None:
    """Kivy knows classes by their names alone: the rule of one would be laid on the other's as well."""
    folder = Path(unit.__file__).parents[1]
    rules = [(name, path.name) for path in folder.rglob("*.kv") for name in _RULE.findall(path.read_text())]
    names = Counter(name for name, _file in rules)
    assert {rule for rule in rules if names[rule[0]] > 1} == set()
