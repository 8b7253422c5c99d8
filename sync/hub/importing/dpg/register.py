"""The register's files and what is read of them. Persons in them are left unread."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sync.hub.importing import Skipped, files_below


class License(msgspec.Struct):
    """A licence of an entry."""

    spdx: str = ""


class Goal(msgspec.Struct):
    """A goal that an entry serves."""

    number: int = msgspec.field(name="SDGNumber", default=0)


class Organization(msgspec.Struct):
    """Who stands behind an entry; persons are left unread."""

    name: str = ""
    website: str = ""
    org_type: str = ""


class Link(msgspec.Struct):
    """A repository."""

    name: str = ""
    url: str = ""


class Nominee(msgspec.Struct):
    """What an app is."""

    name: str
    description: str
    aliases: list[str] = []
    website: str = ""
    license: list[License] = []
    goals: list[Goal] = msgspec.field(name="SDGs", default_factory=list)
    sectors: list[str] = []
    type: list[str] = []
    repositories: list[Link] = []
    organizations: list[Organization] = []


class Documentation(msgspec.Struct):
    """Where an app's papers are."""

    urls: list[str] = msgspec.field(name="documentationURL", default_factory=list)


class Locations(msgspec.Struct):
    """Where an app is used."""

    used: list[str] = msgspec.field(name="deploymentCountries", default_factory=list)
    made: list[str] = msgspec.field(name="developmentCountries", default_factory=list)


class Standards(msgspec.Struct):
    """Which standards it keeps to, and how it was made."""

    followed: list[str] = msgspec.field(name="standardsList", default_factory=list)
    practices: list[str] = msgspec.field(name="bestPracticesList", default_factory=list)


class Independence(msgspec.Struct):
    """What it cannot do without."""

    why: str = msgspec.field(name="pltIndependenceDesc", default="")


class Privacy(msgspec.Struct):
    """Which sorts of data it keeps, and how."""

    kept: list[str] = msgspec.field(name="typesOfDataCollected", default_factory=list)
    how: str = msgspec.field(name="privacySecurityDescription", default="")


class Safety(msgspec.Struct):
    """What is done so that it harms nobody."""

    steps: str = msgspec.field(name="additionalInfoMechanismProcessesPolicies", default="")


class Harm(msgspec.Struct):
    """How it keeps people from harm."""

    safety: Safety = msgspec.field(name="preventHarm", default_factory=Safety)
    privacy: Privacy = msgspec.field(name="dataPrivacySecurity", default_factory=Privacy)


class Good(msgspec.Struct):
    """What was found when an app was looked at."""

    name: str
    locations: Locations
    documentation: Documentation = msgspec.field(default_factory=Documentation)
    standards: Standards = msgspec.field(default_factory=Standards)
    independence: Independence = msgspec.field(name="platformIndependence", default_factory=Independence)
    harm: Harm = msgspec.field(name="doNoHarm", default_factory=Harm)


