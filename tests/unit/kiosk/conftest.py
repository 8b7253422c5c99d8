"""A unit at a surgery."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.surgery import Surgery


@pytest.fixture
def surgery(tmp_path: Path) -> Iterator[Surgery]:
    """A unit on a Tuesday at ten past eleven, with the surgery of that hour in its diary."""
    made = Surgery(tmp_path / "unit")
    made.belongs()
    made.diary({})
    yield made
    made.close()
