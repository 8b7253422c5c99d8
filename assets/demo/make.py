"""Build the demo catalogue: items.ndjson, files/ and pictures/ from items/, translations/ and sheets/.

    python assets/demo/make.py           make everything, and say what was made
    python assets/demo/make.py --check   write nothing; exit 1 when items.ndjson is out of date

Two runs give the same bytes, so a change in the catalogue shows as a change in the files that it touches.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from catalogue import HERE, NDJSON, CatalogueError, Item, read_items, to_ndjson

FILE_MAX_BYTES = 300_000
PICTURE_MAX_BYTES = 40_000


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when items.ndjson is out of date")
    options = parser.parse_args(arguments)
    try:
        items = read_items()
        return check(items) if options.check else build(items)
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1


def check(items: list[Item]) -> int:
    """Compare items.ndjson with the item files."""
    if NDJSON.exists() and NDJSON.read_text("utf-8") == to_ndjson(items):
        print(f"items.ndjson is up to date ({len(items)} items)")
        return 0
    print("items.ndjson is out of date: run python assets/demo/make.py", file=sys.stderr)
    return 1


def build(items: list[Item]) -> int:
    """Write everything, drop what no item names any more, and print a summary."""
    from downloads import make_download
    from drawings import make_picture

    NDJSON.write_text(to_ndjson(items), "utf-8")
    files = {file["path"]: item for item in items for file in item.get("files", [])}
    pictures = {item["picture"]: item for item in items}
    for path, item in sorted(pictures.items()):
        make_picture(item["draw"], Path(path).stem.rsplit("-", 1)[1], HERE / path)
    for path, item in sorted(files.items()):
        make_download(item, HERE / path)
    for folder, kept in (("files", files), ("pictures", pictures)):
        drop_strays(HERE / folder, kept)
    report(items, files, pictures)
    return check_sizes(files, FILE_MAX_BYTES) + check_sizes(pictures, PICTURE_MAX_BYTES)


def drop_strays(folder: Path, kept: Iterable[str]) -> None:
    """Delete made files that no item names any more."""
    names = {Path(path).name for path in kept}
    for path in folder.iterdir():
        if path.is_file() and path.name not in names:
            path.unlink()


def check_sizes(paths: Iterable[str], max_bytes: int) -> int:
    """Name the files that are too big; returns 1 when there are any."""
    big = [path for path in paths if (HERE / path).stat().st_size > max_bytes]
    for path in big:
        print(f"{path} is over {max_bytes:,} bytes", file=sys.stderr)
    return 1 if big else 0


def report(items: list[Item], files: Iterable[str], pictures: Iterable[str]) -> None:
    """Print what was made."""
    print(f"items.ndjson: {len(items)} items")
    print("  kinds: " + tally(item["kind"] for item in items))
    print("  themes: " + tally(theme for item in items for theme in item["themes"]))
    print("  translations: " + tally(lang for item in items for lang in item.get("translations", {})))
    for name, paths in (("files", list(files)), ("pictures", list(pictures))):
        total = sum((HERE / path).stat().st_size for path in paths)
        endings = tally(Path(path).suffix[1:] for path in paths)
        print(f"{name}/: {len(paths)} ({endings}), {total / 1000:,.0f} kB")


def tally(words: Iterable[str]) -> str:
    """Words with how often each came, most first."""
    return ", ".join(f"{word} {count}" for word, count in Counter(words).most_common())


if __name__ == "__main__":
    raise SystemExit(main())
