"""The pictures of the demo catalogue: one drawing for each thing, in the colours of a theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from drawings import belongings, care, food, home, kitchen, neighbours, paper, play, street, together, tools
from drawings.canvas import Canvas

Drawing = Callable[[Canvas], None]

DRAWINGS: dict[str, Drawing] = {
    **food.DRAWINGS,
    **home.DRAWINGS,
    **paper.DRAWINGS,
    **street.DRAWINGS,
    **together.DRAWINGS,
    **tools.DRAWINGS,
    **kitchen.DRAWINGS,
    **care.DRAWINGS,
    **neighbours.DRAWINGS,
    **play.DRAWINGS,
    **belongings.DRAWINGS,
}


def make_picture(draw: str, theme: str, path: Path) -> None:
    """Draw one thing and save it."""
    canvas = Canvas(theme)
    DRAWINGS[draw](canvas)
    canvas.save(path)
