"""QR symbols as matrices; whoever draws one decides how large a module is.

Source: ISO/IEC 18004. Level Q; the quiet zone of four modules is part of the matrix, so that nobody can forget it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

from kiosk.errors import KioskError

QUIET_MODULES: Final = 4

Matrix = tuple[tuple[bool, ...], ...]
"""n x n modules, row-major from the top, True is dark."""


class TooLongError(KioskError):
    """A text is too long for a symbol."""


@lru_cache(maxsize=64)
def matrix(content: str) -> Matrix:
    """The symbol for `content`: n x n modules, row-major, True is dark, with its quiet zone.

    Raises:
        TooLongError: no symbol holds so much.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_MODULES)
    code.add_data(content)
    try:
        code.make(fit=True)
    except (DataOverflowError, ValueError) as error:  # the library raises either, by how much too long it is
        raise TooLongError(f"{len(content)} letters are too many for a QR symbol") from error
    return tuple(tuple(bool(module) for module in row) for row in code.get_matrix())
