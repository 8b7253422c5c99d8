"""What the page of one item says, worked out from its record before a template lays it out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from sync import wording
from sync.pages import dates, links, render
from sync.records import File, Item, Theme
from sync.replica.blobs import Blobs
from sync.sessions import Session
from sync.words import _, joined

_PRICELESS: Final = ("news", "want", "skill")


@dataclass(frozen=True)
class Words:
    """A text and the language it is in, which may not be the one that was asked for."""

    text: str
    language: str


@dataclass(frozen=True)
class Download:
    """One button: where it leads, what it gives, and whether the file is held here, elsewhere or not yet."""

    name: str
    detail: str
    address: str
    host: str = ""
    readable: bool = False


@dataclass(frozen=True)
class Fact:
    """A line such as *Made by: Brook Street Kitchen*."""

    icon: str
    label: str
    value: str
    address: str = ""


@dataclass(frozen=True)
class Spoken:
    """A language that the item can be read in."""

    code: str
    name: str
    current: bool


@dataclass(frozen=True)
class ItemPage:
    """All that the page shows."""

    item: Item
    language: str
    theme: Theme | None
    title: Words
    summary: Words
    body: Words
    body_html: Markup
    picture: str
    downloads: list[Download]
    site: str
    site_host: str
    facts: list[Fact]
    sessions: list[Session]
    spoken: list[Spoken]
    source: Fact | None
    ended: bool


def page_of(
    item: Item,
    language: str,
    themes: dict[str, Theme],
    *,
    blobs: Blobs,
    sessions: Sequence[Session],
    today: dt.date,
    root: str = "",
) -> ItemPage:
    """The page of an item, in `language` as far as it was translated, with facts in the language that is spoken."""
    language = language if language in item.languages else item.language
    title, summary, body = (_words(item, language, name) for name in ("title", "summary", "body"))
    return ItemPage(
        item=item,
        language=language,
        theme=next((themes[key] for key in item.themes if key in themes), None),
        title=title,
        summary=summary,
        body=body,
        body_html=render.markdown(body.text),
        picture=_picture(item, blobs, root),
        downloads=[_download(file, blobs, root) for file in item.files],
        site=links.web(item.url),
        site_host=links.host(item.url),
        facts=[*_facts(item)],
        sessions=list(sessions),
        spoken=_spoken(item, language),
        source=_source(item),
        ended=has_ended(item, today),
    )


def has_ended(item: Item, today: dt.date) -> bool:
    """Whether its last day is over."""
    return bool(item.expires_on) and item.expires_on < today.isoformat()


def _words(item: Item, language: str, name: str) -> Words:
    there = item.translations.get(language)
    translated = str(getattr(there, name)) if there and language != item.language else ""
    return Words(translated, language) if translated else Words(str(getattr(item, name)), item.language)


def _is_here(file: File, blobs: Blobs) -> bool:
    try:
        return bool(file.sha256) and blobs.has(file.sha256)
    except ValueError:
        return False


def _picture(item: Item, blobs: Blobs, root: str) -> str:
    return f"{root}/pictures/{item.picture.sha256}" if item.picture and _is_here(item.picture, blobs) else ""


def _download(file: File, blobs: Blobs, root: str) -> Download:
    parts = [
        wording.file_kind(file),
        render.isolated(wording.size(file.size_bytes) if file.size_bytes else ""),
        render.isolated(wording.LANGUAGES.get(file.language, file.language)),
        wording.works_on(Item(id="", kind="", title="", files=[file])) if file.platform not in ("", "any") else "",
    ]
    here = _is_here(file, blobs)
    return Download(
        name=file.name,
        detail=joined(parts),
        address=links.file(root, file) if here else links.web(file.url),
        host="" if here else links.host(file.url),
        readable=here and file.media_type == "application/pdf",
    )


def _facts(item: Item) -> list[Fact]:
    found = []
    if where := dates.in_one_line(item.place):
        place = item.place
        found.append(Fact("place", _("Where"), where, links.on_a_map(place.lat, place.lon) if place else ""))
    if item.maker and item.maker.name:
        found.append(Fact("person", _("Made by"), item.maker.name, links.web(item.maker.url)))
    if item.price or item.kind not in _PRICELESS:
        found.append(Fact("price", _("Price"), wording.price(item)))
    if may := wording.licence(item.licence):
        found.append(Fact("may", _("You may"), f"{may} ({item.licence})"))
    if item.files:
        found.append(Fact("app", _("Works on"), wording.works_on(item)))
    if item.checked_on:
        found.append(Fact("checked", _("Checked on"), wording.day(item.checked_on)))
    return found


def _spoken(item: Item, language: str) -> list[Spoken]:
    if len(item.languages) < 2:
        return []
    return [
        Spoken(
            code=code,
            name=wording.LANGUAGES.get(code, code),
            current=code == language,
        )
        for code in item.languages
    ]


def _source(item: Item) -> Fact | None:
    source = item.source
    if source is None or not (source.name or links.host(source.url)):
        return None
    return Fact("", source.licence, source.name or links.host(source.url), links.web(source.url))
