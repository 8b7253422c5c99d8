"""Editors answer what makers suggested. Each answer is one transaction and noted in the audit; nobody is written to."""

from __future__ import annotations

from typing import Final

from sync.hub.errors import HubError, UnknownError
from sync.hub.hub_keys import OwnKeys
from sync.hub.items.editors import Editors, Work
from sync.hub.store import audit, drafts, suggestions
from sync.hub.store.database import Database
from sync.hub.suggesting import contact

WHYS: Final = {
    "double": "We have it already",
    "unclear": "It is not clear what it is",
    "advert": "It only wants to sell something",
    "elsewhere": "It is not for our shops",
    "unsafe": "It may do harm",
    "wrong": "It is not right, or no longer",
}
"""Why something was declined: a word for the audit, which holds nothing that somebody wrote."""
SPAM: Final = "spam"


class Answers:
    """The desk at which suggestions are answered."""

    def __init__(self, database: Database, keys: OwnKeys) -> None:
        self._database = database
        self._keys = keys
        self._editors = Editors(database)

    def open(self, item_id: str) -> Work:
        """A suggestion that waits.

        Raises:
            UnknownError: it was answered meanwhile, or never made.
        """
        work = self._editors.open_or_empty(item_id)
        if work.draft is None or work.draft.state != drafts.SUGGESTED:
            raise UnknownError("This suggestion was answered already.")
        return work

    def after(self, item_id: str) -> str:
        """The id of the one that waits longest, other than this; empty where none does."""
        with self._database.reading() as db:
            waiting = [draft.item.id for draft in drafts.in_state(db, drafts.SUGGESTED)]
        return next((one for one in reversed(waiting) if one != item_id), "")

    def accept(self, item_id: str, mark: str, who: str) -> None:
        """Put it on the shelves as it is, from the next publication on.

        Raises:
            UnknownError: it was answered already. ConflictError: somebody changed it since `mark`.
            RecordError: it cannot be shown yet.
        """
        self._editors.publish(self.open(item_id).item, mark, who, noting="suggestion accepted")

    def decline(self, item_id: str, why: str, who: str) -> None:
        """Leave nothing of it but a word why, in the audit.

        Raises:
            UnknownError: it was answered already. HubError: that is none of the words.
        """
        if why not in WHYS:
            raise HubError("Choose why it is declined.")
        self._drop(item_id, who, "suggestion declined", f"{item_id} {why}")

    def spam(self, item_id: str, who: str) -> None:
        """Leave nothing of it.

        Raises:
            UnknownError: it was answered already.
        """
        self._drop(item_id, who, "suggestion was spam", item_id)

    def has_contact(self, item_id: str) -> bool:
        """Whether its maker said how to be reached, and that was not deleted yet."""
        with self._database.reading() as db:
            return suggestions.contact_of(db, item_id) is not None

    def contact(self, item_id: str, who: str) -> tuple[str, str]:
        """How its maker may be reached, and the day on which that is deleted. That it was looked at is noted.

        Raises:
            UnknownError: nothing is kept. HubError: it cannot be opened.
        """
        with self._database.writing() as db:
            found = suggestions.contact_of(db, item_id)
            if found is None:
                raise UnknownError("How to reach the maker is not kept, or no longer.")
            audit.note(db, who, "maker's contact shown", item_id)
        return contact.open_(found[0], self._keys), found[1]

    def _drop(self, item_id: str, who: str, what: str, about: str) -> None:
        with self._database.writing() as db:
            draft = drafts.get(db, item_id)
            if draft is None or draft.state != drafts.SUGGESTED:
                raise UnknownError("This suggestion was answered already.")
            drafts.drop(db, item_id)
            suggestions.forget_contact(db, item_id)
            audit.note(db, who, what, about)
