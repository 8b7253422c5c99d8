"""Somebody of the hub's team who is signed in, at the hub's own pages over HTTP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import requests

from sync.hub.admin.door import COOKIE, ROOT
from sync.hub.store import accounts
from tests.conftest import TestHub


class Colleague:
    """A member of the team; `role` is one of `sync.hub.store.accounts.ROLES`, `shops` the ids of a coordinator's."""

    def __init__(self, hub: TestHub, role: str = accounts.EDITOR, shops: tuple[str, ...] = ()) -> None:
        self.hub = hub
        with hub.hub.database.writing() as db:
            made = accounts.add(db, f"An {role}", f"{role}{len(accounts.everybody(db))}@example.org", role, shops)
            self.token = accounts.begin(db, made.id)
        self.id = made.id

    def get(self, path: str, *, redirects: bool = True) -> requests.Response:
        """A page of the hub's own, by its address below `/admin`."""
        return requests.get(self.hub.url + ROOT + path, headers=self._headers(), timeout=30, allow_redirects=redirects)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **more: Any) -> requests.Response:
        """Send a form as these pages do; the answer is not followed."""
        headers = {**self._headers(), "Sec-Fetch-Site": "same-origin"}
        return requests.post(
            self.hub.url + ROOT + path, data=data or {}, headers=headers, timeout=30, allow_redirects=False, **more
        )

    def _headers(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.token}"}


def hidden(page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"there is no hidden field {name}"
    return found[1]
