"""What licences ask, and the words for it."""

from __future__ import annotations

import pytest

from sync import licences, wording
from sync.licences import Terms


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", ""),
        (" ", ""),
        ("CC0-1.0", "Copy, change and share it as you like"),
        ("Unlicense", "Use, change and share it as you like"),
        ("0BSD", "Use, change and share it as you like"),
        ("CC-BY-4.0", "Copy, change and share it; say who made it"),
        ("OGL-UK-3.0", "Copy, change and share it; say who made it"),
        ("MIT", "Use, change and share it; say who made it"),
        ("Apache-2.0", "Use, change and share it; say who made it"),
        ("CC-BY-SA-4.0", "Copy, change and share it; say who made it, and let others share it too"),
        ("ODbL-1.0", "Copy, change and share it; say who made it, and let others share it too"),
        ("GPL-3.0-or-later", "Use, change and share it; what you change must stay free too"),
        ("MPL-2.0", "Use, change and share it; what you change must stay free too"),
        ("AGPL-3.0", "Use, change and share it; what you change must stay free too, and on the web as well"),
        ("NPOSL-3.0", "Use, change and share it; what you change must stay free too, and on the web as well"),
        ("CC-BY-NC-4.0", "Copy, change and share it, not for money"),
        ("CC-BY-NC-SA-3.0", "Copy, change and share it, not for money; what you make of it must stay free too"),
        ("CC-BY-NC-ND-4.0", "Share it as it is, not for money"),
        ("CC-BY-ND-4.0", "Share it as it is"),
        ("SSPL-1.0", "Do what its licence says"),
        ("LicenseRef-Ours", "Do what its licence says"),
        ("All rights reserved", "Do what its licence says"),
        ("MIT AND", "Do what its licence says"),
    ],
)
def test_every_family_has_its_words(expression: str, words: str) -> None:
    assert wording.licence(expression) == words


@pytest.mark.parametrize(
    ("expression", "same_as"),
    [
        ("mit", "MIT"),
        ("MIT AND GPL-3.0-only", "GPL-3.0-only"),
        ("MIT OR GPL-3.0-only", "MIT"),
        ("AGPL-3.0-only OR CC-BY-4.0", "CC-BY-4.0"),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", "GPL-2.0-or-later"),
        ("(MIT OR Apache-2.0) AND LicenseRef-Ours", "LicenseRef-Ours"),
    ],
)
def test_with_several_all_is_asked_and_of_a_choice_the_least(expression: str, same_as: str) -> None:
    assert wording.licence(expression) == wording.licence(same_as)


def test_what_is_asked_of_code_and_of_texts_adds_up() -> None:
    asked = licences.terms("AGPL-3.0-only AND CC-BY-NC-4.0")
    assert asked == Terms.CREDIT | Terms.ALIKE | Terms.NETWORK | Terms.WORK | Terms.UNPAID
    assert wording.licence("AGPL-3.0-only AND CC-BY-NC-4.0").endswith(
        "not for money; what you make of it must stay free too"
    )


def test_a_name_is_brought_up_to_date_and_what_cannot_be_read_is_kept() -> None:
    assert licences.current("AGPL-3.0 AND CC-BY-SA-4.0") == "AGPL-3.0-only AND CC-BY-SA-4.0"
    assert licences.current("GPL-3.0 AND GPL-3.0-only") == "GPL-3.0-only"
    assert licences.current("MIT AND") == "MIT AND"
    assert licences.current("") == ""
    assert licences.current("LicenseRef-Ours") == "LicenseRef-Ours"
