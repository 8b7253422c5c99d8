"""The page of the contact sheet: one file that needs nothing but the pictures beside it, and no script."""

from __future__ import annotations

from kiosk.ui.contact_sheet.shots import Shot


def made(shots: list[Shot]) -> str:
    return "<!doctype html>"
