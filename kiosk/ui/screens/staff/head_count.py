"""How many people were counted in a session."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from kiosk.domain.attendance import MOST_COUNTED, LogSession
from kiosk.services.attendance import SessionView, Words
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.staff.page import StaffKey
from kiosk.ui.screens.staff.writing_page import WritingPage
from kiosk.ui.staff.shift import Told
from kiosk.ui.widgets import choices, key_pad  # noqa: F401 (their classes are used in the .kv file)
from sync.words import _, count_of

kv.load(__file__)


class HeadCount(WritingPage):
    """Type it, or count up and down."""

    number = StringProperty()
    """Empty as long as nobody said one."""
    compare = StringProperty()
    before = StringProperty()
    hint = StringProperty()
    wrong = BooleanProperty(False)

    def __init__(self, context: Context, **options: Any) -> None:
        self._session: LogSession | None = None
        self._fresh = True
        super().__init__(context, **options)

    def own_keys(self) -> list[StaffKey]:
        return [
            StaffKey("close", _("Leave it"), self.leave),
            StaffKey("check", _("Write it down"), self.save, strong=True),
        ]

    def show(self, what: Any) -> None:
        if what != self._session:
            self.take_up()
            self._session, self._fresh = what, True
            self.number = self.compare = self.before = self.hint = ""
        self._look()

    def begun(self) -> dict[str, Any]:
        return {} if self._fresh else {"session": self._session, "number": self.number}

    def resume(self, begun: dict[str, Any]) -> None:
        self._session, self._fresh, self.number = begun["session"], False, begun["number"]

    def changed(self, same: bool) -> None:
        self._look()

    def wipe(self) -> None:
        super().wipe()
        self._session, self._fresh = None, True
        self.number = self.compare = self.before = self.hint = ""

    def sorry(self, error: Exception) -> None:
        self.compare = _("What is logged cannot be read just now.")

    # -- what can be touched

    def type(self, key: str) -> None:
        """A key of the pad. The first digit takes the place of the count before."""
        if key == key_pad.DELETE:
            self._say(self.number[:-1])
        elif self._fresh:
            self._say(key)
        elif int(self.number + key) <= MOST_COUNTED:
            self._say(str(int(self.number + key)))

    def step(self, way: int) -> None:
        """One more, or one fewer."""
        self._say(str(min(max(0, int(self.number or 0) + way), MOST_COUNTED)))

    def leave(self) -> None:
        """Nothing is written down."""
        if not self.writing:
            self._session = None
            self.context.staffroom.back()

    def save(self) -> None:
        """Write it down."""
        session, log, staff = self._session, self.context.services.log, self.context.shift.staff
        if not self.number:
            self.hint = _("Type how many first.")
        elif session:
            count = int(self.number)
            said = count_of(count, "Head count: {} person", "Head count: {} people")
            self.write(lambda: log.count_heads(session, count, staff), lambda _none: self._done(session, said))

    # -- inner

    def _say(self, number: str) -> None:
        self.number, self._fresh, self.hint = number, False, ""

    def _done(self, session: LogSession, said: str) -> None:
        self._session = None
        self.end(session, Told(said))

    def _look(self) -> None:
        session, log = self._session, self.context.services.log
        if session:
            self.ask("view", lambda: (log.view(session), self.find_words()), self._draw)

    def _draw(self, found: tuple[SessionView, Words]) -> None:
        view, words = found
        sums = view.totals
        helpers = (words.helper if sums.helpers == 1 else words.helpers).lower()
        visits = count_of(sums.visits, "{} visit", "{} visits")
        if sums.visits + sums.helpers == 1:
            logged = _("{visits} and {count} {helpers} is logged.")
        else:
            logged = _("{visits} and {count} {helpers} are logged.")
        self.compare = logged.format(visits=visits, count=sums.helpers, helpers=helpers)
        if sums.head_count is not None:
            self.before = _("The count before: {count}").format(count=f"{sums.head_count:,}")
            if self._fresh:
                self.number = str(sums.head_count)
