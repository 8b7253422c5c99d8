"""Templates and Markdown. Whatever comes from the catalogue is text to these pages, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from sync import codes, days, wording, words
from sync.pages import links
from sync.pages.icons import icon
from sync.records import Theme
from sync.words import _, count_of, joined

_RIGHT_TO_LEFT: Final = frozenset({"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
_MOST_LETTERS: Final = 60_000


def template(name: str, /, **values: Any) -> bytes:
    """A page from a template, in UTF-8."""
    return _templates.get_template(name).render(**values).encode("utf-8", "replace")


def markdown(text: str) -> Markup:
    """An item's text as HTML: paragraphs, headings, lists, quotes, code and links, and nothing else."""
    return Markup(_markdown.render(text[:_MOST_LETTERS]))  # noqa: S704 (its own markup; all else was escaped)


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def spoken(language: str) -> Markup:
    """The `lang` and `dir` attributes of an element with words in a language."""
    return Markup('lang="{}" dir="{}"').format(language or "en", direction(language))


def named(theme: Theme) -> Markup:
    """A theme's name in the language that is spoken; where it has none in it, marked as English."""
    there = theme.names.get(words.language(), "")
    if there or words.language() == words.ENGLISH:
        return escape(there or theme.name)
    return Markup("<span {}>{}</span>").format(spoken(words.ENGLISH), theme.name)


def filled(text: str, /, *given: Any, **values: Any) -> Markup:
    """A sentence with its places filled in, each with text or with markup of ours."""
    return escape(text).format(*given, **values)


def isolated(text: str) -> str:
    """A name, number or size, kept in order within words that run the other way. Source: Unicode Annex 9."""
    return f"\u2068{text}\u2069" if text else ""


def short(text: str, most: int) -> str:
    """The text, cut at a word where it is longer than that."""
    if len(text) <= most:
        return text
    cut = text[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut).rstrip(" ,;:.") + "…"


def _link_open(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Any) -> str:
    tokens[at].attrSet("rel", "nofollow noopener noreferrer")
    return self.renderToken(tokens, at, options, env)


def _heading(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Any) -> str:
    """A page has one h1, and it is the item's title."""
    tokens[at].tag = "h2" if tokens[at].tag in ("h1", "h2") else "h3"
    return self.renderToken(tokens, at, options, env)


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Any) -> str:
    """Pictures in the text would be asked of other hosts; their words are shown instead."""
    return str(escape(tokens[at].content))


def _make_markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False})
    made.validateLink = links.may_stand_in_text  # type: ignore[method-assign]
    made.add_render_rule("link_open", _link_open)
    made.add_render_rule("heading_open", _heading)
    made.add_render_rule("heading_close", _heading)
    made.add_render_rule("image", _image)
    return made


def _make_templates() -> Environment:
    made = Environment(
        loader=PackageLoader("sync.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"icon": icon, "spoken": spoken, "wording": wording, "days": days, "show_code": codes.show}
    made.globals |= {"_": _, "count_of": count_of, "joined": joined, "named": named}
    made.filters |= {"short": short, "filled": filled, "isolated": isolated}
    return made


_markdown: Final = _make_markdown()
_templates: Final = _make_templates()
