"""Who comes in to the hub's own pages, and who does not."""

from __future__ import annotations

import datetime as dt
import logging
import re

import pytest
import requests
from sqlalchemy import select

from sync.hub import app, passwords, team
from sync.hub.admin import render
from sync.hub.store import accounts, audit, drafts, suggestions
from sync.hub.store.schema import account, failed_sign_in, sign_in
from sync.records import Item
from tests.conftest import TestHub
from tests.support.team import PASSWORD, Member


@pytest.fixture
def editor(hub: TestHub) -> Member:
    hub.serve()
    return Member(hub)


def pages(hub: TestHub) -> list[tuple[str, str]]:
    """Every method and path of the hub's own pages."""
    found = [
        (method, re.sub(r"\{[^}]*uuid\}", "00000000-0000-7000-8000-000000000000", route.path))
        for route in app.make(hub.hub).routes
        for method in getattr(route, "methods", ()) or ()
        if route.path.startswith("/admin") and method != "HEAD"
    ]
    assert len(found) > 20
    return found


def test_nobody_sees_anything_without_signing_in(hub: TestHub) -> None:
    hub.serve()
    for method, path in pages(hub):
        if "/static/" in path or "/sign-in" in path or "/welcome" in path:
            continue
        answer = requests.request(
            method, hub.url + path, headers={"Sec-Fetch-Site": "same-origin"}, timeout=5, allow_redirects=False
        )
        if method == "GET":
            assert answer.status_code == 303 and answer.headers["Location"].startswith("/admin/sign-in?then="), path
        else:
            assert answer.status_code == 401, path
        assert "Set-Cookie" not in answer.headers


def test_every_page_has_the_headers_that_protect_it(editor: Member) -> None:
    for path in ("", "/audit", "/items", "/sign-in", "/items/new", "/welcome/x", "/accounts"):
        said = editor.get(f"/admin{path}").headers
        policy = said["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
        assert "unsafe" not in policy and "form-action 'self'" in policy
        assert said["X-Content-Type-Options"] == "nosniff" and said["Cache-Control"] == "no-store"


def test_no_page_needs_a_script_or_style_within_it(editor: Member) -> None:
    page = editor.new_item()
    for path in ("/admin", "/admin/items", page, f"{page}/history"):
        text = editor.get(path).text
        assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=|javascript:|hx-on", text), path


def test_the_cookie_goes_nowhere_else(hub: TestHub, editor: Member) -> None:
    cookie = editor.sign_in().headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie and "Max-Age" not in cookie and "Expires" not in cookie
    with hub.hub.database.reading() as db:
        kept = str(db.execute(sign_in.select()).all()) + str(db.execute(account.select()).all())
    assert cookie.split("=")[1].partition(";")[0] not in kept and PASSWORD not in kept


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": None, "Origin": "null"},
        {"Sec-Fetch-Site": None, "Origin": None},
    ],
)
def test_a_form_of_another_site_changes_nothing(editor: Member, headers: dict[str, str | None]) -> None:
    page = editor.new_item()
    mark = editor.mark(page)
    for path in (page, f"{page}/discard", "/admin/sign-out", "/admin/sign-in", "/admin/items/new"):
        assert editor.post(path, {"kind": "guide", "title": "Evil", "mark": mark}, headers=headers).status_code == 403
    assert editor.mark(page) == mark and editor.get("/admin").status_code == 200


def test_an_old_browser_is_known_by_where_it_comes_from(editor: Member) -> None:
    assert editor.post("/admin/items/new", {"kind": "guide"}, headers={"Sec-Fetch-Site": None}).status_code == 303


def test_a_password_is_asked_for_over_https_only(hub: TestHub, editor: Member) -> None:
    away = {"Host": "hub.example.org"}
    assert requests.get(f"{hub.url}/admin/sign-in", headers=away, timeout=5).status_code == 403
    behind = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "Host": "127.0.0.1"}
    assert requests.get(f"{hub.url}/admin/sign-in", headers=behind, timeout=5).status_code == 403
    encrypted = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Host": "hub.example.org"}
    assert requests.get(f"{hub.url}/admin/sign-in", headers=encrypted, timeout=5).status_code == 200


