"""A kiosk of the first release, as a real process, goes on working with this hub; and so does the present one with a
hub that publishes what no kiosk of today knows.

`first_release.zip` is the kiosk's program as it was released first, from the project's own history at 2e94b41, under
the project's licence (AGPL-3.0-or-later): the Python of `kiosk/` without its screen and of `sync/` without the hub. It
is run from the zip as it is. It was made once, by `python -m tests.wire.test_first_release`, and is never made again.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from sync.hub.store import catalogue
from sync.records import CATALOGUE, Item, id_from_key
from tests.conftest import TestHub
from tests.support.processes import received

FIRST: Final = Path(__file__).parent / "first_release.zip"
PRESENT: Final = Path(__file__).parent.parent.parent
COMMIT: Final = "2e94b41a42ed824b9e1225c8c6ccdc033e6f8998"
README: Final = (
    "The kiosk's program of Touchpoint's first release (commit 2e94b41), without its screen: a fixture for tests/wire."
    " Licence: AGPL-3.0-or-later, as the project's.\n"
)

COUNT: Final = """
import datetime, pathlib, sys
from kiosk import bootstrap
from kiosk.settings import Settings
unit = bootstrap.services(Settings(data=pathlib.Path(sys.argv[1])))
for _ in range(3):
    unit.usage.add(datetime.date.fromisoformat(sys.argv[2]), "open", item="counted")
unit.close()
"""


class Kiosk:
    """A unit that is worked by commands alone, of whichever program."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.folder, self._program = folder, program
        folder.mkdir()

    def run(self, *words: str, expect: int | None = 0) -> str:
        environment = {**os.environ, "PYTHONPATH": str(self._program)}
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60
        )
        assert expect is None or done.returncode == expect, done.stderr
        return done.stdout

    def command(self, *words: str) -> str:
        return self.run("-m", "kiosk", *words, "--data", str(self.folder / "data"))

    def sync(self) -> dict[str, Any]:
        return msgspec.json.decode(self.command("sync", "--once", "--json"))

    def search(self, query: str) -> list[str]:
        return [card["title"] for card in json.loads(self.command("search", query, "--json"))["items"]]

    def enrol(self, hub: TestHub) -> None:
        provision = self.folder / "provision.json"
        provision.write_bytes(msgspec.json.encode(hub.hub.provision("Mill Lane")))
        self.command("enrol", "--provision", str(provision), "--hub", hub.url)

    def count_three(self, day: str) -> None:
        self.run("-c", COUNT, str(self.folder / "data"), day)


@pytest.fixture(params=[FIRST, PRESENT], ids=["first release", "present"])
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Kiosk:
    made = Kiosk(request.param, tmp_path / "unit")
    there = made.run("-c", "import kiosk, sync; print(kiosk.__file__, sync.__file__)").split()
    assert all(path.startswith(str(request.param)) for path in there)
    return made


