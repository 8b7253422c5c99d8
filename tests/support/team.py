"""Somebody of the hub's team, as their browser asks the hub's own pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import requests

from sync.hub import team
from sync.hub.store import accounts
from tests.conftest import TestHub

PASSWORD = "plum tree lantern"


class Member:
    """Signed in, unless told otherwise; follows no redirects by itself."""

    def __init__(self, hub: TestHub, role: str = accounts.EDITOR, *, name: str = "", shops: Sequence[str] = ()) -> None:
        self.hub = hub
        self.name = name or f"Some {role}"
        self.email = f"{self.name.lower().replace(' ', '.')}@example.org"
        self.account, token = team.invite(hub.hub.database, self.name, self.email, role, shops, "test")
        self.cookie = ""
        self._take_cookie(self.post(f"/admin/welcome/{token}", {"password": PASSWORD, "again": PASSWORD}))

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.hub.url + path, headers=self._headers() | headers, timeout=20, allow_redirects=False)

    def post(
        self, path: str, data: Any = None, *, files: Any = None, headers: dict[str, str | None] | None = None
    ) -> requests.Response:
        """A form sent from the hub's own pages, as far as `headers` do not say otherwise (None: without that one)."""
        all_ = self._headers() | {"Sec-Fetch-Site": "same-origin", "Origin": self.hub.url} | (headers or {})
        sent = {name: value for name, value in all_.items() if value is not None}
        return requests.post(
            self.hub.url + path, data=data, files=files, headers=sent, timeout=20, allow_redirects=False
        )

    def sign_in(self, password: str = PASSWORD, email: str = "") -> requests.Response:
        answer = self.post("/admin/sign-in", {"email": email or self.email, "password": password})
        if answer.status_code == 303:
            self._take_cookie(answer)
        return answer

    def new_item(self, kind: str = "guide") -> str:
        """Begin one; returns the address of its page."""
        return self.post("/admin/items/new", {"kind": kind}).headers["Location"]

    def save(self, page: str, do: str = "save", *, files: Any = None, **fields: Any) -> requests.Response:
        """Send an item's form with the mark that its page has now."""
        return self.post(
            page, {"mark": self.mark(page), "kind": "guide", "language": "en", "do": do, **fields}, files=files
        )

    def mark(self, page: str) -> str:
        found = re.search(r'name="mark" value="([^"]*)"', self.get(page).text)
        assert found
        return found[1]

    def _headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie} if self.cookie else {}

    def _take_cookie(self, answer: requests.Response) -> None:
        assert answer.status_code == 303, answer.text
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
