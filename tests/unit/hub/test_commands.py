"""The commands as a person types them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
import requests
from click import Command
from click.testing import CliRunner, Result

from kiosk.cli import main as kiosk_main
from kiosk.settings import Settings
from sync import codes
from sync.hub import hub as hubs
from sync.hub.cli import main as hub_main
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.store import catalogue, revisions

LINES = '{"key":"a","kind":"guide","title":"Mend a bike"}\n{"kind":"nonsense","title":"x"}\n'


def hub(tmp_path: Path, command: str, *words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(hub_main, [*command.split(), "--data", str(tmp_path / "hub"), *words], input=stdin)


def kiosk(tmp_path: Path, command: str, *words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(kiosk_main, [command, "--data", str(tmp_path / "kiosk"), *words], input=stdin)


@pytest.mark.parametrize("program", [hub_main, kiosk_main])
def test_every_command_has_help(program: click.Group) -> None:
    names = program.list_commands(click.Context(program))
    assert len(names) >= 5
    for name in names:
        result = CliRunner().invoke(program, [name, "--help"])
        assert result.exit_code == 0 and "Usage" in result.output


def test_help_says_where_what_is_kept_is_unless_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for program, says, folder in (
        (hub_main, "Default: TOUCHPOINT_HUB_DATA, else ~/", hubs.folder_of(None).root),
        (kiosk_main, "Default: TOUCHPOINT_DATA, else ~/", Settings().data),
    ):
        said = " ".join(CliRunner().invoke(program, ["records", "--help"]).output.split())
        assert f"{says}{folder.relative_to(tmp_path)}." in said


def test_init_twice_changes_nothing(tmp_path: Path) -> None:
    assert hub(tmp_path, "init").exit_code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "hub").rglob("*") if path.is_file()}
    second = hub(tmp_path, "init")
    assert second.exit_code == 0 and "nothing was changed" in second.output
    assert before == {path: path.read_bytes() for path in (tmp_path / "hub").rglob("*") if path.is_file()}
    offline = tmp_path / "hub" / "offline"
    assert sorted(path.name for path in offline.iterdir()) == ["root-spare.pem", "root.pem"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in [*offline.iterdir(), *(tmp_path / "hub/keys").iterdir()])


def test_two_that_make_a_hub_at_once_make_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sync.hub", "init", "--data", str(tmp_path / "hub")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(one.communicate(timeout=60)[0] for one in both)
    assert [one.returncode for one in both] == [0, 0]
    assert said[0].startswith("Made a hub") and said[1].startswith("There is a hub")
    assert "Published revision" in hub(tmp_path, "publish").output


def test_init_says_that_it_does_not_change_the_base_url(tmp_path: Path) -> None:
    hub(tmp_path, "init", "--base-url", "https://one.example.org")
    second = hub(tmp_path, "init", "--base-url", "https://two.example.org")
    assert second.exit_code == 0 and "settings set base_url" in second.output
    assert hub(tmp_path, "settings get", "base_url").output == "https://one.example.org\n"


def test_a_folder_without_a_hub_says_how_to_make_one(tmp_path: Path) -> None:
    result = hub(tmp_path, "publish")
    assert result.exit_code == 1 and "touchpoint-hub init" in result.output


def test_a_bad_base_url_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    result = hub(tmp_path, "init", "--base-url", "goodstuff")
    assert result.exit_code == 1 and "must look like" in result.output
    assert not (tmp_path / "hub" / "hub.db").exists()


def test_import_reports_for_people_and_machines(tmp_path: Path) -> None:
    hub(tmp_path, "init")
    source = tmp_path / "items.ndjson"
    source.write_text(LINES)
    result = hub(tmp_path, "import", str(source))
    assert result.exit_code == 0
    assert "1 taken, 0 unchanged, 1 skipped" in result.output and f"{source}, line 2: skipped, kind is" in result.output
    piped = hub(tmp_path, "import", "--json", "-", stdin=LINES)
    said = json.loads(piped.stdout)
    assert (said["taken"], said["unchanged"], len(said["skipped"])) == (0, 1, 1)
    only_bad = hub(tmp_path, "import", "-", stdin='{"kind":"x"}\n')
    assert only_bad.exit_code == 1


def test_publish_withdraw_and_shop(tmp_path: Path) -> None:
    hub(tmp_path, "init")
    hub(tmp_path, "import", "-", stdin=LINES)
    assert "Published revision" in hub(tmp_path, "publish").output
    assert "Nothing has changed" in hub(tmp_path, "publish").output
    assert hub(tmp_path, "withdraw", "ZZZZ").exit_code == 1
    shop = hub(tmp_path, "shop set", "Mill Lane", "--hours", "Mo-Fr 09:00-17:00", "--lat", "52.5")
    assert shop.exit_code == 0, shop.output
    assert hub(tmp_path, "shop set", "Mill Lane", "--hours", "whenever").exit_code == 1
    assert "No shop has sent anything yet" in hub(tmp_path, "records").output
    assert hub(tmp_path, "records", "--json").output == ""


def test_a_publication_that_kiosks_will_refuse_says_so_at_the_hub(tmp_path: Path) -> None:
    hub(tmp_path, "init")
    hub(tmp_path, "import", "-", stdin="".join(f'{{"key":"k{n}","kind":"guide","title":"T {n}"}}\n' for n in range(30)))
    assert "Warning: that is less" not in hub(tmp_path, "publish").output
    with contextlib.closing(Hub(HubFolder(tmp_path / "hub"))) as opened, opened.database.writing() as db:
        for version in list(revisions.in_force(db, "item", 1 << 40)):
            catalogue.withdraw(db, codes.for_id(version.id), "test")
    assert "kiosks refuse it" in hub(tmp_path, "publish").output
    assert "kiosks refuse it" not in hub(tmp_path, "publish", "--allow-shrink").output


def test_a_provisioning_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    hub(tmp_path, "init")
    out = tmp_path / "p.json"
    assert hub(tmp_path, "provision", "--shop", "Mill Lane", "--out", str(out)).exit_code == 0
    before = out.read_bytes()
    second = hub(tmp_path, "provision", "--shop", "High Street", "--out", str(out))
    assert second.exit_code == 1 and "is there already" in second.output and out.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--shop", " "], "a shop needs a name"),
        (["--shop", "A", "--hub-url", "the hub"], "the hub's address 'the hub' must look like"),
        (["--shop", "A", "--out", "nowhere/p.json"], "nowhere: let --out be in a folder that is there and belongs to"),
    ],
)
def test_a_provisioning_file_that_would_not_work_is_not_written(tmp_path: Path, words: list[str], says: str) -> None:
    hub(tmp_path, "init")
    result = hub(tmp_path, "provision", "--out", str(tmp_path / "p.json"), *words)
    assert result.exit_code == 1 and says in result.output and not (tmp_path / "p.json").exists()
    with contextlib.closing(Hub(HubFolder(tmp_path / "hub"))) as made, made.database.reading() as db:
        assert not catalogue.shop_names(db)


def test_the_whole_way_by_commands_alone(tmp_path: Path) -> None:
    hub(tmp_path, "init")
    hub(tmp_path, "import", "-", stdin=LINES)
    hub(tmp_path, "publish")
    hub(tmp_path, "provision", "--shop", "Mill Lane", "--out", str(tmp_path / "p.json"))
    assert (tmp_path / "p.json").stat().st_mode & 0o077 == 0
    server = subprocess.Popen(
        [sys.executable, "-m", "sync.hub", "serve", "--data", str(tmp_path / "hub"), "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout
        url = server.stdout.readline().strip()
        assert requests.get(f"{url}/v1/catalogue/metadata/timestamp.json", timeout=5).status_code == 200
        enrolled = kiosk(tmp_path, "enrol", "--provision", str(tmp_path / "p.json"), "--hub", url)
        assert enrolled.exit_code == 0 and "Mill Lane" in enrolled.output, enrolled.output
        synced = json.loads(kiosk(tmp_path, "sync", "--once", "--json").stdout)
        assert synced["items"] == 1 and synced["outcome"] == "updated" and synced["revision"] == 7
        found = json.loads(kiosk(tmp_path, "search", "bik", "--json").stdout)
        assert found["query"] == "bik" and set(found["items"][0]) >= {"id", "code", "kind", "title"}
        many = kiosk(tmp_path, "search", "-", stdin="mend\nzzzz\n").stdout.splitlines()
        assert [len(json.loads(line)["items"]) for line in many] == [1, 0]
        shown = kiosk(tmp_path, "show", found["items"][0]["code"].lower())
        assert "Mend a bike" in shown.output and "/D/" in shown.output
        assert "no item here" in kiosk(tmp_path, "show", "00000000").output
        doctor = kiosk(tmp_path, "doctor")
        findings = [json.loads(line) for line in kiosk(tmp_path, "doctor", "--json").output.splitlines()]
        assert {"state": "fault", "what": "Agent"}.items() <= findings[
            [f["what"] for f in findings].index("Agent")
        ].items()
        assert doctor.exit_code == 1 and "FAULT  Agent" in doctor.output and "ok     Hub" in doctor.output
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(15)
        assert server.stdout
        server.stdout.close()
    down = kiosk(tmp_path, "sync", "--once", "--json")
    assert down.exit_code == 1 and json.loads(down.stdout)["outcome"] == "unreachable"
    assert json.loads(kiosk(tmp_path, "search", "mend", "--json").stdout)["items"]


def test_a_kiosk_without_a_connection_is_set_up_by_a_file(tmp_path: Path) -> None:
    hub(tmp_path, "init")
    hub(tmp_path, "provision", "--shop", "Mill Lane", "--out", str(tmp_path / "p.json"))
    assert "needs a provisioning file" in kiosk(tmp_path, "enrol", "--offline").output
    done = kiosk(tmp_path, "enrol", "--offline", "--provision", str(tmp_path / "p.json"))
    assert done.exit_code == 0 and "Mill Lane, with the hub yet to be reached" in done.output, done.output
    assert not (tmp_path / "p.json").exists()
    doctor = kiosk(tmp_path, "doctor").output
    assert "yet to hear of it" in doctor and "note   Hub: has no address here; a stick brings" in doctor
    synced = kiosk(tmp_path, "sync", "--once")
    assert synced.exit_code == 1 and "`touchpoint-kiosk carry in DIR`" in synced.output
    (tmp_path / "stick").mkdir()
    out = ["carry", "out", "--data", str(tmp_path / "kiosk"), str(tmp_path / "stick")]
    assert "knows no hub's address" in CliRunner().invoke(kiosk_main, out).output
    assert "must look like" in kiosk(tmp_path, "enrol", "--again", "--hub", "hub.example.org").output
    assert "--again" in kiosk(tmp_path, "enrol", "--hub", "http://127.0.0.1:9").output


def test_records_that_wait_are_listed_without_what_is_in_them(tmp_path: Path) -> None:
    from kiosk.store.records import Records
    from sync import outbox
    from sync.messages import Answer
    from sync.records import Usage

    assert "Nothing waits" in kiosk(tmp_path, "records").output
    assert "refused none" in kiosk(tmp_path, "records", "--rejected").output
    records = Records(tmp_path / "kiosk" / "records.db")
    with records.writing() as db:
        waits, refused = (
            outbox.add(db, "usage", Usage(day="2026-11-22", action="search_empty", count=1, term="secret"))
            for _ in range(2)
        )
        outbox.settle(db, [Answer(id=refused, outcome="rejected", reason="because")])
    records.close()
    shown = kiosk(tmp_path, "records").output
    assert waits in shown and "usage" in shown and refused not in shown and "secret" not in shown
    said = json.loads(kiosk(tmp_path, "records", "--rejected", "--json").output)
    assert (said["id"], said["reason"]) == (refused, "because") and "body" not in said
    assert "1 refused by the hub" in kiosk(tmp_path, "doctor").output


def test_serving_on_a_taken_port_says_so(tmp_path: Path) -> None:
    import socket

    hub(tmp_path, "init")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = hub(tmp_path, "serve", "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 1 and "Try another --port" in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--port", "99999"], "0<=x<=65535"), (["--host", "192.0.2.1", "--port", "0"], "an address of this machine")],
)
def test_serving_where_nobody_can_says_why(tmp_path: Path, words: list[str], says: str) -> None:
    hub(tmp_path, "init")
    result = hub(tmp_path, "serve", *words)
    assert result.exit_code and says in result.output


def test_settings_that_are_wrong_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk" / "settings.toml").write_text("pinter = 'png'")
    result = kiosk(tmp_path, "search", "x")
    assert result.exit_code == 1 and "no setting 'pinter'" in result.output
    (tmp_path / "kiosk" / "settings.toml").write_text("poll_s = 'often'")
    assert "poll_s" in kiosk(tmp_path, "search", "x").output
    (tmp_path / "kiosk" / "settings.toml").write_text("poll_s = -4")
    assert "must be a number from 0" in kiosk(tmp_path, "search", "x").output
    (tmp_path / "kiosk" / "settings.toml").write_bytes(b"\xff\xfe")
    assert "settings.toml: 'utf-8'" in kiosk(tmp_path, "search", "x").output
    (tmp_path / "kiosk" / "settings.toml").write_text("printer = 'lpt1'")
    assert "it must be png" in kiosk(tmp_path, "agent").output


@pytest.mark.parametrize(("program", "words"), [(hub_main, ["init"]), (kiosk_main, ["search", "x"])])
def test_a_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path, program: Command, words: list[str]) -> None:
    (tmp_path / "file").write_text("a file stands where the folder should be")
    result = CliRunner().invoke(program, [*words, "--data", str(tmp_path / "file" / "unit")])
    assert result.exit_code == 1 and result.output.startswith("Error: ") and len(result.output.splitlines()) == 1


def test_a_database_that_is_none_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "hub.db").write_bytes(b"not a database at all" * 200)
    result = hub(tmp_path, "publish")
    assert result.exit_code == 1 and "Error: the database:" in result.output
