"""A register's sentences in plainer words: what sells is left out, and what nobody says is said otherwise.

Rules only, in the order they stand in; whatever they do not know stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_PRAISE: Final = (
    r"(?:(?:completely |fully |totally |highly )?(?:free (?:and|&) )?(?:open[- ]sourced?|free|open access|open code)|"
    r"fully|highly|purely|easily customi[sz]able|customi[sz]able|configurable|innovative|robust|comprehensive|"
    r"integrated|"
    r"interoperable|standalone|end-to-end|cutting[- ]edge|state[- ]of[- ]the[- ]art|versatile|high[- ]quality|"
    r"easy[- ]to[- ]use|"
    r"user[- ]friendly|intuitive|flexible|powerful|unique|leading|world[- ]class|reliable|affordable|scalable|modular|"
    r"fast|efficient|advanced|modern|sustainable|generic|federated|electronic|digital|default|realistic|pluggable|"
    r"collaboratively developed|personali[sz]ed|extensible|decentrali[sz]ed|first|python|simple but rigorous)"
)
"""What things are called that helps nobody to choose one."""
_KIND: Final = (
    r"(?:platform|tool|software|solution|system|app|application|database|toolkit|initiative|project|portal|site|"
    r"programme|program|"
    r"publisher|index|generator|technologies|service|add-on)"
)
_WORDS: Final = (
    (r"(?:developed|built|created|made)(?: and \w+)? by [A-Z][\w ]+?(?= to | for )", ""),
    (r"with a (?:strong )?focus on .*$|in an? \w+ way$", ""),
    (
        r"software (?:platform|product suite|based tool|tool|solution|suite|package|application)|product suite",
        "software",
    ),
    (r"software and reference application", "software"),
    (r"based software", "software"),
    (r"built on top of (?:the )?[\w-]+(?: [\w-]+){0,2}? (?:platform|system)", ""),
    (r"(?:machine|deep) learning(?: technology| algorithms)?", "computer learning"),
    (r"(?:digital )?(?:global|public) good", "tool"),
    (r"solutions?(?= (?:to|for|that|which|using)\b)", "tool"),
    (r"web[- ](?:based )?application|web-app", "web app"),
    (r"applications?(?= (?:which|that|for|offers?|written)\b)", "app"),
    (r"(?:medical|health) record(?:s?) (?:\([A-Z]+\) )?(?:system|application|app)", "system for health records"),
    (r"utili[sz]e(s|d)?\b", r"use\1"),
    (r"utili[sz]ing|leveraging", "using"),
    (r"leverage(s|d)?\b", r"use\1"),
    (r"facilitates?", "helps"),
    (r"enables?(?= (?:[\w-]+ ){1,6}to\b)", "helps"),
    (r"enables the", "makes possible the"),
    (r"in order to", "to"),
    (r"individuals", "people"),
    (r"end[- ]user customers", "customers"),
    (r"end[- ]users?", "people"),
    (r"synthetic", "made-up"),
    (r"immuni[sz]ations?", "vaccination"),
    (r"impairments", "difficulties"),
    (r"frontline workers", "people who work in the field"),
    (r"in low-resource settings", "where money is short"),
    (r"humanitarian (?:organi[sz]ations|agencies)", "aid agencies"),
    (r"organi[sz]ation(s?)", r"organisation\1"),
    (r"(?:underbanked and )?unbanked(?: people)?", "people without a bank"),
    (r"poverty alleviation", "ending poverty"),
    (r"(?:unconditional|universal) basic income", "basic income"),
    (r"direct-cash transfer", "cash help"),
    (r"social protection", "benefits"),
    (r"procurement", "public buying"),
    (r"remotely sensed", "satellite"),
    (r"remote sensing", "satellite pictures"),
    (r"geolocation", "place"),
    (r"psychological disorders", "mental illness"),
    (r"unmanned aerial", "drone"),
    (r"stakeholders", "others"),
    (r"methodology", "method"),
    (r"the opportunity to", "the chance to"),
    (r"real-time", "up-to-date"),
    (r"optimi[sz]e", "improve"),
    (r"approximate", "rough"),
    (r"eCommerce platform", "online shop"),
    (r"sell goods online", "sell things online"),
    (r"aggregating and displaying", "gathering and showing"),
    (r"visualizations", "charts"),
    (r"monitoring", "watching"),
    (r"standardi[sz]ed", "standard"),
    (r"&", "and"),
    (r"AAC", "speaking-aid"),
    (r"availabilities", "stocks"),
    (r"customi[sz]able(?: and configurable)?", "easy to change"),
    (r"entrepreneurs", "people who start a business"),
    (r"financial institutions", "banks"),
    (r"financial solutions", "help with money"),
    (r"frontline health worker", "health worker"),
    (r"for humanitarian uses", "for aid"),
    (r"indicators", "figures"),
    (r"interactive voice response system", "system that answers phone calls"),
    (r"(?:land use and )?land cover data", "maps of how land is used"),
    (r"with low literacy levels", "where few people can read"),
    (r"pilots", "trials"),
    (r"pre-calculated", "ready-made"),
    (r"XR", "virtual reality"),
    (r"etc(?:\.|…)?", "and so on"),
    (r"e\.g\.", "for example"),
)
"""What the register says, and what people say."""
_HARD: Final = re.compile(
    r"\b(?:APIs?|protocols?|ledgers?|recursive\w*|middleware|interoperab\w+|blockchain|decentrali[sz]ed|algorithms?|"
    r"telemetry|observability|\w*simulation|infrastructure|stack|SDK|schemas?|master data|datasets?|metadata|vortex|"
    r"credential\w*|\w+-denominated|machine-readable|clinical decision|case management|command-line|"
    r"reconcil\w+|ecosystems?|mechanisms?|parameters|geospatial|analytics|fiscal|ERP|evaluation|triage|"
    r"biophysical|pre-tertiary|productivity|correlates|built on top of|Convention|baseline|interface|"
    r"frontier|technologies|technical platform|community of practice)\b"
)
_SMALL: Final = r"an?\b|the\b|to\b|of\b|for\b|that\b|which\b|also\b|by\b|in\b|this\b|it\b"
_DOES: Final = (
    r"is|are|provides|enables|helps|offers|aims|gives|allows|comprises|supports|lets|collects|detects|makes|"
    r"finds|shows"
)
_SUBJECT: Final = re.compile(
    rf"^(?P<who>(?:[\w'’()-]+(?: [–-] |, | )){{1,8}}?)(?P<does>{_DOES})\b(?: [–-])?", re.IGNORECASE
)
"""Who does something, at the start of a sentence."""
_PROPER: Final = ("Android", "Google", "Linux", "Windows", "AI ", "AAC")
_GENERAL: Final = frozenset("the for and app data open project health digital global world software public".split())
"""Words of names that may as well be something else's."""
_MOST_LONG: Final = 0.22
"""The share of words of nine letters and more that makes a text hard work."""
_CUT: Final = (
    r"; ",
    r",? (?:developed and supported|built|funded) by\b",
    r", (?:such as|including|so that|while|whilst|whereby|using|based on|as well as|to account for)\b",
    r" (?:such as|whilst|while|whereby)\b",
    r" (?:using|through)\b",
    r", (?:and )?(?:to|\w+ing)\b",
    r" and (?=\w+ (?:\w+ )?(?:can|will|may)\b)",
    r" (?:in|as) (?:a|an) (?:\w+ )?(?:way|manner)\b",
    r" (?:for|to) (?:better|support|enable|empower)\b",
)
"""Where a sentence can end sooner, the best place first."""


