"""The Digital Public Goods register: made-up entries of its shape, whole and broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sync.hub.importing import Found, Skipped, dpg

NOMINEE: dict[str, Any] = {
    "name": "Water Finder",
    "aliases": ["WF", ""],
    "description": "Finds clean water near you. Works without a network.",
    "website": "https://water.example.org",
    "license": [{"spdx": "MIT", "licenseURL": "x"}, {"spdx": "CC-BY-4.0", "licenseURL": "y"}],
    "SDGs": [{"SDGNumber": 6}, {"SDGNumber": 3}, {"SDGNumber": 99}],
    "sectors": ["Health"],
    "type": ["software"],
    "repositories": [
        {"name": "main", "url": "https://code.example.org/wf"},
        {"name": "x", "url": "javascript:alert(1)"},
    ],
    "organizations": [
        {"name": "Helpers", "org_type": "implementer"},
        {
            "name": "Makers",
            "org_type": "owner",
            "website": "https://makers.example.org",
            "contact_name": "Ann Person",
            "contact_email": "ann@example.org",
        },
    ],
    "stage": "DPG",
}
GOOD: dict[str, Any] = {
    "name": "Water  finder",
    "locations": {"deploymentCountries": ["Ghana", "", "Senegal"], "developmentCountries": ["Ghana"]},
    "documentation": {"documentationURL": ["User guide - https://docs.example.org/guide", "no link here"]},
}


def read(folder: Path, **files: Any) -> list[Found | Skipped]:
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text)
    return list(dpg.read([folder]))


def test_two_files_of_one_app_are_one_item(tmp_path: Path) -> None:
    (found,) = read(tmp_path, nominee=NOMINEE, good=GOOD)
    assert isinstance(found, Found)
    item = found.item
    assert (item.kind, item.title, item.licence) == ("app", "Water Finder", "MIT AND CC-BY-4.0")
    assert item.summary == f"Free software for rivers and clean water. {NOMINEE['description']}"
    assert item.body.startswith(NOMINEE["description"])
    assert item.maker and (item.maker.name, item.maker.url) == ("Makers", "https://makers.example.org")
    assert item.themes == ["shelter", "security"]
    assert "Ghana, Senegal" in item.body and "https://docs.example.org/guide" in item.body
    assert item.source and item.source.licence == "Unlicense"


def test_no_person_and_no_script_is_taken(tmp_path: Path) -> None:
    (found,) = read(tmp_path, nominee=NOMINEE)
    assert isinstance(found, Found)
    whole = repr(found.item)
    assert "Ann" not in whole and "@" not in whole and "javascript" not in whole


def test_an_app_of_which_only_the_places_are_known_is_taken(tmp_path: Path) -> None:
    (found,) = read(tmp_path, good=GOOD)
    assert isinstance(found, Found)
    assert found.item.summary == "A free digital tool for rivers and clean water, used in Ghana and Senegal."
    assert found.item.url == "https://docs.example.org/guide"


def test_a_long_description_is_cut_at_a_sentence_and_whole_in_the_body(tmp_path: Path) -> None:
    text = "It finds the nearest place with water that is open to all. " + "Then a very long one that never ends " * 12
    (found,) = read(tmp_path, nominee={**NOMINEE, "description": text})
    assert isinstance(found, Found)
    assert found.item.summary == "Finds the nearest place with water that is open to all."
    assert " ".join(text.split()) in found.item.body
    (found,) = read(tmp_path, nominee={**NOMINEE, "description": "word " * 100})
    assert isinstance(found, Found)
    assert found.item.summary == "Free software for rivers and clean water."  # by its name


def test_two_spellings_of_a_name_are_one_item_whichever_comes_first(tmp_path: Path) -> None:
    more = {"repositories": NOMINEE["repositories"] * 2, "description": "Has taps."}
    fuller = {**NOMINEE, "name": "WaterFinder", **more}
    (one,) = read(tmp_path, a=NOMINEE, b=fuller, c=GOOD)
    (same,) = read(_folder(tmp_path, "other"), a=fuller, b=GOOD, c=NOMINEE)
    assert isinstance(one, Found) and isinstance(same, Found)
    assert one.item == same.item
    assert one.item.title == "Water Finder" and "Has taps. Finds clean water near you." in one.item.body
    (alone,) = read(_folder(tmp_path, "alone"), a=NOMINEE)
    assert isinstance(alone, Found)
    assert alone.item.id == one.item.id


def test_a_licence_has_the_name_that_spdx_gives_it_today(tmp_path: Path) -> None:
    licences = [{"spdx": "AGPL-3.0"}, {"spdx": ""}, {"spdx": "CC-BY-SA-4.0"}]
    (found,) = read(tmp_path, nominee={**NOMINEE, "license": licences})
    assert isinstance(found, Found)
    assert found.item.licence == "AGPL-3.0-only AND CC-BY-SA-4.0"


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    return folder


def test_broken_files_are_named_and_stop_no_other(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        a_schema={"$schema": "x", "name": "y", "description": "z"},
        b_broken="{half",
        c_list="[1]",
        d_wrong={**NOMINEE, "license": "MIT"},
        e_fine=NOMINEE,
    )
    assert [type(one) for one in found] == [Skipped, Skipped, Skipped, Skipped, Found]
    assert all(Path(one.where).name in one.where and one.why for one in found if isinstance(one, Skipped))
