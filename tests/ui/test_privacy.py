"""The privacy page: in every language, in one touch, on every panel, with this unit's figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.bootstrap import services
from kiosk.lettering import fonts, scripts
from kiosk.lettering.missing import missing
from kiosk.settings import Settings
from kiosk.ui.look import languages
from kiosk.ui.widgets import markdown
from sync import notices
from sync.notices import Notice
from tests.ui import units
from tests.ui.test_screens import PANELS, walk

RIGHT_TO_LEFT = {"ur", "ar"}


def both(language: str) -> list[Notice]:
    return [notices.privacy(language), notices.follow_up(language)]


@pytest.mark.screen
@pytest.mark.parametrize("panel", PANELS)
def test_it_is_read_in_every_language_and_forgotten(display: str, tmp_path: Path, panel: str) -> None:
    units.enrol(tmp_path)
    units.deliver(tmp_path, units.some_items())
    found = walk(display, tmp_path, panel, "privacy")
    assert found["wrong"] == []
    assert found["left_over"] == ["", ""]
    assert set(found["drawn"]) == set(notices.languages())
    for code, texts in found["drawn"].items():
        title = notices.privacy(code).title
        assert any(title in text for text in texts), code
        assert {letter for text in texts for letter in missing(text)} == set()
    assert {code for code, yes in found["at_the_right"].items() if yes} == RIGHT_TO_LEFT


@pytest.mark.parametrize("language", notices.languages())
def test_every_letter_can_be_drawn_and_every_mark_is_understood(language: str) -> None:
    for notice in both(language):
        blocks = markdown.blocks(notice.text)
        drawn = [notice.title, languages.name(language), *(block.text for block in blocks)]
        assert {letter for text in drawn for letter in missing(text)} == set()
        assert not any(mark in scripts.plain(text) for text in drawn for mark in ("**", "##", "<!--", "{", "}"))
        assert {block.kind for block in blocks} <= {"heading", "text", "bullet"}


def test_a_letter_that_no_font_has_is_found_out() -> None:
    assert missing("aঅ\U00010380") == {"\U00010380"}
    assert fonts.path("regular", "Bengali").name.startswith("NotoSansBengali")


def test_the_page_has_this_units_figures(tmp_path: Path) -> None:
    units.enrol(tmp_path)
    given = {"keep_days": 5, "attendance_months": 20, "follow_up_days": 45}
    asked = services(Settings(data=tmp_path, privacy_contact="Rita, 0121 496 0123", **given)).privacy
    page = asked.page("en").text
    assert "**5 days**" in page
    assert "**20 months**" in page
    assert "Rita, 0121\u00a0496\u00a00123" in page
    assert "**45 days**" in page
    assert "**45 days**" in asked.follow_up("en").text
    assert "Rita" in asked.follow_up("xx").text
