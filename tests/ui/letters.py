"""Lines of text as the screen draws them: `python -m tests.ui.letters OUT` writes a grey picture of each to OUT."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

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


if __name__ == "__main__":
    main()
