"""Markdown bodies as blocks, and the facts of an item."""

from __future__ import annotations

import pytest

from kiosk.devices.qr import QUIET_MODULES, matrix
from kiosk.lettering.scripts import BOLD, rarest, right_to_left, runs
from kiosk.ui.look import icons, qr
from kiosk.ui.widgets import facts
from kiosk.ui.widgets.markdown import Block, blocks
from sync.records import File, Item, Maker, Place


def test_headings_lists_and_paragraphs() -> None:
    body = "Come in.\nSit down.\n\n## Bring\n\n- a phone\n- a question\n  you have\n\n1. First\n2) Second\n"
    assert blocks(body) == [
        Block("text", "Come in. Sit down."),
        Block("heading", "Bring"),
        Block("bullet", "a phone"),
        Block("bullet", "a question you have"),
        Block("step", "First", "1"),
        Block("step", "Second", "2"),
    ]


def test_bold_marks_every_word() -> None:
    assert blocks("**Cost:** free. **Not now**")[0].text == f"{BOLD}Cost: free. {BOLD}Not {BOLD}now"


def test_marks_that_we_do_not_draw_are_taken_off() -> None:
    assert blocks("See [our page](https://x.example), *soon*, `now`.")[0].text == "See our page, soon, now."
    assert blocks("> quoted")[0].text == "quoted"
    assert blocks("snake_case_name stays")[0].text == "snake_case_name stays"


def test_a_line_is_cut_into_runs_for_one_font_each() -> None:
    assert [run.script for run in runs("Polski and বাংলা", rtl=False)] == ["Latin", "Bengali"]
    assert [run.text for run in runs(f"a {BOLD}b c", rtl=False) if run.bold] == ["b"]


def test_the_rarest_script_and_the_direction() -> None:
    assert rarest("Polski / اردو") == "Arabic"
    assert rarest("Zażółć") == "Latin"
    assert rarest("ਪੰਜਾਬੀ") == "Gurmukhi"
    assert right_to_left("  اردو and English")
    assert not right_to_left("English and اردو")
    assert right_to_left("\u200fEnglish and اردو")


@pytest.mark.parametrize(
    ("line", "from_the_left"),
    [
        ("مل لین · 15", ["15", " ", "·", "مل لین "]),
        ("کھلا (10:00)", ["(", "10:00", ")", "کھلا "]),
        ("£3.50 قیمت", ["قیمت", " ", "£3.50"]),
        ("م: PDF, 84 KB", ["PDF, 84 KB", "م: "]),
    ],
)
def test_signs_between_words_follow_a_line_from_the_right(line: str, from_the_left: list[str]) -> None:
    assert [run.text for run in runs(line, rtl=True)] == from_the_left


def test_only_known_facts_are_shown() -> None:
    assert facts.facts(Item(id="1", kind="news", title="Lamps lit"), here=0, km=None) == []


def test_the_facts_of_a_guide_and_of_an_event() -> None:
    guide = Item(
        id="1",
        kind="guide",
        title="Pots",
        licence="CC-BY-4.0",
        maker=Maker(name="Brook Street Kitchen"),
        files=[File(name="a.pdf", media_type="application/pdf", size_bytes=84_000)],
    )
    assert [fact.name for fact in facts.facts(guide, here=0, km=None)] == [
        "Made by",
        "Price",
        "What you get",
        "You may",
        "Works on",
    ]
    event = Item(id="2", kind="event", title="Walk", place=Place(name="The shop", postcode="ZZ99 1AA"))
    values = {fact.name: fact.value for fact in facts.facts(event, here=0, km=1.23)}
    assert values == {"Where": "The shop, ZZ99 1AA", "Price": "Free"}


@pytest.mark.parametrize(
    ("held", "here", "said"),
    [
        (0, 0, ""),
        (1, 1, "The file is here"),
        (2, 2, "2 files are here"),
        (3, 1, "1 of 3 files are here, more to come"),
        (1, 0, "The file is on its way. The code works now"),
        (2, 0, "The files are on their way. The code works now"),
    ],
)
def test_it_is_said_whether_the_file_is_here(held: int, here: int, said: str) -> None:
    files = [File(name=f"{n}.pdf", sha256="ab" * 32) for n in range(held)]
    linked = File(name="a web page", url="https://example.org")
    assert facts.kept_here(Item(id="1", kind="guide", title="Pots", files=[*files, linked]), here) == said


def test_every_icon_of_a_theme_or_kind_is_known() -> None:
    for name in ("food-apple", "home", "bus", "shield", "account-multiple", "human-handsup", *icons.KIND.values()):
        assert name in icons.POINTS
    assert icons.character("no-such-icon") == icons.character(icons.DEFAULT)
    assert icons.character("") == ""


def test_a_symbol_has_its_quiet_zone_and_whole_pixels() -> None:
    modules = matrix("HTTP://GOODSTUFF.EXAMPLE/D/7K3M9QX2")
    edge = QUIET_MODULES
    assert not any(any(row) for row in modules[:edge])
    assert not any(any(row[:edge]) for row in modules)
    assert qr.side_px(len(modules), 500) % len(modules) == 0
    side = qr.least_side_px(len(modules), 160)
    assert side / len(modules) * (len(modules) - 2 * edge) >= 160
