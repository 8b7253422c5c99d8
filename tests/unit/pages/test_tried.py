"""Codes are not found by trying."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sync import codes, limits
from sync.pages import tried
from tests.unit.pages.conftest import Shelves, serving


@pytest.mark.parametrize("path", ["/d/{}", "/D/{}", "/d?code={}", "/search?q={}", "/d/{}/event.ics"])
def test_whoever_tries_many_codes_has_to_wait_for_right_ones_too(
    shelves: Shelves, code: Callable[[str], str], path: str
) -> None:
    with serving(shelves) as site:
        tries = [site.get(path.format(codes.from_number(number))).status_code for number in range(tried._AT_ONCE + 5)]
        assert 429 not in tries[: tried._AT_ONCE] and set(tries[tried._AT_ONCE :]) == {429}
        answer = site.get(path.format(code("stew")))
        assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 10
        assert "Please wait a moment" in answer.text and "no-store" in answer.headers["Cache-Control"]
        assert site.get("/").status_code == 200


def test_codes_that_are_mistyped_or_right_cost_nothing(shelves: Shelves, code: Callable[[str], str]) -> None:
    with serving(shelves) as site:
        for _ in range(2 * tried._AT_ONCE):
            assert site.get("/d/7K3M9QX3").status_code in (404, 400)
            assert site.get(f"/d/{code('stew')}").status_code == 200


def test_a_household_is_one_however_many_addresses_it_has() -> None:
    assert (
        limits.network("2001:db8:1:2::7") == limits.network("2001:db8:1:2:ffff::1") != limits.network("2001:db8:1:3::7")
    )
    assert limits.network("203.0.113.9") == "203.0.113.9" and limits.network("") == limits.network("x") == ""
