"""Items as e-books (EPUB 3), one chapter for each heading of the body and each page of the sheet."""

from __future__ import annotations

import datetime as dt
import io
import uuid
import zipfile
from pathlib import Path
from typing import Any

from bodies import Block, read_blocks, to_markup
from catalogue import HERE, Item
from ebooklib import epub
from palette import INK, THEMES
from sheets import Sheet

FIXED_TIME = (2026, 11, 1, 12, 0, 0)


def make_ebook(item: Item, sheet: Sheet, path: Path) -> None:
    """Write one EPUB whose bytes depend on the item and sheet only."""
    book = epub.EpubBook()
    book.set_identifier(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'https://example.org/' + item['key'])}")
    book.set_title(item["title"])
    book.set_language("en-GB")
    book.add_author(item["maker"]["name"])
    book.add_metadata("DC", "description", item["summary"])
    book.add_metadata("DC", "rights", item["licence"])
    book.add_metadata("DC", "publisher", "Mill Lane · Touchpoint demo catalogue")
    look = epub.EpubItem(uid="look", file_name="look.css", media_type="text/css", content=_css(item))
    book.add_item(look)
    book.set_cover("cover.png", (HERE / item["picture"]).read_bytes())
    chapters = [_chapter(number, title, html, look) for number, (title, html) in enumerate(_parts(item, sheet), 1)]
    for chapter in chapters:
        book.add_item(chapter)
    book.toc = chapters
    book.spine = ["nav", *chapters]
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubNav())
    _write(book, path)


def _parts(item: Item, sheet: Sheet) -> list[tuple[str, str]]:
    """The chapters as (title, HTML): a start, one for each heading, then the pages to fill in as lists."""
    parts: list[tuple[str, list[str]]] = [(item["title"], [f"<p><b>{to_markup(item['summary'])}</b></p>"])]
    for block in read_blocks(item["body"]):
        if block.kind == "heading":
            parts.append((block.lines[0], []))
        else:
            parts[-1][1].append(_html(block))
    pages = [page for page in sheet.get("pages", []) if _page_html(page)]
    parts += [(page["title"], _page_html(page)) for page in pages]
    parts[-1][1].append(f"<p class='end'>By {to_markup(item['maker']['name'])}. Licence: {item['licence']}.</p>")
    return [(title, "\n".join(html)) for title, html in parts]


def _html(block: Block) -> str:
    lines = [to_markup(line) for line in block.lines]
    if block.kind == "paragraph":
        return f"<p>{lines[0]}</p>"
    tag = "ol" if block.kind == "steps" else "ul"
    return f"<{tag}>" + "".join(f"<li>{line}</li>" for line in lines) + f"</{tag}>"


def _page_html(page: dict[str, Any]) -> list[str]:
    """What a page says, without the tables that are only there to write in."""
    html: list[str] = []
    for block in page.get("blocks", []):
        if "columns" in block and "rows" not in block:
            continue
        if "heading" in block:
            html.append(f"<h2>{to_markup(block['heading'])}</h2>")
        if "columns" in block:
            html.append(_table_html(block))
        elif block.get("items") or block.get("labels"):
            marked = [to_markup(line.partition("|")[0]) for line in block.get("items") or block["labels"]]
            html.append("<ul class='ticks'>" + "".join(f"<li>{line}</li>" for line in marked) + "</ul>")
        else:
            html += [f"<p>{to_markup(line)}</p>" for line in block.get("lines", [])]
    return html


def _table_html(block: dict[str, Any]) -> str:
    head = "".join(f"<th>{to_markup(name)}</th>" for name in block["columns"])
    rows = ["".join(f"<td>{to_markup(cell)}</td>" for cell in row) for row in block.get("rows", [])]
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def _chapter(number: int, title: str, html: str, look: Any) -> Any:
    chapter = epub.EpubHtml(title=title, file_name=f"part{number:02}.xhtml", lang="en-GB", uid=f"part{number:02}")
    chapter.content = f"<h1>{to_markup(title)}</h1>\n{html}"
    chapter.add_item(look)
    return chapter


def _css(item: Item) -> str:
    shades = THEMES[item["themes"][0]]
    return (
        f"body{{color:{INK};line-height:1.5;margin:5%}} h1,h2{{color:{shades.strong};line-height:1.2}}"
        f" li{{margin-bottom:.4em}} .ticks{{list-style:'☐  '}} .end{{margin-top:3em;font-size:.85em}}"
        f" table{{border-collapse:collapse;width:100%}}"
        f" td,th{{border:1px solid #999;padding:.3em;text-align:left}}"
        f" th{{background:{shades.tint}}}"
    )


def _write(book: Any, path: Path) -> None:
    """Write through memory, then pack again with a fixed time on each entry."""
    raw = io.BytesIO()
    writer = epub.EpubWriter(raw, book, {"mtime": dt.datetime(*FIXED_TIME, tzinfo=dt.UTC)})
    writer.process()
    writer.write()
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(path, "w") as packed:
        for name in sorted(made.namelist(), key=lambda name: (name != "mimetype", name)):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, made.read(name))
