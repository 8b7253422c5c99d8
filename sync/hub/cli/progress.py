"""How far a long import has got, where somebody watches."""

from __future__ import annotations

import rich.progress
from rich.console import Console


def progress_bar() -> rich.progress.Progress:
    """A line that counts and goes when it is done; nothing where the error output is no terminal."""
    console = Console(stderr=True)
    return rich.progress.Progress(
        rich.progress.SpinnerColumn(),
        rich.progress.TextColumn("{task.description} {task.completed:,}"),
        rich.progress.TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
