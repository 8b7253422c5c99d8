"""What printers are being asked: each on a thread of its own, as one that is away takes seconds to say nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

Heard = Callable[[Future[Any]], object]


class Questions:
    """At most one question for each address at a time; answers are heard on the thread that asks.

    Args:
        answered: is called when there is an answer to hear, on the thread of the question.
    """

    def __init__(self, answered: Callable[[], None]) -> None:
        self._answered = answered
        self._open: dict[str, tuple[Future[Any], Heard]] = {}
        self._threads = ThreadPoolExecutor(thread_name_prefix="printer")

    def __contains__(self, address: str) -> bool:
        """Whether it has been asked something whose answer is not heard yet."""
        return address in self._open

    def ask(self, address: str, question: Callable[[], object], heard: Heard) -> None:
        """Ask now, and have the answer heard later."""
        answer = self._threads.submit(question)
        self._open[address] = answer, heard
        answer.add_done_callback(lambda _answer: self._answered())

    def hear(self, addresses: Iterable[str] = (), seconds: float | None = 0.0) -> None:
        """Hear all answers that are there, once these addresses have answered, or after so many seconds (None: any)."""
        wait([self._open[address][0] for address in addresses if address in self._open], timeout=seconds)
        for address, (answer, heard) in list(self._open.items()):
            if answer.done():
                del self._open[address]
                heard(answer)

    def end(self) -> None:
        """Wait for all answers; there are no more questions."""
        self._threads.shutdown()
