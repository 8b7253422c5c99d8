#!/usr/bin/env python3
"""Gathers every word that people read into the catalogues `assets/words/LANGUAGE.po`.

    packaging/words.py            bring the catalogues up to date, and tell what is still to be translated
    packaging/words.py cy         the same for one language, which is begun where there is none
    packaging/words.py --check    change nothing; end with 1 where a catalogue is behind

What is translated is kept; what is no longer said is dropped.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assets" / "words"
READ = ("kiosk", "sync")
SUFFIXES = (".py", ".kv", ".html")
KEYWORDS = {"_": None, "N_": None, "count_of": (2, 3), "N_of": (1, 2)}
REVIEW = "not yet read by a native reader"
HEADER = """# {language} words of Touchpoint. {review}
# A sentence that sounds wrong is a fault like any other: please say so, or change it here.
#"""


def main(arguments: list[str]) -> int:
    """Do as the arguments say; returns the exit status."""
    check = "--check" in arguments
    languages = [name for name in arguments if not name.startswith("-")]
    languages = languages or sorted(path.stem for path in FOLDER.glob("*.po"))
    said = gathered()
    behind = [language for language in languages if not _one(language, said, check)]
    return 1 if check and behind else 0


def gathered() -> Catalog:
    """Every word there is, with the files that say it."""
    said = Catalog(project="Touchpoint", charset="utf-8")
    for path in sorted(path for top in READ for path in (ROOT / top).rglob("*") if path.suffix in SUFFIXES):
        for words, comments in _words(path):
            said.add(words, locations=[(str(path.relative_to(ROOT)), 0)], auto_comments=comments)
    return said


def _words(path: Path) -> Iterator[tuple[str | tuple[str, ...], list[str]]]:
    text = path.read_bytes()
    if path.suffix == ".html":
        # a template that cannot be read is an error, not one without words
        for _line, words, comments, _context in extract(
            babel_extract, io.BytesIO(text), KEYWORDS, ("Translators:",), {"silent": "false"}
        ):
            yield words, comments
        return
    # a line of .kv is an expression of Python behind a name
    parts = [text] if path.suffix == ".py" else [line.strip() for line in text.splitlines() if b"_(" in line]
    for part in parts:
        for _line, words, comments, _context in extract("python", io.BytesIO(part), KEYWORDS, ("Translators:",)):
            yield words, comments


def _one(language: str, said: Catalog, check: bool) -> bool:
    """Whether the language's catalogue is whole and up to date."""
    path = FOLDER / f"{language}.po"
    catalogue = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(language)
    review = REVIEW if "Review: read" not in (catalogue.header_comment or "") else "read by a native reader"
    fresh = Catalog(language, project="Touchpoint", charset="utf-8", fuzzy=False)
    fresh.header_comment = HEADER.format(language=Locale.parse(language).english_name, review=f"Review: {review}.")
    missing = 0
    for message in said:
        if not message.id:
            continue
        old = catalogue.get(message.id)
        string = old.string if old is not None else None
        fresh.add(message.id, string, message.locations, auto_comments=message.auto_comments)
        missing += not _whole(string)
    written = io.BytesIO()
    write_po(written, fresh, width=118, include_lineno=False, omit_header=False, sort_output=False)
    text = _without_dates(written.getvalue())
    current = path.exists() and path.read_bytes() == text
    if not check and not current:
        path.write_bytes(text)
    print(f"{language}: {len(fresh)} words, {missing} to be translated" + ("" if current or not check else ", behind"))
    return current and not missing


def _whole(string: str | tuple[str, ...] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def _without_dates(text: bytes) -> bytes:
    """Without what changes though no word does."""
    drop = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Report-Msgid', b'"Last-Translator',
            b'"Language-Team', b'"Project-Id')  # fmt: skip
    return b"\n".join(line for line in text.split(b"\n") if not line.startswith(drop))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
