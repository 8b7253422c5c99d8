"""The only threads of the screen: work that may wait is done there, its result comes back through Kivy's clock."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from kivy.clock import Clock

T = TypeVar("T")
Failed = Callable[[Exception], None]
_log = logging.getLogger(__name__)


class Background:
    """A small pool of workers, and one for what nobody waits for, so that it holds up nothing.

    Args:
        workers: how many things may be waited for at once.
    """

    def __init__(self, workers: int = 3) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="screen")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="screen-aside")
        self._told: set[str] = set()
        self._ended = False
        self._open = 0

    @property
    def busy(self) -> bool:
        """Whether something was asked and is not answered yet; for the screen's thread."""
        return self._open > 0

    def run(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Do `work` on a worker, then call `then` with its result, or `failed`, on the screen's thread."""
        self._submit(self._pool, work, then, failed)

    def forget(self, work: Callable[[], Any]) -> None:
        """Do `work` after what was to be forgotten before; nobody waits for it."""
        self._submit(self._aside, work, lambda _result: None, lambda _error: None)

    def end(self) -> None:
        """Take no more work; what was not begun is dropped, what was begun is waited for, as it may be writing."""
        self._ended = True
        self._pool.shutdown(cancel_futures=True)
        self._aside.shutdown(cancel_futures=True)

    def _submit(self, pool: ThreadPoolExecutor, *work_then_failed: Any) -> None:
        if not self._ended:
            self._open += 1
            pool.submit(self._do, *work_then_failed)

    def _do(self, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 (the top of a thread; told below)
            self._tell(error)
            trouble = error
            self._answer(failed, trouble)
        else:
            self._answer(then, result)

    def _answer(self, tell: Callable[[Any], None], what: Any) -> None:
        """Tell on the screen's thread, unless the screen has ended by then."""

        def on_the_screen(_dt: float) -> None:
            self._open -= 1
            if not self._ended:
                tell(what)

        Clock.schedule_once(on_the_screen, 0)

    def _tell(self, error: Exception) -> None:
        """Log a trouble the first time its kind is met."""
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        if kind not in self._told:
            self._told.add(kind)
            _log.warning("the screen could not do what it was asked: %s: %s", kind, error)


class Desk:
    """One screen's questions: an answer is dropped when a newer question was asked or the screen was left."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._turns: dict[str, int] = {}

    def ask(self, about: str, work: Callable[[], T], then: Callable[[T], None], failed: Failed) -> None:
        """Do `work` in the background; of several questions `about` the same thing only the last is answered."""
        turn = self._turns[about] = self._turns.get(about, 0) + 1

        def if_still_asked(answer: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda result: answer(result) if self._turns.get(about) == turn else None

        self._background.run(work, if_still_asked(then), if_still_asked(failed))

    def drop(self, about: str) -> None:
        """No answer about this is wanted any more."""
        self._turns[about] = self._turns.get(about, 0) + 1

    def leave(self) -> None:
        """No answer is wanted any more."""
        self._turns = {about: turn + 1 for about, turn in self._turns.items()}
