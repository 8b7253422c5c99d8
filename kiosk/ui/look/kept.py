"""Textures that were drawn and are likely to be wanted again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")


class Kept(Generic[Key]):
    """Textures by what they show. Past `most_bytes` those go that were wanted longest ago."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._textures: OrderedDict[Key, Any] = OrderedDict()

    def known(self, key: Key) -> Any:
        """The texture, when it is still here; else None."""
        texture = self._textures.get(key)
        if texture is not None:
            self._textures.move_to_end(key)
        return texture

    def keep(self, key: Key, texture: Any) -> Any:
        """Remember this one, and give it back."""
        self._textures[key] = texture
        self._bytes += _bytes(texture)
        while self._bytes > self._most and len(self._textures) > 1:
            _key, gone = self._textures.popitem(last=False)
            self._bytes -= _bytes(gone)
        return texture

    def clear(self) -> None:
        """Remember nothing."""
        self._textures.clear()
        self._bytes = 0


def _bytes(texture: Any) -> int:
    return int(texture.width * texture.height * 4)
