"""What can go wrong inside a unit; messages say what, where and what to do."""


class KioskError(Exception):
    """Base of every error of this package."""


class SettingsError(KioskError):
    """A setting is missing or cannot be understood."""


class StoreError(KioskError):
    """`records.db` cannot be opened or written."""


class PrinterError(KioskError):
    """A slip could not be printed; `sure` tells whether it is certain that nothing came out."""

    def __init__(self, message: str, *, sure: bool) -> None:
        super().__init__(message)
        self.sure = sure


class NotEnrolledError(KioskError):
    """This unit does not belong to a hub yet."""
