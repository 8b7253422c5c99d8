"""Forgiven spelling: words of titles and tags that are one letter away from what was typed.

A letter is wrong, missing, doubled, swapped with its neighbour or one too many. Wherever that happened, what was
typed and what was meant agree in their first five letters with one of those left out. So every word is kept in `near`
under its first five letters with one left out, as it is five times, and what was typed is looked up five times: a few
dozen words are compared, out of however many there are. The idea is SymSpell's (W. Garbe, 2012).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

LEAST: Final = 5
"""Words of fewer letters have too many neighbours to be forgiven any slip: see `_SHORT`."""
_SHORT: Final = 4
"""In a word of so many letters that nothing begins as, these slips are forgiven: two letters swapped, one doubled or
too many, one vowel for another."""
_VOWELS: Final = "aeiou"
_LONG: Final = 8
"""In words of so many letters a second slip is forgiven too, if it is not among the first five letters."""
_LIKELY: Final = 8
"""A wrong letter is one of many, a missing, doubled or swapped one is not: each such is so many times likelier."""

_KEYS: Final = " UNION ALL ".join(
    f"SELECT substr(word, 1, {at}) || substr(word, {at + 2}, {LEAST - at - 1}), word FROM word"
    f" WHERE length(word) >= {LEAST}"
    for at in range(LEAST)
)


def fill(db: sqlite3.Connection) -> None:
    """Note every word of the title index, and what it is found by when misspelt."""
    db.execute("INSERT INTO word SELECT term, doc FROM title_term ORDER BY term")
    db.execute(f"INSERT OR IGNORE INTO near SELECT * FROM ({_KEYS}) ORDER BY 1, 2")


def add(db: sqlite3.Connection, words: Iterable[str]) -> None:
    """Note words that a change brought. None is taken out: one that no item has any more finds nothing."""
    for word in words:
        fresh = db.execute("INSERT OR IGNORE INTO word VALUES(?, 1)", (word,)).rowcount
        if fresh and len(word) >= LEAST:
            db.executemany("INSERT OR IGNORE INTO near VALUES(?,?)", ((key, word) for key in _keys(word)))


def is_word(db: sqlite3.Connection, text: str) -> bool:
    """Whether it is a whole word of some title or tag."""
    return db.execute("SELECT 1 FROM word WHERE word = ?", (text,)).fetchone() is not None


def counts(db: sqlite3.Connection, words: Iterable[str]) -> dict[str, int]:
    """How many items have each of these words in title or tags, those that some item had."""
    asked = list(words)
    marks = ",".join("?" * len(asked))
    return dict(db.execute(f"SELECT word, items FROM word WHERE word IN ({marks})", asked).fetchall())


def completions(db: sqlite3.Connection, start: str, most: int) -> list[str]:
    """Words of titles and tags that start so, itself included, the commonest first."""
    query = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY items DESC LIMIT ?"
    return [word for (word,) in db.execute(query, (start, start + "\U0010ffff", most))]


def neighbours(db: sqlite3.Connection, typed: str, *, unfinished: bool, most: int) -> list[str]:
    """The words that may have been meant, the likeliest first; with `unfinished` also longer ones that start so.

    Only letters are forgiven: a number or postcode is what it is.
    """
    if len(typed) < _SHORT or not typed.isalpha():
        return []
    keys = _keys(typed)
    marks = ",".join("?" * len(keys))
    query = f"SELECT DISTINCT word, items FROM near JOIN word USING (word) WHERE letters IN ({marks})"
    near = dict(db.execute(query, tuple(keys)).fetchall())
    if len(typed) <= LEAST and not completions(db, typed, 1):
        near |= counts(db, _short(typed))
    scored = [
        (likely * items, word)
        for word, items in near.items()
        if (likely := _likeliness(typed, word, unfinished=unfinished))
    ]
    return [word for _likely, word in sorted(scored, key=lambda found: (-found[0], found[1]))[:most]]


def _short(typed: str) -> set[str]:
    """The words of four letters that may have been meant by one of four or five, which may be none."""
    places = range(len(typed))
    if len(typed) > _SHORT:
        return {typed[:at] + typed[at + 1 :] for at in places}
    swapped = {typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :] for at in places[:-1]}
    return swapped | {
        typed[:at] + vowel + typed[at + 1 :] for at in places if typed[at] in _VOWELS for vowel in _VOWELS
    }


def _keys(word: str) -> set[str]:
    start = word[:LEAST]
    return {start} if len(start) < LEAST else {start[:at] + start[at + 1 :] for at in range(LEAST)}


def _likeliness(typed: str, word: str, *, unfinished: bool) -> float:
    """How likely it is that `word` was meant, as a multiple of one wrong letter; 0 where it was not."""
    if _differ(typed, word, slips=0, unfinished=unfinished):
        return 0.0  # as typed so far, nothing is wrong
    if _differ(typed, word, slips=1):
        same_letters = sorted(typed) == sorted(word)
        return 1.0 if len(word) == len(typed) and not same_letters else _LIKELY
    if len(typed) >= _LONG and _differ(typed, word, slips=2):
        return 1 / _LIKELY
    return 1 / _LIKELY if unfinished and _differ(typed, word, slips=1, unfinished=True) else 0.0


def _differ(typed: str, word: str, *, slips: int, unfinished: bool = False) -> bool:
    """Whether so many slips at most make one of the other; with `unfinished` a beginning of the other will do.

    This is asked of every word that comes into question at every key press.
    """
    if not slips:
        return word.startswith(typed) if unfinished else word == typed
    longer = len(word) - len(typed)
    if longer < -slips or (longer > slips and not unfinished):
        return False
    at, shorter = 0, min(len(typed), len(word))
    while at < shorter and typed[at] == word[at]:
        at += 1
    typed, word = typed[at:], word[at:]
    rests = [(typed[1:], word[1:]), (typed, word[1:]), (typed[1:], word)]
    if len(typed) > 1 and typed[1::-1] == word[:2]:
        rests.append((typed[2:], word[2:]))
    return any(_differ(mine, its, slips=slips - 1, unfinished=unfinished) for mine, its in rests)
