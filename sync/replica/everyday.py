"""Other ways of saying an English word: what people at a counter call the same thing, and other forms of it.

The lists were written for what visitors of a shop ask for. They are turned to after the words as typed, where those
find little. What was typed is first put as the index has it: apostrophes that were left out, the day that `tomorrow`
is, words run together or apart.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import snowballstemmer

from sync import days, words
from sync.replica import spelling
from sync.replica.words import COMMON

_LIKE: Final = """
advice advise help
baby toddler infant
benefit allowance credit pip
bike bicycle cycle bycicle bycycle
bill cost price
boiler heating radiator
broadband internet wifi online
broken mend repair fix handyman
burglar thief theft stolen robbed
bus minibus
cafe coffee tea
carer caring dementia alzheimers
cash money budget skint
charge plug socket
chat talk speak conversation
cheap free bargain afford
child children kid family son daughter
choir singing song music
clothes clothing coat trousers
cold warm heating draught freezing
computer laptop tablet pc ipad
cook recipe meal
council councillor
cv resume job
damp mould mold condensation wet
dead died death bereavement grief funeral
dear expensive cost price bill
debt owe bailiff arrears
dinner supper lunch meal
disabled wheelchair mobility access crutches
doctor gp nurse health
drill tool hammer screwdriver saw
electric electricity energy power gas fuel
email mail
eviction evicted kicked kicking
exercise fitness
fall fell
film movie cinema
flat house home room rent
flatmate housemate
form letter paperwork
fun game play
garden allotment plot grow plant
gran grandma nan grandad grandparent older elderly
grant funding
group club
hall room venue space
hungry starving food meal
job work cv interview unemployed apprenticeship
landlord tenant rent
leak drip tap plumber
learn lesson class course teach
lift car ride
lonely alone company friend chat
map directions
medicine prescription pharmacy
message whatsapp
neighbour neighbor street
old older elderly
parent mum mother dad father
partner husband wife boyfriend girlfriend
password login
phone fone mobile smartphone iphone android
photo picture
pram pushchair buggy
print printer photocopy copy
puncture tyre bike
read book story
refugee asylum immigrant esol
rent landlord home housing
rubbish litter bin mess tipping dumped
sad worried low mind depressed anxious anxiety
scam fraud
scared afraid frightened
school homework pupil
sew stitch
share borrow lend
shop unit premises
start begin
study exam maths sums
swap exchange
teenager teen youth young
ticket fare pass
toilet loo wc
toy play
translate interpreter
vegetable veg
violence violent abuse abused hits hit
volunteer helper
vote voting
website page
weekend saturday sunday
"""
_RUN_TOGETHER: Final = {
    pair.replace("'", ""): pair.split("'")
    for pair in (
        "ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't he's how's i'm i've isn't shouldn't "
        "she's that's there's they're they've wasn't weren't what's where's who's won't wouldn't you're you've"
    ).split()
}
"""What is typed without its apostrophe, and the words that it is with one."""
_AWAY: Final = {"today": 0, "tonight": 0, "tonite": 0, "tomorrow": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1}
"""Days that have another name each day, also as they are often misspelt, and how far away they are."""
_HALF_LEAST: Final = 3
"""A word that two others make has so many letters in each at least."""
_STEM_LEAST: Final = 3
_FORMS: Final = 24
"""So many words that begin as a stem does are compared, the commonest of the catalogue."""


def alike(db: sqlite3.Connection, word: str) -> list[str]:
    """The word and its other forms in titles and tags, then those of other words for it; each once."""
    said = [word, *(other for other in _said().get(_stem(word), ()) if other != word)]
    return list(dict.fromkeys(form for one in said for form in forms(db, one)))


def forms(db: sqlite3.Connection, word: str) -> list[str]:
    """The word, then its other forms in titles and tags: `bed`, `beds`."""
    stem = _stem(word)
    if len(stem) < _STEM_LEAST or not word.isalpha():
        return [word]
    begun = spelling.completions(db, stem[:-1] if stem.endswith("i") else stem, _FORMS)
    return [word, *(form for form in begun if form != word and _stem(form) == stem)]


def as_meant(db: sqlite3.Connection, typed: Sequence[str], today: dt.date, *, whole: bool) -> list[str]:
    """The words typed, as titles and tags may have them; without `whole` the last may be unfinished.

    With the apostrophes left out (`cant`), the day of the week for `tomorrow`, `wheel chair` in one and `foodbank` in
    two, if they are nowhere as they are.
    """
    meant: list[str] = []
    for at, word in enumerate(typed):
        finished = whole or at < len(typed) - 1
        if finished and word in _RUN_TOGETHER:
            meant += _RUN_TOGETHER[word]
        elif meant and _are_one(db, meant[-1], word):
            meant[-1] += word
        elif word in _AWAY and not spelling.is_word(db, word):
            meant.append(days.name((today.weekday() + _AWAY[word]) % 7, words.ENGLISH).lower())
        else:
            meant += _halves(db, word) or [word]
    return meant


def _are_one(db: sqlite3.Connection, first: str, second: str) -> bool:
    if COMMON & {first, second} or len(second) < _HALF_LEAST or len(first) < _HALF_LEAST:
        return False
    known = spelling.counts(db, [first, second, first + second])
    return first + second in known and len(known) < 3


def _halves(db: sqlite3.Connection, word: str) -> list[str]:
    """The two words that one makes which is nowhere, neither as it is nor misspelt."""
    if len(word) < 2 * _HALF_LEAST or not word.isalpha() or spelling.completions(db, word, 1):
        return []
    pairs = [(word[:at], word[at:]) for at in range(_HALF_LEAST, len(word) - _HALF_LEAST + 1)]
    known = spelling.counts(db, {half for pair in pairs for half in pair})
    both = [pair for pair in pairs if known.keys() >= {*pair}]
    if not both or spelling.neighbours(db, word, unfinished=True, most=1):
        return []
    return list(max(both, key=lambda pair: min(known[half] for half in pair)))


def is_listed(word: str) -> bool:
    """Whether other words are known for it, so that it is no slip though no title has it."""
    return _stem(word) in _said()


@lru_cache(maxsize=1)
def _said() -> dict[str, tuple[str, ...]]:
    """For the stem of every word of the lists, the words of its lines."""
    said: dict[str, dict[str, None]] = {}
    for line in _LIKE.strip().split("\n"):
        words = line.split()
        for word in words:
            said.setdefault(_stem(word), {}).update(dict.fromkeys(words))
    return {stem: tuple(words) for stem, words in said.items()}


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    """What is left of an English word without its endings (M. Porter's second stemmer)."""
    return str(snowballstemmer.stemmer("english").stemWord(word))  # one of its own, as it is not for many threads
