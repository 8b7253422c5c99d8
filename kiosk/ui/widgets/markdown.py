"""The little Markdown of item bodies, as blocks to draw.

Headings, bullets, steps, bold and paragraphs are what bodies are written in. Links keep their words, and other marks
are taken off, so that whatever a hub sends can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kiosk.lettering.scripts import BOLD

_BULLET: Final = re.compile(r"^\s*[-*+•]\s+(.*)$")
_STEP: Final = re.compile(r"^\s*(\d+)[.)]\s+(.*)$")
_HEADING: Final = re.compile(r"^\s*#{1,6}\s+(.*?)\s*#*$")
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_BOLD: Final = re.compile(r"\*\*(.+?)\*\*|__(.+?)__", re.DOTALL)
_LEFT_OVER: Final = re.compile(r"(?<![\w*])[*_]([^*_]+)[*_](?![\w*])|`([^`]*)`")
_QUOTE: Final = re.compile(r"^\s*>\s?")


@dataclass(frozen=True)
class Block:
    """`kind` is `heading`, `text`, `bullet` or `step`; bold words in `text` bear `scripts.BOLD` before them."""

    kind: str
    text: str
    number: str = ""


def blocks(body: str) -> list[Block]:
    """A body in blocks, in order; lines of one paragraph or list entry are joined."""
    found: list[Block] = []
    joined = False
    for raw in body.splitlines():
        line = _QUOTE.sub("", raw).rstrip()
        if not line.strip():
            joined = False
            continue
        block = _block(line)
        if block.kind == "text" and joined and found[-1].kind != "heading":
            found[-1] = Block(found[-1].kind, f"{found[-1].text} {block.text}", found[-1].number)
        else:
            found.append(block)
        joined = True
    return [Block(block.kind, _inline(block.text), block.number) for block in found]


def _block(line: str) -> Block:
    if heading := _HEADING.match(line):
        return Block("heading", heading[1])
    if bullet := _BULLET.match(line):
        return Block("bullet", bullet[1])
    if step := _STEP.match(line):
        return Block("step", step[2], step[1])
    return Block("text", line.strip())


def _inline(text: str) -> str:
    text = _LINK.sub(r"\1", text)
    text = _BOLD.sub(lambda found: _mark(found[1] or found[2]), text)
    return _LEFT_OVER.sub(lambda found: found[1] or found[2] or "", text)


def _mark(words: str) -> str:
    return " ".join(BOLD + word for word in words.split())