def test_guessing_gets_slower_and_does_not_tell_who_is_there(hub: TestHub, editor: Member) -> None:
    editor.cookie = ""
    wrong = [editor.sign_in(f"wrong {number}") for number in range(8)]
    assert {answer.status_code for answer in wrong} == {400}
    nobody = editor.sign_in("wrong", email="nobody@example.org")
    assert nobody.status_code == 400 and nobody.text.replace("nobody@example.org", editor.email) == wrong[0].text
    locked = editor.sign_in()
    assert locked.status_code == 429 and "Please wait" in locked.text and "Set-Cookie" not in locked.headers
    with hub.hub.database.writing() as db:
        db.execute(failed_sign_in.update().values(last_at="2026-11-01T10:00:00.000+00:00"))
    assert editor.sign_in().status_code == 303
    assert editor.sign_in("wrong").status_code == 400


def test_one_address_that_tries_many_people_has_to_wait(hub: TestHub, editor: Member) -> None:
    editor.cookie = ""
    for number in range(20):
        assert editor.sign_in("wrong", email=f"somebody{number}@example.org").status_code == 400
    assert editor.sign_in().status_code == 429


def from_(network: int) -> dict[str, str | None]:
    return {"X-Forwarded-For": f"203.0.113.{network}", "X-Forwarded-Proto": "https"}


def test_who_knows_an_address_keeps_nobody_out(hub: TestHub, editor: Member) -> None:
    editor.cookie = ""
    wrong, right = ({"email": editor.email, "password": said} for said in ("wrong", PASSWORD))
    for _ in range(6):
        earlier = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)).isoformat(timespec="milliseconds")
        with hub.hub.database.writing() as db:
            db.execute(failed_sign_in.update().values(last_at=earlier))
        while editor.post("/admin/sign-in", wrong, headers=from_(1)).status_code != 429:
            pass
    with hub.hub.database.reading() as db:
        tries = {row.key: row.failures for row in db.execute(select(failed_sign_in))}
    assert tries[editor.account.id] == 8 and max(tries.values()) == 13
    assert editor.post("/admin/sign-in", right, headers=from_(2)).status_code == 303


def test_guessing_from_many_networks_gets_slower_too(hub: TestHub, editor: Member) -> None:
    editor.cookie = ""
    with hub.hub.database.writing() as db:
        for _ in range(99):
            accounts.failed(db, editor.account.id)
    wrong, right = ({"email": editor.email, "password": said} for said in ("wrong", PASSWORD))
    assert editor.post("/admin/sign-in", wrong, headers=from_(1)).status_code == 400
    assert editor.post("/admin/sign-in", right, headers=from_(2)).status_code == 429
    with hub.hub.database.writing() as db:
        accounts.set_password(db, editor.account.id, passwords.kept(PASSWORD))
    assert editor.post("/admin/sign-in", right, headers=from_(2)).status_code == 303


@pytest.mark.parametrize("path", ["/admin/sign-in", "/admin/welcome/x"])
def test_whoever_is_not_signed_in_sends_a_short_form_without_files(hub: TestHub, editor: Member, path: str) -> None:
    editor.cookie = ""
    files = {"email": (None, editor.email), "password": (None, PASSWORD)}
    assert editor.post(path, files=files).status_code == 415
    assert editor.post(path, {"email": editor.email, "password": PASSWORD, "then": "x" * 20_000}).status_code == 413


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_in_letters_that_take_long_to_read_is_not_read(editor: Member, kind: str) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + b"99" * 200 + b"\r\n--x--\r\n"
    for charset, status in (("punycode", 415), ("utf-7", 415), ('"UTF-8"', 400)):
        headers: dict[str, str | None] = {"Content-Type": f"{kind}; charset={charset}"}
        assert editor.post("/admin/items/new", body, headers=headers).status_code == status, charset


def test_signing_out_ends_it_everywhere_the_cookie_went(editor: Member) -> None:
    stolen = editor.cookie
    assert editor.post("/admin/sign-out").headers["Set-Cookie"].startswith("__Host-touchpoint=; ")
    editor.cookie = stolen
    assert editor.get("/admin").status_code == 303


