"""Figures of search: every key press of 200 queries, quiet and beside a first sync, and what spelling is forgiven."""

from __future__ import annotations

import functools
import json
import random
import subprocess
import sys
from pathlib import Path

from kiosk.cli.working import NICE
from sync.replica.filters import Filters
from sync.replica.read import Replica
from sync.replica.words import words_of
from tests.bench.rig import enrolled, percentile, ratio, row, timed_s

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ASKED = "how to mend a bike|help with my debt|free food near me|learn to cook|phone repair|somewhere warm to sit"


def search(folder: Path, kiosk: Path, hub: Path, url: str) -> None:
    """All figures of search over the catalogue of a kiosk that has synced."""
    lines = (folder / "items.ndjson").read_text().splitlines()
    items = [json.loads(line) for line in random.Random(5).sample(lines, min(2_000, len(lines)))]
    replica = _open(kiosk)
    first_s = timed_s(lambda: replica.search("gard"))
    keys = [query[:end] for query in queries(items) for end in range(1, len(query) + 1)]
    quiet = _times_ms(replica, keys)
    row(f"search, {len(keys):,} key presses", _p50_p99(quiet), f"worst {max(quiet):.1f} ms")
    row("  the very first", f"{first_s * 1000:.1f} ms")
    beside = _beside_a_first_sync(replica, keys, enrolled(folder / "beside", hub, url))
    times = ratio(percentile(beside, 0.99), percentile(quiet, 0.99), "quiet p99")
    row(f"  beside a first sync, {len(beside):,}", _p50_p99(beside), times)
    filtered(replica, keys)
    ways_on(replica, keys, [str(item["id"]) for item in items])
    spelling(replica, items)
    replica.close()


def queries(items: list[dict[str, object]]) -> list[str]:
    """200 things that people may type: words of titles, tags and texts, some of them misspelt, and whole questions."""
    dice = random.Random(4)

    def some(field: str, most: int) -> str:
        text = dice.choice(items)[field]
        words = words_of(" ".join(text) if isinstance(text, list) else str(text))
        return " ".join(dice.sample(words, min(most, len(words))))

    made = [some("title", 2) for _ in range(60)] + [some("title", 9) for _ in range(24)]
    made += [some("tags", 2) for _ in range(30)] + [some("body", 3) for _ in range(30)]
    for _ in range(50):
        *others, word = some("title", dice.choice((1, 1, 3))).split()
        made.append(" ".join([*others, dice.choice(list(slips(word, dice).values()))]))
    return [*made, *ASKED.split("|")]


def slips(word: str, dice: random.Random) -> dict[str, str]:
    """The word with one letter wrong, missing, doubled or swapped with the next."""
    at = dice.randrange(len(word) - 1) if len(word) > 1 else 0
    return {
        "wrong": word[:at] + dice.choice(LETTERS.replace(word[at], "")) + word[at + 1 :],
        "missing": word[:at] + word[at + 1 :],
        "doubled": word[:at] + word[at] + word[at:],
        "swapped": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    }


FILTERS = {
    "a kind": Filters(kind="guide"),
    "a theme": Filters(theme="food"),
    "a language": Filters(language="pl"),
    "English": Filters(language="en"),
    "free": Filters(free=True),
    "within 3 km": Filters(near_km=3),
    "within 25 km": Filters(near_km=25),
    "within 500 km": Filters(near_km=500),
    "kind, theme, free": Filters(kind="service", theme="shelter", free=True),
    "all of them": Filters(kind="service", theme="shelter", language="en", free=True, near_km=25),
}


