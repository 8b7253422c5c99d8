"""IPP: one question to a printer and its answer, within a time.

pyipp speaks it. What it leaves open is closed here: it ends no answer that never ends, is led round in circles by
lengths below zero, lets errors of the layers below through, drops without a word the attributes it has no type for, and
has one error for every refusal.
"""

from __future__ import annotations

import asyncio
import struct
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from pyipp import IPP, parser
from pyipp.enums import IppOperation, IppStatus, IppTag
from pyipp.exceptions import (
    IPPConnectionError,
    IPPConnectionUpgradeRequired,
    IPPError,
    IPPParseError,
    IPPResponseError,
    IPPVersionNotSupportedError,
)
from pyipp.tags import ATTRIBUTE_TAG_MAP

from kiosk.devices.printers.printer import BUSY, FAULT, OFFLINE
from kiosk.errors import PrinterError, SettingsError

_read_one: Final = parser.parse_attribute


def _read_forward(data: bytes, offset: int, prev_attr_name: str = "") -> tuple[dict[str, Any], int]:
    """Read one attribute of an answer; refuse lengths below zero, by which reading would go back and never end."""
    (name,) = struct.unpack_from(">h", data, offset + 1)
    (value,) = struct.unpack_from(">h", data, offset + 3 + max(0, name))
    attribute, end = _read_one(data, offset, prev_attr_name) if min(name, value) >= 0 else ({}, 0)
    if end <= offset:  # a text with its language has lengths of its own
        raise IPPParseError("an attribute has a length below zero")
    return attribute, end


parser.parse_attribute = _read_forward
ATTRIBUTE_TAG_MAP["media"] = IppTag.KEYWORD  # pyipp has it as a name, which is for media that somebody named
ATTRIBUTE_TAG_MAP["print-scaling"] = IppTag.KEYWORD

_USER: Final = "touchpoint"
_PATH: Final = "/ipp/print"
_VERSION: Final = (1, 1)
"""The one that every printer has to take; nothing of a later one is asked for."""
_READING: Final = (
    IppOperation.GET_PRINTER_ATTRIBUTES,
    IppOperation.GET_JOB_ATTRIBUTES,
    IppOperation.GET_JOBS,
)
_IN_THE_MIDDLE: Final = (
    IppStatus.ERROR_INTERNAL,
    IppStatus.ERROR_DEVICE,
    IppStatus.ERROR_TEMPORARY,
    IppStatus.ERROR_JOB_CANCELED,
)
"""Answers that may come when the job has been made already. Source: RFC 8011, appendix B."""


class Line:
    """Asks one printer. Every question has a connection of its own: one kept open may have been shut meanwhile."""

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            sound = parts.scheme in ("ipp", "ipps") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound:
            raise SettingsError(f"printer is {address!r}; an office printer is written ipp://HOST:631{_PATH}")
        self.address = address
        self._uri = address if parts.path.strip("/") else address.rstrip("/") + _PATH
        self._runner = asyncio.Runner()

    def ask(
        self,
        operation: IppOperation,
        seconds: float,
        attributes: dict[str, Any],
        job: dict[str, Any] | None = None,
        document: bytes | None = None,
    ) -> dict[str, Any]:
        """Ask, and wait for the whole answer.

        Raises:
            PrinterError: no answer, or not the wished one (`sure`: what was asked for has surely not been done).
        """
        message: dict[str, Any] = {"operation-attributes-tag": {"requesting-user-name": _USER, **attributes}}
        if job is not None:
            message["job-attributes-tag"] = job
        if document is not None:
            message["data"] = document
        try:
            return self._runner.run(self._answer(operation, seconds, message))
        except (IPPError, aiohttp.ClientError, TimeoutError, ValueError) as error:
            words, state, undone = _meaning(error, seconds)
            raise PrinterError(
                f"the printer at {self.address} {words}", sure=undone or operation in _READING, state=state
            ) from error

    def close(self) -> None:
        """Let go of what asking needs; the next question gets it anew."""
        self._runner.close()
        self._runner = asyncio.Runner()

    async def _answer(self, operation: IppOperation, seconds: float, message: dict[str, Any]) -> dict[str, Any]:
        async with asyncio.timeout(seconds), aiohttp.ClientSession() as session:
            its_own = round(seconds) + 60  # its limit leaves out the answer's body; ours comes first
            line = IPP(self._uri, session=session, ipp_version=_VERSION, request_timeout=its_own)
            return await line.execute(operation, message)


def _meaning(error: Exception, seconds: float) -> tuple[str, str, bool]:
    """What an error says of the printer, in words and as a state, and whether the request has surely not been met."""
    match error:
        case TimeoutError():
            return f"did not answer within {seconds:g} s: see that it is on and in the network", OFFLINE, False
        case IPPConnectionError(__cause__=aiohttp.ClientConnectorError(os_error=why)):
            return f"cannot be reached ({why}): see that it is on and in the network", OFFLINE, True
        case IPPConnectionError() | aiohttp.ClientError():
            return f"broke off ({error.__cause__ or error}): see that it is on, and is a printer", OFFLINE, False
        case IPPConnectionUpgradeRequired():
            return "wants to be spoken to in secret: write ipps:// in the settings", FAULT, True
        case IPPResponseError():
            code = error.args[1]["status-code"]
            return f"answers HTTP {code}: see whether its address is right", FAULT, code < 500
        case IPPVersionNotSupportedError():
            return "does not take IPP 1.1: see whether its own software can be renewed", FAULT, True
        case IPPParseError() | ValueError():
            return "does not answer as a printer does: see whether its address is right", FAULT, False
    code = error.args[1]["status-code"]
    name = IppStatus(code).name if code in list(IppStatus) else "an unknown code"
    if code == IppStatus.ERROR_BUSY:
        return f"is busy ({name}, {code:#06x}): try again when it has printed what it has", BUSY, True
    return f"refuses ({name}, {code:#06x}): see what it shows", FAULT, code not in _IN_THE_MIDDLE
