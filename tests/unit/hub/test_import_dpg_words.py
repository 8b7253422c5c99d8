"""What the register's words become: summaries, tags, machines; and that real entries are found by what people type."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import licences, wording
from sync.hub.importing import Found, dpg
from sync.hub.importing.dpg import about, item, machines, plain, summary
from sync.hub.importing.dpg.register import Documentation, Entry, Good, Link, Locations, Nominee, Standards
from sync.records import Item
from sync.replica.read import Replica
from tests.support.catalogue import build

NAMES = ("Water Finder", "WF")
SOME = "Open Basket is a free open-source platform that helps farmers, ( ) – API. .".split()


def entry(description: str = "", **fields: Any) -> Entry:
    """An entry called Open Basket."""
    return Entry(
        "x.json", nominee=Nominee(name="Open Basket", description=description, **{"type": ["software"], **fields})
    )


def papers(name: str = "Open Basket", *, used: list[str] | None = None, **fields: Any) -> Entry:
    """An entry of which no description is known."""
    return Entry("x.json", good=Good(name=name, locations=Locations(used=used or []), **fields))


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Water Finder is a free, open-source tool to find water", "A tool to find water."),
        ("Water Finder (WF) is an innovative platform for wells", "A platform for wells."),
        ("WF – Water Finder is a free and open source software for wells", "Software for wells."),
        ("WF provides a robust solution for wells", "Provides a tool for wells."),
        ("This service gives farmers the opportunity to sell", "Gives farmers the chance to sell."),
        ("Providing maps of every well", "Provides maps of every well."),
        ("Open source digital platform for large wells", "A platform for large wells."),
        ("Android app for wells", "An Android app for wells."),
        ("The river is a place to rest", "The river is a place to rest."),
        ("Wells (and taps) that individuals utilize", "Wells that people use."),
        ("An 8 month course", "An 8 month course."),
        ("Free water for all", "Free water for all."),
    ],
)
def test_a_sentence_loses_its_name_and_its_praise(sentence: str, said: str) -> None:
    assert plain.plainer(sentence, NAMES) == said


def test_sentences_end_where_they_end() -> None:
    text = "Made for clubs, e.g. Bowls. Version 2.0 works! Is it free? Yes"
    assert plain.sentences(text) == ["Made for clubs, e.g. Bowls", "Version 2.0 works", "Is it free", "Yes"]
    assert (
        plain.without_addresses("See https://example.org/a or ask a@example.org now \U0001f331.") == "See or ask now."
    )


def test_a_long_sentence_ends_where_it_can_stand_by_itself() -> None:
    long = f"A tool that shows every open well in the county, such as {'those beside roads, ' * 10}and others."
    assert plain.shorter(long, 200) == "A tool that shows every open well in the county."
    assert plain.shorter("word " * 60, 200) == ""
    assert plain.shorter("Short.", 200) == "Short."


def test_what_only_makers_understand_becomes_a_line_of_what_it_is_for() -> None:
    hard = entry("Open Basket is a blockchain protocol that helps farmers to sell crops.")
    assert summary.of(hard, about.of(hard), []) == "Free software for farming and crops."
    clinic = entry("An interoperable middleware for hospitals. It keeps the budget.")
    assert summary.of(clinic, about.of(clinic), []) == "Free software for hospitals and clinics."
    for_some = entry("A recursive ledger that helps humanitarian agencies to vote.")
    assert summary.of(for_some, about.of(for_some), []) == "For aid agencies: free software for having your say."
    nothing = entry("A recursive ledger.")
    assert summary.of(nothing, [], ["End poverty", "Good work"]) == (
        "Free software with these goals: end poverty, good work."
    )


def test_long_words_get_a_plain_line_before_them_and_talk_of_money_is_left_out() -> None:
    hard = entry("Comprehensive multidisciplinary vaccination administration.")
    assert summary.of(hard, about.of(hard), []) == (
        "Free software for vaccines. Comprehensive multidisciplinary vaccination administration."
    )
    paid = entry("Open Basket is funded by the Example Bank. It tells you which bus will be late again today.")
    assert summary.of(paid, [], []) == "It tells you which bus will be late again today."


@pytest.mark.parametrize(
    ("used", "said"),
    [
        ([], "A free digital tool for weather."),
        (["Kenya"], "A free digital tool for weather, used in Kenya."),
        (["Kenya", "United Kingdom"], "A free digital tool for weather, used in Kenya and the United Kingdom."),
        (["Chad", "Mali", "Peru"], "A free digital tool for weather, used in Chad, Mali and Peru."),
        (
            ["Chad", "Mali", "Peru", "Fiji"],
            "A free digital tool for weather, used in Chad, Mali, Peru and more places.",
        ),
        ([f"Land {n}" for n in range(30)], "A free digital tool for weather, used in many countries."),
    ],
)
def test_without_a_description_it_says_where_it_is_used(used: list[str], said: str) -> None:
    there = papers("Open Weather", used=used)
    assert summary.of(there, about.of(there), []) == said


def test_papers_tell_what_a_thing_is_about_by_what_they_say_it_is_by_standards_and_by_what_they_repeat() -> None:
    says = papers(standards=Standards(practices=["Open Basket is an electronic health record for eyes. Good."]))
    assert about.of(says)[0].about == "health records"
    standard = papers(standards=Standards(followed=["HL7 FHIR R4"]))
    assert [one.about for one in about.of(standard)] == ["health"]
    repeats = papers(standards=Standards(practices=["Teachers like it. A teacher tested it. Every school has it."]))
    assert [one.about for one in about.of(repeats)] == ["schools and lessons"]
    once = papers(standards=Standards(practices=["A teacher tested it."]))
    assert about.of(once) == []


def test_tags_are_everyday_words_the_most_telling_first_and_never_too_many() -> None:
    some = _item(description="Electronic medical records for clinics.", sectors=["Agriculture"], aliases=["OB"])
    assert some.tags[:2] == ["health records", "medical records"] and "clinic" in some.tags and "OB" in some.tags
    assert "farming" not in some.tags  # a sector counts where nothing else tells
    everything = _item(description="Maps, weather, crops, schools, hospitals, drones, taxes, elections and vaccines.")
    assert len(everything.tags) == about.MOST
    assert _item(description="Nothing to go by.", sectors=["Agriculture"]).tags[0] == "farming"
    assert about.named(papers("StoryWeaver")) == "Story Weaver"


ANDROID = "**Works on:** Android phones and tablets."
DATA = "This is a set of facts and figures for others to build on, not an app for a phone."


@pytest.mark.parametrize(
    ("there", "line"),
    [
        (entry("An Android app and web application."), "**Works on:** Android phones and tablets, any web browser."),
        (entry("A smartphone app."), "**Works on:** phones and tablets."),
        (
            entry("Good for all.", website="https://play.google.com/store/apps/details?id=x"),
            ANDROID,
        ),
        (
            entry("Good.", repositories=[Link(url="https://code.example.org/basket-ios")]),
            "**Works on:** iPhone and iPad.",
        ),
        (entry("A medical records system."), "For organisations to set up on a server."),
        (
            entry("A web-based information system."),
            "**Works on:** any web browser. An organisation sets it up on a server first.",
        ),
        (entry("An API that sorts apples."), "For people who write software, not an app for a phone."),
        (entry("It sorts apples."), ""),
        (entry("A curious audiologist is its friend."), ""),
        (
            entry("Maps.", type=["data"]),
            DATA,
        ),
        (entry("Rules.", type=["standard"]), "These are rules to work by, not an app for a phone."),
        (
            entry("Lessons.", type=["content"], website="https://example.org"),
            "This is something to read and use as it is, not an app for a phone. Read it in any web browser.",
        ),
        (papers("Rain data"), DATA),
        (papers(standards=Standards(followed=["PDF"])), "This is something to read, not an app for a phone."),
        (papers(standards=Standards(practices=["We tell our staff to lock phones, tablets and servers."])), ""),
        (
            papers(documentation=Documentation(["https://example.org/basket-android"])),
            ANDROID,
        ),
    ],
)
def test_what_it_works_on_is_said_where_the_entry_says_so(there: Entry, line: str) -> None:
    assert machines.line(there) == line


@given(description=st.text(max_size=600) | st.lists(st.sampled_from(SOME), max_size=40).map(" ".join))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_the_summary_is_short_and_whole(description: str) -> None:
    made = _item(description, sectors=["Health"])
    assert 0 < len(made.summary) <= summary.LONGEST and made.summary.endswith(".")
    assert len(made.tags) <= about.MOST


# -- the real register


@pytest.fixture(scope="module")
def real(field_files: Path) -> list[Item]:
    folder = field_files / "apps" / "dpg-registry"
    return [one.item for one in dpg.read([folder]) if isinstance(one, Found)]


@pytest.fixture(scope="module")
def replica(real: list[Item], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replica]:
    made = build(tmp_path_factory.mktemp("dpg") / "replica-1.db", [msgspec.to_builtins(item) for item in real])
    yield made
    made.close()


BAD = ("http", "@", "open-source", "open source", " a an ", "  ", "..")


def test_every_real_entry_has_a_summary_that_can_stand_in_a_window(real: list[Item]) -> None:
    assert len({one.id for one in real}) == len(real) == 127
    for one in real:
        said = one.summary
        assert 20 < len(said) <= summary.LONGEST and said[0].isupper() and said.endswith("."), said
        assert not any(bad in said.lower() for bad in BAD), said
        assert not said.startswith((f"{one.title} is", "Is ", "This is")), said
        assert len(one.tags) <= about.MOST and len(set(one.tags)) == len(one.tags)
        assert one.body and 1 <= len(one.themes) <= 2


def test_every_real_licence_is_known_and_has_words(real: list[Item]) -> None:
    named = [one for one in real if one.licence]
    assert len(named) == 80
    for one in named:
        assert licences.Terms.UNKNOWN not in licences.terms(one.licence), one.licence
        assert licences.current(one.licence) == one.licence and wording.licence(one.licence)


@pytest.mark.parametrize("typed", ["doctor", "benefits", "feeling low", "council", "vet", "food bank", "emergency"])
def test_no_tag_stands_before_the_help_next_door(real: list[Item], typed: str) -> None:
    assert not [one.title for one in real if typed in one.tags]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("maps", "Global Healthsites Mapping Project"),
        ("learn to read", "StoryWeaver"),
        ("health records", "OpenMRS"),
        ("medical records", "Open Hospital"),
        ("clinic", "Bahmni"),
        ("school", "Kolibri"),
        ("lessons", "EduNOSS"),
        ("crops", "FarmStack"),
        ("growing food", "farmOS"),
        ("weather forecast", "MET Norway Weather API"),
        ("voting", "U-Report"),
        ("money transfer", "Mojaloop"),
        ("translate", "Translation Initiative for Covid-19"),
        ("vaccine", "Find Your Immunization"),
        ("baby", "Newborn Nutrition Reference App"),
        ("clean water", "Flow Cameroon"),
        ("drones", "Open Drone Suite"),
        ("births and deaths", "OpenCRVS"),
        ("talk with pictures", "Jellow AAC Communicator"),
        ("bullying", "Kindly"),
        ("mental health", "if me"),
        ("carbon footprint", "NMF.earth"),
        ("flood", "InaSAFE"),
        ("tax", "OpenFisca"),
        ("basic income", "Social Income"),
        ("volunteering", "Coinsence"),
        ("survey", "SurveyStack"),
        ("wildlife", "Zamba"),
        ("learn to code", "Code Your Future"),
        ("human rights", "Uwazi"),
        ("give things away", "Boxtribute"),
        ("council spending", "TruBudget"),
        ("helth recrods", "OpenMRS"),
    ],
)
def test_real_apps_are_found_by_what_people_type(replica: Replica, typed: str, expected: str) -> None:
    assert expected in [card.title for card in replica.search(typed, limit=5)]


def _item(description: str, **fields: Any) -> Item:
    return item.of(entry(description, **fields))