def test_a_kiosk_works_with_this_hub_before_and_after_a_long_sleep(hub: TestHub, unit: Kiosk, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 a")
    hub.take(
        {"key": "pot", "title": "Cook for ten", "body": "Soup for the street."},
        {"key": "bike", "title": "Mend a bike", "files": [{"path": "a.pdf"}]},
        *({"key": f"k{n}", "title": f"Thing {n}"} for n in range(30)),
        beside=tmp_path,
    )
    hub.publish()
    hub.serve()
    unit.enrol(hub)
    first = unit.sync()
    assert (first["outcome"], first["items"], first["files"]) == ("updated", 32, 1)
    assert unit.search("soup") == ["Cook for ten"]
    _goes_round(hub, unit, "2026-11-01", "lantern")
    for number in range(14):  # it sleeps through so many publications that their deltas are merged
        hub.take(*({"key": f"k{n}", "title": f"Thing {n}, {number}", "body": "x" * 400} for n in range(number, 30)))
        hub.publish()
    _goes_round(hub, unit, "2026-11-02", "windmill")
    assert unit.sync()["outcome"] == "current"


def _goes_round(hub: TestHub, unit: Kiosk, day: str, word: str) -> None:
    """An item comes, is found, and goes; records go up."""
    hub.take({"key": word, "title": f"A {word} to build"})
    hub.publish()
    unit.count_three(day)
    report = unit.sync()
    assert (report["outcome"], report["items"], report["sent"]) == ("updated", 33, 1), report
    assert unit.search(word) == [f"A {word} to build"]
    bodies = [record["body"] for record in received(hub.folder) if record["kind"] == "usage"]
    assert [body["count"] for body in bodies if body["day"] == day] == [3]
    _withdraw(hub, word)
    hub.publish()
    report = unit.sync()
    assert (report["outcome"], report["items"], report["sent"]) == ("updated", 32, 0), report
    assert unit.search(word) == []


def _withdraw(hub: TestHub, key: str) -> None:
    from sync import codes

    hub.hub.withdraw(codes.for_id(id_from_key("item", key)))


class Weather(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A collection that nobody knows yet."""

    id: str
    revision: int = msgspec.field(default=0, name="r")
    sky: str = ""


class LaterItem(Item, omit_defaults=True, kw_only=True):
    """An item of a later version."""

    mood: list[str] = []  # noqa: RUF012 (a Struct copies it)


def test_what_a_kiosk_does_not_know_is_kept_and_counted_and_not_shown(
    hub: TestHub, unit: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a base and in deltas: a collection, a kind and a field of a later hub."""
    monkeypatch.setitem(CATALOGUE, "weather", Weather)
    monkeypatch.setitem(CATALOGUE, "item", LaterItem)
    _put_later(hub, "one", sky="blue")
    hub.publish()
    hub.serve()
    unit.enrol(hub)
    first = unit.sync()
    assert (first["outcome"], first["items"]) == ("updated", 1)
    _put_later(hub, "two", sky="grey")
    hub.publish()
    second = unit.sync()
    assert (second["outcome"], second["items"]) == ("updated", 2)
    _put_later(hub, "two", sky="black")
    hub.publish()
    assert unit.sync()["outcome"] == "updated"
    assert unit.search("hologram") == []
    assert sorted(unit.search("moody")) == ["Moody one", "Moody two"]
    state = hub.hub.publisher.state()
    assert state and _kept(unit) == {"weather": 2, "hologram": 2, "count": state.count}


def _put_later(hub: TestHub, word: str, sky: str) -> None:
    items = [
        LaterItem(id=id_from_key("item", f"h-{word}"), kind="hologram", title=f"Hologram {word} {sky}"),
        LaterItem(id=id_from_key("item", f"m-{word}"), kind="guide", title=f"Moody {word}", mood=["warm", sky]),
    ]
    with hub.hub.database.writing() as db:
        catalogue.put(db, items, "test")
        catalogue.put(db, [Weather(id=id_from_key("weather", word), sky=sky)], "test")  # type: ignore[list-item]


def _kept(unit: Kiosk) -> dict[str, int]:
    """How many records the unit keeps raw, and how many it counts in all."""
    script = """
import pathlib, sqlite3, sys, json
folder = pathlib.Path(sys.argv[1]) / "data" / "catalogue"
db = sqlite3.connect(folder / (folder / "current").read_text())
lines = [json.loads(line) for (line,) in db.execute("SELECT line FROM record")]
print(json.dumps({
    "weather": sum(line["c"] == "weather" for line in lines),
    "hologram": sum(line.get("kind") == "hologram" for line in lines),
    "count": db.execute("SELECT value FROM meta WHERE key = 'count'").fetchone()[0],
}))
"""
    return msgspec.json.decode(unit.run("-c", script, str(unit.folder)), type=dict[str, int])


def write() -> None:
    """Write the fixture, once: the same commit always gives the same bytes."""
    packed = subprocess.run(
        ["git", "archive", "--format=tar", COMMIT, "kiosk", "sync"], check=True, capture_output=True, cwd=PRESENT
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar, zipfile.ZipFile(FIRST, "w", zipfile.ZIP_DEFLATED) as out:
        _add(out, "README", README.encode())
        for member in sorted(tar.getmembers(), key=lambda member: member.name):
            left_out = member.name.startswith(("kiosk/ui/", "sync/hub/", "sync/pages/"))
            if member.name.endswith(".py") and not left_out and (file := tar.extractfile(member)):
                _add(out, member.name, file.read())


def _add(out: zipfile.ZipFile, name: str, content: bytes) -> None:
    then = dt.datetime(2026, 11, 23)
    out.writestr(zipfile.ZipInfo(name, then.timetuple()[:6]), content, zipfile.ZIP_DEFLATED, 9)


if __name__ == "__main__":
    write()