@pytest.mark.parametrize("column", ["made_at", "seen_at"])
def test_a_sign_in_ends_by_itself(hub: TestHub, editor: Member, column: str) -> None:
    with hub.hub.database.writing() as db:
        db.execute(sign_in.update().values({column: "2026-11-01T10:00:00.000+00:00"}))
    assert editor.get("/admin").status_code == 303


def test_who_was_removed_is_out_at_once_and_stays_in_the_history(hub: TestHub, editor: Member) -> None:
    boss = Member(hub, accounts.ADMINISTRATOR)
    page = editor.new_item()
    assert editor.save(page, "publish", title="Mend a chair").status_code == 303
    assert boss.post("/admin/accounts/remove", {"account": editor.account.id}).status_code == 303
    assert editor.get("/admin").status_code == 303
    editor.cookie = ""
    assert editor.sign_in().status_code == 400
    assert editor.name in boss.get(f"{page}/history").text
    assert boss.post("/admin/accounts/remove", {"account": boss.account.id}).status_code == 400


@pytest.mark.parametrize("path", ["/admin/accounts", "/admin/accounts/remove"])
def test_only_administrators_see_to_people(hub: TestHub, editor: Member, path: str) -> None:
    assert editor.post(path, {"name": "Eve", "email": "eve@example.org", "role": "administrator"}).status_code == 403
    assert editor.get("/admin/accounts").status_code == 403
    with hub.hub.database.reading() as db:
        assert [one.id for one in accounts.everybody(db)] == [editor.account.id]


def test_a_coordinator_writes_and_does_not_publish(hub: TestHub, editor: Member) -> None:
    shop = hub.hub.set_shop("Mill Lane")
    there = Member(hub, accounts.COORDINATOR, shops=[shop.id])
    page = there.new_item()
    assert there.save(page, title="Soup on Sundays").status_code == 303
    assert there.save(page, "publish", title="Soup on Sundays").status_code == 403
    assert there.save(page, "schedule", title="Soup on Sundays", publish_on="2030-01-01").status_code == 403
    assert editor.save(page, "publish", title="Soup on Sundays").status_code == 303
    for refused in (f"{page}/withdraw", f"{page}/restore", "/admin/publish"):
        assert there.post(refused, {"revision": "1"}).status_code == 403


def test_a_coordinator_leaves_what_editors_decide_about(hub: TestHub, editor: Member) -> None:
    coordinator = Member(hub, accounts.COORDINATOR, shops=[hub.hub.set_shop("Mill Lane").id])
    scheduled, suggested = editor.new_item(), "/admin/items/0192f000-0000-7000-8000-00000000000a"
    assert editor.save(scheduled, "schedule", title="Soup", publish_on="2099-01-01").status_code == 303
    with hub.hub.database.writing() as db:
        suggestions.add(db, Item(id=suggested.rpartition("/")[2], kind="guide", title="Bread"), b"sealed")
    for page in (scheduled, suggested):
        assert "Discard" not in coordinator.get(page).text and "Discard" in editor.get(page).text
        assert coordinator.post(f"{page}/discard", {"mark": coordinator.mark(page)}).status_code == 403
    assert coordinator.save(scheduled, title="Mine").status_code == 403
    with hub.hub.database.reading() as db:
        assert [draft.item.title for draft in drafts.due(db, "2099-01-01")] == ["Soup"]
        assert len(suggestions.contacts(db)) == 1
    assert editor.post(f"{suggested}/discard", {"mark": editor.mark(suggested)}).status_code == 303
    own = coordinator.new_item()
    assert coordinator.post(f"{own}/discard", {"mark": coordinator.mark(own)}).status_code == 303


