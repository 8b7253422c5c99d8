"""What names this machine."""

from __future__ import annotations

from pathlib import Path

from kiosk.devices import machine


def test_the_best_source_that_says_something_counts_and_only_its_hash_is_shown(tmp_path: Path) -> None:
    sources = {name: tmp_path / name for name in ("product", "board", "tree", "machine")}
    assert machine.serial(sources=sources) == ""
    (tmp_path / "machine").write_text("0123456789abcdef\n")
    by_disk = machine.serial(sources=sources)
    assert by_disk.startswith("machine:") and "0123456789abcdef" not in by_disk
    (tmp_path / "tree").write_bytes(b"10000000abcdef\0")
    by_board = machine.serial(sources=sources)
    assert by_board.startswith("tree:") and by_board == machine.serial(sources=sources)
    (tmp_path / "product").mkdir()
    assert machine.serial(sources=sources) == by_board
    assert machine.serial("A1", sources).startswith("given:") and machine.serial("A1") != machine.serial("B2")
