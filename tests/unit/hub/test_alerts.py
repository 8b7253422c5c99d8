"""Who looks after kiosks is told when one is quiet and when it is back, once, whatever fails between."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from sync.errors import RecordError
from sync.hub import keeper, mail, settings
from sync.hub.cli import main
from sync.hub.fleet.alerts import Alerts
from sync.hub.mail import MailError
from sync.hub.store import alerts as store
from sync.hub.store.schema import alert, device
from sync.messages import Heartbeat
from tests.conftest import TestHub, wait_for
from tests.support.a_server import certificate
from tests.support.logging_shop import LoggingShop
from tests.support.mailbox import PASSWORD, USER, Mailbox

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
"""The mail server says so of its own settings, where all of the line is encrypted."""
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SECRET = f"{quote(USER)}:{quote(PASSWORD, safe='')}"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as there:
        yield there


@pytest.fixture
def alerts(hub: TestHub, mailbox: Mailbox) -> Alerts:
    """Of a hub that has been up for long."""
    tells(hub, f"smtp://127.0.0.1:{mailbox.port}")
    return Alerts(hub.hub.database, LONG_AGO)


def tells(hub: TestHub, url: str, to: str = "ann@example.org bela@example.org", **more: str) -> None:
    with hub.hub.database.writing() as db:
        for name, value in {"smtp_url": url, "alert_to": to, "base_url": "https://hub.example.org", **more}.items():
            settings.put(db, name, value)


def heard(kiosk: LoggingShop, minutes_ago: float = 0, name: str = "") -> None:
    """It was heard of then."""
    kiosk.hub.heartbeat(kiosk.device_id, Heartbeat(at=""))
    seen = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes_ago)).isoformat(timespec="milliseconds")
    values = {"seen_at": seen} | ({"name": name} if name else {})
    with kiosk.hub.database.writing() as db:
        db.execute(update(device).where(device.c.id == kiosk.device_id).values(values))


def open_now(hub: TestHub, shop: str, opened_minutes_ago: int, for_minutes: int) -> None:
    """A shop whose opening hours are set around this moment; near midnight they would end with the day."""
    now = dt.datetime.now(dt.UTC)
    start, end = now - dt.timedelta(minutes=opened_minutes_ago), now + dt.timedelta(minutes=for_minutes)
    if start.date() != end.date():
        pytest.skip("near midnight these hours would be of two days")
    day = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[now.weekday()]
    hub.hub.set_shop(shop, hours=f"{day} {start:%H:%M}-{end:%H:%M}", timezone="Etc/UTC")


def test_quiet_still_quiet_and_back_are_two_mails(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    mine = LoggingShop(hub.hub)
    heard(mine, 29, "window")
    assert alerts.run() == 0
    heard(mine, 31)
    assert alerts.run() == 1
    (first,) = mailbox.mails
    assert first["Subject"] == "Quiet: window at Mill Lane" and first["To"] == "ann@example.org, bela@example.org"
    assert first["From"] == "ann@example.org" and first["Auto-Submitted"] == "auto-generated"
    assert mailbox.to == [["ann@example.org", "bela@example.org"]]
    text = first.get_content()
    assert (
        "window at Mill Lane: last heard of 31 minutes ago" in text and "https://hub.example.org/admin/kiosks" in text
    )
    assert "Please ring the shop. Is the screen lit?" in text.replace("\n", " ")
    for _again in range(3):
        assert alerts.run() == 0
    assert Alerts(hub.hub.database, LONG_AGO).run() == 0, "a restart says nothing twice"
    heard(mine)
    assert alerts.run() == 1 and alerts.run() == 0
    assert mailbox.mails[1]["Subject"] == "Back: window at Mill Lane"
    assert "quiet for 31 minutes, from" in mailbox.mails[1].get_content()
    assert mailbox.mails[1]["Message-ID"] != first["Message-ID"]
    heard(mine, 45)
    assert alerts.run() == 1 and len(mailbox.mails) == 3
    assert rows(hub) == [mine.device_id]


def rows(hub: TestHub) -> list[str]:
    with hub.hub.database.reading() as db:
        return sorted(db.execute(select(alert.c.device_id)).scalars())


def test_several_are_told_in_one_mail(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    shops = [LoggingShop(hub.hub, name) for name in ("Mill Lane", "Canal Road", "Aber")]
    for number, one in enumerate(shops):
        heard(one, 60 * (number + 1))
    assert alerts.run() == 3
    (told,) = mailbox.mails
    assert told["Subject"] == "3 kiosks are quiet"
    assert "look first whether this hub itself can be reached" in told.get_content()
    assert "Please ring each shop. Where the screen is lit" in told.get_content().replace("\n", " ")
    heard(shops[0])
    heard(shops[1])
    other = LoggingShop(hub.hub, "Brook Street")
    heard(other, 90)
    assert alerts.run() == 3
    assert mailbox.mails[1]["Subject"] == "1 kiosk is quiet, 2 kiosks are back"
    body = mailbox.mails[1].get_content()
    assert "This kiosk is quiet" in body and "These 2 kiosks are back" in body and "look first" not in body


def test_it_is_quiet_in_opening_hours_alone(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    mine, later = LoggingShop(hub.hub, "Mill Lane"), LoggingShop(hub.hub, "Canal Road")
    heard(mine, 600, "window")
    heard(later, 600)
    tomorrow = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[(dt.datetime.now(dt.UTC).weekday() + 2) % 7]
    hub.hub.set_shop("Mill Lane", hours=f"{tomorrow} 09:00-17:00")
    open_now(hub, "Canal Road", 20, 30)
    assert alerts.run() == 0 and rows(hub) == []
    open_now(hub, "Canal Road", 31, 10)
    assert alerts.run() == 1 and mailbox.mails[0]["Subject"] == "Quiet: Canal Road at Canal Road"
    hub.hub.set_shop("Canal Road", hours=f"{tomorrow} 09:00-17:00")
    assert alerts.run() == 0 and rows(hub) == [later.device_id], "closing does not bring it back"
    heard(later)
    assert alerts.run() == 1 and mailbox.mails[1]["Subject"].startswith("Back")


def test_the_hubs_own_absence_is_not_theirs(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    heard(LoggingShop(hub.hub), 600)
    assert Alerts(hub.hub.database).run() == 0
    up_for_half_an_hour = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=31)
    assert Alerts(hub.hub.database, up_for_half_an_hour).run() == 1


def test_how_long_is_a_setting_and_rare_heartbeats_are_no_silence(hub: TestHub, alerts: Alerts) -> None:
    mine = LoggingShop(hub.hub)
    heard(mine, 40)
    with hub.hub.database.writing() as db:
        settings.put(db, "alert_after_minutes", "45")
    assert alerts.run() == 0
    with hub.hub.database.writing() as db:
        settings.put(db, "alert_after_minutes", "5")
        settings.put(db, "heartbeat_s", "3600", mine.shop_id)
    assert alerts.run() == 0
    with hub.hub.database.writing() as db:
        settings.drop(db, "heartbeat_s", mine.shop_id)
        settings.put(db, "backoff_s", "3600")  # all are asked to come less often
    assert alerts.run() == 0
    with hub.hub.database.writing() as db:
        settings.put(db, "backoff_s", "0")
        settings.put(db, "heartbeat_s", "3600")
    assert alerts.run() == 0
    with hub.hub.database.writing() as db:
        settings.put(db, "heartbeat_s", "10")
    assert alerts.run() == 1


def test_of_some_nothing_is_expected(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    never, revoked, by_stick, copied = (LoggingShop(hub.hub) for _each in range(4))
    assert never.device_id
    for one in (revoked, copied):
        heard(one, 600)
    hub.hub.kiosks.revoke(revoked.device_id)
    heard(LoggingShop(hub.hub, after=copied))
    hub.hub.heartbeat(by_stick.device_id, Heartbeat(at=""), by_stick=True)
    with hub.hub.database.writing() as db:
        db.execute(update(device).where(device.c.id == by_stick.device_id).values(seen_at="2026-11-01T10:00:00+00:00"))
    assert alerts.run() == 0 and mailbox.mails == []


def test_one_that_is_revoked_while_quiet_is_spoken_of_no_more(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    mine = LoggingShop(hub.hub)
    heard(mine, 60)
    assert alerts.run() == 1
    hub.hub.kiosks.revoke(mine.device_id)
    assert alerts.run() == 0 and rows(hub) == []


def test_without_a_server_or_somebody_to_tell_nothing_is_noted(hub: TestHub, mailbox: Mailbox) -> None:
    heard(LoggingShop(hub.hub), 60)
    for url, to in (("", "ann@example.org"), (f"smtp://127.0.0.1:{mailbox.port}", "")):
        tells(hub, url, to)
        assert Alerts(hub.hub.database, LONG_AGO).run() == 0 and rows(hub) == []


# -- what fails


def test_a_mail_server_that_is_away_is_asked_again_and_the_latest_is_told(hub: TestHub) -> None:
    mailbox, mine, brief = Mailbox(), LoggingShop(hub.hub), LoggingShop(hub.hub, "Canal Road")
    tells(hub, f"smtp://127.0.0.1:{mailbox.port}")
    alerts = Alerts(hub.hub.database, LONG_AGO)
    heard(mine, 60)
    heard(brief, 60)
    for _try in range(2):
        with pytest.raises(MailError, match=f"the mail server 127.0.0.1, port {mailbox.port} cannot be used"):
            alerts.run()
    heard(brief)  # back before anybody was told
    with mailbox:
        assert alerts.run() == 1 and mailbox.mails[0]["Subject"] == "Quiet: Mill Lane at Mill Lane"
    assert rows(hub) == [mine.device_id]
    heard(mine)
    with pytest.raises(MailError):
        alerts.run()
    heard(mine, 45)  # quiet again before anybody heard that it was back
    with mailbox:
        assert alerts.run() == 0
        heard(mine)
        assert alerts.run() == 1 and mailbox.mails[1]["Subject"] == "Back: Mill Lane at Mill Lane"
    assert rows(hub) == []


def test_two_servers_tell_it_once(hub: TestHub, mailbox: Mailbox) -> None:
    mailbox.delay_s = 0.3
    tells(hub, f"smtp://127.0.0.1:{mailbox.port}")
    heard(LoggingShop(hub.hub), 60)
    told: list[int] = []
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        told.append(Alerts(hub.hub.database, LONG_AGO).run())

    threads = [threading.Thread(target=run) for _each in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == [0, 0, 0, 1] and len(mailbox.mails) == 1


def test_what_a_server_took_and_died_with_another_tells_later(hub: TestHub, alerts: Alerts, mailbox: Mailbox) -> None:
    mine = LoggingShop(hub.hub)
    heard(mine, 60)
    with hub.hub.database.writing() as db:
        store.notice(db, {mine.device_id: "2026-11-30T10:00:00.000+00:00"}, {}, [])
        assert [one.device_id for one in store.take(db)] == [mine.device_id]
    assert alerts.run() == 0
    with hub.hub.database.writing() as db:
        db.execute(update(alert).values(sending_until="2026-11-30T10:05:00.000+00:00"))
    assert alerts.run() == 1 and len(mailbox.mails) == 1


def test_some_addresses_may_be_refused_and_the_others_have_it(hub: TestHub, caplog: pytest.LogCaptureFixture) -> None:
    heard(LoggingShop(hub.hub), 60)
    alerts = Alerts(hub.hub.database, LONG_AGO)
    with Mailbox(refused=("ann@example.org", "bela@example.org")) as none:
        tells(hub, f"smtp://127.0.0.1:{none.port}")
        with pytest.raises(MailError, match=r"took none of the 2 addresses in alert_to \(550\)"):
            alerts.run()
    with Mailbox(refused=("ann@example.org",)) as some:
        tells(hub, f"smtp://127.0.0.1:{some.port}")
        assert alerts.run() == 1 and some.to == [["bela@example.org"]]
    assert "could not go to 1 of the 2 addresses" in caplog.text and "example.org" not in caplog.text


def test_the_keeper_tells_and_logs_a_failure_once(
    hub: TestHub, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "Alerts", partial(Alerts, listening_since=LONG_AGO))
    monkeypatch.setattr(keeper, "LOOK_FOR_QUIET_S", 0.05)
    monkeypatch.setattr(keeper, "AGAIN_AFTER_S", 0.05)
    mailbox = Mailbox()
    tells(hub, f"smtp://{SECRET}@127.0.0.1:{mailbox.port}")
    heard(LoggingShop(hub.hub), 60, "window")
    hub.publish()
    with caplog.at_level(logging.INFO):
        hub.serve()
        wait_for(lambda: "nobody could be told of quiet kiosks" in caplog.text)
        threading.Event().wait(0.5)
        with mailbox:
            wait_for(lambda: mailbox.mails or "did not accept" in caplog.text or "refused" in caplog.text)
    said = [record.message for record in caplog.records if "nobody could be told" in record.message]
    assert sum("is tried again" in line for line in said) == 1
    assert PASSWORD not in caplog.text and quote(PASSWORD, safe="") not in caplog.text


# -- the way there


@pytest.mark.parametrize("way", ["plain", "starttls", "starttls and login", "tls and login"])
def test_mails_go_by_every_way(hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    cert, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    login, tls = "login" in way, way.startswith("tls")
    there = Mailbox() if way == "plain" else Mailbox(cert, key, tls=tls, login=login)
    heard(LoggingShop(hub.hub), 60)
    with there:
        who = f"{SECRET}@" if login else ""
        tells(hub, f"{'smtps' if tls else 'smtp'}://{who}localhost:{there.port}", alert_from="hub@example.org")
        assert Alerts(hub.hub.database, LONG_AGO).run() == 1
    assert there.mails[0]["From"] == "hub@example.org" and there.encrypted == [way != "plain"]
    assert there.tries == ([PASSWORD.encode()] if login else [])


def test_a_certificate_that_nobody_knows_is_not_trusted(hub: TestHub, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    heard(LoggingShop(hub.hub), 60)
    for tls in (False, True):
        with Mailbox(cert, key, tls=tls, login=tls) as there:
            tells(hub, f"{'smtps' if tls else 'smtp'}://{SECRET}@localhost:{there.port}")
            with pytest.raises(MailError, match="has a certificate that is not trusted"):
                Alerts(hub.hub.database, LONG_AGO).run()
        assert there.mails == [] and there.tries == []


def test_a_wrong_password_is_said_without_it(hub: TestHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    heard(LoggingShop(hub.hub), 60)
    with Mailbox(cert, key, login=True) as there:
        tells(hub, f"smtp://{quote(USER)}:letmein@localhost:{there.port}")
        with pytest.raises(MailError, match=r"did not accept the user or the password \(535\)") as error:
            Alerts(hub.hub.database, LONG_AGO).run()
    assert "letmein" not in str(error.value) and error.value.__cause__ is None and there.mails == []


def test_a_password_is_never_sent_in_the_clear(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "_is_here", lambda _host: False)
    there = mail.server(f"smtp://{SECRET}@127.0.0.1:{mailbox.port}")
    with pytest.raises(MailError, match="offers no encryption, so the password was not sent"):
        mail.send(there, "a@example.org", ["b@example.org"], mail.Mail("k", "s", "t"))
    assert mailbox.tries == [] and PASSWORD not in repr(there)


# -- settings


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://hub:secretword@",
        "smtp://hub:secretword@mail.example.org:port",
        "smtp://hub:secretword@mail.example.org:99999",
        "smtp://secretword@mail.example.org",
        "smtp://hub:secretword@mail.example.org/inbox",
        "smtp://hub:secret/word@mail.example.org",
        "smtp://hub:secretword@mail.example.org?tls=no",
        "smtp://hub:secretword@mail.exam\nple.org",
        "smtp://hub:secretw%C3%B6rd@mail.example.org",
    ],
)
def test_what_is_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(RecordError, match="this is no address of a mail server") as error:
        mail.check_url(url)
    assert "secret" not in str(error.value)


def test_an_address_of_a_mail_server_is_understood_and_shown_without_its_password() -> None:
    there = mail.server("smtp://a%40b:p%2Fw@mail.example.org")
    assert (there.host, there.port, there.tls, there.user, there.password) == (
        "mail.example.org",
        587,
        False,
        "a@b",
        "p/w",
    )
    assert mail.server("smtps://mail.example.org").port == 465
    assert mail.without_password("smtps://u:pw@h.example.org") == "smtps://u:***@h.example.org:465"
    assert mail.without_password("smtp://h.example.org:25") == "smtp://h.example.org:25"
    assert mail.check_url("  ") == mail.without_password("") == ""


@pytest.mark.parametrize("text", ["ann", "ann@", "@example.org", "a b@x.org,c", "a@x.org\nBcc: b@y.org", "<a@x.org>"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(RecordError, match="is no e-mail address"):
        mail.addresses(text, 9)
    assert mail.addresses("a@x.org, b@y.org;a@x.org", 2) == ["a@x.org", "b@y.org"]
    with pytest.raises(RecordError, match="2 e-mail addresses; 1 is the most"):
        mail.addresses("a@x.org b@y.org", 1)


def test_the_command_line_sets_them_and_shows_no_password(hub: TestHub) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(main, ["settings", words[0], "--data", str(hub.folder), *words[1:]])
        assert result.exit_code == 0, result.output
        return result.output

    assert "hub:***@mail.example.org:587" in run("set", "smtp_url", "smtp://hub:secretword@mail.example.org")
    run("set", "alert_to", "ann@example.org, bela@example.org")
    assert run("get", "alert_to") == "ann@example.org bela@example.org\n"
    shown = run("get", "smtp_url") + run("list")
    assert "hub:***@mail.example.org" in shown and "secretword" not in shown
    wrong = CliRunner().invoke(main, ["settings", "set", "--data", str(hub.folder), "smtp_url", "ftp://x:secretword@y"])
    assert wrong.exit_code == 1 and "no address of a mail server" in wrong.output and "secretword" not in wrong.output
