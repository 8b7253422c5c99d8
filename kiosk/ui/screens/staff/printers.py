"""The printers: those that are found, and which one slips come out of."""

from __future__ import annotations

import time
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from kiosk.devices.printers.finding import Found
from kiosk.devices.printers.printer import PICTURES
from kiosk.services.printers import PrinterState
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.staff.page import StaffKey, StaffPage
from kiosk.ui.staff import condition
from kiosk.ui.widgets import paging, slip_state  # noqa: F401 (their classes are used in the .kv file)
from kiosk.ui.widgets.basics import Panel
from sync.words import _

kv.load(__file__)

_PATIENCE_S: Final = 15.0
_ASK_EVERY_S: Final = 0.5


class PrinterRow(Panel):
    """One printer: what it calls itself, how it is; `use` is empty for the one in use."""

    name = StringProperty()
    about = StringProperty()
    used = BooleanProperty(False)
    well = BooleanProperty(True)
    use: Any = ObjectProperty(None, allownone=True)


class Printers(StaffPage):
    """Looks when it is opened, and when asked again. A printer that is chosen prints a test slip at once."""

    says_slow = True
    note = StringProperty()
    looking = BooleanProperty(False)
    before = StringProperty()
    """What was used until another was chosen here."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._found: list[Found] = []
        self._drawn: Any = None
        self._since = 0.0
        super().__init__(context, **options)
        self.ids.state.context = context
        self._next = Clock.create_trigger(lambda _dt: self._ask(), _ASK_EVERY_S)

    def bar_keys(self) -> list[StaffKey]:
        return [StaffKey("arrow-left", _("Back"), self.context.staffroom.back)]

    def show(self, what: Any) -> None:
        self.ids.reel.to_top()
        self.look()

    def left(self) -> None:
        super().left()
        self._next.cancel()
        self.ids.state.forget()
        self.before, self.looking = "", False

    def look(self) -> None:
        """Have the agent look for printers."""
        if self.looking:
            return
        self.looking, self._since = True, time.monotonic()
        self.note = _("Looking for printers, on cables and on the network")
        self.ask("look", self.context.services.printers.look_for, self._asked)

    def use(self, address: str) -> None:
        """Print there from now on, beginning with a test slip."""
        printers = self.context.services.printers

        def chosen() -> str:
            before = printers.in_use
            printers.use(address)
            return before

        def told(before: str) -> None:
            self.before = before
            self.ids.state.forget()
            self.ids.state.print_test()
            self._ask()

        self.ask("use", chosen, told)

    def back(self) -> None:
        """Print where it was printed before."""
        if self.before:
            self.use(self.before)

    def sorry(self, error: Exception) -> None:
        self.looking = False
        self.note = _("That does not work just now. Please ring the hub.")

    # -- inner

    def _asked(self, awake: bool) -> None:
        if not awake:
            self.looking, self.note = False, condition.asleep()
        self._ask()

    def _ask(self) -> None:
        printers = self.context.services.printers
        self.ask("found", lambda: (printers.found(), printers.states()), lambda told: self._told(*told))

    def _told(self, found: list[Found] | None, states: list[PrinterState]) -> None:
        if found is not None:
            self._found, self.looking = found, False
            self.note = "" if found else _("No printer was found. Is it on, and on a cable or the same network?")
        elif self.looking and time.monotonic() - self._since > _PATIENCE_S:
            self.looking, self.note = False, _("It takes too long. Please look again.")
        self._draw(states)
        self._next()

    def _draw(self, states: list[PrinterState]) -> None:
        used = {state.address: state for state in states}
        named = {printer.address: printer.name for printer in self._found}
        addresses = list(dict.fromkeys([*used, *named, PICTURES]))
        if (drawn := (states, self._found)) == self._drawn:
            return
        self._drawn = drawn
        column = self.ids.rows
        column.clear_widgets()
        for address in addresses:
            row = PrinterRow(used=address in used, well=address not in used or used[address].well)
            row.name, row.about = condition.printer_in_words(address, named.get(address, ""), used.get(address))
            row.use = None if row.used else lambda at=address: self.use(at)
            column.add_widget(row)
        self.ids.reel.measure()
