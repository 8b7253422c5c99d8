"""The bench is asked with options of its own, and counts growth right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bench.rig import growth


def test_its_options_are_its_own() -> None:
    """Where Kivy is imported it takes the command line for itself."""
    words = [sys.executable, "-m", "tests.bench", "--help"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "--visits" in said and "--fullscreen" not in said


def test_growth_compares_like_with_like() -> None:
    kinds = (100.0, 900.0, 5.0)
    values = [kinds[number % 3] + 2.0 * number for number in range(30)]
    grown, error = growth(values, 3)
    assert (grown, error) == (pytest.approx(2.0), pytest.approx(0.0, abs=1e-6))
    assert growth(values)[1] > 1.0, "what differs by its kind is noise where nobody tells kinds apart"
    assert growth(values[:5], 3) == growth(values[:5])
