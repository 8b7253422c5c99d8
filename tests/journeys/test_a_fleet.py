"""A small fleet of simulated kiosks against a real hub's process: they arrive, poll, and post after it was away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import load


@pytest.mark.timeout(300)
def test_a_fleet_arrives_polls_and_posts_and_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sizes = load.Sizes(polling=20, first_syncs=3, posting=20, records=10, items=60, polling_s=3, outage_s=3)
    wrong = load.fleets(tmp_path, sizes)
    assert {what: dict(+counted) for what, counted in wrong.items()} == {
        "first syncs": {},
        "polling": {},
        "posting": {},
    }
    said = capsys.readouterr().out
    assert "20 kiosks posting, 200 records" in said and "p99" in said
    tries = int(said.partition("200 records")[2].split()[0])
    assert tries >= 20, "nobody tried while the hub was away"
    assert " x 304" in said and " x 200" in said
