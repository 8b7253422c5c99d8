"""Other ways of saying an English word: what people at a counter call the same thing, and other forms of it.

The lists were written for what visitors of a shop ask for. They are turned to after the words as typed, where those
find little.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Final

import snowballstemmer

from sync.replica import spelling

_LIKE: Final = """
advice advise help
baby toddler infant
benefit allowance credit pip
bike bicycle cycle
bill cost price
boiler heating radiator
broadband internet wifi online
broken mend repair fix
bus minibus
cash money budget
cheap free bargain afford
chat talk company friend
child children kid family
choir singing song music
clothes clothing coat
cold warm heating draught
computer laptop tablet pc
cook recipe meal
council councillor
cv resume job
damp mould mold condensation wet
debt owe bailiff money
dinner supper lunch meal
disabled wheelchair mobility access
doctor gp nurse health
drill tool
electric electricity energy power gas fuel
email mail
exercise fitness
film movie cinema
flat house home room rent
flatmate housemate
fun game play
form letter paperwork
garden allotment plot grow plant
grant funding
group club
hall room venue space
hungry food meal
job work cv interview
landlord tenant rent
learn lesson class course teach
leak drip tap plumber
lift car ride
lonely alone company friend
map directions
medicine prescription pharmacy
mum mother dad father parent
neighbour neighbor street
old older elderly
password login
phone mobile smartphone
photo picture
puncture tyre bike
read book story
rent landlord home housing
rubbish litter bin
sad worried low mind
scam fraud
school homework pupil
sew stitch
share borrow lend
shop unit premises
start begin
study exam maths sums
swap exchange
teenager teen youth young
ticket fare pass
toy play
translate interpreter
vegetable veg
volunteer helper
vote voting
website page
weekend saturday sunday
"""
_STEM_LEAST: Final = 3
_FORMS: Final = 24
"""So many words that begin as a stem does are compared, the commonest of the catalogue."""


def alike(db: sqlite3.Connection, word: str) -> list[str]:
    """The word and its other forms in titles and tags, then those of other words for it; each once."""
    said = [word, *(other for other in _said().get(_stem(word), ()) if other != word)]
    return list(dict.fromkeys(form for one in said for form in (one, *_forms(db, one))))


def _forms(db: sqlite3.Connection, word: str) -> list[str]:
    stem = _stem(word)
    if len(stem) < _STEM_LEAST or not word.isalpha():
        return []
    begun = spelling.completions(db, stem[:-1] if stem.endswith("i") else stem, _FORMS)
    return [form for form in begun if _stem(form) == stem]


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
