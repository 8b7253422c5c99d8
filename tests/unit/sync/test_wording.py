"""Facts in plain words."""

from __future__ import annotations

import pytest

from sync import wording
from sync.records import File, Item, Price


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (None, "Free"),
        (Price(amount_pence=0, note="ask first"), "Free · ask first"),
        (Price(amount_pence=350), "£3.50"),
        (Price(amount_pence=200, note="or what you can give"), "£2 · or what you can give"),
        (Price(amount_pence=123456, currency="EUR"), "€1,234.56"),
        (Price(amount_pence=500, currency="PLN"), "PLN 5"),
    ],
)
def test_prices(price: Price | None, words: str) -> None:
    assert wording.cost(price) == words


def test_what_you_get() -> None:
    pdf = File(name="a", media_type="application/pdf", size_bytes=84_200)
    item = Item(id="i", kind="guide", title="T", files=[pdf])
    assert wording.what_you_get(item) == "PDF, 84 KB"
    item.files = [pdf, File(name="b")]
    assert wording.what_you_get(item) == "PDF and 1 more"
    assert wording.size(1_400_000) == "1.4 MB"
