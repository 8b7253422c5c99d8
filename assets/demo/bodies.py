"""The small part of Markdown that item bodies use, read into blocks.

Only these: ``## heading``, ``- bullet``, ``1. step``, ``**bold**`` and plain paragraphs. Anything else is an
error, so that every screen, slip and page that shows a body can draw it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["heading", "paragraph", "bullets", "steps"]

_BULLET = re.compile(r"^- +(.*)$")
_STEP = re.compile(r"^\d+\. +(.*)$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_UNWANTED = re.compile(r"^(#(?!# )|###|>|```|\||\* |!\[)|\]\(|<[a-z/]")


@dataclass(frozen=True)
class Block:
    """One heading, paragraph or list; ``lines`` holds one entry a paragraph, heading or list entry."""

    kind: BlockKind
    lines: tuple[str, ...]


class BodyError(ValueError):
    """A body uses Markdown that we do not allow."""


def read_blocks(body: str) -> list[Block]:
    """Split a body into blocks, in order."""
    return [block for chunk in re.split(r"\n\s*\n", body.strip()) for block in _read_chunk(chunk)]


def _read_chunk(chunk: str) -> list[Block]:
    blocks: list[Block] = []
    for line in chunk.splitlines():
        if _UNWANTED.search(line):
            raise BodyError(f"Markdown that we do not use: {line!r}")
        kind, text = _read_line(line)
        if blocks and kind == blocks[-1].kind and kind in ("bullets", "steps"):
            blocks[-1] = Block(kind, (*blocks[-1].lines, text))
        elif blocks and kind == "paragraph" and blocks[-1].kind == "paragraph":
            blocks[-1] = Block(kind, (f"{blocks[-1].lines[0]} {text}",))
        else:
            blocks.append(Block(kind, (text,)))
    return blocks


def _read_line(line: str) -> tuple[BlockKind, str]:
    if line.startswith("## "):
        return "heading", line[3:].strip()
    if found := _BULLET.match(line):
        return "bullets", found.group(1).strip()
    if found := _STEP.match(line):
        return "steps", found.group(1).strip()
    return "paragraph", line.strip()


def to_markup(text: str, bold: str = "b") -> str:
    """One line of a body as XML-like markup, with ``**x**`` as ``<b>x</b>``."""
    return _BOLD.sub(rf"<{bold}>\1</{bold}>", html.escape(text, quote=False))


def to_plain(body: str) -> str:
    """A body as plain text, for calendars and other places that have no bold."""
    marks = {"heading": "{}:", "paragraph": "{}", "bullets": "- {}", "steps": "{}"}
    lines = [marks[block.kind].format(line) for block in read_blocks(body) for line in block.lines]
    return _BOLD.sub(r"\1", "\n".join(lines))


def count_words(body: str) -> int:
    """How many words a reader meets."""
    return len(re.findall(r"\w[\w’'-]*", body))
