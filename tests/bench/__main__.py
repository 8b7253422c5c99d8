"""python -m tests.bench [--items 100000]: the figures of sync, search, slips and a surgery's log, with the machine.

All are whole processes or calls on this machine, in one run; only their ratios travel. About 7 minutes at 100,000
items where nothing else is going on; what weeks leave behind needs `--visits 2000`, an hour.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sqlite3
import tempfile
from pathlib import Path

from tests.bench import catalogue, costs, growth, load, pulling, screen, searching, serving, slips, surgery
from tests.bench.rig import command, row


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--catalogue", type=Path, help="an items file to use instead of a made-up one")
    parser.add_argument("--screen", type=Path, help="the screen's figures alone, with the catalogue of this unit")
    parser.add_argument("--slips", action="store_true", help="the figures of slips alone")
    parser.add_argument("--hub", action="store_true", help="the figures of a hub under load alone: about 15 minutes")
    parser.add_argument("--kiosks", type=int, default=10_000, help="how many kiosks poll that hub")
    parser.add_argument("--visits", type=int, default=100, help="how many visits the screen is put through")
    options = parser.parse_args()
    print(
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        if options.hub:
            hub_under_load(Path(folder), options.kiosks)
        elif options.slips:
            slips.figures(Path(folder))
        elif options.screen:
            screen.figures(Path(folder), options.screen, options.visits)
        else:
            run(Path(folder), options.items, options.catalogue, options.visits)


def hub_under_load(folder: Path, kiosks: int) -> None:
    """The cost of a request, fleets of kiosks, and how it grows."""
    costs.figures(folder)
    load.fleets(folder, load.Sizes(polling=kiosks))
    growth.figures(folder, kiosks=kiosks)


def run(folder: Path, count: int, given: Path | None, visits: int) -> None:
    """All measurements, in a folder of their own."""
    source = folder / "items.ndjson"
    if given:
        shutil.copy(given, source)
    else:
        catalogue.write(str(source), count)
    lines = source.read_bytes().count(b"\n")
    print(f"{lines:,} items, {source.stat().st_size / 1e6:.1f} MB as NDJSON")
    hub = folder / "hub"
    command("sync.hub", "init", "--data", str(hub))
    lat, lon = catalogue.HERE
    command("sync.hub", "shop", "set", "Bench", "--lat", str(lat), "--lon", str(lon), "--data", str(hub))
    row("import", f"{command('sync.hub', 'import', '--data', str(hub), str(source)).wall_s:.1f} s")
    row("publish, base and all", f"{command('sync.hub', 'publish', '--data', str(hub)).wall_s:.1f} s")
    with serving.serving(hub) as url:
        kiosk = pulling.first_sync(folder, hub, url)
        pulling.changes(folder, hub, kiosk)
        searching.search(folder, kiosk, hub, url)
        serving.posting(folder, kiosk, url)
    pulling.no_change(hub, kiosk)
    serving.publish_one(folder, hub)
    serving.against_nginx(folder, hub)
    surgery.figures(folder)
    slips.figures(folder)
    screen.figures(folder, kiosk, visits)


if __name__ == "__main__":
    main()
