"""Labels drawn by one text provider: `python -m tests.bench.letters ours|sdl2 COUNT`.

Prints as JSON what `COUNT` different labels took: ms for each, and how much larger the process was afterwards.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

WORDS = "Cook for ten on £10: soup, bread and a pot of tea, with what the shop round the corner gives away".split()


def main() -> None:
    """Entry point."""
    who, count = sys.argv[1], int(sys.argv[2])
    os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_CONSOLELOG": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONFIG": "1"}
    os.environ["KIVY_TEXT"] = "pil" if who == "ours" else "sdl2"
    from kivy.clock import Clock
    from kivy.core.window import Window

    from kiosk.lettering import fonts
    from kiosk.ui.look.text import RunLabel

    if who == "ours":
        made, font = RunLabel, "regular"
    else:
        from kivy.core.text import Label

        made, font = Label, str(fonts.path("regular"))
    before = _resident_bytes()
    began = time.perf_counter()
    for number in range(count):
        words = [*WORDS[number % 7 :], str(number)]
        label = made(text=" ".join(words), font_name=font, font_size=34, text_size=(480, None), color=(0, 0, 0, 1))
        label.refresh()
        label.texture.bind()  # until then nothing is drawn
        if number % 10 == 0:
            Clock.tick()  # textures of labels that are gone go with the next frame
    took = (time.perf_counter() - began) / count * 1000
    print(json.dumps({"label_ms": took, "more_bytes": _resident_bytes() - before, "window": bool(Window)}))


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
