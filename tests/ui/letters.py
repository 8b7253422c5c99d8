"""Lines of text as the screen draws them: `python -m tests.ui.letters OUT`.

Writes a grey picture of each to OUT, and to OUT/found.json what is drawn once and how wide lines are by their words.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

LINES: Final = {
    "Latin": "Siop gymunedol, dŵr a gwên: Zażółć gęślą jaźń",
    "Arabic": "مطبخ الحي يطبخ لعشرة أشخاص",
    "Urdu": "محلے کی دکان میں خوش آمدید، چائے پیجیے",
    "Bengali": "পাড়ার রান্নাঘরে সবার জন্য স্বাস্থ্যকর খাবার",
    "Gurmukhi": "ਮੁਹੱਲੇ ਦੀ ਰਸੋਈ ਵਿੱਚ ਸਿੱਖਿਆ ਅਤੇ ਖਾਣਾ",
    "Latin in Bengali": "Kiwix নামের অ্যাপ",
    "Latin in Arabic": "تطبيق Kiwix للجميع",
}
"""One of every writing that the screen has words in, and two that need runs of two."""
SIZE_PX: Final = 60


def main() -> None:
    """Entry point."""
    out = Path(sys.argv[1])
    os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_CONSOLELOG": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1"}
    os.environ["KIVY_TEXT"] = "pil"
    from kivy.core.window import Window
    from PIL import Image

    from kiosk.ui.look.text import RunLabel

    assert Window
    for name, line in LINES.items():
        label = RunLabel(text=line, font_name="regular", font_size=SIZE_PX, color=(1, 1, 1, 1))
        label.refresh()
        drawn = Image.frombytes("RGBA", label.texture.size, label.texture.pixels)
        drawn.getchannel("A").save(out / f"{name}.png")
    found = {"once": once(), "widths": {name: widths(line) for name, line in LINES.items()}}
    (out / "found.json").write_text(json.dumps(found))


def once() -> dict[str, bool]:
    """Whether two labels share what they show, when they say the same, and after that is forgotten."""
    from kiosk.ui.look import text

    def shown(says: str, size: int = SIZE_PX, align: str = "left", colour: tuple[float, ...] = (1, 1, 1, 1)) -> Any:
        label = text.RunLabel(
            text=says, font_name="bold", font_size=size, text_size=(900, None), halign=align, color=colour
        )
        label.refresh()
        return label.texture

    first = shown("Free")
    found = {
        "the same": shown("Free") is first,
        "in another colour": shown("Free", colour=(1, 0, 0, 1)) is first,
        "other words": shown("Freed") is first,
        "smaller": shown("Free", size=20) is first,
        "at the other side": shown("Free", align="right") is first,
    }
    text.forget()
    return found | {"forgotten": shown("Free") is first}


def widths(line: str) -> list[float]:
    """How wide a line is as a whole, and as the screen measures it, word by word."""
    from kiosk.lettering import scripts
    from kiosk.ui.look import letters

    runs = scripts.runs(line, scripts.right_to_left(line))
    faces = [(letters.face("bold", run.script, SIZE_PX), run) for run in runs]
    whole = sum(face.getlength(run.text, direction="rtl" if run.rtl else "ltr") for face, run in faces)
    return [whole, letters.width_of(line, "bold", SIZE_PX)]


if __name__ == "__main__":
    main()
