"""One command makes a kiosk: what it puts in place is right, checked by systemd and X, and works."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk import bootstrap
from kiosk.devices import bell
from kiosk.devices.bell import Bell
from kiosk.settings import Settings
from tests.conftest import TestHub, TestKiosk, wait_for
from tests.support.a_server import PACKAGING
from tests.support.units import allowed_calls, command

MOST_EXPOSED = 19
"""In tenths, as `systemd-analyze security` counts: 100 is a service that nothing holds back."""
HUB = ("--hub", "https://hub.example.org")
XORG = Path("/usr/lib/xorg/Xorg")
UNITS = ("touchpoint-agent.service", "touchpoint-screen.service")


@dataclass
class Machine:
    """A kiosk's files, below a folder."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "var/lib/touchpoint-kiosk"

    def set_up(self, *words: str, venv: Path = Path(sys.prefix)) -> str:
        done = self.run(*words, venv=venv)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *words: str, venv: Path = Path(sys.prefix)) -> subprocess.CompletedProcess[str]:
        line = [PACKAGING / "kiosk.sh", "--root", self.root, "--venv", venv, *words]
        return subprocess.run(line, capture_output=True, text=True)

    def unit(self, name: str) -> str:
        """A unit with its paths as they are in this test."""
        text = (self.root / "etc/systemd/system" / name).read_text()
        return re.sub(r"(?<![\w/])/(opt/touchpoint|var/lib/touchpoint-kiosk)", rf"{self.root}/\1", text)

    def files(self) -> dict[str, bytes]:
        """Everything it is made of, but for what the kiosk itself keeps."""
        those = [path for path in self.root.rglob("*") if path.is_file() and not path.name.startswith("records.db")]
        return {str(path): path.read_bytes() for path in those if "/venv/" not in str(path)}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "root")


# -- the script


def test_a_kiosk_is_set_up_once_and_a_second_time_changes_nothing(machine: Machine) -> None:
    said = machine.set_up(*HUB, "--panel-mm", "194.5", "--printer", "usb:///dev/usb/lp0?layout=58mm tcp://[::1]:9100")
    assert "touchpoint-hub approve" in said
    settings = Settings.load(machine.data)
    assert (settings.hub_url, settings.panel_mm) == ("https://hub.example.org", 194.5)
    printers = bootstrap.printers(bootstrap.services(settings))
    assert [printer.address for printer in printers] == settings.printer.split() and len(printers) == 2
    before = machine.files()
    again = machine.set_up()  # what was asked for is remembered
    assert "wrote" not in again and "this version is here already" in again
    assert machine.files() == before


def test_settings_that_are_there_stay_and_nobody_is_told_otherwise(machine: Machine) -> None:
    machine.set_up(*HUB)
    settings = Settings.load(machine.data)
    assert (settings.hub_url, settings.panel_mm, settings.printer) == (HUB[1], Settings().panel_mm, "png")
    assert settings.own == {"data", "hub_url"}, "what nobody asked for is the hub's to say"
    mine = 'hub_url = "https://other.example.org"\ntheme = "dark"\n'
    (machine.data / "settings.toml").write_text(mine)
    said = machine.set_up("--panel-mm", "300")
    assert "settings.toml is there and stays as it is" in said
    assert (machine.data / "settings.toml").read_text() == mine
    assert "stays as it is" not in machine.set_up()
    (machine.data / "settings.toml").unlink()
    machine.set_up()
    assert Settings.load(machine.data).panel_mm == 300