def test_an_invitation_is_good_once_and_for_a_week(hub: TestHub) -> None:
    hub.serve()
    boss = Member(hub, accounts.ADMINISTRATOR)
    roles = boss.get("/admin/accounts").text
    assert "opens the names and numbers of those who asked to be rung back" in roles and "which kiosks belong" in roles
    said = boss.post("/admin/accounts", {"name": "Eve Li", "email": "Eve@Example.org", "role": "editor"}).text
    link = re.search(r"/admin/welcome/[\w-]+", said)
    assert link and "Send this link to Eve Li" in said
    for bad in ("short", "eve li eve li", "aaaaaaaaaaaaaaaa", "x" * 201):
        assert boss.post(link[0], {"password": bad, "again": bad}).status_code == 400
    assert boss.post(link[0], {"password": PASSWORD, "again": PASSWORD + "!"}).status_code == 400
    assert boss.post(link[0], {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert boss.post(link[0], {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    again = boss.post("/admin/accounts", {"name": "Eve Li", "email": "eve@example.org", "role": "editor"})
    assert again.status_code == 400 and "has an account already" in again.text
    for name, email, role in (("", "a@b.org", "editor"), ("A", "a b@c.org", "editor"), ("A", "a@b.org", "king")):
        assert boss.post("/admin/accounts", {"name": name, "email": email, "role": role}).status_code == 400


def test_where_one_goes_after_signing_in_is_one_of_these_pages(editor: Member) -> None:
    for then in ("https://evil.example", "//evil.example", "/admin//evil.example", "/d/7K3M9QX2", "/admin/\\evil"):
        answer = editor.post("/admin/sign-in", {"email": editor.email, "password": PASSWORD, "then": then})
        assert answer.headers["Location"] == "/admin"
    answer = editor.post("/admin/sign-in", {"email": editor.email, "password": PASSWORD, "then": "/admin/items"})
    assert answer.headers["Location"] == "/admin/items"


def test_what_people_do_with_people_is_noted_and_no_secret_is_logged(
    hub: TestHub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hub.serve()
    member = Member(hub)
    member.sign_in("some wrong words")
    member.sign_in()
    with hub.hub.database.reading() as db:
        noted = list(audit.latest(db))
    assert [row["what"] for row in noted] == ["signed in", "password chosen", "account added"]
    said = caplog.text + str(noted)
    assert not any(secret in said for secret in (PASSWORD, "some wrong words", member.cookie.partition("=")[2]))
    assert member.email not in str(noted)


def test_the_last_administrator_stays(hub: TestHub) -> None:
    team.invite(hub.hub.database, "Ann", "ann@example.org", accounts.ADMINISTRATOR, [], "test")
    with pytest.raises(Exception, match="has to be an administrator"):
        team.remove(hub.hub.database, "ann@example.org", "test")


def test_static_files_are_kept_for_good_and_nothing_else_is_there(hub: TestHub) -> None:
    hub.serve()
    for name, content in render.STATIC.items():
        answer = requests.get(f"{hub.url}/admin/static/{name}", timeout=5)
        assert answer.content == content and "immutable" in answer.headers["Cache-Control"]
    for name in ("..%2fapp.py", "app.py", "%2e%2e/app.py"):
        assert requests.get(f"{hub.url}/admin/static/{name}", timeout=5).status_code == 404


def test_administrators_read_who_did_what_and_no_table_runs_a_formula(hub: TestHub, editor: Member) -> None:
    boss = Member(hub, accounts.ADMINISTRATOR, name="=HYPERLINK(1)")
    with hub.hub.database.writing() as db:
        audit.note(db, "@SUM(A1)", "=cmd|calc", "+1")
    assert "account added" in boss.get("/admin/audit").text and "Some editor" in boss.get("/admin/audit").text
    table = boss.get("/admin/audit.csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "'@SUM(A1),'=cmd|calc,'+1" in table.text
    assert editor.get("/admin/audit").status_code == editor.get("/admin/audit.csv").status_code == 403


def test_administrators_are_warned_while_root_keys_lie_here(hub: TestHub, editor: Member) -> None:
    boss = Member(hub, accounts.ADMINISTRATOR)
    assert "root keys still lie on this machine" in boss.get("/admin").text
    assert "root keys" not in editor.get("/admin").text
    for key in hub.hub.folder.offline.glob("*.pem"):
        key.unlink()
    assert "root keys" not in boss.get("/admin").text
