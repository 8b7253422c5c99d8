"""A shop's page: hours, the way there, and what is on."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from sync.pages import shops
from sync.records import Item, Place, Shop, id_from_key
from tests.unit.pages.test_public_pages import text_of

SHOP = Shop(id="s", name="Mill Lane", address="12 Mill Lane, Riverton", postcode="ZZ99 1AA")


def test_the_shops_are_listed_with_whether_they_are_open(site):
    page = text_of(site.get("/shops"))
    assert 'href="/shop/mill-lane"' in page
    assert "12 Mill Lane, ZZ99 1AA" in page
    assert "open until 16:00" in page
    assert f'href="/shop/{id_from_key("shop", "دکان")}"' in page, "a name without Latin letters has its id"


def test_a_shop_says_when_it_is_open_and_where_it_is(site):
    page = text_of(site.get("/shop/mill-lane"))
    assert "<dt>Monday–Friday</dt><dd>09:30 to 17:30</dd>" in page
    assert "<dt>Saturday</dt><dd>closed</dd>" in page
    assert "open until 16:00" in page
    assert 'href="https://www.openstreetmap.org/?mlat=52.600000&amp;mlon=-1.100000#map=17/52.600000/-1.100000"' in page
    assert '<link rel="canonical" href="https://hub.example/shop/mill-lane">' in page
    assert "Surgery, with tea; and cake" in page and "Mon 23 Nov" in page
    assert "Until 13:00</p>" in page, "at the shop itself its name need not be said again"
    assert text_of(site.get("/shop/" + id_from_key("shop", "Mill Lane"))) == page
    welsh = text_of(site.get("/shop/mill-lane?lang=cy"))
    assert "<dt>Dydd Llun–Dydd Gwener</dt><dd>09:30 tan 17:30</dd>" in welsh and "ar agor tan 16:00" in welsh


def test_a_shop_of_which_little_is_known_says_so(site):
    page = text_of(site.get("/shop/" + id_from_key("shop", "دکان")))
    assert "We do not know when it is open" in page
    assert "Nothing is planned" in page
    assert "openstreetmap" not in page


def test_there_may_be_no_such_shop_or_none_at_all(site, empty_shelves, empty_site):
    for name in ("none", "Mill-Lane", "%00", "mill-lane%2F..", "'--"):
        assert site.get(f"/shop/{name}").status_code == 404
    empty_shelves.shops = []
    empty_shelves.add("one", title="The first thing")
    empty_shelves.publish()
    assert "There are no shops yet" in text_of(empty_site.get("/shops"))
    assert "Our shops" not in text_of(empty_site.get("/"))


def test_the_first_page_and_the_foot_lead_to_the_shops(site):
    page = text_of(site.get("/"))
    assert 'href="/shop/mill-lane"' in page
    for path in ("/", "/d", "/nowhere"):
        assert 'href="/shops"' in text_of(site.get(path)).partition("<footer")[2]


def test_two_shops_of_one_name_have_each_an_address():
    twins = [Shop(id="1", name="High Street"), Shop(id="2", name="High-Street!"), Shop(id="3", name="…")]
    assert list(shops.by_slug(twins)) == ["high-street", "2", "3"]


@pytest.mark.parametrize(
    ("place", "there"),
    [
        (Place(name="Mill Lane"), True),
        (Place(name="mill lane, back room"), True),
        (Place(name="Mill Lane Baths"), False),
        (Place(name="Back room", address="12 Mill Lane", postcode="zz991aa"), True),
        (Place(name="Next door", address="14 Mill Lane", postcode="ZZ99 1AA"), False),
        (Place(postcode="ZZ99 1AA"), False),
        (Place(name="Elsewhere"), False),
    ],
)
def test_what_takes_place_at_a_shop(place, there):
    assert shops.takes_place_at(Item(id="e", kind="event", title="x", place=place), SHOP) is there


def test_what_names_no_place_is_where_it_is_stocked():
    for names, there in ((["Mill Lane"], True), (["Brook Street"], False), ([], False)):
        assert shops.takes_place_at(Item(id="e", kind="event", title="x", shops=names), SHOP) is there
    nowhere = Shop(id="s", name="New")
    assert not shops.takes_place_at(Item(id="e", kind="event", title="x", place=Place(name="Old")), nowhere)


def test_a_shop_is_open_by_its_own_clock():
    at = dt.datetime(2026, 11, 23, 17, 0, tzinfo=ZoneInfo("Europe/London"))
    zones = ("Europe/London", "Asia/Dhaka", "Nowhere/None")
    there = [Shop(id=zone, name=zone, hours="Mo 09:00-17:30", timezone=zone) for zone in zones]
    assert [page.state for page in shops.shop_pages(there, at)] == [
        "open until 17:30",
        "opens Monday at 09:00",
        "open until 17:30",
    ]
