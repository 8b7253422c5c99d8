"""What every screen is given: the services, the theme, the visit, and the way to other screens."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.services.services import Services
from kiosk.ui.background import Background
from kiosk.ui.look.theme import Look, Theme, look_of
from kiosk.ui.pulse import Pulse
from kiosk.ui.staff.shift import Shift
from kiosk.ui.visit import Visit

if TYPE_CHECKING:
    from kiosk.ui.look.pictures import Pictures
    from kiosk.ui.navigator import Navigator
    from kiosk.ui.staff.staffroom import Staffroom
    from kiosk.ui.stage import Stage


@dataclass
class Moment:
    """How the unit is now."""

    pulse: Pulse = field(default_factory=Pulse)


@dataclass
class Context:
    """Handed from the app to the screens and from those to their parts.

    Screens in another look have one of their own that differs by its theme alone.
    """

    services: Services
    background: Background
    pictures: Pictures
    theme: Theme
    visit: Visit = field(default_factory=Visit)
    shift: Shift = field(default_factory=Shift)
    moment: Moment = field(default_factory=Moment)
    stage: Stage = field(init=False)
    go: Navigator = field(init=False)
    staffroom: Staffroom = field(init=False)

    @property
    def pulse(self) -> Pulse:
        """What is known of the unit at this moment."""
        return self.moment.pulse

    @property
    def language(self) -> str:
        """The code of the language that the visitor reads: the chosen one, else the unit's own."""
        return self.visit.language or self.services.settings.language

    def in_look(self, theme: Theme) -> Context:
        """The same, for screens in this look."""
        other = copy.copy(self)
        other.theme = theme
        return other

    def look(self, keys: list[str]) -> Look:
        """The look of the first of these shelves that is known; the house's own where none is."""
        tiles = self.pulse.home.themes if self.pulse.home else []
        found = {tile.theme.key: tile.theme for tile in tiles}
        theme = next((found[key] for key in keys if key in found), None)
        return look_of(theme, self.theme.c, self.language)
