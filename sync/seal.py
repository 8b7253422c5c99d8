"""Letters that anybody may carry: sealed so that only the addressee reads them, signed so that nobody can forge them.

A letter is one line of text and then bytes:

    touchpoint-sealed/1 PURPOSE SENDER ADDRESSEE
    32 bytes    the sender's public key (Ed25519)
    64 bytes    its signature over the line, the key and the box
    the rest    the box: HPKE (RFC 9180; X25519, HKDF-SHA256, ChaCha20-Poly1305) over one zstd frame

The line and the key are bound into the box as well (HPKE's `info`), so that nobody can sign another's box as his own.
A letter says nothing of when it was sent: who opens one must be able to bear that it comes twice, late, or never.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import zstandard
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync import packs
from sync.errors import NotTrustedError, RecordError

FORMAT: Final = "touchpoint-sealed/1"
BUNDLE: Final = "bundle"
REPLY: Final = "reply"
FOLLOW_UP: Final = "follow-up"
"""What a letter is for. One of the one sort never passes for one of the other."""

MAX_LETTER_BYTES: Final = 1_000_000
MAX_CONTENT_BYTES: Final = 8_000_000
_LEVEL: Final = 12
_MAX_BLOCK_BYTES: Final = 128 * 1024
_MAX_LINE_BYTES: Final = 200
_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_WORD: Final = re.compile(r"[0-9a-z-]{1,64}")

_suite: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True)
class Letter:
    """A letter whose signature by `signer` (a raw Ed25519 key) was found right; it is still closed."""

    purpose: str
    sender: str
    addressee: str
    signer: bytes
    box: bytes

    def open(self, key: X25519PrivateKey, *, purpose: str, addressee: str, signer: bytes) -> bytes:
        """What is in it, if it is what the reader expects.

        Args:
            key: the reader's own.
            purpose: what it must be for.
            addressee: whom it must be for.
            signer: whose it must be, a raw Ed25519 public key.

        Raises:
            NotTrustedError: it is another's, for another, or cannot be opened with this key.
            RecordError: what is in it is no zstd frame, or over `MAX_CONTENT_BYTES`.
        """
        if (self.purpose, self.addressee) != (purpose, addressee):
            raise NotTrustedError(f"a {self.purpose} for {self.addressee} is not a {purpose} for {addressee}")
        if self.signer != signer:
            raise NotTrustedError(f"a {purpose} that says it is from {self.sender} is signed with another's key")
        line = _line(self.purpose, self.sender, self.addressee)
        try:
            packed = _suite.decrypt(self.box, key, info=line + self.signer)
        except (InvalidTag, ValueError) as error:
            raise NotTrustedError(f"a {purpose} from {self.sender} cannot be opened with the key here") from error
        return packs.unpack(packed, MAX_CONTENT_BYTES)


def seal(
    content: bytes,
    *,
    purpose: str,
    sender: str,
    addressee: str,
    signer: Ed25519PrivateKey,
    to: X25519PublicKey,
    compress: bool = True,
) -> bytes:
    """A letter with that content.

    Args:
        compress: without it the letter's length depends on the content's length alone, and tells nothing else of it.

    Raises:
        RecordError: the content is over `MAX_CONTENT_BYTES`, or the letter over `MAX_LETTER_BYTES`.
        NotTrustedError: `to` is no key that anything can be sealed to.
    """
    if len(content) > MAX_CONTENT_BYTES:
        raise RecordError(f"a {purpose} of {len(content)} bytes; at most {MAX_CONTENT_BYTES} go into a letter")
    line, key = _line(purpose, sender, addressee), signer.public_key().public_bytes_raw()
    try:
        box = _suite.encrypt(_packed(content) if compress else _as_it_is(content), to, info=line + key)
    except ValueError as error:
        raise NotTrustedError(f"nothing can be sealed to the key of {addressee}: {error}") from error
    letter = line + key + signer.sign(line + key + box) + box
    if len(letter) > MAX_LETTER_BYTES:
        raise RecordError(f"a letter of {len(letter)} bytes; at most {MAX_LETTER_BYTES} are taken")
    return letter


def read(letter: bytes) -> Letter:
    """A letter, its form and its signature checked; nothing is opened.

    Raises:
        RecordError: it is no letter of this format, or over `MAX_LETTER_BYTES`.
        NotTrustedError: the signature is not its signer's.
    """
    if len(letter) > MAX_LETTER_BYTES:
        raise RecordError(f"a letter of {len(letter)} bytes; at most {MAX_LETTER_BYTES} are taken")
    purpose, sender, addressee = _words(letter)
    line = _line(purpose, sender, addressee)
    key = letter[len(line) :][:_KEY_BYTES]
    signature = letter[len(line) + _KEY_BYTES :][:_SIGNATURE_BYTES]
    box = letter[len(line) + _KEY_BYTES + _SIGNATURE_BYTES :]
    if len(box) <= _KEY_BYTES:
        raise RecordError("a letter is cut short")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, line + key + box)
    except (InvalidSignature, ValueError) as error:
        raise NotTrustedError(f"the signature of a {purpose} that says it is from {sender} is wrong") from error
    return Letter(purpose, sender, addressee, key, box)


def reply_key(private_key: Ed25519PrivateKey) -> X25519PrivateKey:
    """The key that replies to a device are sealed to: made from the device's own, so that it need not be kept.

    Source: HKDF, RFC 5869.
    """
    derived = HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"touchpoint-reply-key/1").derive(
        private_key.private_bytes_raw()
    )
    return X25519PrivateKey.from_private_bytes(derived)


def _packed(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(content)


def _as_it_is(content: bytes) -> bytes:
    """A zstd frame of one raw block. Source: RFC 8878, section 3.1.1: one segment, its size in four bytes."""
    if len(content) > _MAX_BLOCK_BYTES:
        raise RecordError(f"{len(content)} bytes; at most {_MAX_BLOCK_BYTES} go into a letter uncompressed")
    header = zstandard.FRAME_HEADER + b"\xa0" + len(content).to_bytes(4, "little")
    last_raw_block = 1 | len(content) << 3
    return header + last_raw_block.to_bytes(3, "little") + content


def _line(purpose: str, sender: str, addressee: str) -> bytes:
    return f"{FORMAT} {purpose} {sender} {addressee}\n".encode()


def _words(letter: bytes) -> tuple[str, str, str]:
    """Purpose, sender and addressee, as the first line has them."""
    end = letter.find(b"\n", 0, _MAX_LINE_BYTES)
    try:
        words = letter[: max(end, 0)].decode("ascii").split(" ")
    except UnicodeDecodeError as error:
        raise RecordError("this is not a sealed letter: its first line is no text") from error
    if words[0] != FORMAT:
        raise RecordError(f"this is not a sealed letter of the format {FORMAT!r}")
    if len(words) != 4 or not all(map(_WORD.fullmatch, words[1:])):
        raise RecordError("a sealed letter's first line must name its purpose, sender and addressee")
    return words[1], words[2], words[3]
