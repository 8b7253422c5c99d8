"""Text on the screen, in any writing: each line is drawn in runs, every run in a font that has its letters."""

from __future__ import annotations

from copy import copy
from typing import Any, Final

from kivy.core.image import ImageData
from kivy.core.text import LabelBase
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.label import Label
from PIL import Image, ImageFont

from kiosk.lettering import fonts, scripts
from kiosk.ui import kv
from kiosk.ui.look import icons, letters
from kiosk.ui.look.kept import Kept
from kiosk.ui.look.texels import unsmoothed
from sync import words

kv.load(__file__)

_ELLIPSIS: Final = "…"
_MOST_BYTES: Final = 8_000_000
_seen: Kept[tuple[Any, ...]] = Kept(_MOST_BYTES)


def forget() -> None:
    """What was measured and drawn is not remembered: nobody finds in it what was typed."""
    _seen.clear()
    letters.forget()


class RunLabel(LabelBase):
    """Kivy's text layout over our runs. `font_name` is a role of `fonts`: a weight, or `icon`.

    What looks the same is drawn once, whichever labels show it: half the words on a shelf are on the one before it too.
    """

    _text: str
    cut_short = False
    """Whether the text ends in an ellipsis."""

    def refresh(self) -> None:
        """Lay out. Letters are drawn as they are first seen, and not smoothed: labels stand on whole pixels."""
        self.resolve_font_name()
        self._size = self._size_texture = self.render()
        if min(self._size) <= 1:
            self.texture = self.texture_1px
            return
        options, given = self.options, self.options.get
        looks = (int(given("font_size")), given("halign"), given("valign"), *given("padding"))
        shown = (*self.lines, self._size, options["font_name_r"], given("line_height"), *looks, self._begins_right)
        self.texture = _seen.known(shown) or _seen.keep(shown, self._to_be_drawn())

    def _to_be_drawn(self) -> Any:
        """A texture of what it says now, whatever it says by the time that is seen."""
        now = copy(self)
        now.options = dict(self.options)
        texture = Texture.create(size=self._size, colorfmt="luminance_alpha", callback=now._texture_fill)
        texture.flip_vertical()
        return unsmoothed(texture)

    def _texture_fill(self, texture: Any) -> None:
        self.texture = texture
        self.render(real=True)
        self.texture = None

    @property
    def _begins_right(self) -> bool:
        return scripts.right_to_left(self._text)

    def resolve_font_name(self) -> None:
        self.options["font_name_r"] = self.options["font_name"]

    def render(self, real: bool = False) -> Any:
        """Lay out; past `max_lines` the text ends in an ellipsis."""
        most = int(self.options.get("max_lines") or 0)
        if not real:
            self.cut_short = False
        if real or not most:
            return super().render(real)
        self.options["max_lines"] = 0
        whole = self._text
        try:
            size = super().render()
            if len(self._cached_lines) > most:
                self.cut_short = True
                size = self._shortened(whole.split(" "), most)
        finally:
            self._text = whole
            self.options["max_lines"] = most
        return size

    def _shortened(self, words: list[str], most: int) -> Any:
        fits, too_many = 1, len(words)
        while too_many - fits > 1:
            tried = (fits + too_many) // 2
            self._text = " ".join(words[:tried]).rstrip(",.;: ") + _ELLIPSIS
            super().render()
            fits, too_many = (tried, too_many) if len(self._cached_lines) <= most else (fits, tried)
        self._text = " ".join(words[:fits]).rstrip(",.;: ") + _ELLIPSIS
        return super().render()

    @property
    def lines(self) -> list[str]:
        """What was laid out last, line by line."""
        return ["".join(word.text for word in line.words) for line in self._cached_lines]

    def get_extents(self, text: str) -> tuple[int, int]:
        size = int(self.options["font_size"])
        if size < 1:
            return 0, 0
        width, above, below = 0.0, 0, 0
        for run, font, role in self._faces(text or " "):
            width += letters.run_width(run.text, role, run.script, size, run.rtl) if text else 0
            up, down = font.getmetrics()
            above, below = max(above, up), max(below, down)
        return round(width), above + below

    def get_cached_extents(self) -> Any:
        return self.get_extents

    def _faces(self, text: str) -> list[tuple[scripts.Run, ImageFont.FreeTypeFont, str]]:
        role, size = self.options["font_name"], int(self.options["font_size"])
        if role == "icon":
            run = scripts.Run(text, "Latin", bold=False, rtl=False)
            return [(run, letters.face("icon", "Latin", size), "icon")]
        cut = scripts.runs(text, self._begins_right)
        roles = [(run, letters.weight(role, run)) for run in cut]
        return [(run, letters.face(weight, run.script, size), weight) for run, weight in roles]

    def _render_begin(self) -> None:
        self._mask = Image.new("L", self._size, 0)

    def _render_text(self, text: str, x: float, y: float) -> None:
        size, at = int(self.options["font_size"]), float(x)
        cut = self._faces(text)
        base = int(y) + max((font.getmetrics()[0] for _run, font, _role in cut), default=0)
        for run, _font, role in cut:
            letters.draw(self._mask, (at, base), run.text, role, run.script, size, run.rtl)
            at += letters.run_width(run.text, role, run.script, size, run.rtl)

    def _render_end(self) -> ImageData:
        drawn = Image.merge("LA", (Image.new("L", self._size, 255), self._mask))
        data = ImageData(*self._size, "rgba", drawn.tobytes())
        data.fmt = "luminance_alpha"  # which textures know, and this class does not
        return data


class Drawn(Label):
    """A text drawn in runs."""

    _label: Any
    align = OptionProperty("left", options=("left", "center", "right"))
    rtl = BooleanProperty(False)
    language = StringProperty()
    """The code of the language its words are in, where that is not the screen's."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.on_text()

    def _create_label(self) -> None:
        if self._label is None:
            options = {name: getattr(self, name) for name in self._font_properties}
            self._label = RunLabel(**options, usersize=self.text_size)

    @property
    def lines(self) -> list[str]:
        """What is drawn, line by line."""
        return list(self._label.lines)

    @property
    def cut_short(self) -> bool:
        """Whether there was not room for all of it."""
        return bool(self._label.cut_short)

    def on_text(self, *_: Any) -> None:
        self.rtl = scripts.right_to_left(self.text)


def side(align: str, rtl: bool, screen_rtl: bool, stay: bool) -> str:
    """Where words are set: `align` is `left` for where their line begins, `right` for where it ends, or `center`.

    Words that run to the right stand at the right of a screen that begins there; `stay` is for those that follow the
    screen in any case.
    """
    if align == "center":
        return align
    begins_right = screen_rtl or (rtl and not stay)
    return "right" if begins_right == (align == "left") else "left"


class Words(Drawn):
    """As wide as it is given, as high as it needs to be, at the right where its language stands there.

    `gone` takes it away without a trace; `extra` is room above it. With `stay` it stands where the screen's own words
    stand, whatever its language; `align` counts from where its words begin.
    """

    gone = BooleanProperty(False)
    extra = NumericProperty(0)
    stay = BooleanProperty(False)


class Phrase(Drawn):
    """A line as wide as its words."""


class Icon(Drawn):
    """A drawing from the icon font; nothing when the font is not there."""

    name = StringProperty()
    room = NumericProperty(0)
    """Height there is for it, where that matters."""

    def on_name(self, *_: Any) -> None:
        name = icons.MIRRORED.get(self.name, self.name) if words.right_to_left() else self.name
        self.text = icons.character(name) if fonts.have_icons() else ""
