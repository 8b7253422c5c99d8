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
from sync.replica.words import COMMON, words_of

_ENOUGH: Final = 5
"""With fewer finds than this, the next and more forgiving way of looking is tried as well."""
_SPELLINGS: Final = 4


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
        self._terms: list[str] = []
        self._terms_at: tuple[int, int] | None = None

    def __call__(self, text: str, limit: int = 20) -> list[int]:
        """Row numbers, best first, at most `limit`; none for a text without a word in it."""
        if codes.looks_like(text) and (found := self._by_code(codes.read(text))):
            return found
        words = words_of(text)
        if not words:
            return []
        whole = text[-1:].isspace()
        if len(words) == 1 and len(words[0]) <= 2 and not whole:
            return self._by_first_letters(words[0], limit)
        found = self._all_words(words, limit, whole=whole)
        telling = [word for word in words if word not in COMMON] or words
        if len(found) < _ENOUGH and telling != words:
            found = _more(found, self._all_words(telling, limit, whole=whole), limit)
        if len(found) < _ENOUGH:
            spelled = self._respell(telling, whole=whole)
            if spelled != telling:
                found = _more(found, self._all_words(spelled, limit, whole=True), limit)
                telling = [*telling, *(word for word in spelled if word not in telling)]
        if not found and len(telling) > 1:
            found = self._most_words(telling, limit)
        return found

    # -- ways of looking, from the strictest to the most forgiving

    def _by_code(self, code: str) -> list[int]:
        where, values = self._visible()
        return self._numbers(f"SELECT n FROM item WHERE code = :code AND {where}", values | {"code": code})

    def _by_first_letters(self, prefix: str, limit: int) -> list[int]:
        where, values = self._visible()
        query = (
            "SELECT n FROM first_letters JOIN item USING (n)"
            f" WHERE prefix = :prefix AND {where} ORDER BY n LIMIT :limit"
        )
        return self._numbers(query, values | {"prefix": prefix, "limit": limit})

    def _all_words(self, words: Sequence[str], limit: int, *, whole: bool) -> list[int]:
        """Items with every word, titles and tags first; the last word may still be unfinished."""
        match = " ".join(f'"{word}"' for word in words) + ("" if whole else "*")
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

    def _respell(self, words: Sequence[str], *, whole: bool) -> list[str]:
        """Each word that is in no title, as the nearest one that is; words of under five letters stay."""
        terms = self._vocabulary()
        spelled = []
        for at, word in enumerate(words):
            unfinished = at == len(words) - 1 and not whole
            if len(word) < 5 or self._is_term(word, prefix=unfinished):
                spelled.append(word)
                continue
            allowed = 1 if len(word) < 8 else 2
            near = process.extract(
                word, terms, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=_SPELLINGS
            )
            spelled.append(near[0][0] if near else word)
        return spelled

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

    def _vocabulary(self) -> list[str]:
        """Every word of titles and tags, the commonest first; read again when the replica changed."""
        db = self._connection()
        at = (id(db), db.execute("PRAGMA data_version").fetchone()[0])
        if at != self._terms_at:
            rows = db.execute("SELECT term FROM title_term WHERE length(term) > 3 ORDER BY doc DESC")
            self._terms = [term for (term,) in rows]
            self._terms_at = at
        return self._terms


def _more(found: list[int], others: list[int], limit: int) -> list[int]:
    """What was found first, then what else was found."""
    return list(dict.fromkeys([*found, *others]))[:limit]
