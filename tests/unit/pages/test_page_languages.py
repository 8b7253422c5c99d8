"""The pages in every language: which one is chosen, what keeps it, and that no word is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.requests import Request

from sync import codes, days, wording, words
from sync.pages import language as languages
from sync.pages.addresses import Addresses
from tests.unit.pages.test_public_pages import EVERY_PAGE, Tags, text_of

Code = Callable[[str], str]
PAGES = [path for path in EVERY_PAGE if not path.startswith(("/robots", "/style"))]
VOID = {"meta", "link", "input", "br", "img", "path", "hr"}


def with_lang(path: str, code: str) -> str:
    return path + ("&" if "?" in path else "?") + f"lang={code}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("cy", "cy"),
        ("ur-PK,ur;q=0.9,en;q=0.8", "ur"),
        ("PL", "pl"),
        ("fr-FR, fr;q=0.9, pa;q=0.4, en;q=0.3", "pa"),
        ("en-GB,en;q=0.9,cy;q=0.8", "en"),
        ("cy;q=0.2, ar;q=0.7", "ar"),
        ("cy;q=0", "en"),
        ("de, fr", "en"),
        ("*", "en"),
        ("cy;q=2, pl;q=0.1", "pl"),
        ("cy;q=x, pl;q=", "en"),
        ("cy; q = 0.5", "cy"),
        (",,;;,=,q=1", "en"),
        ("bn;q=²", "en"),
        ("x" * 5000 + ",cy", "cy"),
        ("fr," * 30 + "cy", "en"),
    ],
)
def test_the_browser_tells_the_language(site, header, language):
    response = site.get("/", Accept_Language=header)
    assert response.headers["content-language"] == language
    assert f'<html lang="{language}" dir="{"rtl" if language in ("ar", "ur") else "ltr"}">' in text_of(response)


def test_what_was_chosen_goes_before_what_the_browser_says(site):
    assert site.get("/?lang=ur", Accept_Language="cy").headers["content-language"] == "ur"
    for none_of_ours in ("xx", "", "qps", "en-GB", "../cy", '"><script>'):
        assert site.get(f"/?lang={none_of_ours}", Accept_Language="cy").headers["content-language"] == "cy"


@pytest.mark.parametrize("language", languages.OURS)
def test_no_page_fails_in_a_language(site, language):
    for path in PAGES:
        response = site.get(with_lang(path, language))
        assert response.status_code < 500
        if response.status_code != 303:
            assert response.headers["content-language"] == language


def test_every_page_lists_the_languages_by_their_own_names(site, code: Code):
    for path in [*PAGES, f"/d/{code('stew')}", f"/d/{code('ended')}"]:
        response = site.get(path, Accept_Language="pl")
        if response.status_code == 303:
            continue
        row = re.search(r'<nav class="spoken".*?</nav>', text_of(response), re.DOTALL)[0]
        links = [there for tag, there in Tags(row).found if tag == "a"]
        assert [link["lang"] for link in links] == list(wording.LANGUAGES)
        assert [link["dir"] for link in links if link["lang"] in ("ar", "ur")] == ["rtl", "rtl"]
        assert [name in row for name in wording.LANGUAGES.values()] == [True] * len(links)
        current = [link["lang"] for link in links if link.get("aria-current")]
        assert current == [response.headers["content-language"]]


def test_the_row_leads_to_the_same_page(site, code: Code):
    def welsh(path: str) -> str:
        row = re.search(r'<nav class="spoken".*?</nav>', text_of(site.get(path)), re.DOTALL)[0]
        return next(there["href"] for tag, there in Tags(row).found if there.get("hreflang") == "cy")

    assert welsh("/") == "/?lang=cy"
    assert welsh("/?lang=ur") == "/?lang=cy"
    assert welsh("/kind/app?page=2") == "/kind/app?page=2&lang=cy"
    assert welsh("/theme/food?kind=event&x=y") == "/theme/food?kind=event&lang=cy"
    assert welsh("/search?q=%22%3E+x") == "/search?q=%22%3E+x&lang=cy"
    assert welsh("/d?code=7K3M") == "/d?code=7K3M&lang=cy"
    assert welsh(f"/D/{code('stew')}") == f"/d/{code('stew')}?lang=cy", "not counted once more"
    assert len(welsh("/search?q=" + "a" * 5000)) < 300
    for strange in ("//evil.example/x", "///evil.example", "/%2F%2Fevil.example", '/"><script>', "/\\evil.example"):
        assert urlsplit(welsh(strange)).netloc == ""
        assert re.match(r"/[^/\\]", welsh(strange))


def test_every_link_and_form_keeps_the_language(site, code: Code):
    paths = ["/", "/theme/food", "/kind/app", "/search?q=zzzzz", "/d?code=x", "/shops", "/shop/mill-lane", "/nowhere"]
    items = [code("stew"), code("ended"), code("surgery"), codes.from_number(5)]
    for path in [*paths, *(f"/d/{item}" for item in items)]:
        page = Tags(text_of(site.get(with_lang(path, "cy"))))
        for tag, there in page.found:
            href = there.get("href", "")
            if tag == "a" and href.startswith("/") and not href.startswith("/files/") and "hreflang" not in there:
                assert parse_qs(urlsplit(href).query).get("lang") == ["cy"], href
        forms = sum(tag == "form" for tag, _ in page.found)
        kept = [there["value"] for tag, there in page.found if tag == "input" and there.get("name") == "lang"]
        assert kept == ["cy"] * forms
    plain = re.sub(r'<nav class="spoken".*?</nav>', "", text_of(site.get("/")), flags=re.DOTALL)
    assert not [link for link in Tags(plain).links() if "lang=" in link]


def test_pages_that_are_mounted_under_a_path_keep_it():
    scope = {"type": "http", "path": "/goods/kind/app", "root_path": "/goods", "query_string": b"page=2&lang=cy"}
    to = Addresses(Request({**scope, "headers": []}))
    assert to("/search", q="a b") == "/goods/search?lang=cy&q=a+b"
    assert to.in_language("ur") == "/goods/kind/app?lang=ur&page=2"


def test_redirects_keep_the_language(site, code: Code):
    assert site.get("/?q=stew&lang=cy").headers["location"] == "/search?lang=cy&q=stew"
    assert site.get(f"/d?code={code('stew')}&lang=ur").headers["location"] == f"/d/{code('stew')}?lang=ur"
    assert site.get(f"/search?q={code('stew')}&lang=ur").headers["location"] == f"/d/{code('stew')}?lang=ur"


def test_each_language_has_its_own_tag(site):
    tags = {code: site.get("/", Accept_Language=code).headers["etag"] for code in languages.OURS}
    assert len(set(tags.values())) == len(languages.OURS)
    again = site.get("/", Accept_Language="cy", If_None_Match=tags["cy"])
    assert (again.status_code, again.headers["vary"]) == (304, "Accept-Language")
    assert site.get("/", Accept_Language="ur", If_None_Match=tags["cy"]).status_code == 200


def test_what_is_translated_is_shown_in_the_language_of_the_page(site, code: Code):
    polish = text_of(site.get("/theme/food", Accept_Language="pl"))
    assert ' lang="pl" dir="ltr">Gulasz dla dziesięciu</a>' in polish
    assert '<p lang="en" dir="ltr">' not in polish.partition("Gulasz")[2].partition("</li>")[0]
    urdu = text_of(site.get("/theme/food?lang=ur"))
    assert ' lang="ur" dir="rtl">دس لوگوں کا سالن</a>' in urdu
    assert '<p lang="en" dir="ltr">One big pot.</p>' in urdu, "a summary that has no translation says so"
    assert "<h1>کھانا</h1>" in urdu
    assert '<h1><span lang="en" dir="ltr">Food</span></h1>' in text_of(site.get("/theme/food?lang=pl"))
    item = text_of(site.get(f"/d/{code('stew')}", Accept_Language="pl"))
    assert '<h1 lang="pl" dir="ltr">Gulasz dla dziesięciu</h1>' in item
    assert "Cena" in item and "12 listopada 2026" in item
    assert "mija" not in item


def test_an_item_can_be_read_in_a_language_that_the_pages_are_not_in(empty_shelves, empty_site):
    code = empty_shelves.add("soup", title="Soup", translations={"fr": {"title": "Soupe"}})
    empty_shelves.publish()
    page = text_of(empty_site.get(f"/d/{code}?lang=fr", Accept_Language="cy"))
    assert '<html lang="cy" dir="ltr">' in page and '<h1 lang="fr" dir="ltr">Soupe</h1>' in page


def test_what_is_in_another_language_alone_says_so(empty_shelves, empty_site):
    code = empty_shelves.add("soup", title="Soup", translations={"pl": {"title": "Zupa"}})
    empty_shelves.publish()
    pages = {language: text_of(empty_site.get(f"/d/{code}?lang={language}")) for language in ("cy", "pl", "en")}
    assert '<p class="hint">Iaith: \u2068English\u2069</p>' in pages["cy"]
    assert '<p class="hint">' not in pages["en"].partition("<nav")[0] and "Iaith" not in pages["pl"]


def test_a_translation_that_nobody_has_read_over_says_so(empty_shelves, empty_site):
    there = {"cy": {"title": "Cawl", "unchecked": True}, "pl": {"title": "Zupa"}}
    code = empty_shelves.add("soup", title="Soup", translations=there)
    empty_shelves.publish()
    pages = {language: text_of(empty_site.get(f"/d/{code}?lang={language}")) for language in ("cy", "pl", "en")}
    assert "Nid yw’r cyfieithiad hwn wedi’i wirio eto." in pages["cy"]
    assert "To tłumaczenie" not in pages["pl"] and "This translation" not in pages["en"]


def test_visitors_are_answered_each_in_their_own_language_at_the_same_time(site):
    asked = [*languages.OURS] * 12
    with ThreadPoolExecutor(8) as visitors:
        pages = list(visitors.map(lambda code: text_of(site.get("/shops", Accept_Language=code)), asked))
    for code, page in zip(asked, pages, strict=True):
        assert words.catalogue(code).gettext("Our shops") in page
    assert words.language() == words.ENGLISH


class Unmarked(HTMLParser):
    """The words of a page that have not gone through `_`, but for the catalogue's, which are in a language or `bdi`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._text: list[str] = []
        self._inside: list[bool] = []
        self.feed(page)

    @property
    def words(self) -> list[str]:
        left, before = re.sub("\u2068.*?\u2069", "", "\n".join(self._text)), ""
        while left != before:  # a sentence may have others within it
            before, left = left, re.sub(r"⟦[^⟦⟧]*⟧", "", left)
        return re.findall(r"\w*[^\W\d_]\w*", left)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        there = {name: value or "" for name, value in attrs}
        self._text += [there[name] for name in ("aria-label", "placeholder", "alt") if name in there]
        if tag not in VOID:
            others = "lang" in there or tag in ("bdi", "svg") or "code" in there.get("class", "")
            self._inside.append(others or any(self._inside))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._inside):
            self._text.append(data)


@pytest.fixture
def marked(monkeypatch) -> Iterator[None]:
    """The marked language is one of ours."""
    monkeypatch.setattr(languages, "OURS", (*languages.OURS, words.MARKED))
    monkeypatch.setitem(wording.LANGUAGES, words.MARKED, "⟦⟧")
    yield


def test_every_word_of_the_pages_goes_through_the_catalogues(site, marked, code: Code):
    not_ours = {"HTML", *(days.name(number) for number in range(7))}
    keys = ("stew", "surgery", "over", "ended", "last day", "many 3")
    for path in [*PAGES, *(f"/d/{code(key)}" for key in keys), f"/d/{codes.from_number(5)}", "/theme/food?kind=event"]:
        response = site.get(with_lang(path, words.MARKED))
        if response.status_code == 303:
            continue
        page = text_of(response)
        assert "⟦" in page
        body = page.partition("<body>")[2].partition("</body>")[0]
        assert [word for word in Unmarked(body).words if word not in not_ours] == [], path