def test_what_cannot_be_opened_by_a_new_version_goes_on_with_the_old_one(machine: Machine, tmp_path: Path) -> None:
    machine.set_up(*HUB)
    versions = {}
    for name in ("newer", "broken"):
        versions[name] = tmp_path / name
        (versions[name] / "bin").mkdir(parents=True)
    (versions["newer"] / "bin/touchpoint-kiosk").symlink_to(Path(sys.prefix) / "bin/touchpoint-kiosk")
    (versions["broken"] / "bin/touchpoint-kiosk").write_text("#!/bin/sh\necho cannot >&2\nexit 1\n")
    (versions["broken"] / "bin/touchpoint-kiosk").chmod(0o755)
    machine.set_up(venv=versions["newer"])
    link = machine.root / "opt/touchpoint/venv"
    assert link.resolve() == versions["newer"]
    done = machine.run(venv=versions["broken"])
    assert done.returncode == 1 and "cannot\n" in done.stderr and "The one before it goes on" in done.stderr
    assert link.resolve() == versions["newer"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "Give --hub"),
        (["--hub"], "needs a value"),
        (["--hub", "goodstuff.example.org"], "is no address"),
        (["--hub", 'https://a"b'], "is no address"),
        ([*HUB, "--panel-mm", "wide"], "must be a number of millimetres"),
        ([*HUB, "--panel-mm", "0"], "must be a number of millimetres"),
        ([*HUB, "--printer", "lpt1"], "is no printer's address"),
        ([*HUB, "--printer", 'tcp://a tcp://b"c'], "is no printer's address"),
        (["--what"], "what is --what"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(words: list[str], says: str, machine: Machine) -> None:
    done = machine.run(*words)
    assert done.returncode == 2 and says in done.stderr, done.stderr
    assert not machine.root.exists()


@pytest.mark.parametrize(("script", "other"), [("kiosk", "hub-server"), ("hub-server", "kiosk")])
def test_a_machine_is_a_hubs_server_or_a_kiosk(script: str, other: str, machine: Machine) -> None:
    (machine.root / "etc/touchpoint").mkdir(parents=True)
    (machine.root / f"etc/touchpoint/{other}.conf").touch()
    words = [*HUB] if script == "kiosk" else ["--domain", "a.example", "--certbot", "a@b.example"]
    line = [PACKAGING / f"{script}.sh", "--root", machine.root, "--venv", sys.prefix, *words]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 1 and f"set up by {other}.sh" in done.stderr
    assert not (machine.root / "opt").exists()


def test_a_dry_run_says_everything_and_changes_nothing(machine: Machine) -> None:
    done = subprocess.run([PACKAGING / "kiosk.sh", *HUB, "--dry-run"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for said in (
        "useradd --system",
        "--groups video,render,input,audio,lp,dialout touchpoint",
        "-m pip install",
        "/var/lib/touchpoint-kiosk/settings.toml",
        "/etc/X11/xorg.conf.d/90-touchpoint.conf",
        f"systemctl enable -q {' '.join(UNITS)}",
    ):
        assert said in done.stdout
    assert "Nothing was changed" in done.stdout and not Path("/opt/touchpoint").exists()
    assert "would write" in machine.set_up(*HUB, "--dry-run") and not machine.root.exists()


def test_the_scripts_have_no_fault_that_shellcheck_knows() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("needs Debian's shellcheck")
    scripts = [PACKAGING / "kiosk.sh", *(PACKAGING / "kiosk").glob("*.sh")]
    done = subprocess.run(["shellcheck", "-x", *scripts], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# -- the services


@pytest.fixture
def units(machine: Machine, tmp_path: Path) -> Path:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs Debian's systemd")
    machine.set_up(*HUB)
    (tmp_path / "units").mkdir()
    for name in UNITS:
        (tmp_path / "units" / name).write_text(machine.unit(name))
    return tmp_path / "units"


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_fault_with_the_units(units: Path, name: str) -> None:
    if name == "touchpoint-screen.service" and shutil.which("xinit") is None:
        pytest.skip("needs Debian's xinit")
    done = subprocess.run(["systemd-analyze", "verify", units / name], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr.strip(), done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_the_services_are_shut_in(units: Path, name: str) -> None:
    line = ["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={MOST_EXPOSED}", units / name]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-200:]


def test_the_agent_shows_a_code_and_fills_the_shelves_once_it_is_approved(
    hub: TestHub, machine: Machine, units: Path, tmp_path: Path
) -> None:
    """As its service starts and ends it, with no system call and no memory that the service denies it."""
    if shutil.which("strace") is None:
        pytest.skip("needs Debian's strace")
    hub.take({"key": "pot", "title": "Soup"})
    hub.publish()
    unit = (units / UNITS[0]).read_text()
    (machine.data / "settings.toml").write_text(f'hub_url = "{hub.serve()}"\npoll_s = 0.2\n')
    trace = tmp_path / "trace"
    tracing = ["strace", "-f", "-qq", "-o", str(trace), *command(unit)]
    kiosk = TestKiosk(machine.data)
    with contextlib.closing(kiosk.services), subprocess.Popen(tracing, cwd=machine.data, stderr=sys.stderr) as running:
        try:
            wait_for(lambda: code_of(kiosk) != "", 60)
            hub.hub.set_shop("Mill Lane")
            hub.hub.approve(code_of(kiosk), "Mill Lane")
            wait_for(lambda: kiosk.services.shelves.stamp() is not None, 60)
            assert kiosk.titles() == ["Soup"]
            job = kiosk.services.take_away.print_test_slip()
            wait_for(lambda: (it := kiosk.services.take_away.job(job)) is not None and it.ended, 60)
            assert list((machine.data / "slips").glob("*.png"))
            assert kiosk.services.wake_agent(bell.FIND), "looks for printers, on the network too"
            wait_for(lambda: "NETLINK" in trace.read_text(), 60)
        finally:
            children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
            for child in children:
                os.kill(int(child), signal.SIGTERM)
            ended = running.wait(60)
    assert ended == 0
    text = trace.read_text()
    made = set(re.findall(r"^\d+ +(\w+)\(", text, re.M))
    root = {"fchown"} if os.geteuid() == 0 else set()  # SQLite makes this call for root alone
    assert len(made) > 50 and made - allowed_calls(unit) - root == set()
    assert not re.search(r"(mmap|mprotect|pkey_mprotect)\([^)\n]*PROT_WRITE\|PROT_EXEC", text)
    assert not re.search(r"mprotect\([^)\n]*PROT_EXEC", text)
    (families,) = re.findall("^RestrictAddressFamilies=(.+)$", unit, re.M)
    assert set(re.findall(r"^\d+ +socket\((AF_\w+)", text, re.M)) <= set(families.split())


def code_of(kiosk: TestKiosk) -> str:
    asking = kiosk.services.unit.enrolment()
    return asking.user_code if asking else ""


# -- the screen


DUMMY = """
Section "Device"
    Identifier "none"
    Driver "dummy"
    VideoRam 65536
EndSection
Section "Monitor"
    Identifier "none"
    HorizSync 5-1000
    VertRefresh 5-1000
    Modeline "1080x1920" 160 1080 1100 1120 1140 1920 1930 1940 1950
EndSection
Section "Screen"
    Identifier "none"
    Device "none"
    Monitor "none"
    DefaultDepth 24
    SubSection "Display"
        Modes "1080x1920"
        Virtual 1080 1920
    EndSubSection
EndSection
Section "ServerLayout"
    Identifier "none"
    Screen "none"
    Option "AutoAddDevices" "false"
    Option "AutoEnableDevices" "false"
EndSection
"""
"""X on a display that nobody sees: it needs no console, and is told of no keyboards of the machine."""


def traces(number: int) -> list[Path]:
    """What an X server leaves behind, if it was killed."""
    return [Path(f"/tmp/.X{number}-lock"), Path(f"/tmp/.X11-unix/X{number}")]


def free_display() -> int:
    """The number of an X server that is not there, and that no test beside this one takes."""
    first = 50 + os.getpid() % 1000
    return next(number for number in range(first, first + 50) if not any(path.exists() for path in traces(number)))


@dataclass
class Screen:
    """xinit at work, which the service starts, and the display that it has made."""

    running: subprocess.Popen[bytes]
    display: str

    def children(self) -> dict[str, int]:
        """X and the program, by name; of that the kernel keeps fifteen letters."""
        numbers = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text().split()
        return {Path(f"/proc/{number}/comm").read_text().strip(): int(number) for number in numbers}

    def ask(self, *words: str) -> dict[str, str]:
        environment = {**os.environ, "DISPLAY": self.display}
        said = subprocess.check_output(["xdotool", *words], env=environment)
        return dict(line.split("=", 1) for line in said.decode().split())


@pytest.fixture
def screen(machine: Machine, units: Path) -> Iterator[Screen]:
    """The screen's command as its service starts it, on a display that nobody sees."""
    if not (XORG.parent / "modules/drivers/dummy_drv.so").exists() or not shutil.which("xinit"):
        pytest.skip("needs Debian's xserver-xorg-video-dummy and xinit")
    if shutil.which("xdotool") is None:
        pytest.skip("needs Debian's xdotool")
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as dummy:
        dummy.write(DUMMY)
        dummy.flush()
        number = free_display()
        display = f":{number}"
        words = [display if word == ":0" else word for word in command((units / UNITS[1]).read_text())]
        words += ["-config", dummy.name, "-configdir", str(machine.root / "etc/X11/xorg.conf.d")]
        running = subprocess.Popen(words, cwd=machine.data, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            yield Screen(running, display)
        finally:
            running.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(30)
            if running.poll() is None:
                running.kill()
                running.wait()
            for path in traces(number):
                path.unlink(missing_ok=True)


@pytest.mark.screen
@pytest.mark.parametrize("ends", ["the service", "Xorg", "touchpoint-kios"])
def test_the_screen_has_a_whole_display_and_ends_with_it(ends: str, machine: Machine, screen: Screen) -> None:
    with Bell(machine.data / "agent.sock") as agent:
        wait_for(lambda: agent.wait(0.5) == bell.DRAWN, 90)
    both = screen.children()
    assert set(both) == {"Xorg", "touchpoint-kios"}, both
    shown = screen.ask("getwindowgeometry", "--shell", screen.ask("getmouselocation", "--shell")["WINDOW"])
    assert [shown[name] for name in ("X", "Y", "WIDTH", "HEIGHT")] == ["0", "0", "1080", "1920"]
    if ends == "the service":
        screen.running.terminate()
    else:
        os.kill(both[ends], signal.SIGKILL)
    screen.running.wait(60)
    wait_for(lambda: not any(Path(f"/proc/{number}").exists() for number in both.values()), 30)
    if ends == "the service":
        log = (machine.data / "xorg.log").read_text()
        for option, value in re.findall(r'Option "(\w+)" "(\w+)"', (PACKAGING / "kiosk/xorg.conf").read_text()):
            assert f'(**) Option "{option}" "{value}"' in log or option == "DPMS", option
        assert 'Extension "DPMS" is disabled' in log
