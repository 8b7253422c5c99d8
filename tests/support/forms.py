"""What a browser would send of a form that nobody touched."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self._form_id = form_id
        self._inside = False
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("id") == self._form_id
        if not self._inside or (tag in ("input", "select", "textarea") and "name" not in said):
            return
        if tag == "input":
            if said.get("type") in ("checkbox", "radio"):
                if "checked" in said:
                    self.sent.append((said["name"], said.get("value", "on")))
            elif said.get("type") not in ("file", "submit"):
                self.sent.append((said["name"], said.get("value", "")))
        elif tag == "select":
            self._select = said["name"], []
        elif tag == "option" and self._select:
            self._select[1].append((said["value"], "selected" in said))
        elif tag == "textarea":
            self._area = said["name"], []

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.sent.append((name, chosen[-1]))
            self._select = None
        elif tag == "textarea" and self._area:
            self.sent.append((self._area[0], "".join(self._area[1]).removeprefix("\n")))
            self._area = None


def untouched(html: str, form_id: str) -> list[tuple[str, str]]:
    """The names and values that are sent when somebody presses a button and nothing else."""
    reader = _Reader(form_id)
    reader.feed(html)
    return reader.sent
