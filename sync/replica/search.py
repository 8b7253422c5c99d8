"""Search at the speed of typing.

Ranking thousands of rows at every key press is what makes search slow, so nothing is ranked here: rows are stored
in rank order and read in it. One or two letters come from a table made beforehand; then the small index of titles
and tags answers; the full text tops up; then other words for the same thing are tried; then spelling is forgiven;
then any of the words will do.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, zip_longest
from math import log2
from typing import Any, Final

from sync import codes
from sync.replica import spelling
from sync.replica.everyday import alike, as_meant, forms, is_listed
from sync.replica.schema import TEXT_COLUMNS, TITLE_COLUMNS, TOP
from sync.replica.selection import Selection
from sync.replica.words import COMMON, words_of

_ENOUGH: Final = 5
"""With fewer finds than this, the next and more forgiving way of looking is tried as well."""
_AS_TYPED: Final = 3
_AS_KNOWN: Final = 4
"""So many finds for the words as typed come first, where there are plenty, before other spellings get a place: fewer
where a word is in no title, as it is likelier misspelt then."""
_IN_ORDER: Final = 60
"""So many finds are put in order by the first letters of a next word."""
_SPELLINGS: Final = 8
"""At most so many other spellings of a word are looked for."""
_ANY: Final = 100
"""So many items with any one of the words are looked at, where none has all of them."""
_COMPLETIONS: Final = 32
"""At most so many words that an unfinished one may become are looked for in the full text."""


TITLES: Final = "item_title"
TEXTS: Final = "item_text"
"""The two indexes."""

_Scored = Callable[[tuple[str, ...]], Mapping[int, float]]
"""How well each item fits that has any of these words."""
_COLUMNS: Final = {TITLES: TITLE_COLUMNS, TEXTS: TEXT_COLUMNS}


@dataclass(frozen=True)
class Match:
    """Every one of the words, and one of each group; with `unfinished` the last of the words is a beginning."""

    words: Sequence[str] = ()
    groups: Sequence[Sequence[str]] = ()
    unfinished: bool = False

    def in_fts5(self) -> str:
        """The same in FTS5's language."""
        every = ["(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in self.groups]
        every += [f'"{word}"' for word in self.words]
        return " AND ".join(every) + ("*" if self.unfinished else "")


class Search:
    """Finds items by what was typed so far.

    Args:
        connection: gives the calling thread's connection to the replica.
        visible: gives a condition on `item` rows and its named values.
        today: tells the date, for `tomorrow`.
        selection: the rows to search in, in their order; None: all that is visible, by rank.
    """

    def __init__(
        self,
        connection: Callable[[], sqlite3.Connection],
        visible: Callable[[], tuple[str, dict[str, Any]]],
        today: Callable[[], dt.date],
        selection: Selection | None = None,
    ) -> None:
        self._connection = connection
        self._visible = visible
        self._today = today
        self._selection = selection

    def within(self, selection: Selection) -> Search:
        """The same search in these rows alone."""
        return Search(self._connection, self._visible, self._today, selection)

    def __call__(self, text: str, limit: int = 20) -> list[int]:
        """Row numbers, best first, at most `limit`; none for a text without a word in it."""
        if codes.looks_like(text) and (coded := self._by_code(codes.read(text))):
            return coded
        words = words_of(text)
        if not words:
            return []
        whole = text[-1:].isspace()
        words = as_meant(self._connection(), words, self._today(), whole=whole)
        letters = len(words[-1])
        if whole or letters > 3 or (letters == 3 and len(words) == 1):
            return self._find(words, limit, whole=whole)
        if len(words) == 1:
            return self._by_first_letters(words[0], limit)
        if words[-1] not in COMMON and spelling.is_word(self._connection(), words[-1]):
            return self._find(words, limit, whole=True)  # `writing a cv`
        # a few letters after other words fit nearly everything: they look in titles only, and put in order
        found: list[int] = []
        if letters == 3 or words[-1] in COMMON:  # `what's on`
            found = self.matching(TITLES, Match(words, unfinished=letters == 3), limit)
        others = self._find(words[:-1], max(limit, _IN_ORDER), whole=True)
        if words[-1] not in COMMON:
            others = self._starting_first(others, words[-1])
        found = _more(found, others, limit)
        if not found and COMMON.issuperset(words[:-1]):
            return self(words[-1], limit)  # `my bu`: what came before says nothing
        return found

    # -- looking for words as they are

    def matching(self, table: str, match: Match, limit: int) -> list[int]:
        """The first `limit` rows in which an index has what is asked."""
        if self._selection is not None:
            return self._match_in(self._selection, table, match, limit)
        where, values = self._visible()
        query = (
            f"SELECT n FROM {table} JOIN item ON item.n = {table}.rowid"
            f" WHERE {table} MATCH :match AND {where} LIMIT :limit"
        )
        return self._numbers(query, values | {"match": match.in_fts5(), "limit": limit})

    def with_words(self, words: Sequence[str], limit: int) -> list[int]:
        """Items with every one of these words, those first that have them in title or tags."""
        found = self.matching(TITLES, Match(words), limit)
        if len(found) < limit and len(words) > 1 and self._has_text():
            found = _more(found, self.matching(TEXTS, Match(words), limit), limit)
        return found

    def words_starting(self, start: str, most: int) -> list[str]:
        """Words of titles and tags that start so, itself included, the commonest first."""
        return spelling.completions(self._connection(), start, most)

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """How many items have each of these words in title or tags, those that some item had."""
        return spelling.counts(self._connection(), words)

    # -- ways of looking, from the strictest to the most forgiving

    def _find(self, words: Sequence[str], limit: int, *, whole: bool) -> list[int]:
        """Items with these words, ever more forgivingly until there are enough; the last may be unfinished."""
        telling = [word for word in words if word not in COMMON] or list(words)
        unfinished = not whole and words[-1] == telling[-1]
        scored = cache(partial(self._scored, unfinished=unfinished))  # it is asked for up to three times
        found = self._as_typed(words, telling, limit, scored, whole=whole, unfinished=unfinished)
        if len(found) < _ENOUGH:
            found = _more(found, self._said_otherwise(telling, limit, scored, unfinished=unfinished), limit)
        spellings = self._spellings(telling, unfinished=unfinished)
        unknown = [at for at, others in enumerate(spellings) if others and not self._is_known(telling, at, unfinished)]
        otherwise = self._spelled_otherwise(telling, spellings, unknown)
        whole_words = all(spelling.is_word(self._connection(), telling[at]) for at, o in enumerate(spellings) if o)
        first = _AS_KNOWN if whole_words else _AS_TYPED
        found = _more(found[:first], [*otherwise[: _ENOUGH - first], *found, *otherwise], limit)
        if len(found) < _ENOUGH and len(telling) > 1:
            nearest = [spellings[at][0] if at in unknown else word for at, word in enumerate(telling)]
            return _more(found, self._most_words(nearest, limit, scored), _ENOUGH if found else limit)
        return found

    def _as_typed(
        self,
        words: Sequence[str],
        telling: Sequence[str],
        limit: int,
        scored: _Scored,
        *,
        whole: bool,
        unfinished: bool,
    ) -> list[int]:
        """Items with every word, titles and tags first; common words count in titles only, while they help."""
        found = self.matching(TITLES, Match(words, unfinished=not whole), limit)
        if len(found) < limit:
            finished = telling[:-1] if unfinished else telling
            any_form = [forms(self._connection(), word) for word in finished]
            match = Match(telling[len(finished) :], any_form, unfinished=unfinished)
            others = self.matching(TITLES, match, max(limit, _IN_ORDER))
            if len(words) > len(telling):
                others = self._most_titled_first(others, telling, words)
            found = _more(found, others, limit)
        if len(found) < limit and self._has_text():
            others = self.matching(TEXTS, self._completed(telling, unfinished), max(limit, _IN_ORDER))
            if len(found) < _ENOUGH and len(telling) > 1:
                others = self._or_better(others, scored(tuple(telling)))
            elif len(words) > 1:
                others = self._most_titled_first(others, telling, words)
            found = _more(found, others, limit)
        return found

    def _said_otherwise(self, words: Sequence[str], limit: int, scored: _Scored, *, unfinished: bool) -> list[int]:
        """Items that have every word in one of its forms, or another word for the same thing."""
        groups = [self._alike(word, unfinished and at == len(words) - 1) for at, word in enumerate(words)]
        if all(len(group) == 1 for group in groups):
            return []
        found = self.matching(TITLES, Match(groups=groups), limit)
        if len(found) < limit and len(words) > 1 and self._has_text():
            others = self.matching(TEXTS, Match(groups=groups), max(limit, _IN_ORDER))
            found = _more(found, self._or_better(others, scored(tuple(words))), limit)
        return found

    def _alike(self, word: str, unfinished: bool) -> list[str]:
        db = self._connection()
        begun = spelling.completions(db, word, _COMPLETIONS) if unfinished else []
        return list(dict.fromkeys([*alike(db, word), *begun]))

    def _by_code(self, code: str) -> list[int]:
        where, values = self._visible()
        return self._numbers(f"SELECT n FROM item WHERE code = :code AND {where}", values | {"code": code})

    def _by_first_letters(self, prefix: str, limit: int) -> list[int]:
        if self._selection is not None:
            if self._selection.is_small:
                return self.matching(TITLES, Match([prefix], unfinished=True), limit)
            become = spelling.completions(self._connection(), prefix, _COMPLETIONS)
            return self.matching(TITLES, Match(groups=[become]), limit) if become else []
        where, values = self._visible()
        query = (
            "SELECT n FROM first_letters JOIN item USING (n)"
            f" WHERE prefix = :prefix AND {where} ORDER BY n LIMIT :limit"
        )
        found = self._numbers(query, values | {"prefix": prefix, "limit": limit})
        if len(found) >= min(limit, TOP):
            return found
        return _more(
            found, self.matching(TITLES, Match([prefix], unfinished=True), limit), limit
        )  # others had taken the places

    def _completed(self, words: Sequence[str], unfinished: bool) -> Match:
        """A match for every word in the full text; for an unfinished one, the words that it may become."""
        become = spelling.completions(self._connection(), words[-1], _COMPLETIONS) if unfinished else []
        if not become:
            return Match(words, unfinished=unfinished)
        # for a word with a star the library gathers all that fits first, which takes long for common ones
        return Match(words[:-1], [[words[-1], *become]])

    def _most_words(self, words: Sequence[str], limit: int, scored: _Scored) -> list[int]:
        """Items with any of the words: those first that have most of them, or of what is said for them."""
        score = scored(tuple(words))
        having = {n for word in words for n in self._having(forms(self._connection(), word))}
        return self._best_first(having & score.keys(), score)[:limit]

    def _having(self, group: Sequence[str]) -> list[int]:
        """Some of the items with any word of a group anywhere."""
        return self.matching(TEXTS if self._has_text() else TITLES, Match(groups=[group]), _ANY)

    def _or_better(self, found: list[int], score: Mapping[int, float]) -> list[int]:
        """What has every word somewhere in its text, and what fits better though it has not: `my flat is damp`."""
        if not found:
            return found
        least = min(score.get(n, 0) for n in found)
        return self._best_first({n for n, its in score.items() if its > least} | set(found), score)

    def _best_first(self, found: Iterable[int], score: Mapping[int, float]) -> list[int]:
        place = self._selection.place if self._selection else int
        return sorted(found, key=lambda n: (-score.get(n, 0), place(n)))

    def _scored(self, words: tuple[str, ...], *, unfinished: bool) -> Mapping[int, float]:
        """How well items fit that have any of the words, or what is said for them.

        A title counts double, a word that few items have more than one that many have.
        """
        score: dict[int, float] = defaultdict(float)
        for at, word in enumerate(words):
            group = self._alike(word, unfinished and at == len(words) - 1 and len(word) > 3)
            for table, weight in ((TITLES, 2), (TEXTS, 1)):
                if table == TITLES or self._has_text():
                    found = self.matching(table, Match(groups=[group]), _ANY)
                    for n in found:
                        score[n] += weight * log2(2 * _ANY / len(found))
        return score

    def _starting_first(self, found: list[int], letters: str) -> list[int]:
        """The same items, those with a word in title or tags that starts with these letters first."""
        starting = {n for n, words in self._titled(found) if any(word.startswith(letters) for word in words)}
        return sorted(found, key=lambda n: n not in starting)

    def _most_titled_first(self, found: list[int], telling: Sequence[str], words: Sequence[str]) -> list[int]:
        """The same items, those first with most telling words in title or tags, then with most words: `no food`."""
        asked, also = set(telling), set(words)
        titled = {n: (-len(its & asked), -len(its & also)) for n, its in self._titled(found)}
        return sorted(found, key=lambda n: titled[n])

    def _titled(self, found: Sequence[int]) -> Iterator[tuple[int, set[str]]]:
        """Each item with its words of title and tags."""
        marks = ",".join("?" * len(found))
        rows = self._connection().execute(f"SELECT n, title, tags, titles FROM item WHERE n IN ({marks})", found)
        return ((n, {word for text in texts for word in words_of(text or "")}) for n, *texts in rows)

    # -- spelling

    def _spellings(self, words: Sequence[str], *, unfinished: bool) -> list[list[str]]:
        """For each word, what else may have been meant."""
        db, last = self._connection(), len(words) - 1
        return [
            spelling.neighbours(db, word, unfinished=unfinished and at == last, most=_SPELLINGS)
            for at, word in enumerate(words)
        ]

    def _is_known(self, words: Sequence[str], at: int, unfinished: bool) -> bool:
        if unfinished and at == len(words) - 1:
            return bool(spelling.completions(self._connection(), words[at], 1))
        return spelling.is_word(self._connection(), words[at]) or is_listed(words[at])

    def _spelled_otherwise(
        self, words: Sequence[str], spellings: Sequence[list[str]], unknown: Sequence[int]
    ) -> list[int]:
        """Items in which a word, an unknown one if there is one, is spelled otherwise: each spelling in its turn."""
        if len(unknown) > 1:
            groups = [spellings[at] if at in unknown else [word] for at, word in enumerate(words)]
            return self._anywhere(Match([], groups))
        found = []
        for at in unknown or range(len(words)):
            kept = [*words[:at], *words[at + 1 :]]
            found += [self.matching(TITLES, Match([*kept, other]), _ENOUGH) for other in spellings[at]]
        in_turn = [n for n in chain.from_iterable(zip_longest(*found)) if n is not None]
        if in_turn or not unknown or len(words) == 1:
            return in_turn
        kept = [word for at, word in enumerate(words) if at not in unknown]
        return self._anywhere(Match(kept, [spellings[unknown[0]]]))

    def _anywhere(self, match: Match) -> list[int]:
        found = self.matching(TITLES, match, _ENOUGH)
        return found or (self.matching(TEXTS, match, _ENOUGH) if self._has_text() else [])

    # -- inner

    def _match_in(self, selection: Selection, table: str, match: Match, limit: int) -> list[int]:
        """The rows of a selection that fit, in its order.

        Where they are to be put in order, the first of them may have enough, so that not all need be looked for.
        """
        asked = match.in_fts5()
        if selection.is_small or selection.order is not None:
            found = selection.first_matching(_COLUMNS[table], asked, limit)
            if selection.is_small or len(found) >= limit:
                return found
        rows = self._connection().execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", [asked])
        return selection.first_of((n for (n,) in rows if selection.holds(n)), limit)

    def _numbers(self, query: str, values: dict[str, Any]) -> list[int]:
        return [n for (n,) in self._connection().execute(query, values)]

    def _has_text(self) -> bool:
        row = self._connection().execute("SELECT value FROM meta WHERE key = 'text_complete'").fetchone()
        return bool(row and row[0])


def _more(found: list[int], others: list[int], limit: int) -> list[int]:
    """What was found first, then what else was found."""
    return list(dict.fromkeys([*found, *others]))[:limit]
