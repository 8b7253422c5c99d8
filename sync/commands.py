"""What the two commands share: one line instead of a traceback, and a log that says what matters."""

from __future__ import annotations

import logging
import sys
from typing import Any, ClassVar

import click
from sqlalchemy.exc import DBAPIError

from sync.errors import SyncError


class PlainGroup(click.Group):
    """A group of commands that says in one line why it cannot go on; `foreseen` errors speak for themselves."""

    foreseen: ClassVar[tuple[type[Exception], ...]] = (SyncError,)

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


def start_logging() -> None:
    """Log to standard error, libraries only when something is wrong."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for library in ("alembic", "securesystemslib", "tuf", "urllib3"):
        logging.getLogger(library).setLevel(logging.WARNING)