def is_technical(text: str) -> bool:
    """Whether it has words in it that only those know who make such things."""
    return _HARD.search(text) is not None


def is_long_winded(text: str) -> bool:
    """Whether so many of its words are long that it takes a practised reader."""
    return len(re.findall(r"[\w-]{9,}", text)) > _MOST_LONG * len(text.split())


def without_addresses(text: str) -> str:
    """The text without web and mail addresses, little pictures and doubled spaces."""
    text = re.sub(r"\(?\b(?:https?://|www\.)\S+|\S+@\S+", "", text)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in ("So", "Cf", "Cs"))
    return re.sub(r"\s+([.,;:])", r"\1", " ".join(text.split()))


def sentences(text: str) -> list[str]:
    """The text's sentences, without their ends."""
    parts = re.split(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?]+(?=\s+[\"“(]?[A-Z0-9]|\s*$)", text)
    return [plain for part in parts if (plain := part.strip(" .;:–-"))]


def plainer(sentence: str, names: Sequence[str]) -> str:
    """The sentence without the thing's own name before it, without praise, in everyday words; it ends in a stop."""
    text = re.sub(r"\s*\([^)]*\)", "", sentence)
    text = re.sub(r"^(?:also )", "", _without_name(text, names).strip())
    run = rf"(?<![\w-])(?:{_PRAISE}(?:,? and |,? & |, | ))+(?=(?:[\w-]+ ){{0,4}}{_KIND}s?\b)"
    text = re.sub(run, "", text, flags=re.IGNORECASE)
    for pattern, instead in _WORDS:
        text = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", instead, text, flags=re.IGNORECASE)
    text = " ".join(text.split()).strip(" ,;:–-")
    if re.match(rf"(?:(?!{_SMALL}|\w+s\b)[\w-]+ ){{0,4}}{_KIND}\b(?! is\b)", text, re.IGNORECASE):
        text = f"A {text if text.startswith(_PROPER) else text[:1].lower() + text[1:]}"
    text = re.sub(r"\b[Aa]n? (?=(?:\w+ )?(?:\w+ )?software\b(?! tool\b))", "", text)
    text = re.sub(r"^Providing\b", "Provides", text)
    text = re.sub(r"\b([Aa])n (?=(?![AEFHILMNORSX][A-Z])[bcdfgjklmnpqrstvwxyzBCDFGJKLMNPQRSTVWXYZ])", r"\1 ", text)
    text = re.sub(r"\b([Aa]) (?=(?!one\b|once\b|eu)[aeioAEIO]|up-|8)", r"\1n ", text)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def shorter(sentence: str, most: int) -> str:
    """The sentence, or as much of it as stands by itself, where it has more than `most` letters; else nothing."""
    if len(sentence) <= most:
        return sentence
    for pattern in _CUT:
        cuts = [match.start() for match in re.finditer(pattern, sentence) if 40 <= match.start() < most]
        if cuts:
            return sentence[: cuts[-1]].rstrip(" ,;") + "."
    return ""


def _without_name(sentence: str, names: Sequence[str]) -> str:
    """`NAME is a tool` as `a tool`, `NAME provides a tool` as `Provides a tool`, where that is what the name does."""
    known = {word for name in names for word in _words(name) if len(word) > 1 and word not in _GENERAL}
    text = re.sub(r"^Using (?:the )?([\w-]+)(?: \w+){0,2}, ", lambda m: "" if _words(m[1]) & known else m[0], sentence)
    found = _SUBJECT.match(text)
    if not found or not (_words(found["who"]) & (known | {"this", "it"})):
        return text
    rest = text[found.end() :]
    if not found["does"].startswith(("is", "are")):
        return f"{found['does']}{rest}"
    return rest if re.match(r"(?:also )?(?:an?|the)\b|(?:\w+ )?(?:software|tools?)\b", rest.strip()) else text


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w-]+", text.lower()))
