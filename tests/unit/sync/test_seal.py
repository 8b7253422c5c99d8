"""Letters that anybody may carry: nobody else reads them, nobody forges them, and nothing wrong is ever opened."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from sync import seal
from sync.errors import NotTrustedError, RecordError
from sync.seal import Letter

DEVICE = "01890000-0000-7000-8000-0123456789ab"
SIGNER = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
THIEF = Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
HUB = X25519PrivateKey.from_private_bytes(b"\3" * 32)
OTHER = X25519PrivateKey.from_private_bytes(b"\4" * 32)
HUB_NAME = HUB.public_key().public_bytes_raw().hex()


def sealed(content: bytes, signer: Ed25519PrivateKey = SIGNER) -> bytes:
    return seal.seal(
        content, purpose=seal.BUNDLE, sender=DEVICE, addressee=HUB_NAME, signer=signer, to=HUB.public_key()
    )


def opened(
    letter: Letter,
    *,
    key: X25519PrivateKey = HUB,
    purpose: str = seal.BUNDLE,
    addressee: str = HUB_NAME,
    signer: Ed25519PrivateKey = SIGNER,
) -> bytes:
    return letter.open(key, purpose=purpose, addressee=addressee, signer=signer.public_key().public_bytes_raw())


LETTER = sealed(b"thirty people came to the surgery" * 3)


@given(st.binary(max_size=5000))
def test_what_is_sealed_is_opened_and_never_stands_there_in_clear(content: bytes) -> None:
    letter = sealed(content)
    assert opened(seal.read(letter)) == content
    assert len(content) < 8 or content not in letter
    assert letter != sealed(content)


def test_one_bit_anywhere_and_it_is_refused() -> None:
    for bit in range(len(LETTER) * 8):
        damaged = bytearray(LETTER)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NotTrustedError, RecordError)):
            opened(seal.read(bytes(damaged)))


@given(st.integers(0, len(LETTER) - 1))
def test_cut_short_anywhere_it_is_refused(length: int) -> None:
    with pytest.raises((NotTrustedError, RecordError)):
        seal.read(LETTER[:length])


@given(st.binary(min_size=1, max_size=100))
def test_with_something_after_its_end_it_is_refused(more: bytes) -> None:
    with pytest.raises(NotTrustedError):
        seal.read(LETTER + more)


@given(st.binary(max_size=2000))
def test_anything_else_is_no_letter(content: bytes) -> None:
    with pytest.raises(RecordError):
        seal.read(content)


def test_only_the_addressees_key_opens_it() -> None:
    with pytest.raises(NotTrustedError, match="cannot be opened"):
        opened(seal.read(LETTER), key=OTHER)


@pytest.mark.parametrize(("purpose", "addressee"), [(seal.REPLY, HUB_NAME), (seal.BUNDLE, "another")])
def test_it_is_for_nothing_and_nobody_else(purpose: str, addressee: str) -> None:
    with pytest.raises(NotTrustedError, match="is not a"):
        opened(seal.read(LETTER), purpose=purpose, addressee=addressee)


def test_a_letter_of_an_unexpected_signer_stays_closed() -> None:
    with pytest.raises(NotTrustedError, match="another's key"):
        opened(seal.read(sealed(b"forged", signer=THIEF)))


def test_nobody_can_sign_anothers_box_as_his_own() -> None:
    """A thief takes the box and puts his own key and a right signature before it: the box does not open with that."""
    letter = seal.read(LETTER)
    line = LETTER[: LETTER.index(b"\n") + 1]
    key = THIEF.public_key().public_bytes_raw()
    stolen = seal.read(line + key + THIEF.sign(line + key + letter.box) + letter.box)
    with pytest.raises(NotTrustedError, match="cannot be opened"):
        opened(stolen, signer=THIEF)


def test_the_same_letter_may_come_twice() -> None:
    assert opened(seal.read(LETTER)) == opened(seal.read(LETTER))


def test_bounds_hold_on_both_sides() -> None:
    with pytest.raises(RecordError, match="at most"):
        sealed(b"0" * (seal.MAX_CONTENT_BYTES + 1))
    with pytest.raises(RecordError, match="at most"):
        sealed(Ed25519PrivateKey.generate().private_bytes_raw() + _noise(seal.MAX_LETTER_BYTES))
    with pytest.raises(RecordError, match="at most"):
        seal.read(LETTER + b"0" * seal.MAX_LETTER_BYTES)


def test_a_letter_that_swells_beyond_the_bound_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(seal, "MAX_CONTENT_BYTES", 1 << 30)
        bomb = sealed(b"0" * 20_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(RecordError, match="unpacks to 20000000 bytes"):
        opened(seal.read(bomb))


def test_a_key_of_zeros_seals_nothing() -> None:
    with pytest.raises(NotTrustedError, match="nothing can be sealed"):
        seal.seal(
            b"x",
            purpose=seal.REPLY,
            sender="hub",
            addressee=DEVICE,
            signer=SIGNER,
            to=X25519PublicKey.from_public_bytes(b"\0" * 32),
        )


def test_the_reply_key_comes_from_the_devices_key_alone() -> None:
    again = Ed25519PrivateKey.from_private_bytes(SIGNER.private_bytes_raw())
    assert seal.reply_key(SIGNER).private_bytes_raw() == seal.reply_key(again).private_bytes_raw()
    assert seal.reply_key(SIGNER).private_bytes_raw() != seal.reply_key(THIEF).private_bytes_raw()
    assert seal.reply_key(SIGNER).private_bytes_raw() != SIGNER.private_bytes_raw()


def _noise(size: int) -> bytes:
    import random

    return random.Random(1).randbytes(size)


@given(st.binary(max_size=3000), st.binary(max_size=3000))
def test_uncompressed_its_length_tells_the_contents_length_and_nothing_else(one: bytes, other: bytes) -> None:
    def as_it_is(content: bytes) -> bytes:
        return seal.seal(
            content,
            purpose=seal.BUNDLE,
            sender=DEVICE,
            addressee=HUB_NAME,
            signer=SIGNER,
            to=HUB.public_key(),
            compress=False,
        )

    letters = [as_it_is(content) for content in (one, other, bytes(len(one)))]
    assert [opened(seal.read(letter)) for letter in letters] == [one, other, bytes(len(one))]
    assert len(letters[0]) == len(letters[2])
    assert len(letters[0]) - len(letters[1]) == len(one) - len(other)


def test_uncompressed_a_letter_has_a_bound_of_its_own() -> None:
    with pytest.raises(RecordError, match="at most 131072 go into a letter uncompressed"):
        seal.seal(
            bytes(131_073),
            purpose=seal.BUNDLE,
            sender=DEVICE,
            addressee=HUB_NAME,
            signer=SIGNER,
            to=HUB.public_key(),
            compress=False,
        )
