"""What the two commands share: one line instead of a traceback, and a log that says what matters."""

from __future__ import annotations

import builtins
import contextlib
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any, ClassVar, Protocol

import click
import msgspec
from sqlalchemy.exc import DBAPIError

from sync.errors import SyncError


class PlainGroup(click.Group):
    """A group of commands that says in one line why it cannot go on; `foreseen` errors speak for themselves.

    `parts` names each command, in the order of the help, with the module it is in: that is loaded when the command is
    asked for, so that none waits for what others need.
    """

    foreseen: ClassVar[tuple[type[Exception], ...]] = (SyncError,)
    parts: ClassVar[Mapping[str, str]]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in the order of the help."""
        return list(self.parts)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; `import` and `print`, which are Python's own words, are `import_` in a module."""
        if cmd_name not in self.parts:
            return None
        module = import_module(self.parts[cmd_name])
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) or hasattr(builtins, name) else name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except self.foreseen as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            sys.exit(0)
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'the disk'}: {error.strerror or error}") from error
        except DBAPIError as error:
            raise click.ClickException(f"the database: {error.orig}") from error


@contextlib.contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal; tell it how many bytes of how many are done."""
    from rich.console import Console  # only long work needs it
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn(what),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextlib.contextmanager
def busy(what: str) -> Iterator[None]:
    """A sign on the terminal that something goes on, where nobody can say how long it will take."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


class Told(Protocol):
    """What long work did: a struct that can also say it in words, and what went wrong."""

    trouble: list[str]

    def in_words(self) -> Iterator[str]:
        """A sentence at a time."""


def tell(report: Told, *, as_json: bool) -> None:
    """Say what was done, and end with 1 when something went wrong."""
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        for sentence in report.in_words():
            click.echo(sentence)
        for trouble in report.trouble:
            click.echo(f"Not done: {trouble}", err=True)
    if report.trouble:
        sys.exit(1)


def start_logging() -> None:
    """Log to standard error, libraries only when something is wrong."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for library in ("alembic", "securesystemslib", "tuf", "urllib3"):
        logging.getLogger(library).setLevel(logging.WARNING)
