"""What a shop stocks of the whole catalogue: some themes, kinds and languages, or all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sync.replica import schema


@dataclass(frozen=True)
class Stock:
    """All that is not empty must hold of an item: one of its themes (by key), its kind, a language to read it in.

    What names the shop (`Item.shops`) is there whatever it is.
    """

    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @classmethod
    def of(cls, themes: str, kinds: str, languages: str) -> Stock:
        """What settings say, each as words with spaces between them."""
        return cls(*(tuple(sorted(set(words.split()))) for words in (themes, kinds, languages)))

    def condition(self) -> tuple[str, dict[str, Any]]:
        """A condition on `item` rows that leaves what is stocked, with its named values."""
        parts: list[str] = ["1"]
        values: dict[str, Any] = {}
        if self.kinds:
            values |= {f"kind{at}": kind for at, kind in enumerate(self.kinds)}
            parts.append(f"item.kind IN ({_marks('kind', self.kinds)})")
        if self.themes:
            values |= {f"theme{at}": f"theme:{theme}" for at, theme in enumerate(self.themes)}
            parts.append(_on(_marks("theme", self.themes)))
        if self.languages:
            values |= {f"language{at}": f"language:{code}" for at, code in enumerate(self.languages)}
            spoken = _on(_marks("language", self.languages))
            if "en" in self.languages:
                values["not_english"] = schema.NOT_ENGLISH
                spoken = f"({spoken} OR NOT {_on(':not_english')})"
            parts.append(spoken)
        return " AND ".join(parts), values


ALL: Final = Stock()


def _marks(name: str, values: tuple[str, ...]) -> str:
    return ", ".join(f":{name}{at}" for at in range(len(values)))


def _on(marks: str) -> str:
    return f"EXISTS (SELECT 1 FROM shelf WHERE shelf.name IN ({marks}) AND shelf.n = item.n)"
