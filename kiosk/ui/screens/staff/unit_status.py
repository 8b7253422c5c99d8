"""How this screen is: what waits, when the hub was heard, what is here, what does not work; and a sync and a slip."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import BooleanProperty, StringProperty

from kiosk.devices import bell
from kiosk.services import doctor
from kiosk.services.attendance import Words
from kiosk.services.doctor import Finding
from kiosk.services.overview import Overview, overview
from kiosk.services.unit import SyncStatus
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.staff.page import StaffKey, StaffPage
from kiosk.ui.staff import condition
from kiosk.ui.staff.condition import Detail, Fault
from kiosk.ui.widgets import paging, slip_state  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Panel
from kiosk.ui.widgets.tiles import FactRow, FactTile
from sync.words import _

kv.load(__file__)

PATIENCE_S: Final = 60.0
_LOOK_EVERY_S: Final = 5.0
_ASK_EVERY_S: Final = 0.5


@dataclass(frozen=True)
class _Tried:
    """When the hub was last tried, either way, in seconds since 1970."""

    sending: float
    fetching: float


class FaultPanel(Panel):
    """What does not work, what to do, and the same for whoever is rung up about it."""

    said = StringProperty()
    detail = StringProperty()


class Wellness(Panel):
    """Whether everything works, as far as is known by now."""

    said = StringProperty()
    well = BooleanProperty(False)


class UnitStatus(StaffPage):
    """The facts follow what is so while they are looked at."""

    says_slow = True
    asked = BooleanProperty(False)
    """Whether there is something to say of a sync."""
    busy = BooleanProperty(False)
    good = BooleanProperty(True)
    said = StringProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._facts: list[Detail] = []
        self._faults: list[Fault] | None = None
        self._examining = False
        self._by_stick = False
        self._since = 0.0
        self._before = _Tried(0, 0)
        super().__init__(context, **options)
        self.ids.state.context = context
        self._again = Clock.create_trigger(lambda _dt: self._look(), _LOOK_EVERY_S, interval=True)
        self._next = Clock.create_trigger(lambda _dt: self._ask(), _ASK_EVERY_S)

    # -- for the staffroom

    def bar_keys(self) -> list[StaffKey]:
        room = self.context.staffroom
        return [
            StaffKey("arrow-left", _("Back"), room.back),
            StaffKey("printer", _("Printers"), lambda: room.to("printers")),
        ]

    def show(self, what: Any) -> None:
        self.ids.reel.to_top()
        self._look()
        self._again()
        self._examine()

    def changed(self, same: bool) -> None:
        self._look()

    def left(self) -> None:
        super().left()
        self._again.cancel()
        self._quiet()

    def wipe(self) -> None:
        self._quiet()

    def sorry(self, error: Exception) -> None:
        self.busy = False
        self._say(_("That does not work just now. Please ring the hub."), good=False)

    # -- send and fetch

    def send_and_fetch(self) -> None:
        """The agent is to speak with the hub now."""
        if self.busy:
            return
        self.ids.state.forget()
        if self._by_stick:
            self._say(_("This screen has no line to the hub. A stick brings news, and takes what waits."), good=False)
            return
        services = self.context.services

        def ring() -> tuple[_Tried, bool]:
            sending, fetching = services.unit.sending_status(), services.unit.sync_status()
            return _Tried(sending.tried_at, fetching.tried_at), services.wake_agent(bell.SYNC)

        self.busy = True
        self._say(_("Asking the hub."))
        self.ask("ring", ring, self._rung)

    def _rung(self, answer: tuple[_Tried, bool]) -> None:
        self._before, awake = answer
        if awake:
            self._since = time.monotonic()
            self._ask()
            return
        self.busy = False
        self._say(condition.asleep(), good=False)

    def _ask(self) -> None:
        unit = self.context.services.unit
        self.ask("progress", lambda: (unit.sending_status(), unit.sync_status()), lambda found: self._told(*found))

    def _told(self, sending: SyncStatus, fetching: SyncStatus) -> None:
        sent, fetched = sending.tried_at > self._before.sending, fetching.tried_at > self._before.fetching
        waited_s = time.monotonic() - self._since
        if sent and fetched:
            self.busy = False
            good, said = condition.outcome(sending, fetching)
            self._say(said[:1].upper() + said[1:], good=good)
            self._look()
            self._examine()
        elif waited_s > PATIENCE_S:
            self.busy = False
            self._say(_("It takes longer than a minute. It goes on by itself; look again later."), good=False)
        else:
            doing = _("Sent. Fetching news") if sent else _("Sending") if fetched else _("Sending and fetching")
            self._say(_("{doing}: {seconds} s").format(doing=doing, seconds=int(waited_s)))
            self._next()

    # -- a slip

    def test_slip(self) -> None:
        """Whether the printer works."""
        if not self.busy:
            self.asked = False
            self.ids.state.print_test()

    # -- how it is

    def _look(self) -> None:
        services = self.context.services
        self.ask("overview", lambda: (overview(services), self.find_words()), lambda found: self._draw(*found))

    def _draw(self, unit: Overview, words: Words) -> None:
        self._by_stick = unit.by_stick
        self.context.go.now_waiting(sum(unit.waiting.values()))
        if (found := condition.facts(unit, words)) == self._facts:
            return
        self._facts = found
        box = self.ids.facts
        box.clear_widgets()
        theme = self.context.theme
        columns = 1 if theme.low else 2
        for first in range(0, len(found), columns):
            row = FactRow()
            for told in found[first : first + columns]:
                row.add_widget(FactTile(icon=told.icon, name=told.name, value=told.value, strong=theme.c.brand_ink))
            box.add_widget(row)
            row.fit()

    def _examine(self) -> None:
        """Look at everything once, however long the hub or a printer lets us wait; one look at a time."""
        if self._examining:
            return
        self._examining = True
        if self._faults is None:
            self._show_health(Wellness(said=_("Looking whether everything works")))
        services = self.context.services
        self.context.background.run(lambda: list(doctor.examine(services)), self._examined, self._not_examined)

    def _examined(self, findings: list[Finding]) -> None:
        self._examining = False
        found = condition.faults(findings)
        if found == self._faults:
            return
        self._faults = found
        panels = [FaultPanel(said=each.said, detail=each.detail) for each in found]
        self._show_health(*(panels or [Wellness(said=_("Everything works."), well=True)]))

    def _not_examined(self, _error: Exception) -> None:
        self._examining, self._faults = False, None
        self._show_health(Wellness(said=_("It could not be looked whether everything works. Please tell the hub.")))

    def _show_health(self, *panels: Panel) -> None:
        box = self.ids.health
        box.clear_widgets()
        for panel in panels:
            box.add_widget(panel)

    # -- inner

    def _say(self, said: str, *, good: bool = True) -> None:
        self.asked, self.said, self.good = True, said, good

    def _quiet(self) -> None:
        self._next.cancel()
        self.asked, self.busy, self.said = False, False, ""
        self.ids.state.forget()
