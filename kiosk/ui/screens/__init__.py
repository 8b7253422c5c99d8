"""One screen a module, its look in the `.kv` file of the same name."""

from __future__ import annotations

from kiosk.ui.context import Context
from kiosk.ui.screens.page import Page


def build(context: Context) -> list[Page]:
    """Every screen, once; the first is the one to begin with."""
    from kiosk.ui.screens.attract import Attract
    from kiosk.ui.screens.home import Home
    from kiosk.ui.screens.item import ItemScreen
    from kiosk.ui.screens.privacy import Privacy
    from kiosk.ui.screens.search import Search
    from kiosk.ui.screens.set_up import SetUp
    from kiosk.ui.screens.shelf import Shelf
    from kiosk.ui.screens.slip import Slip
    from kiosk.ui.screens.staff.door import Door
    from kiosk.ui.screens.staff.entries import Entries
    from kiosk.ui.screens.staff.follow_up import FollowUp
    from kiosk.ui.screens.staff.head_count import HeadCount
    from kiosk.ui.screens.staff.helping import Helpers
    from kiosk.ui.screens.staff.log import StaffLog
    from kiosk.ui.screens.staff.sessions import StaffSessions
    from kiosk.ui.screens.staff.unit_status import UnitStatus
    from kiosk.ui.screens.staff.visit_form import VisitForm
    from kiosk.ui.screens.take_away import TakeAway
    from kiosk.ui.screens.whats_on import WhatsOn

    return [
        Attract(context, name="attract"),
        SetUp(context, name="set_up"),
        Home(context, name="home"),
        Shelf(context, name="shelf"),
        WhatsOn(context, name="whats_on"),
        Search(context, name="search"),
        ItemScreen(context, name="item"),
        TakeAway(context, name="take_away"),
        Slip(context, name="slip"),
        Privacy(context, name="privacy"),
        Door(context, name="door"),
        StaffSessions(context, name="staff_sessions"),
        StaffLog(context, name="staff_log"),
        VisitForm(context, name="visit_form"),
        Entries(context, name="entries"),
        HeadCount(context, name="head_count"),
        Helpers(context, name="helpers"),
        FollowUp(context, name="follow_up"),
        UnitStatus(context, name="unit_status"),
    ]
