"""What a kiosk checks a PIN with is the same in every version: else an upgrade locks the staff's corner."""

from __future__ import annotations

from sync import pins
from sync.messages import DeviceInfo, StaffMember

SALT = "00112233445566778899aabbccddeeff"
SECRET = "ab" * 32
STRETCHED = "efa1b162d98e38f6730f97ab4e5ca22fe366cc2558440f32a359c47cdab67d01"
VERIFIER = "f7cd94f64f015bd7742dc90efd2c97a585d8e2a2c38806e96a6d675c67faabb8"


def test_a_pin_is_stretched_and_verified_as_ever() -> None:
    assert pins.stretch("482913", SALT).hex() == STRETCHED
    assert pins.verifier(bytes.fromhex(STRETCHED), SECRET) == VERIFIER


def test_what_a_kiosk_was_told_once_still_opens() -> None:
    member = StaffMember(id="01890000-0000-7000-8000-0123456789ab", salt=SALT, verifier=VERIFIER)
    info = DeviceInfo(device_id="d", shop_id="s", pin_secret=SECRET, staff=[member])
    assert pins.who("482913", info.staff, info.pin_secret) == member
    assert pins.who("482914", info.staff, info.pin_secret) is None
