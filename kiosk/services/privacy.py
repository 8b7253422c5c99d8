"""What people are told of their privacy, with this unit's figures."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.settings import Settings
from sync import notices
from sync.notices import Notice


class PrivacyWords:
    """The privacy page and the notice before a contact. Call them off the screen's thread: they read files.

    Args:
        settings: those that count now.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    def page(self, language: str) -> Notice:
        """The privacy page, in English where it is not in that language."""
        settings = self._settings()
        return notices.privacy(
            language,
            follow_up_days=settings.follow_up_days,
            keep_days=settings.keep_days,
            attendance_months=settings.attendance_months,
            contact=settings.privacy_contact,
        )

    def follow_up(self, language: str) -> Notice:
        """What is read before somebody leaves a contact."""
        settings = self._settings()
        return notices.follow_up(language, follow_up_days=settings.follow_up_days, contact=settings.privacy_contact)
