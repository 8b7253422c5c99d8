"""Ways on from an item, from half a word and from a search in vain."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import reduce
from math import log
from operator import or_
from typing import Any, Final
from uuid import UUID

from sync.records import Item, Theme
from sync.replica import bits, schema
from sync.replica.facets import Facets
from sync.replica.search import TITLES, Match, Search
from sync.replica.words import COMMON, as_written, fold, words_of

_TELLING: Final = 8
"""So many words of an item, the rarest, are looked for in others."""
_ALIKE: Final = 200
"""So many items with each of them are looked at, by rank."""
_CANDIDATES: Final = 32
"""So many words that a beginning may become are tried."""
_FOLLOWED: Final = 200
"""So many items with the words typed before tell what the next one may be."""
_MEANT: Final = 60
"""So many finds say which theme was meant."""
_STEM: Final = 4
"""A word that is not known is cut down to so many letters at least, till something begins so: `gardeners`, `garden`."""


class Suggest:
    """What else may be of use.

    Args:
        rows: answers a query with its values.
        search: the search in all that is visible.
    """

    def __init__(self, rows: Callable[[str, Any], list[Any]], search: Search, facets: Facets) -> None:
        self._rows = rows
        self._search = search
        self._facets = facets

    # -- from an item

    def similar(self, item: Item, most: int) -> list[int]:
        """Row numbers of items of the same theme or kind, by the words of title and tags that they share with it.

        A rare word tells more than a common one; a theme in common counts as one such, a kind as half. Where too few
        share a word, the best of the same theme and kind follow. The item itself is none of them.
        """
        facets, search = self._facets, self._search.within(self._facets.selection())
        mine = {n for (n,) in self._rows("SELECT n FROM item WHERE id = ?", [UUID(item.id).bytes])}
        shown = facets.shown()
        themes = reduce(or_, (facets.on(f"theme:{theme}") for theme in item.themes), 0)
        kind = facets.kind(item.kind)
        of_theme, of_kind = bits.as_bytes(themes & shown), bits.as_bytes(kind & shown)
        score: dict[int, float] = defaultdict(float)
        for word, weight in self._telling_words(item, shown.bit_count()):
            for n in search.with_words([word], _ALIKE):
                score[n] += weight
        for n in score:
            score[n] += bits.holds(of_theme, n) + bits.holds(of_kind, n) / 2
        alike = [n for n in score if n not in mine and (bits.holds(of_theme, n) or bits.holds(of_kind, n))]
        best = sorted(alike, key=lambda n: (-score[n], n))[:most]
        others = bits.numbers(themes & kind & shown, 0, most + len(mine)) if len(best) < most else []
        return list(dict.fromkeys([*best, *(n for n in others if n not in mine)]))[:most]

    def _telling_words(self, item: Item, total: int) -> list[tuple[str, float]]:
        """The rarest words of an item that others may have, with how much each tells."""
        titles = [item.title, *item.tags, *(other.title for other in item.translations.values())]
        words = {word for text in titles for word in words_of(text)} - COMMON
        counts = self._search.counts(words)
        telling = [(word, log(1 + total / items)) for word, items in counts.items() if len(word) > 1 < items]
        return sorted(telling, key=lambda one: (-one[1], one[0]))[:_TELLING]

    # -- from half a word

    def completions(self, typed: str, most: int) -> list[str]:
        """Whole words for the one being typed, as they are written somewhere in the catalogue, in lower case.

        Each stands for the last word only, and finds something together with the words before it. The commonest come
        first: after other words those that items with these have most. None after a space, as then nothing is begun.
        """
        words = words_of(typed)
        if not words or not fold(typed).endswith(words[-1]):
            return []
        start, before = words[-1], [word for word in words[:-1] if word not in COMMON]
        search = self._search.within(self._facets.selection())
        found = self._following(search, before, start, most) if before else self._commonest(search, start, most)
        return [as_written(texts).get(word, word) for word, texts in found]

    def _commonest(self, search: Search, start: str, most: int) -> list[tuple[str, Sequence[str]]]:
        """Words that begin so with the texts of an item that has it, the commonest first."""
        found: list[tuple[str, Sequence[str]]] = []
        for word in search.words_starting(start, _CANDIDATES):
            if _is_of_use(word, start) and (numbers := search.with_words([word], 1)):
                found.append((word, self._texts(numbers)[0]))
                if len(found) == most:
                    break
        return found

    def _following(
        self, search: Search, before: Sequence[str], start: str, most: int
    ) -> list[tuple[str, Sequence[str]]]:
        """The same among the items with the words before."""
        counts: Counter[str] = Counter()
        texts: dict[str, Sequence[str]] = {}
        for row in self._texts(search.with_words(before, _FOLLOWED)):
            for word in {word for text in row for word in words_of(text)}:
                if word.startswith(start) and _is_of_use(word, start) and word not in before:
                    counts[word] += 1
                    texts.setdefault(word, row)
        best = sorted(counts, key=lambda word: (-counts[word], word))[:most]
        return [(word, texts[word]) for word in best]

    def _texts(self, numbers: Sequence[int]) -> list[list[str]]:
        """Title, tags and translated titles of rows."""
        marks = ",".join("?" * len(numbers))
        query = f"SELECT {', '.join(schema.TITLE_COLUMNS)} FROM item WHERE n IN ({marks}) ORDER BY n"
        return [[text for text in row if text] for row in self._rows(query, list(numbers))]

    # -- from a search in vain

    def nearest_theme(self, text: str, themes: Sequence[Theme]) -> str:
        """The key of the theme that somebody may have meant, or nothing.

        A theme whose name was typed is it; else the one with most of what the words find, what fits best counting most.
        """
        words = [word for word in words_of(text) if word not in COMMON]
        there = [theme for theme in themes if self._facets.shown(f"theme:{theme.key}")]
        for theme in there:
            names = {word for name in (theme.name, *theme.names.values()) for word in words_of(name)} - COMMON
            if names & set(words):
                return theme.key
        score: dict[str, float] = defaultdict(float)
        shelves = {theme.key: bits.as_bytes(self._facets.on(f"theme:{theme.key}")) for theme in there}
        for at, n in enumerate(self._meant(words)):
            for key, rows in shelves.items():
                if bits.holds(rows, n):
                    score[key] += 1 / (at + 5)
        return max(there, key=lambda theme: score[theme.key]).key if score else ""

    def _meant(self, words: Sequence[str]) -> list[int]:
        """What all the words find, else what each of them finds alone, else what begins as they do."""
        if not words:
            return []
        if found := self._search(" ".join(words) + " ", _MEANT):
            return found
        each = [self._search(word + " ", _MEANT) for word in words]
        if not any(each):
            each = [self._begun(word) for word in words]
        return list(dict.fromkeys(n for found in each for n in found))[:_MEANT]

    def _begun(self, word: str) -> list[int]:
        """What has a word that begins as this one does, by as many letters as there is one for."""
        for end in range(len(word) - 1, _STEM - 1, -1):
            if become := self._search.words_starting(word[:end], _CANDIDATES):
                return self._search.matching(TITLES, Match(groups=[become]), _MEANT)
        return []


def _is_of_use(word: str, start: str) -> bool:
    """Whether a word is worth offering: it says something and is not there already."""
    return word != start and word not in COMMON and (len(word) > 2 or not word.isascii())
