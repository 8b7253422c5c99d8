"""The contact sheet: every screen in every look, with what is wrong with it."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import click
import msgspec

from kiosk.cli.options import data_option
from kiosk.ui.contact_sheet import page, pairs, parts, scenes, unit
from kiosk.ui.contact_sheet.shots import Job, Shot
from sync import wording, words

_LANGUAGES: Final = (*wording.LANGUAGES, words.MARKED)
_FRAMES_A_SECOND: Final = 500
"""There is nobody to watch it, but other work to be done meanwhile."""


@click.command("contact-sheet")
@data_option
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the pictures and the page go.")
@click.option("--check", is_flag=True, help="Draw no picture, only look for faults.")
@click.option("--full", is_flag=True, help="Every combination, not only every pair.")
@click.option("--size", "sizes", multiple=True, metavar="WxH", help="A window: 800x480, or 640x480/100 with its mm.")
@click.option("--theme", "themes", multiple=True, type=click.Choice(pairs.THEMES))
@click.option("--text", "texts", multiple=True, type=click.Choice(pairs.TEXTS), help="A size of the text.")
@click.option("--language", "languages", multiple=True, type=click.Choice(_LANGUAGES))
@click.option("--scene", "wanted", multiple=True, metavar="NAME", help="A screen, or a state of one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a picture.")
@click.option("--part", is_flag=True, hidden=True)
def contact_sheet(
    data: Path | None,
    out: Path | None,
    check: bool,
    full: bool,
    sizes: tuple[str, ...],
    themes: tuple[str, ...],
    texts: tuple[str, ...],
    languages: tuple[str, ...],
    wanted: tuple[str, ...],
    as_json: bool,
    part: bool,
) -> None:
    """Draw every screen in every look, and say what is wrong with it.

    Every two of size, theme, size of text and language meet at least once. The pictures are of a copy of this unit with
    made-up people, or of the demo catalogue. Ends with 1 when there are faults.
    """
    if part:
        draw_part(msgspec.json.decode(sys.stdin.buffer.read(), type=Job))
        return
    if not (out or check):
        raise click.UsageError("say where the pictures go with --out DIR, or look for faults alone with --check")
    rows = pairs.rows(
        _panels(sizes),
        themes or pairs.THEMES,
        texts or pairs.TEXTS,
        languages or tuple(wording.LANGUAGES),
        full=full,
    )
    _check_scenes(wanted)
    if out:
        out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(128 + signal.SIGTERM))  # so that what was started ends
    began = time.monotonic()
    jobs = parts.jobs(rows, scenes=wanted, data=_source(data), out=None if check else out)
    with _progress(sum(scenes.count(job) for job in jobs), as_json=as_json) as tell:
        shots = parts.draw(jobs, tell)
    if out and not check:
        (out / "index.html").write_text(page.made(shots))
    _tell(shots, time.monotonic() - began, out / "index.html" if out and not check else None, as_json=as_json)


def draw_part(job: Job) -> None:
    """Draw what one process has to, and write each shot as a line; for `parts.draw`."""
    from kiosk import bootstrap
    from kiosk.settings import Settings
    from kiosk.ui import launch

    marked = any(row.language == words.MARKED for row in job.rows)
    with tempfile.TemporaryDirectory(prefix="contact-sheet-") as folder:
        now = unit.clock(None if marked else job.source)
        unit.make(Path(folder), job.source, now=now(), marked=marked)
        own = Settings.load(job.source) if job.source else Settings()
        settings = replace(own, data=Path(folder), panel_mm=job.panel.mm, printer="png")
        launch.prepare(settings.data, window=(job.panel.width, job.panel.height))
        from kivy.config import Config

        Config.set("graphics", "maxfps", _FRAMES_A_SECOND)
        from kiosk.ui.contact_sheet import studio

        services = bootstrap.services(settings, now)
        try:
            studio.draw(services, job, lambda shot: click.echo(msgspec.json.encode(shot)))
        finally:
            services.close()


# -- inner


def _panels(sizes: tuple[str, ...]) -> list[pairs.Panel]:
    try:
        return [pairs.panel(size) for size in sizes] or list(pairs.PANELS)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--size") from error


def _check_scenes(wanted: tuple[str, ...]) -> None:
    known = {name for scene in scenes.SCENES for name in (scene.screen, scene.name)}
    if unknown := sorted(set(wanted) - known):
        raise click.BadParameter(
            f"there is no scene {unknown[0]!r}; there are {', '.join(sorted(known))}", param_hint="--scene"
        )


def _source(data: Path | None) -> Path | None:
    """The folder of the unit whose catalogue is shown, if there is one."""
    from kiosk.settings import Settings

    folder = Settings.load(data).data
    if data and not folder.is_dir():
        raise click.BadParameter(f"there is no folder {folder}", param_hint="--data")
    return folder if (folder / "catalogue" / "current").is_file() else None


@contextmanager
def _progress(total: int, *, as_json: bool) -> Iterator[Callable[[Shot], None]]:
    """Says how far it is, on the terminal or once in a while."""
    done = 0
    faults = 0

    def tell(shot: Shot) -> None:
        nonlocal done, faults
        done, faults = done + 1, faults + len(shot.faults)
        if as_json:
            shown = msgspec.structs.replace(shot, thumb="")
            click.echo(msgspec.json.encode(shown))
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total}, {faults} faults", nl=False, err=True)
        elif not done % 100:
            click.echo(f"{done} of {total}, {faults} faults", err=True)

    yield tell
    if sys.stderr.isatty():
        click.echo(err=True)


def _tell(shots: list[Shot], seconds: float, where: Path | None, *, as_json: bool) -> None:
    faults = sum(len(shot.faults) for shot in shots)
    if not as_json:
        by_fault = Counter((shot.screen, *fault) for shot in shots for fault in shot.faults)
        for (screen, rule, said), times in sorted(by_fault.items()):
            click.echo(f"{screen}: {rule}: {said}" + (f" ({times} times)" if times > 1 else ""))
    with_faults = sum(bool(shot.faults) for shot in shots)
    click.echo(f"{len(shots):,} pictures, {faults:,} faults in {with_faults:,} of them, {seconds:.0f} s", err=as_json)
    if where:
        click.echo(f"{where}", err=as_json)
    if faults:
        sys.exit(1)
