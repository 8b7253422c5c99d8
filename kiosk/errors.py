"""What can go wrong inside a unit; messages say what, where and what to do."""


class KioskError(Exception):
    """Base of every error of this package."""


class SettingsError(KioskError):
    """A setting is missing or cannot be understood."""


class StoreError(KioskError):
    """`records.db` cannot be opened or written."""


class PrinterError(KioskError):
    """A slip could not be printed.

    Attributes:
        sure: whether it is certain that nothing came out, and that nothing will.
        state: how the printer is, see `kiosk.devices.printers.printer.STATES`.
    """

    def __init__(self, message: str, *, sure: bool, state: str = "fault") -> None:
        super().__init__(message)
        self.sure = sure
        self.state = state


class NotEnrolledError(KioskError):
    """This unit does not belong to a hub yet."""


class AttendanceError(KioskError):
    """A visit cannot be logged or changed as was asked."""


class GoneError(AttendanceError):
    """The record is not here any more: it was deleted, or is at the hub alone."""


class ContactError(KioskError):
    """A contact cannot be kept: something is missing or too long."""


class NoKeyError(ContactError):
    """There is no hub's key to lock it with."""


class DisplayError(KioskError):
    """There is no display to draw on, or it has no room."""
