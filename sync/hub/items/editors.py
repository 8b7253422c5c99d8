"""What editors do with items: keep a draft, publish it now or on a day, withdraw, bring an older version back."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

import msgspec
import uuid_utils
from sqlalchemy import Connection

from sync import codes
from sync.hub.errors import HubError, UnknownError
from sync.hub.items import checking
from sync.hub.store import audit, catalogue, drafts, facts, suggestions
from sync.hub.store.catalogue import Change
from sync.hub.store.database import Database
from sync.hub.store.drafts import Draft
from sync.records import Item

log = logging.getLogger(__name__)


class ConflictError(HubError):
    """Somebody else changed it meanwhile."""


@dataclass(frozen=True)
class Work:
    """An item that is edited: as it may become, as it is on the shelves, and where it stands.

    `mark` changes with every change that anybody makes; whoever saves tells which one they have seen.
    """

    item: Item
    in_force: Item | None
    draft: Draft | None
    mark: str

    @property
    def code(self) -> str:
        """Its short code."""
        return self.item.code or codes.for_id(self.item.id)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for its day, or for an answer: it is then for those who publish."""
        return self.draft is not None and self.draft.state != drafts.DRAFT

    @property
    def is_scheduled(self) -> bool:
        """Whether its draft appears by itself, as it is, on its day."""
        return self.draft is not None and self.draft.state == drafts.SCHEDULED


class Editors:
    """The desk at which items are written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def new(self, kind: str, who: str) -> str:
        """Begin a new item; returns its id."""
        item = Item(id=str(uuid_utils.uuid7()), kind=kind, title="")
        with self._database.writing() as db:
            drafts.put(db, item, who)
        return item.id

    def open(self, item_id: str) -> Work:
        """An item to work on.

        Raises:
            UnknownError: there is none with that id.
        """
        with self._database.reading() as db:
            work = _open(db, item_id)
        if work is None:
            raise UnknownError("there is no such item")
        return work

    def open_or_empty(self, item_id: str) -> Work:
        """The same; where somebody discarded it meanwhile, an item without words."""
        with self._database.reading() as db:
            return _open(db, item_id) or Work(Item(id=item_id, kind="guide", title=""), None, None, NOTHING)

    def save(self, item: Item, mark: str, who: str) -> Work:
        """Keep it as a draft; what is on the shelves stays as it is.

        Raises:
            ConflictError: somebody changed it since `mark`.
        """
        with self._database.writing() as db:
            there = _check(db, item.id, mark)
            draft = there.draft if there else None
            stays = {"state": draft.state, "publish_on": draft.publish_on} if draft else {}
            drafts.put(db, item, who, **stays)
        return self.open(item.id)

    def publish(self, item: Item, mark: str, who: str, *, noting: str = "") -> None:
        """Put it on the shelves, from the next publication on, and end its draft; `noting` so in the audit, if given.

        Raises:
            ConflictError: somebody changed it since `mark`. RecordError: it cannot be shown yet.
        """
        checking.check(item)
        with self._database.writing() as db:
            _check(db, item.id, mark)
            _end(db, item.id)
            catalogue.put(db, [item], who)
            if noting:
                audit.note(db, who, noting, item.id)

    def schedule(self, item: Item, day: str, mark: str, who: str) -> None:
        """Have it published on a day (YYYY-MM-DD) by itself.

        Raises:
            ConflictError: somebody changed it since `mark`. RecordError: it cannot be shown yet.
            HubError: that is no day to come.
        """
        checking.check(item)
        try:
            ahead = dt.date.fromisoformat(day) > dt.datetime.now(dt.UTC).date()
        except ValueError:
            ahead = False
        if not ahead:
            raise HubError("Choose a day after today on which it is to appear.")
        with self._database.writing() as db:
            _check(db, item.id, mark)
            drafts.put(db, item, who, state=drafts.SCHEDULED, publish_on=day)

    def publish_due(self, today: dt.date) -> int:
        """Put on the shelves what was to appear by that day; what cannot be shown is a draft again.

        Returns:
            The revision that has to be published for all that ever appeared so; 0 before the first.
        """
        with self._database.writing() as db:
            for draft in drafts.due(db, today.isoformat()):
                if wrong := [name for name, _why in checking.problems(draft.item)]:
                    log.warning("item %s could not appear on its day: look at its %s", draft.item.id, ", ".join(wrong))
                    drafts.put(db, draft.item, draft.who)
                else:
                    catalogue.put(db, [draft.item], draft.who)
                    _end(db, draft.item.id)
                    facts.put(db, facts.APPEARED, str(catalogue.last_revision(db)))
            return int(facts.get(db, facts.APPEARED) or 0)

    def discard(self, item_id: str, mark: str, who: str) -> None:
        """Forget its draft, and note who did.

        Raises:
            ConflictError: somebody changed it since `mark`.
        """
        with self._database.writing() as db:
            _check(db, item_id, mark)
            _end(db, item_id)
            audit.note(db, who, "draft discarded", item_id)

    def withdraw(self, item_id: str, who: str) -> None:
        """Take it off every shelf; its draft stays.

        Raises:
            UnknownError: it is on none.
        """
        work = self.open(item_id)
        with self._database.writing() as db:
            catalogue.withdraw(db, work.code, who)

    def history(self, item_id: str) -> list[Change]:
        """All that was ever done to it, the latest first."""
        with self._database.reading() as db:
            return catalogue.history(db, "item", item_id)

    def restore(self, item_id: str, revision: int, who: str) -> None:
        """Put it on the shelves as it was at a revision: a new change, which can be undone like any other.

        Raises:
            UnknownError: it was not changed then, or was withdrawn.
        """
        found = next((one for one in self.history(item_id) if one.revision == revision), None)
        if found is None or found.fields is None:
            raise UnknownError(f"there is nothing of this item at revision {revision}")
        with self._database.writing() as db:
            catalogue.put(db, [_as_item(item_id, found)], who, what=catalogue.RESTORED)


NOTHING = "0 "
"""The mark of an item of which there is nothing."""


def _end(db: Connection, item_id: str) -> None:
    """Its draft is over, and with it why the maker would have to be reached, if one suggested it."""
    drafts.drop(db, item_id)
    suggestions.forget_contact(db, item_id)


def _open(db: Connection, item_id: str) -> Work | None:
    draft = drafts.get(db, item_id)
    changes = catalogue.history(db, "item", item_id, most=2)  # before a withdrawal comes what was withdrawn
    latest = changes[0] if changes else None
    in_force = _as_item(item_id, latest) if latest and latest.fields is not None else None
    was = next((_as_item(item_id, one) for one in changes if one.fields is not None), None)
    item = draft.item if draft else in_force or was
    mark = f"{latest.revision if latest else 0} {draft.changed_at if draft else ''}"
    return Work(item, in_force, draft, mark) if item else None


def _check(db: Connection, item_id: str, mark: str) -> Work | None:
    there = _open(db, item_id)
    if mark != (there.mark if there else NOTHING):
        raise ConflictError(
            "Somebody else changed this while you were at work on it. Your words are below: look at the history, then "
            "save again if yours are to count."
        )
    return there


def _as_item(item_id: str, change: Change) -> Item:
    return msgspec.convert({"id": item_id, "r": change.revision, **(change.fields or {})}, Item)
