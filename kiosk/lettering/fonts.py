"""Where the font files are: Inter for Latin, Noto for the rest, and what comes with Kivy when neither is there."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/usr/share/fonts")
ICONS: Final = "truetype/materialdesignicons-webfont/materialdesignicons-webfont.ttf"
_INTER: Final = {
    "regular": "opentype/inter/Inter-Regular.otf",
    "medium": "opentype/inter/Inter-Medium.otf",
    "semibold": "opentype/inter/Inter-SemiBold.otf",
    "bold": "opentype/inter/Inter-Bold.otf",
    "display": "opentype/inter/InterDisplay-Bold.otf",
}
ROLES: Final = (*_INTER, "icon")


@cache
def path(role: str, script: str = "Latin") -> Path:
    """The file to draw `script` with in the weight of `role`; some file in any case."""
    heavy = "Regular" if role in ("regular", "medium") else "Bold"
    if role == "icon":
        names = [ICONS]
    elif script == "Latin":
        names = [_INTER.get(role, _INTER["regular"]), f"truetype/noto/NotoSans-{heavy}.ttf"]
    else:
        names = [f"truetype/noto/NotoSans{script}-{heavy}.ttf", f"truetype/noto/NotoSans{script}-Regular.ttf"]
    there = (FOLDER / name for name in names)
    return next((file for file in there if file.is_file()), _last_resort(heavy))


def have_icons() -> bool:
    """Whether there is a font to draw icons with; words must do else."""
    return (FOLDER / ICONS).is_file()


def _last_resort(heavy: str) -> Path:
    """The font that Kivy brings along."""
    kivy = find_spec("kivy")
    folders = kivy.submodule_search_locations if kivy else None
    return Path(folders[0] if folders else ".") / "data" / "fonts" / f"Roboto-{heavy}.ttf"
