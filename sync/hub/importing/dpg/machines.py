"""What an app works on, where its entry truly says so; of what it does not say, nothing is said.

Names of machines are looked for in what is said of it, in its papers, and in the addresses of its shop pages, source
code and papers.
"""

from __future__ import annotations

import re
from typing import Final

from sync.hub.importing.dpg.register import Entry

_NAMED: Final = {
    "android": r"android(?! fhir)|play\.google\.com",
    "ios": r"ios|iphones?|ipads?|apps\.apple\.com",
    "phone": r"smartphones?|mobile app(?:lication)?s?|tablets?",
    "web": r"web[- ]?app(?:lication)?s?|web[- ]based|web version|(?:internet|web|online|fao|public) portal|"
    r"from a web browser"
    r"|a web browser|available online|online platform",
    "desktop": r"desktop app(?:lication)?s?|runs locally on your own computer",
    "linux": r"(?:a|fedora|ubuntu) linux|linux os",
    "sheets": r"google forms and sheets|spreadsheet add-on",
    "virtual": r"virtual reality|VR headsets?",
}
_SURE: Final = ("android", "ios", "desktop")
"""Those that mean the app itself wherever they are named; others also stand where papers speak of people's machines."""
_WORDS: Final = {
    "android": "Android phones and tablets",
    "ios": "iPhone and iPad",
    "phone": "phones and tablets",
    "web": "any web browser",
    "desktop": "a computer of your own, without a network",
    "linux": "a computer, in the place of Windows",
    "sheets": "Google Forms and Sheets, in a web browser",
    "virtual": "glasses for virtual reality",
}
_TAGS: Final = {"android": "android", "ios": "iphone", "linux": "linux"}
_BUILDERS: Final = re.compile(
    r"\b(?:an? (?:[\w-]+ )?API|API solution|SDK|software development kit|middleware|microservices|protocol|"
    r"command-line|"
    r"python project|simulation code|library for|plugin)\b",
    re.IGNORECASE,
)
"""What is only of use to those who write software."""
_SERVER: Final = re.compile(
    r"\b(?:servers?|self-host\w*|back-?ends?|docker|for organi[sz]ations to|(?:technical|registry|"
    r"ecommerce) platforms?|"
    r"(?:enables|helps|allows|that) (?:\w+ )?(?:governments?|government agencies|government bodies)|"
    r"(?:records?|information|registration|management|voice response|payment|communication) (?:systems?|"
    r"platforms?))\b",
    re.IGNORECASE,
)
"""What an organisation sets up for many people."""


def names(entry: Entry) -> list[str]:
    """The machines that it says it works on: `android`, `web`, ..."""
    said = " ".join([entry.name, entry.description, entry.told])
    papers = " ".join([said, entry.papers, entry.site, *(url for _label, url in entry.links)])
    found = [
        name
        for name, means in _NAMED.items()
        if re.search(rf"(?<![a-z])(?:{means})(?![a-z])", papers if name in _SURE else said, re.IGNORECASE)
    ]
    return [name for name in found if name != "phone" or not {"android", "ios"} & set(found)]


def tags(entry: Entry) -> list[str]:
    """What people call these machines where they look for something for theirs."""
    return [_TAGS[name] for name in names(entry) if name in _TAGS]


def line(entry: Entry) -> str:
    """`Works on: Android phones and tablets.`, or what else it is; nothing where that is not known."""
    types = set(entry.types)
    if types and "software" not in types:
        return _not_software(types) + (" Read it in any web browser." if entry.site and "content" in types else "")
    if not types and re.search(r"\b(?:dataset|data)$", entry.name, re.IGNORECASE):
        return _not_software({"data"})
    if not types and entry.standards in ("PDF", "EPUB"):
        return "This is something to read, not an app for a phone."
    said = f"{entry.description} {entry.told} {entry.name}"
    if _BUILDERS.search(said) and not {"android", "ios", "desktop"} & set(names(entry)) - _in_code(entry):
        return "For people who write software, not an app for a phone."
    found = names(entry)
    served = _SERVER.search(f"{said} {entry.needs}") is not None
    works = f"**Works on:** {', '.join(_WORDS[name] for name in found)}." if found else ""
    served_too = (
        "An organisation sets it up on a server first." if works else "For organisations to set up on a server."
    )
    return " ".join(part for part in (works, served_too if served else "") if part)


def _in_code(entry: Entry) -> set[str]:
    """Machines that only an address or a name of code speaks of."""
    return (
        {"android"}
        if re.search(r"\bSDK\b|software development kit", f"{entry.name} {entry.told}", re.IGNORECASE)
        else set()
    )


def _not_software(types: set[str]) -> str:
    if "standard" in types:
        return "These are rules to work by, not an app for a phone."
    if "content" in types and "data" not in types:
        return "This is something to read and use as it is, not an app for a phone."
    return "This is a set of facts and figures for others to build on, not an app for a phone."
