"""Search at the speed of typing.

Ranking thousands of rows at every key press is what makes search slow, so nothing is ranked here: rows are stored
in rank order and read in it. One or two letters come from a table made beforehand; then the small index of titles
and tags answers; the full text tops up; then spelling is forgiven; then any of the words will do.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from sync import codes
from sync.replica.schema import TOP
from sync.replica.words import COMMON, words_of

_ENOUGH: Final = 5
"""With fewer finds than this, the next and more forgiving way of looking is tried as well."""
_IN_ORDER: Final = 60
"""So many finds are put in order by the first letters of a next word."""
_KEPT: Final = 10_000
"""So many spellings are remembered until the replica changes."""
_DISTANCE: Final = DamerauLevenshtein.distance


class Search:
    """Finds items by what was typed so far.

    Args:
        connection: gives the calling thread's connection to the replica.
        visible: gives a condition on `item` rows and its named values.
    """

    def __init__(
        self,
        connection: Callable[[], sqlite3.Connection],
        visible: Callable[[], tuple[str, dict[str, Any]]],
    ) -> None:
        self._connection = connection
        self._visible = visible
        self._rank: dict[str, int] = {}
        self._terms: dict[int, list[str]] = {}
        self._spellings: dict[str, str] = {}
        self._terms_at: tuple[int, int] | None = None

    def __call__(self, text: str, limit: int = 20) -> list[int]:
        """Row numbers, best first, at most `limit`; none for a text without a word in it."""
        if codes.looks_like(text) and (found := self._by_code(codes.read(text))):
            return found
        words = words_of(text)
        if not words:
            return []
        whole = text[-1:].isspace()
        letters = len(words[-1])
        if whole or letters > 3 or (letters == 3 and len(words) == 1):
            return self._find(words, limit, whole=whole)
        if len(words) == 1:
            return self._by_first_letters(words[0], limit)
        # a few letters after other words fit nearly everything: they look in titles only, and put in order
        found = self._match("item_title", _match_of(words, whole=False), limit) if letters == 3 else []
        others = self._find(words[:-1], max(limit, _IN_ORDER), whole=True)
        return _more(found, self._starting_first(others, words[-1]), limit)

    # -- ways of looking, from the strictest to the most forgiving

    def _find(self, words: Sequence[str], limit: int, *, whole: bool) -> list[int]:
        """Items with these words, ever more forgivingly until there are enough; the last may be unfinished."""
        found = self._all_words(words, limit, whole=whole)
        telling = [word for word in words if word not in COMMON] or list(words)
        if len(found) < _ENOUGH and telling != list(words):
            found = _more(found, self._all_words(telling, limit, whole=whole), limit)
        if len(found) < _ENOUGH:
            spelled = self._respell(telling, whole=whole)
            if spelled != telling:
                found = _more(found, self._all_words(spelled, limit, whole=True), limit)
                telling = [*telling, *(word for word in spelled if word not in telling)]
        if not found and len(telling) > 1:
            found = self._most_words(telling, limit)
        return found

    def _by_code(self, code: str) -> list[int]:
        where, values = self._visible()
        return self._numbers(f"SELECT n FROM item WHERE code = :code AND {where}", values | {"code": code})

    def _by_first_letters(self, prefix: str, limit: int) -> list[int]:
        where, values = self._visible()
        query = (
            "SELECT n FROM first_letters JOIN item USING (n)"
            f" WHERE prefix = :prefix AND {where} ORDER BY n LIMIT :limit"
        )
        found = self._numbers(query, values | {"prefix": prefix, "limit": limit})
        if len(found) >= min(limit, TOP):
            return found
        return _more(found, self._match("item_title", f'"{prefix}"*', limit), limit)  # others had taken the places

    def _all_words(self, words: Sequence[str], limit: int, *, whole: bool) -> list[int]:
        """Items with every word, titles and tags first; the last word may still be unfinished."""
        match = _match_of(words, whole=whole)
        found = self._match("item_title", match, limit)
        if len(found) < limit and self._has_text():
            found = _more(found, self._match("item_text", match, limit), limit)
        return found

    def _most_words(self, words: Sequence[str], limit: int) -> list[int]:
        """Items with any of the words: those with most of them first, a title counting double."""
        score: Counter[int] = Counter()
        for word in words:
            match = f'"{word}"*' if len(word) > 3 else f'"{word}"'
            for table, weight in (("item_title", 2), ("item_text", 1)):
                if table == "item_title" or self._has_text():
                    score.update(dict.fromkeys(self._match(table, match, 200), weight))
        best = sorted(score.items(), key=lambda found: (-found[1], found[0]))
        return [n for n, _score in best[:limit]]

    def _starting_first(self, found: list[int], letters: str) -> list[int]:
        """The same items, those with a word in title or tags that starts with these letters first."""
        marks = ",".join("?" * len(found))
        rows = self._connection().execute(f"SELECT n, title, tags, titles FROM item WHERE n IN ({marks})", found)
        starting = {
            n for n, *texts in rows if any(word.startswith(letters) for text in texts for word in words_of(text or ""))
        }
        return sorted(found, key=lambda n: n not in starting)

    def _respell(self, words: Sequence[str], *, whole: bool) -> list[str]:
        """Each word that is in no title, as the nearest one that is; words of under five letters stay."""
        self._read_terms()
        spelled = []
        for at, word in enumerate(words):
            unfinished = at == len(words) - 1 and not whole
            known = len(word) < 5 or self._is_term(word, prefix=unfinished)
            spelled.append(word if known else self._nearest(word))
        return spelled

    def _nearest(self, word: str) -> str:
        """The commonest of the nearest words, at most one letter away, two in long ones; itself when there is none."""
        if (there := self._spellings.get(word)) is not None:
            return there
        allowed = 1 if len(word) < 8 else 2
        near = [
            found
            for length in range(len(word) - allowed, len(word) + allowed + 1)
            if (found := process.extractOne(word, self._terms.get(length, ()), scorer=_DISTANCE, score_cutoff=allowed))
        ]
        nearest = min(near, key=lambda found: (found[1], self._rank[found[0]]))[0] if near else word
        if len(self._spellings) < _KEPT:
            self._spellings[word] = nearest
        return nearest

    # -- inner

    def _match(self, table: str, match: str, limit: int) -> list[int]:
        where, values = self._visible()
        query = (
            f"SELECT n FROM {table} JOIN item ON item.n = {table}.rowid"
            f" WHERE {table} MATCH :match AND {where} LIMIT :limit"
        )
        return self._numbers(query, values | {"match": match, "limit": limit})

    def _numbers(self, query: str, values: dict[str, Any]) -> list[int]:
        return [n for (n,) in self._connection().execute(query, values)]

    def _has_text(self) -> bool:
        row = self._connection().execute("SELECT value FROM meta WHERE key = 'text_complete'").fetchone()
        return bool(row and row[0])

    def _is_term(self, word: str, *, prefix: bool) -> bool:
        end = word + "\U0010ffff" if prefix else word
        query = "SELECT 1 FROM title_term WHERE term >= ? AND term <= ? LIMIT 1"
        return self._connection().execute(query, (word, end)).fetchone() is not None

    def _read_terms(self) -> None:
        """Every word of titles and tags by its length, the commonest first; read again when the replica changed."""
        db = self._connection()
        at = (id(db), db.execute("PRAGMA data_version").fetchone()[0])
        if at == self._terms_at:
            return
        rows = db.execute("SELECT term FROM title_term WHERE length(term) > 3 ORDER BY doc DESC")
        self._rank = {term: rank for rank, (term,) in enumerate(rows)}
        self._terms, self._spellings, self._terms_at = {}, {}, at
        for term in self._rank:
            self._terms.setdefault(len(term), []).append(term)


def _match_of(words: Sequence[str], *, whole: bool) -> str:
    """Every one of the words, in FTS5's language; the last may be unfinished unless `whole`."""
    return " ".join(f'"{word}"' for word in words) + ("" if whole else "*")


def _more(found: list[int], others: list[int], limit: int) -> list[int]:
    """What was found first, then what else was found."""
    return list(dict.fromkeys([*found, *others]))[:limit]
