"""What all tests share: a real hub, a real kiosk, and the words to set them up."""

from __future__ import annotations

import json
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
import uvicorn
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from kiosk import bootstrap
from kiosk.services.services import Services
from kiosk.settings import Settings
from sync.client import enrol
from sync.client.passes import Passes, Report
from sync.hub import app, importing, where
from sync.hub import hub as hubs
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.importing import items as items_format
from sync.records import Item
from sync.replica.folder import write_in_one_step
from tests import postgresql
from tests.display import virtual_display
from tests.postgresql import PostgreSQL
from tests.support import tally

settings.register_profile("touchpoint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("touchpoint")

_BOTH_DATABASES = [Path(__file__).parent / folder for folder in ("unit/hub", "migrations")]
DEMO = Path(__file__).parent.parent / "assets" / "demo" / "items.ndjson"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long forms of tests as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="long: run with --long")
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(skip)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is about the hub's database runs on both kinds: its unit tests, migrations, and whatever says so."""
    folder = Path(metafunc.definition.path).parent
    marked = metafunc.definition.get_closest_marker
    both = (folder in _BOTH_DATABASES or marked("both_databases")) and not marked("sqlite")
    if both and {"hub", "empty_database"} & set(metafunc.fixturenames):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where several processes test, each tells the first one what it lived through."""
    if (told := getattr(session.config, "workeroutput", None)) is not None:
        told["survived"] = {test: dict(faults) for test, faults in tally.SURVIVED.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for test, faults in getattr(node, "workeroutput", {}).get("survived", {}).items():
        tally.survived(test, **faults)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if lines := tally.lines():
        terminalreporter.section("faults survived")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for: many more of the same."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def field_files() -> Path:
    """Real files of the field, where they are; not part of the project."""
    folder = Path(__file__).parent.parent.parent / "shared" / "feeds"
    if not folder.is_dir():
        pytest.skip("the real files of the field are not on this machine")
    return folder


class TestHub:
    """A hub in a folder of its own, served on loopback when asked; its database is of the kind that the test is for."""

    __test__ = False
    new_database: ClassVar[Callable[[], str] | None] = None
    begin: ClassVar[Callable[[Path], None] | None] = None

    def __init__(self, folder: Path) -> None:
        if TestHub.begin and not (folder / where.FILE).exists() and not (folder / "hub.db").exists():
            TestHub.begin(folder)
        hubs.make(HubFolder(folder))
        self.folder = folder
        self.hub = Hub(HubFolder(folder))
        self.url = ""
        self.port = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def take(self, *lines: dict[str, Any], beside: Path | None = None) -> importing.Report:
        """Import items as lines of the items format."""
        source = (beside or self.folder) / "lines.ndjson"
        source.write_text("".join(json.dumps({"kind": "guide", **line}) + "\n" for line in lines))
        return self.take_file(source)

    def take_file(self, path: Path) -> importing.Report:
        return importing.take_in(items_format.read([path]), self.hub.database, self.hub.folder.blobs, who="test")

    def publish(self) -> None:
        self.hub.publish()

    def serve(self) -> str:
        """Serve on loopback; the port is the same every time."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        listening.listen()
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(app.make(self.hub), log_level="error", access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, daemon=True)
        self._thread.start()
        wait_for(lambda: self._server is not None and self._server.started)
        self.url = f"http://127.0.0.1:{self.port}"
        return self.url

    def stop(self) -> None:
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(10)
            self._server = None

    def close(self) -> None:
        self.stop()
        self.hub.close()