class Entry(msgspec.Struct):
    """All that is known of one app: where that stands, and its two halves."""

    where: str
    nominee: Nominee | None = None
    good: Good | None = None

    @property
    def name(self) -> str:
        """What it is called."""
        named = self.nominee or self.good
        return _plain(named.name) if named else ""

    @property
    def key(self) -> str:
        """What its id is made from."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    @property
    def description(self) -> str:
        """What is said of it, which may be nothing."""
        return _plain(self.nominee.description) if self.nominee else ""

    @property
    def types(self) -> list[str]:
        """Of `software`, `content`, `data`, `standard`, `aimodel`; none where that is not said."""
        return self.nominee.type if self.nominee else []

    @property
    def other_names(self) -> list[str]:
        """Abbreviations and earlier names."""
        return [name for alias in self.nominee.aliases if (name := _plain(alias))] if self.nominee else []

    @property
    def sectors(self) -> list[str]:
        """`Health`, `Agriculture`."""
        return [name for sector in self.nominee.sectors if (name := _plain(sector))] if self.nominee else []

    @property
    def goals(self) -> list[int]:
        """Numbers of the Sustainable Development Goals that it serves."""
        return list(dict.fromkeys(goal.number for goal in self.nominee.goals)) if self.nominee else []

    @property
    def licences(self) -> list[str]:
        """SPDX ids."""
        return list(dict.fromkeys(one.spdx for one in self.nominee.license if one.spdx)) if self.nominee else []

    @property
    def countries(self) -> list[str]:
        """Where it is used."""
        return [name for place in self.good.locations.used if (name := place.strip())] if self.good else []

    @property
    def site(self) -> str:
        """Its web site."""
        return web(self.nominee.website) if self.nominee else ""

    @property
    def links(self) -> list[tuple[str, str]]:
        """Label and address of its papers and source code."""
        found: dict[str, str] = {}
        for repository in self.nominee.repositories if self.nominee else []:
            if url := web(repository.url):
                found.setdefault(url, "Source code")
        for text in self.good.documentation.urls if self.good else []:
            match = re.search(r"https?://\S+", text)
            if match and (url := web(match[0])):
                label = _plain(text[: match.start()]).strip(" -–:(") or "Papers"
                found.setdefault(url, label[:60])
        return [(label, url) for url, label in found.items()]

    @property
    def standards(self) -> str:
        """The names of standards that it keeps to."""
        return " . ".join(self.good.standards.followed) if self.good else ""

    @property
    def needs(self) -> str:
        """What it cannot do without."""
        return self.good.independence.why if self.good else ""

    @property
    def papers(self) -> str:
        """What its own papers say of data, standards and making: not to be shown, only to be looked through."""
        if not self.good:
            return ""
        good = self.good
        standards, harm = good.standards, good.harm
        told = [*standards.followed, *standards.practices, *harm.privacy.kept, harm.privacy.how, harm.safety.steps]
        return " ".join([*told, self.needs])

    @property
    def told(self) -> str:
        """The sentences of its papers in which they say what it is: `As a library system, ...`."""
        name = re.escape(self.name)
        tells = rf"\b(?:{name} (?:is an?|is for|provides|helps)|This is an?|The software is for) [^.]*|\bAs an? [^,.]*"
        return " . ".join(re.findall(tells, self.papers))


def entries(paths: Iterable[Path]) -> Iterator[Entry | Skipped]:
    """Every file below these folders."""
    for path in files_below(paths, ".json"):
        try:
            part = _part(path)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            yield Skipped(str(path), f"cannot be read as an entry of the register: {error}")
            continue
        if isinstance(part, Nominee):
            yield Entry(str(path), nominee=part)
        elif isinstance(part, Good):
            yield Entry(str(path), good=part)
        else:
            yield Skipped(str(path), "is not an app's entry (it has neither a description nor places of use)")


def merged(parts: Iterable[Entry]) -> list[Entry]:
    """One entry an app, in the order of their keys, however its name is spaced and spelt with capitals."""
    apps: dict[str, list[Entry]] = {}
    for part in parts:
        apps.setdefault(_squashed(part.name), []).append(part)
    return sorted((_one(same) for same in apps.values()), key=lambda entry: entry.key)


def web(url: Any) -> str:
    """The address if it is a plain web address, else nothing."""
    text = str(url or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", text) else ""


def _one(same: list[Entry]) -> Entry:
    same = sorted(same, key=lambda entry: entry.key)  # so that the id does not hang on the order of the files
    return Entry(
        where=same[0].where,
        nominee=_fullest([part.nominee for part in same if part.nominee]),
        good=next((part.good for part in same if part.good), None),
    )


def _fullest(nominees: list[Nominee]) -> Nominee | None:
    """The one of several entries of an app that says the most, under the first one's name, with what others add."""
    if not nominees:
        return None
    best = max(nominees, key=lambda one: (len(one.sectors) + len(one.repositories), len(one.description)))
    others = [one.description for one in nominees if one is not best and one.description != best.description]
    return msgspec.structs.replace(best, name=nominees[0].name, description=" ".join([best.description, *others]))


def _part(path: Path) -> Nominee | Good | None:
    content = path.read_bytes()
    fields = msgspec.json.decode(content)
    if not isinstance(fields, dict) or "$schema" in fields or "name" not in fields:
        return None
    if "description" in fields:
        return msgspec.json.decode(content, type=Nominee)
    return msgspec.json.decode(content, type=Good) if "locations" in fields else None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _squashed(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum()) or name
