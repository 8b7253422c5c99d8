"""What a unit shows before it belongs to a shop: the code by which the hub's people take it in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from kivy.properties import StringProperty

from kiosk.devices.qr import matrix
from kiosk.services.enrolment import EnrolmentState
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page
from kiosk.ui.widgets import basics, fitted, quiet_links, symbol  # noqa: F401 (their classes are used in the .kv file)
from sync.words import _

kv.load(__file__)


class SetUp(Page):
    """Follows what the agent says of the enrolment."""

    heading = StringProperty()
    ask_for = StringProperty()
    code = StringProperty()
    more = StringProperty()

    def __init__(self, context: Context, **options: Any) -> None:
        self._address = ""
        super().__init__(context, **options)

    def show(self, what: Any) -> None:
        self.changed(same=False)

    def changed(self, same: bool) -> None:
        self.heading, self.ask_for, self.code, self.more, address = words_for(self.context.pulse.set_up)
        if address != self._address:
            self._address = address
            self.ids.symbol.draw(matrix(address) if address else None)


def words_for(state: EnrolmentState | None) -> tuple[str, str, str, str, str]:
    """Heading, what to do, the code, what else there is to say, and the address to scan."""
    if state is None:
        return _("This screen is new here"), _("Somebody will set it up soon."), "", "", ""
    if state.state == "showing":
        until = _clock(state.expires_at)
        return (
            _("This screen is new here"),
            _("Please ask the people who look after it to type this code, or scan the square:"),
            state.user_code,
            _("A new code comes at {time}").format(time=until) if until else "",
            state.verification_url,
        )
    if state.state == "denied":
        return _("This screen was turned away"), _("Please ask the people who look after it."), "", "", ""
    if state.state == "unreachable":
        return _("This screen is new here"), _("It cannot reach its hub yet. It goes on trying."), "", "", ""
    return _("This screen is new here"), _("It is asking for its code."), "", "", ""


def _clock(seconds: float) -> str:
    """`14:35`, by the unit's own zone; empty for no time."""
    return f"{dt.datetime.fromtimestamp(seconds).astimezone():%H:%M}" if seconds else ""
