"""How old a reader of English must be: the Flesch-Kincaid grade, as an age.

Source: J. P. Kincaid and others, "Derivation of new readability formulas", 1975: grade = 0.39 words a sentence
+ 11.8 syllables a word - 15.59; a child of grade 0 is five. A word has as many syllables as it has groups of vowels,
without a last silent e.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscgxzh])es$")


def reading_age(*texts: str) -> float:
    """Years; 9 suits most people who read at all. The end of a text or of a line ends a sentence."""
    sentences = [words for text in texts for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 + 5


def _syllables(word: str) -> int:
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))
