"""A made-up catalogue of any size, the same at every run: words as uneven as in real text, about 1 KB an item."""

from __future__ import annotations

import itertools
import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

from sync.records import KINDS

THEMES = ("food", "shelter", "transport", "security", "community", "skills")
EVERYDAY = (
    "garden bike repair soup bread lunch library tool phone form council rent heating damp lock street party choir "
    "sewing allotment compost lift bus walk market swap share teach learn advice debt energy window paint kitchen "
    "children tablet password letter wheel chain bell kettle lamp blanket seed tree bench hall room key notice"
).split()
TOWNS = tuple((50.5 + step * 0.3, -4.5 + step * 7 % 11 * 0.5) for step in range(24))
HERE = TOWNS[3]
"""Where the bench's shop is."""
LANGUAGES = ("pl", "cy", "ur", "ar", "bn", "pa", "ro")
PARTS = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in "aeiou"]


def vocabulary(size: int = 20_000) -> list[str]:
    """Everyday words first, then made-up ones."""
    dice = random.Random(11)
    words = dict.fromkeys(EVERYDAY)
    while len(words) < size:
        words["".join(dice.choices(PARTS, k=dice.randint(2, 4))) + dice.choice(("", "n", "r", "s", "t"))] = None
    return list(words)


def items(count: int, *, changed: int = 0) -> Iterator[dict[str, Any]]:
    """`count` items; with `changed`, only that many of them, each with another summary."""
    dice = random.Random(12)
    words = vocabulary()
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    picked = set(random.Random(13).sample(range(count), changed))

    def text(low: int, high: int) -> str:
        return " ".join(dice.choices(words, cum_weights=weights, k=dice.randint(low, high)))

    for number in range(count):
        item = {
            "id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
            "kind": dice.choice(KINDS),
            "title": text(3, 6).capitalize(),
            "summary": text(10, 18).capitalize() + ".",
            "body": " ".join(text(8, 14).capitalize() + "." for _sentence in range(dice.randint(5, 9))),
            "themes": [dice.choice(THEMES)],
            "tags": dice.sample(EVERYDAY, 3),
            "maker": {"name": text(2, 3).title()},
            "licence": dice.choice(("CC-BY-4.0", "CC0-1.0", "MIT")),
            "url": f"https://{dice.choice(words)}.example.org/{number}",
            "checked_on": f"2026-{dice.randint(1, 11):02}-{dice.randint(1, 28):02}",
        }
        if changed and number not in picked:
            continue
        item |= _whereabouts(number)
        yield item | ({"summary": "Changed: " + item["summary"]} if changed else {})


def _whereabouts(number: int) -> dict[str, Any]:
    """Where an item is (six of ten, most near one of the towns), its price (one of ten) and other languages (a few)."""
    dice = random.Random(number)
    fields: dict[str, Any] = {}
    if dice.random() < 0.6:
        lat, lon = dice.choice(TOWNS)
        where = {"lat": round(dice.gauss(lat, 0.06), 5), "lon": round(dice.gauss(lon, 0.1), 5)}
        fields["place"] = {"name": "Hall", "postcode": f"ZZ{number % 99} {number % 9}ZZ", **where}
    if dice.random() < 0.1:
        fields["price"] = {"amount_pence": dice.randrange(50, 2_000)}
    if dice.random() < 0.05:
        fields["language"] = dice.choice(LANGUAGES)
    return fields


def write(path: str, count: int) -> None:
    """Write `count` items as NDJSON."""
    with open(path, "w", encoding="utf-8") as out:
        for item in items(count):
            out.write(json.dumps(item, ensure_ascii=False) + "\n")
