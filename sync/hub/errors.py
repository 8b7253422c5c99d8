"""What can go wrong at the hub; messages say what, where and what to do."""

from sync.errors import SyncError


class HubError(SyncError):
    """Base of the hub's own errors."""


class NotInitialisedError(HubError):
    """There is no hub in this folder yet."""


class UnknownError(HubError):
    """A name, code or id that the hub does not have."""


def sentence(said: object) -> str:
    """What an error says, as a sentence."""
    return f"{str(said)[:1].upper()}{str(said)[1:]}."
