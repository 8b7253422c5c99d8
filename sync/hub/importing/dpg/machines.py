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
    "web": r"web[- ]?app(?:lication)?s?|web[- ]based|web version|(?:internet|web|online) portal|an? web browser|"
    r"available online|online platform",
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
_KIT: Final = re.compile(r"\bSDK\b|\bsoftware development kit\b", re.IGNORECASE)
_PART: Final = re.compile(
    r"\b(?:an? (?:[\w-]+ )?API|API solution|middleware|microservices|protocol|command-line|python project|"
    r"simulation code|library for|plugin)\b",
    re.IGNORECASE,
)
"""What is only of use to those who write software, a kit always, a part where no machine is named."""
_SERVER: Final = re.compile(
    r"\b(?:servers?|self-host\w*|back-?ends?|docker|for organi[sz]ations to|"
    r"(?:technical|registry|ecommerce) platforms?|"
    r"(?:enables|helps|allows|that) (?:\w+ )?(?:governments?|government agencies|government bodies)|"
    r"(?:records?|information|registration|management|voice response|payment|communication) "
    r"(?:systems?|platforms?))\b",
    re.IGNORECASE,
)
"""What an organisation sets up for many people."""
_FIGURES: Final = "This is a set of facts and figures for others to build on, not an app for a phone."


def names(entry: Entry) -> list[str]:
    """The machines that it says it works on: `android`, `web`, ..."""
    said = _said(entry)
    papers = " ".join([said, entry.papers, entry.site, *(url for _label, url in entry.links)])
    found = [
        name
        for name, means in _NAMED.items()
        if re.search(rf"(?<![a-z])(?:{means})(?![a-z])", papers if name in _SURE else said, re.IGNORECASE)
    ]
    return [name for name in found if name != "phone" or not {"android", "ios"} & set(found)]


def tags(entry: Entry) -> list[str]:
    """What people call these machines where they look for something for theirs."""
    return [] if _is_for_makers(entry) else [_TAGS[name] for name in names(entry) if name in _TAGS]


def line(entry: Entry) -> str:
    """`Works on: Android phones and tablets.`, or what else it is; nothing where that is not known."""
    if entry.types and "software" not in entry.types:
        return _not_software(entry)
    if not entry.types and re.search(r"\b(?:dataset|data)$", entry.name, re.IGNORECASE):
        return _FIGURES
    if not entry.types and entry.standards in ("PDF", "EPUB"):
        return "This is something to read, not an app for a phone."
    if _is_for_makers(entry):
        return "For people who write software, not an app for a phone."
    works = ", ".join(_WORDS[name] for name in names(entry))
    served = _SERVER.search(f"{_said(entry)} {entry.needs}") is not None
    if not works:
        return "For organisations to set up on a server." if served else ""
    return f"**Works on:** {works}." + (" An organisation sets it up on a server first." if served else "")


def _said(entry: Entry) -> str:
    return " ".join([entry.name, entry.description, entry.told])


def _is_for_makers(entry: Entry) -> bool:
    said = _said(entry)
    if _KIT.search(said):
        return True
    return _PART.search(said) is not None and not set(_SURE) & set(names(entry))


def _not_software(entry: Entry) -> str:
    if "standard" in entry.types:
        return "These are rules to work by, not an app for a phone."
    to_read = "content" in entry.types
    said = "This is something to read and use as it is, not an app for a phone."
    what = said if to_read and "data" not in entry.types else _FIGURES
    return what + (" Read it in any web browser." if entry.site and to_read else "")
