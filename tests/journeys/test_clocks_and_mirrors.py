"""A unit whose clock is wrong, signatures that ran out, and mirrors that lag or lie."""

from __future__ import annotations

import datetime as dt
import http.server
import shutil
from pathlib import Path
from typing import Any, Self

import pytest

from kiosk import bootstrap
from kiosk.services.services import Services
from sync.client import identity
from sync.client.carriers import Carrier, FolderCarrier, HttpCarrier
from sync.client.clock import BUILT, Clock
from sync.client.down.fetch import Limits
from sync.client.passes import Passes, Report
from tests.conftest import TestHub, TestKiosk
from tests.journeys.test_bad_days import answering

BOTH = ["Cook for ten on £10", "Mend a bike"]
FAR_OFF = dt.timedelta(days=5 * 365)


def a_pass(unit: Services, *carriers: Carrier, time: dt.datetime | None = None) -> Report:
    """One pass with these carriers, at that time by the unit's clock."""
    mine = unit.unit.identity
    assert mine
    folder = unit.settings.data / "sync"
    clock = Clock(folder / "hub-time", lambda: time or dt.datetime.now(dt.UTC))
    made = Passes(
        mine,
        folder,
        unit.replicas,
        unit.blobs,
        bootstrap.upstream(unit),
        limits=lambda: Limits(budget_bytes=10**9),
        carriers=carriers,
        clock=clock,
    )
    return made.run()


def change(hub: TestHub, title: str = "Mend your own bike") -> None:
    hub.take({"key": "bike", "title": title})
    hub.publish()


def test_a_unit_whose_clock_says_1970_has_its_news_all_the_same(hub: TestHub, shop: TestKiosk) -> None:
    change(hub)
    report = a_pass(shop.services, time=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    assert report.outcome == "updated"
    assert "Mend your own bike" in shop.titles()


def test_it_takes_the_time_of_the_last_publication_for_the_least_that_it_can_be(shop: TestKiosk) -> None:
    kept = Clock(shop.folder / "sync" / "hub-time", lambda: BUILT)
    assert kept.behind
    assert dt.datetime.now(dt.UTC) - kept.now() < dt.timedelta(minutes=5)


def test_a_unit_whose_clock_is_years_ahead_keeps_its_shelves_and_says_what_is_wrong(
    hub: TestHub, shop: TestKiosk
) -> None:
    change(hub)
    report = a_pass(shop.services, time=dt.datetime.now(dt.UTC) + FAR_OFF)
    assert report.outcome == "refused" and "clock" in report.message
    assert sorted(shop.titles()) == BOTH
    assert a_pass(shop.services).outcome == "updated"
    assert "Mend your own bike" in shop.titles()


def test_when_the_hub_was_away_so_long_that_its_signatures_ran_out_the_shelves_stay(
    hub: TestHub, shop: TestKiosk
) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=31)
    change(hub)
    assert a_pass(shop.services, time=later).outcome == "refused"
    assert sorted(shop.titles()) == BOTH
    assert sorted(card.title for card in shop.services.shelves.search("bike")) == ["Mend a bike"]


@pytest.fixture
def mirror(hub: TestHub, shop: TestKiosk, tmp_path: Path) -> FolderCarrier:
    """A copy of what the hub has published, as it was when this was asked for."""
    shutil.copytree(hub.folder / "catalogue", tmp_path / "mirror")
    return FolderCarrier(tmp_path / "mirror")


def test_a_mirror_that_lags_is_passed_over_for_the_hub(hub: TestHub, shop: TestKiosk, mirror: FolderCarrier) -> None:
    change(hub)
    assert shop.sync().outcome == "updated"
    change(hub, "Mend any bike")
    own = HttpCarrier(f"{hub.url}/v1/catalogue")
    report = a_pass(shop.services, mirror, own)
    assert report.outcome == "updated" and "older" in report.message and own.where in report.message
    assert "Mend any bike" in shop.titles()


def test_a_mirror_that_lags_is_stale_and_no_attack(hub: TestHub, shop: TestKiosk, mirror: FolderCarrier) -> None:
    change(hub)
    assert shop.sync().outcome == "updated"
    report = a_pass(shop.services, mirror)
    assert report.outcome == "stale"
    assert "Mend your own bike" in shop.titles()


def test_a_mirror_that_is_gone_or_was_altered_does_not_matter_while_the_hub_is_there(
    hub: TestHub, shop: TestKiosk, mirror: FolderCarrier, tmp_path: Path
) -> None:
    change(hub)
    own = HttpCarrier(f"{hub.url}/v1/catalogue")
    (tmp_path / "mirror" / "metadata" / "timestamp.json").write_text('{"signed": {}, "signatures": []}')
    assert a_pass(shop.services, mirror, own).outcome == "updated"
    change(hub, "Mend any bike")
    assert a_pass(shop.services, FolderCarrier(tmp_path / "nowhere"), own).outcome == "updated"
    assert "Mend any bike" in shop.titles()


