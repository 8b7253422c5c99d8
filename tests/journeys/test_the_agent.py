"""The agent, working in a thread as it does in its process: it listens, prints, fetches, mends."""

from __future__ import annotations

from pathlib import Path

from kiosk import bootstrap
from kiosk.devices import bell
from kiosk.devices.bell import Bell
from kiosk.settings import Settings
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.journeys.test_a_slip_is_printed import agent_of


def test_a_change_at_the_hub_is_here_within_a_poll(hub: TestHub, shop: TestKiosk) -> None:
    with agent_of(shop):
        hub.take({"key": "new", "title": "Something new"})
        hub.publish()
        wait_for(lambda: "Something new" in shop.titles(), 5)


def test_a_unit_that_is_enrolled_while_the_agent_runs_is_filled(hub: TestHub, kiosk: TestKiosk) -> None:
    hub.take({"key": "pot", "title": "Soup"})
    hub.publish()
    hub.serve()
    with agent_of(kiosk):
        kiosk.enrol(hub)
        wait_for(lambda: kiosk.services.shelves.stamp() is not None)
    assert kiosk.titles() == ["Soup"]


def test_a_catalogue_that_the_screen_cannot_read_is_built_again_at_once(hub: TestHub, shop: TestKiosk) -> None:
    with agent_of(shop):
        wait_for(lambda: shop.services.unit.sync_status().outcome == "current")
        path = shop.services.replicas.current()
        assert path
        shop.services.current.close()
        path.write_bytes(b"\0" * path.stat().st_size)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        assert shop.services.wake_agent(bell.DAMAGED)
        wait_for(lambda: shop.services.replicas.current() not in (path, None))
    assert len(shop.titles()) == 2


def test_the_bell_reaches_only_its_own_user_and_never_waits(tmp_path: Path) -> None:
    deep = tmp_path / ("a-long-name-" * 10)
    deep.mkdir()
    path = deep / "agent.sock"
    assert not bell.ring(path, bell.SLIP)
    with Bell(path) as listening:
        assert path.stat().st_mode & 0o077 == 0
        assert bell.ring(path, bell.SLIP)
        assert listening.wait(1) == bell.SLIP
        assert listening.wait(0.01) is None
        heard = [bell.ring(path, bell.SYNC) for _ in range(5000)]
        assert not all(heard), "a full bell must not make the screen wait"
    assert not path.exists()


def test_two_units_of_services_share_records_without_losing_a_count(shop: TestKiosk) -> None:
    """The screen's and the agent's process both write records.db."""
    import threading

    other = bootstrap.services(Settings(data=shop.folder))
    day = shop.services.unit.now().date()

    def count(services: object) -> None:
        for _ in range(40):
            services.usage.add(day, "open", item="x")  # type: ignore[attr-defined]

    threads = [threading.Thread(target=count, args=(one,)) for one in (shop.services, other) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with other.records.reading() as db:
        assert db.exec_driver_sql("SELECT count FROM usage WHERE item = 'x'").scalar_one() == 160
    other.close()
