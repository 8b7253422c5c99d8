"""The rows that filters leave, in their order, with an index of their own where they are few.

An index of the whole catalogue goes through all the items that have a word, and most texts have the common ones: to
find a few hundred rows among them takes twenty times as long as to look into an index of these rows alone, which is
made in memory when the first search asks for it (a row takes some twenty microseconds).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, Final

from sync.replica import bits, schema

_SMALL: Final = 2_500
"""So many rows at most have an index of their own."""
_FIRST: Final = 250
"""Of more rows that have an order of their own, the first so many do."""

Texts = Callable[[Sequence[int], Sequence[str]], list[Any]]
"""Gives the text of columns of rows: a row's number, then one value a column."""


class Selection:
    """The rows that filters leave.

    Args:
        rows: the set of them.
        order: the same rows, nearest first; None where their numbers are the order.
    """

    def __init__(self, rows: int, order: list[int] | None, texts: Texts) -> None:
        self.order = order
        self._rows = rows = rows if order is None else bits.of(order)
        self.total = rows.bit_count()
        self._there = bits.as_bytes(rows)
        self._places = {} if order is None else {n: at for at, n in enumerate(order)}
        few = _SMALL if self.is_small else _FIRST
        self._few = _FewRows(lambda columns: texts(self.numbers(0, few), columns))

    @property
    def is_small(self) -> bool:
        """Whether `first_matching` tells of all rows."""
        return self.total <= _SMALL

    def numbers(self, offset: int, limit: int) -> list[int]:
        """A page of the rows."""
        return bits.numbers(self._rows, offset, limit) if self.order is None else self.order[offset : offset + limit]

    def holds(self, n: int) -> bool:
        """Whether the row is left."""
        return bits.holds(self._there, n)

    def place(self, n: int) -> int:
        """What the order of rows goes by."""
        return n if self.order is None else self._places[n]

    def first_of(self, rows: Iterable[int], limit: int) -> list[int]:
        """The first of these rows, which are of the selection and come by number, in its order."""
        return list(islice(rows, limit)) if self.order is None else sorted(rows, key=self.place)[:limit]

    def first_matching(self, columns: Sequence[str], match: str, limit: int) -> list[int]:
        """Those of the first rows in whose columns is what is asked in FTS5's language, at most `limit`."""
        return self.first_of(self._few.matching(columns, match), limit)


class _FewRows:
    """Some rows with indexes of their own, each made when it is asked for; for any number of threads."""

    def __init__(self, texts: Callable[[Sequence[str]], list[Any]]) -> None:
        self._texts = texts
        self._lock = threading.Lock()
        self._indexes: dict[Sequence[str], sqlite3.Connection] = {}

    def matching(self, columns: Sequence[str], match: str) -> list[int]:
        with self._lock:
            if (index := self._indexes.get(columns)) is None:
                index = self._indexes[columns] = self._made(columns)
            return [n for (n,) in index.execute("SELECT rowid FROM few WHERE few MATCH ?", [match])]

    def _made(self, columns: Sequence[str]) -> sqlite3.Connection:
        index = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        named = ", ".join(columns)
        index.execute(
            f"CREATE VIRTUAL TABLE few USING fts5({named}, content='', detail=none, columnsize=0,"
            f" tokenize='{schema.TOKENS}')"
        )
        index.execute("BEGIN")
        rows = sorted(self._texts(columns), key=lambda row: row[0])
        index.executemany(f"INSERT INTO few(rowid, {named}) VALUES(?{',?' * len(columns)})", rows)
        index.execute("COMMIT")
        return index

    def __del__(self) -> None:
        for index in self._indexes.values():
            index.close()
