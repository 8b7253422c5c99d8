"""Figures of the screen: start, change and scroll against a bare Kivy window, labels, and visits for weeks.

All under Xvfb, where the processor draws: only the ratios say something.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.rig import RUNS, growth, median, percentile, row
from tests.display import virtual_display
from tests.ui import units

SIZE = "1080x1920"
LABELS = 4_000
WARM = 500


def figures(folder: Path, kiosk: Path, visits: int) -> None:
    """All of them; `kiosk` is the folder of a unit with a catalogue, `visits` how many the screen is put through."""
    if shutil.which("Xvfb") is None:
        row("the screen", "not measured: Xvfb is not here")
        return
    with virtual_display() as display:
        against_bare(kiosk, display)
        labels(display)
        endurance(folder / "endurance", display, visits)


def against_bare(kiosk: Path, display: str) -> None:
    """Start to the first screen that can be used, a screen changed for another, a list scrolled."""
    catalogue = kiosk / "catalogue"
    replica = catalogue / (catalogue / "current").read_text().strip()
    both = (("bare", str(replica)), ("ours", str(kiosk)))
    runs = [{who: _ran(display, who, of, SIZE, "start")["start_ms"] for who, of in both} for _ in range(RUNS)]
    bare, ours = (median([run[who] for run in runs]) for who, _of in both)
    row("start to a screen to use", f"{ours:,.0f} ms", f"{ours / bare:.2f}x a bare list's")
    for do, words in (("change", "a shelf for another"), ("scroll", "a list scrolled")):
        found = {who: _ran(display, who, of, SIZE, do) for who, of in both}
        frames = {who: of["frames_ms"] for who, of in found.items()}
        row(
            f"{words}, longest frame",
            f"p50 {median(frames['ours']):.1f} ms",
            f"{median(frames['ours']) / median(frames['bare']):.2f}x bare",
        )
        worst = {who: percentile(times[1:], 0.95) for who, times in frames.items()}
        row("  p95", f"{worst['ours']:.1f} ms", f"{worst['ours'] / worst['bare']:.2f}x bare")
        row("  the first, not laid out before", f"{frames['ours'][0]:.1f} ms", f"{frames['bare'][0]:.1f} ms bare")
        row("  until it is there", f"p50 {median(found['ours']['took_ms']):.0f} ms")
    took = _ran(display, "ours", str(kiosk), SIZE, "symbol")["took_ms"][1:]
    row("tap to the QR symbol on the screen", f"p50 {median(took):.0f}, p95 {percentile(took, 0.95):.0f} ms")


def labels(display: str) -> None:
    """One label drawn by our text provider, against the one that Kivy brings along, which cannot shape or mix."""
    runs = [{who: _ran(display, "letters", who, str(LABELS)) for who in ("ours", "sdl2")} for _ in range(RUNS)]
    ours, stock = (median([run[who]["label_ms"] for run in runs]) for who in ("ours", "sdl2"))
    row("a label drawn", f"{ours:.2f} ms", f"{ours / stock:.2f}x SDL2's")
    ours, stock = (median([run[who]["more_bytes"] for run in runs]) for who in ("ours", "sdl2"))
    row(f"  memory after {LABELS:,} of them", f"{ours / 1e6:.1f} MB", f"{stock / 1e6:.1f} MB with SDL2")


def endurance(folder: Path, display: str, visits: int) -> None:
    """Visits after each other: what the process grows by, and its slowest frames early and late."""
    units.enrol(folder)
    units.deliver(folder, units.some_items())
    words = [sys.executable, "-m", "tests.ui.walker", str(folder), "506x900", "268", "visits", str(folder)]
    subprocess.run(words, env={**os.environ, "DISPLAY": display, "VISITS": str(visits)}, check=True, timeout=7200)
    found = json.loads((folder / "found.json").read_text())
    assert not found["problem"], found["problem"]
    every = found["every"]
    looks = found["looks"][min(WARM, visits // 4) // every :]
    own, whole, _widgets, slowest, pace = zip(*looks, strict=True)
    for words, sizes in ((f"{visits:,} visits, memory of its own", own), ("  with what is read of files", whole)):
        grown, error = (bytes_ / every for bytes_ in growth(sizes, math.lcm(found["kinds"], every) // every))
        row(words, f"{grown:+,.0f} ± {error:,.0f} B a visit", f"{sizes[-1] / 1e6:.0f} MB at the end")
    third = max(1, len(slowest) // 3)
    first, last = ((median(slowest[part]), median(pace[part])) for part in (slice(third), slice(-third, None)))
    row("  slowest frames", f"{first[0]:.0f} ms first third", f"{last[0]:.0f} ms last")
    row("  a fixed piece of work beside them", f"{first[1]:.1f} ms first third", f"{last[1]:.1f} ms last")
    row("  frames, the machine's pace left out", f"{last[0] / first[0] / (last[1] / first[1]):.2f} times the first")


def _ran(display: str, module: str, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *words],
        env={**os.environ, "DISPLAY": display},
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
