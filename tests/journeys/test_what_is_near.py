"""From a postcode at the hub to what stands near a shop, with no connection."""

from __future__ import annotations

from pathlib import Path

import msgspec
from click.testing import CliRunner

from kiosk.cli import main
from sync import codes
from sync.hub import places
from sync.hub.importing import postcodes
from sync.replica.filters import Filters
from tests.conftest import TestHub, TestKiosk

TABLE = "postcode,lat,lon\nSA9 1GX,51.77,-3.77\nSA1 1AA,51.62,-3.94\nHU1 1AA,53.74,-0.33\n"


def said(*words: str) -> str:
    done = CliRunner().invoke(main, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def test_what_a_postcode_tells_reaches_the_shop(hub: TestHub, kiosk: TestKiosk, tmp_path: Path) -> None:
    hub.take(
        {"key": "a", "kind": "service", "title": "Warm hall", "themes": ["shelter"], "place": {"postcode": "sa11aa"}},
        {"key": "b", "kind": "service", "title": "Warm room", "themes": ["shelter"], "place": {"postcode": "SA9 1GX"}},
        {"key": "c", "kind": "guide", "title": "Keep warm", "themes": ["shelter"], "price": {"amount_pence": 250}},
        {"key": "d", "kind": "service", "title": "Warm pier", "themes": ["shelter"], "place": {"postcode": "HU1 1AA"}},
        {"key": "e", "kind": "guide", "title": "Cadw'n gynnes", "language": "cy", "tags": ["warm"]},
    )
    hub.hub.set_shop("Mill Lane", postcode="SA9 1GX")
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().outcome == "updated"
    shelves, data = kiosk.services.shelves, str(kiosk.folder)
    assert shelves.search("warm", filters=Filters(near_km=50)) == []
    assert not shelves.choices().near and shelves.distance_km(kiosk.item("Warm hall")) is None
    assert CliRunner().invoke(main, ["search", "--data", data, "--near", "9", "warm"]).exit_code == 1
    assert "Distance" not in said("show", "--data", data, kiosk.item("Warm hall").code)

    (tmp_path / "table.csv").write_text(TABLE)
    assert places.take_in(postcodes.read(tmp_path / "table.csv"), hub.hub.database, who="test").located == 4
    hub.publish()
    assert kiosk.sync().outcome == "updated"
    hub.stop()

    near = shelves.search("warm", filters=Filters(near_km=50))
    assert [(card.title, round(card.km or 0.0)) for card in near] == [("Warm room", 0), ("Warm hall", 20)]
    assert shelves.choices(text="warm").near and shelves.choices("theme:shelter").kinds == {"service": 3, "guide": 1}
    lines = said("search", "--data", data, "--near", "50", "warm").splitlines()
    assert [line.split("  ")[-1] for line in lines] == ["(0.0 km)", "(20.4 km)"]
    assert "Warm pier" in said("search", "--data", data, "--kind", "service", "warm")
    assert "Cadw" in said("search", "--data", data, "--language", "cy", "warm")
    assert "Keep warm" not in said("search", "--data", data, "--free", "--kind", "guide", "warm")
    (found,) = map(msgspec.json.decode, said("search", "--data", data, "--json", "--near", "5", "warm").splitlines())
    assert [item["km"] for item in found["items"]] == [0.0]

    shown = said("show", "--data", data, kiosk.item("Warm hall").code)
    assert "Distance: 20.4 km" in shown
    similar = [line.split("  ", 2) for line in shown.splitlines() if line.startswith("Similar: ")]
    assert [line[0].removeprefix("Similar: ") for line in similar][:2] == [
        codes.show(kiosk.item(title).code) for title in ("Warm room", "Warm pier")
    ]
    assert shelves.completions("war") == ["warm"] and shelves.nearest_theme("warmest") == "shelter"
    assert [card.title for card in shelves.similar(kiosk.item("Warm hall"), most=1)] == ["Warm room"]