def filtered(replica: Replica, keys: list[str]) -> None:
    """Pages of shelves and every tenth key press of the search, filter by filter; the first of each apart."""
    for name, filters in FILTERS.items():
        first = [timed_s(lambda: replica.shelf(filters=filters)) * 1000]  # noqa: B023 (called at once)
        first.append(timed_s(lambda: replica.search("gard", filters=filters)) * 1000)  # noqa: B023
        total = replica.shelf(filters=filters).total
        pages = [
            timed_s(functools.partial(replica.shelf, shelf, filters=filters, offset=offset)) * 1000
            for shelf in ("", "theme:food", "theme:skills", "language:pl")
            for offset in range(0, 400, 20)
        ]
        searches = [timed_s(functools.partial(replica.search, key, filters=filters)) * 1000 for key in keys[::10]]
        row(f"filter: {name}, {total:,}", f"pages {_p50_p99(pages)}", f"search {_p50_p99(searches)}", _first(first))


def ways_on(replica: Replica, keys: list[str], ids: list[str]) -> None:
    """What is similar, what a word may become, what is worth choosing, and which theme was meant."""
    items = [item for item_id in ids[:400] if (item := replica.item(item_id=item_id))]
    row("similar items", _p50_p99([timed_s(functools.partial(replica.similar, item)) * 1000 for item in items]))
    row("completions", _p50_p99([timed_s(functools.partial(replica.completions, key)) * 1000 for key in keys]))
    shelves = ("", "theme:food", "language:pl")
    row("choices, of a shelf", _p50_p99([timed_s(functools.partial(replica.choices, s)) * 1000 for s in shelves * 20]))
    found = [timed_s(functools.partial(replica.choices, "", key)) * 1000 for key in keys[::10]]
    row("choices, of a search", _p50_p99(found))
    row(
        "nearest theme", _p50_p99([timed_s(functools.partial(replica.nearest_theme, key)) * 1000 for key in keys[::20]])
    )


def _first(times_ms: list[float]) -> str:
    return "first " + " and ".join(f"{time_ms:.1f}" for time_ms in times_ms) + " ms"


def spelling(replica: Replica, items: list[dict[str, object]]) -> None:
    """How often a misspelt word of a title or tag still finds an item with that word among the first five."""
    dice = random.Random(6)
    words = {word for item in items for word in words_of(f"{item['title']} {' '.join(item['tags'])}")}  # type: ignore[arg-type]
    picked = dice.sample(sorted(word for word in words if len(word) >= 5), min(500, len(words)))
    hits: dict[str, list[bool]] = {}
    for word in picked:
        for kind, form in slips(word, dice).items():
            found = [replica.item(item_id=card.id) for card in replica.search(form)[:5]]
            texts = [words_of(f"{item.title} {' '.join(item.tags)}") for item in found if item]
            hits.setdefault(kind, []).append(any(word in text for text in texts))
    every = [hit for of_kind in hits.values() for hit in of_kind]
    row("  one slip, found in the first five", f"{sum(every) / len(every):.1%} of {len(every):,}")
    row("    by kind", ", ".join(f"{kind} {sum(of) / len(of):.1%}" for kind, of in hits.items()))


def _beside_a_first_sync(replica: Replica, keys: list[str], kiosk: Path) -> list[float]:
    """The same key presses while another process makes a first sync, as the agent would, while it lasts."""
    words = ["nice", "-n", str(NICE), sys.executable, "-m", "kiosk", "sync", "--data", str(kiosk), "--once", "--json"]
    found: list[float] = []
    with subprocess.Popen(words, stdout=subprocess.DEVNULL) as syncing:
        for key in keys:
            found += _times_ms(replica, [key])
            if syncing.poll() is not None:
                break
    return found


def _times_ms(replica: Replica, keys: list[str]) -> list[float]:
    return [timed_s(functools.partial(replica.search, key)) * 1000 for key in keys]


def _p50_p99(times_ms: list[float]) -> str:
    return f"p50 {percentile(times_ms, 0.5):.2f}, p99 {percentile(times_ms, 0.99):.2f} ms"


def _open(kiosk: Path) -> Replica:
    return Replica(kiosk / "catalogue" / (kiosk / "catalogue" / "current").read_text(), shop="Bench")