def test_a_file_that_a_mirror_lacks_or_has_spoilt_comes_from_the_hub(
    hub: TestHub, kiosk: TestKiosk, tmp_path: Path
) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.7 " + name.encode())
        hub.take({"key": name, "title": name, "files": [{"path": name}]}, beside=tmp_path)
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    shutil.copytree(hub.folder / "catalogue", tmp_path / "mirror")
    lacking, spoilt, _whole = sorted((tmp_path / "mirror" / "blobs").glob("??/*"))
    lacking.unlink()
    spoilt.write_bytes(b"%PDF-1.7 evil!")
    own = HttpCarrier(f"{hub.url}/v1/catalogue")
    report = a_pass(kiosk.services, FolderCarrier(tmp_path / "mirror"), own)
    assert (report.outcome, report.files, report.files_missing) == ("updated", 3, 0)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_mirror_that_is_busy_is_left_alone_and_its_files_come_from_the_hub(
    hub: TestHub, shop: TestKiosk, tmp_path: Path, status: int
) -> None:
    asked: list[str] = []

    class BusyWithFiles(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(hub.folder / "catalogue"))

        def do_GET(self) -> None:
            if self.path.startswith("/blobs/"):
                asked.append(self.path)
                self.send_error(status)
            else:
                super().do_GET()

        def log_message(self, *_: object) -> None:
            pass

    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"%PDF-1.7 " + name.encode())
        hub.take({"key": name, "title": name, "files": [{"path": name}]}, beside=tmp_path)
    hub.publish()
    own = HttpCarrier(f"{hub.url}/v1/catalogue")
    with answering(BusyWithFiles, 0) as port:
        mirror = HttpCarrier(f"http://127.0.0.1:{port}")
        report = a_pass(shop.services, mirror)
        assert report.outcome == "unreachable" and f"answered {status}" in report.message
        assert len(asked) == 1
        assert "a.pdf" in shop.titles(), "the news itself had come"
        report = a_pass(shop.services, mirror, own)
    assert (report.outcome, report.files, report.files_missing) == ("current", 2, 0)


def test_with_a_mirror_the_hub_is_not_asked_for_the_catalogue(
    hub: TestHub, shop: TestKiosk, mirror: FolderCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = HttpCarrier(f"{hub.url}/v1/catalogue")
    with monkeypatch.context() as watched:
        watched.setattr(own, "read_if_changed", lambda *_: pytest.fail("the hub was asked"))
        assert a_pass(shop.services, mirror, own).outcome == "current"


def test_one_carriers_mark_means_nothing_to_another(hub: TestHub, shop: TestKiosk, mirror: FolderCarrier) -> None:
    """The hub's ETag must not make a mirror answer "nothing new", nor the other way round."""
    change(hub)
    assert a_pass(shop.services, mirror).outcome == "current"
    assert shop.sync().outcome == "updated"
    assert a_pass(shop.services, mirror).outcome == "stale"
    assert shop.sync().outcome == "current"


def test_the_address_of_a_mirror_is_kept_with_who_the_kiosk_is(shop: TestKiosk) -> None:
    mine = shop.services.unit.identity
    assert mine and mine.catalogues == [f"{mine.hub_url}/v1/catalogue"]
    with_mirror = identity.Identity(**{**_fields(mine), "catalogue_url": "http://127.0.0.1:9/mirror"})
    assert with_mirror.catalogues == ["http://127.0.0.1:9/mirror", f"{mine.hub_url}/v1/catalogue"]


def _fields(mine: identity.Identity) -> dict[str, str]:
    return {name: getattr(mine, name) for name in mine.__struct_fields__}


def test_a_hub_whose_clock_was_once_years_ahead_is_followed_when_that_is_put_right(
    hub: TestHub, shop: TestKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ahead(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Self:
            return super().now(tz) + FAR_OFF

    with monkeypatch.context() as wrong:
        wrong.setattr(dt, "datetime", Ahead)
        change(hub)
    assert a_pass(shop.services).outcome == "updated"
    change(hub, "Mend any bike")
    assert a_pass(shop.services).outcome == "updated"
    assert "Mend any bike" in shop.titles()
    clock = Clock(shop.folder / "sync" / "hub-time")
    assert clock.floor < dt.datetime.now(dt.UTC), "what was heard meanwhile is not believed any more"