class TestKiosk:
    """A kiosk in a folder of its own."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.services: Services = bootstrap.services(Settings(data=folder, poll_s=0.2))
        self._passes: Passes | None = None

    def enrol(self, hub: TestHub, shop: str = "Mill Lane") -> None:
        provision = self.folder / "provision.json"
        write_in_one_step(provision, msgspec.json.encode(hub.hub.provision(shop)), mode=0o600)
        enrol.enrol(provision, hub.url, self.folder / "identity.json")

    def sync(self) -> Report:
        """One pass."""
        self._passes = self._passes or bootstrap.passes(self.services)
        assert self._passes
        return self._passes.run()

    def restart(self) -> None:
        """What a new process would see."""
        self.services.close()
        self.services = bootstrap.services(Settings(data=self.folder, poll_s=0.2))
        self._passes = None

    def titles(self) -> list[str]:
        """Everything on the shelves."""
        return [card.title for card in self.services.shelves.shelf(limit=500).cards]

    def item(self, title: str) -> Item:
        found = self.services.shelves.search(title, limit=1)
        item = self.services.shelves.item(item_id=found[0].id)
        assert item
        return item


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual display, by its name."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Debian's xvfb")
    with virtual_display() as name:
        yield name


def use_database(folder: Path, url: str) -> None:
    """Let the hub in that folder, made or not, use the database at that address."""
    folder.mkdir(parents=True, exist_ok=True)
    write_in_one_step(folder / where.FILE, f'database_url = "{url}"\n'.encode(), mode=0o600)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of our own."""
    with postgresql.running() as server:
        yield server


@dataclass(frozen=True)
class MadeBefore:
    """A hub that was just made, to be copied: its folder, and the name of its database."""

    folder: Path
    database: str


@pytest.fixture(scope="session")
def made_before(postgres: PostgreSQL, tmp_path_factory: pytest.TempPathFactory) -> MadeBefore:
    """A hub with its database on our PostgreSQL; nobody opens it."""
    folder, url = tmp_path_factory.mktemp("made") / "hub", postgres.at_head()
    use_database(folder, url)
    hubs.make(HubFolder(folder))
    return MadeBefore(folder, str(make_url(url).database))


@pytest.fixture
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Which kind of database the hubs of this test have, each its own; SQLite unless the test is for both."""
    kind: str = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield kind
        return
    server: PostgreSQL = request.getfixturevalue("postgres")
    made: list[str] = []

    def new() -> str:
        made.append(server.at_head())
        return made[-1]

    def begin(folder: Path) -> None:
        """The first hub of a test is a copy of one that was made before, which is quicker; any other is made."""
        if made:
            use_database(folder, new())
            return
        before: MadeBefore = request.getfixturevalue("made_before")
        made.append(server.copy(before.database))
        shutil.copytree(before.folder, folder, dirs_exist_ok=True)
        use_database(folder, made[-1])

    monkeypatch.setattr(TestHub, "new_database", staticmethod(new))
    monkeypatch.setattr(TestHub, "begin", staticmethod(begin))
    yield kind
    for url in made:
        server.drop(url)


@pytest.fixture
def empty_database(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes addresses of databases of that kind without any table."""
    if database == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgres")
        return server.empty
    return lambda: f"sqlite:///{tempfile.mkdtemp(dir=tmp_path)}/hub.db"


@pytest.fixture
def hub(database: str, tmp_path: Path) -> Iterator[TestHub]:
    made = TestHub(tmp_path / "hub")
    yield made
    made.close()


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[TestKiosk]:
    made = TestKiosk(tmp_path / "kiosk")
    yield made
    made.services.close()


@pytest.fixture
def shop(hub: TestHub, kiosk: TestKiosk) -> TestKiosk:
    """A kiosk of a hub that serves two items, enrolled and synced."""
    hub.take(
        {"key": "pot", "title": "Cook for ten on £10", "themes": ["food"], "maker": {"name": "Brook Street Kitchen"}},
        {"key": "bike", "title": "Mend a bike", "themes": ["transport"], "summary": "Tyres, brakes and chains."},
    )
    hub.publish()
    hub.serve()
    kiosk.enrol(hub)
    assert kiosk.sync().outcome == "updated"
    return kiosk


def wait_for(done: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until something is so; fails when it does not come about in that time."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, f"it did not come about within {seconds} s"
        time.sleep(0.02)
