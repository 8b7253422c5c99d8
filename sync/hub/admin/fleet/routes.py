"""The addresses of shops and kiosks: a method, a path, a view, and whose roles may."""

from __future__ import annotations

from sync.hub.admin.door import View
from sync.hub.admin.fleet import joining, kiosks, shops, telling
from sync.hub.store.accounts import ADMINISTRATOR, PUBLISHERS, ROLES

Row = tuple[str, str, View, tuple[str, ...]]


def rows() -> list[Row]:
    """Every address."""
    shop, kiosk = "/shops/{shop_id:uuid}", "/kiosks/{kiosk_id:uuid}"
    administrators = (ADMINISTRATOR,)
    return [
        ("GET", "/shops", shops.everyone, ROLES),
        ("GET", "/shops/new", shops.new, PUBLISHERS),
        ("POST", "/shops/new", shops.add, PUBLISHERS),
        ("GET", "/hours", shops.hours_in_words, ROLES),
        ("GET", shop, shops.one, ROLES),
        ("POST", shop, shops.change, PUBLISHERS),
        ("POST", f"{shop}/shelves", shops.put_shelves, PUBLISHERS),
        ("GET", "/alerts", telling.form, administrators),
        ("POST", "/alerts", telling.save, administrators),
        ("GET", "/kiosks", kiosks.fleet, ROLES),
        ("GET", "/kiosks/join", joining.look, administrators),
        ("POST", "/kiosks/join", joining.answer, administrators),
        ("GET", kiosk, kiosks.one, ROLES),
        ("POST", f"{kiosk}/ask", kiosks.ask, ROLES),
        ("POST", f"{kiosk}/rename", kiosks.rename, administrators),
        ("POST", f"{kiosk}/move", kiosks.move, administrators),
        ("GET", f"{kiosk}/revoke", kiosks.confirm_revoke, administrators),
        ("POST", f"{kiosk}/revoke", kiosks.revoke, administrators),
    ]
