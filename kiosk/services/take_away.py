"""Taking something away: the QR symbol at once, and a slip on paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.domain import calendar_text
from kiosk.domain.slips import Slip, SlipItem
from kiosk.errors import NotEnrolledError
from kiosk.services.shelves import Shelves
from kiosk.services.unit import Unit
from kiosk.store.queue import Job, PrintQueue
from kiosk.store.records import Records
from kiosk.store.usage import UsageCounts
from sync import codes, wording, words
from sync.records import Item, Place
from sync.replica.folder import CurrentReplica
from sync.sessions import Session
from sync.words import _, joined


class TakeAway:
    """What a visitor leaves with.

    Args:
        wake_agent: tells the agent that there is a slip to print; must not wait.
    """

    def __init__(
        self,
        current: CurrentReplica,
        unit: Unit,
        shelves: Shelves,
        records: Records,
        queue: PrintQueue,
        usage: UsageCounts,
        wake_agent: Callable[[], None],
    ) -> None:
        self._current = current
        self._unit = unit
        self._shelves = shelves
        self._records = records
        self._queue = queue
        self._usage = usage
        self._wake_agent = wake_agent

    def base_url(self) -> str:
        """Where phones find the items: what the hub signed, else the address this unit was enrolled with.

        Raises:
            NotEnrolledError: neither is known.
        """
        if (replica := self._current.get()) and (signed := replica.state.base_url):
            return signed
        if mine := self._unit.identity:
            return mine.hub_url
        raise NotEnrolledError("this kiosk does not belong to a hub yet, so its codes would lead nowhere")

    def address(self, item: Item) -> str:
        """What the item's QR symbol says."""
        return codes.address(self.base_url(), item.code)

    def typed_address(self) -> str:
        """What to type where there is no camera."""
        return codes.typed_address(self.base_url())

    def calendar(self, session: Session, language: str = "") -> str:
        """What a QR symbol says that adds a session to a phone's calendar; see `kiosk.domain.calendar_text`.

        Where the event names no place, it is at this shop. At level Q or M its symbol is under version 20.
        """
        event, shop = session.event, self._unit.shop
        there = Place(name=shop.name, address=shop.address, postcode=shop.postcode)
        return calendar_text.event(
            uid=session.id,
            title=event.in_language(language or event.language).title,
            place=event.place if event.place and _is_told(event.place) else there,
            starts=session.starts,
            ends=session.ends,
            stamp=self._unit.now().replace(second=0, microsecond=0),
        )

    def shown(self, item: Item) -> None:
        """Count that an item's QR symbol was shown."""
        self._usage.add(self._unit.now().date(), "qr", item=item.id)

    def slip(self, items: Sequence[Item], language: str = "", *, large: bool = False) -> Slip:
        """The slip for these items, in the visitor's language where there is one; `large` is in large print."""
        return Slip(
            shop=self._unit.shop.name,
            hours=self._unit.opening_hours(),
            next_session=self._next_session(),
            items=[
                SlipItem(
                    item_id=item.id,
                    code=codes.show(item.code),
                    title=item.in_language(language or item.language).title,
                    line=joined((wording.one_line(item), wording.licence(item.licence))),
                    address=self.address(item),
                )
                for item in items
            ],
            how=_("Point your phone’s camera at the square"),
            by_hand=_("No camera? Open {address} and type").format(address=self.typed_address()),
            language=words.language(),
            rtl=words.right_to_left(),
            large=large,
        )

    def print_slip(self, items: Sequence[Item], language: str = "", *, large: bool = False) -> str:
        """Put a slip into the print queue and wake the agent; returns the job's id once it is safe on disk, counted."""
        slip, today = self.slip(items, language, large=large), self._unit.now().date()
        with self._records.writing() as db:
            job = self._queue.add(slip, db)
            for item in items:
                self._usage.add(today, "slip", item=item.id, db=db)
        self._wake_agent()
        return job

    def print_again(self, job_id: str) -> bool:
        """Queue a slip again that may not have come out, or did not; returns whether it is such a one."""
        again = self._queue.again(job_id)
        self._wake_agent()
        return again

    def print_test_slip(self, asked_by: str = "the hub") -> str:
        """Put a slip into the queue that shows whether the printer works; returns the job's id."""
        job = self._queue.add(self.test_slip(asked_by))
        self._wake_agent()
        return job

    def test_slip(self, asked_by: str) -> Slip:
        """One that shows whether a printer works."""
        now = self._unit.now()
        item = SlipItem(
            item_id="",
            code="TEST",
            title="Test slip",
            line=f"The printer works. Asked for by {asked_by}, {now:%d %B %Y, %H:%M}",
            address=self.base_url(),
        )
        return Slip(shop=self._unit.shop.name, hours=self._unit.opening_hours(), next_session="", items=[item])

    def job(self, job_id: str) -> Job | None:
        """How a slip is getting on."""
        return self._queue.job(job_id)

    def _next_session(self) -> str:
        surgeries = [session for session in self._shelves.whats_on(days=7) if session.event.attendance]
        return f"{surgeries[0].event.title}: {wording.when(surgeries[0])}" if surgeries else ""


def _is_told(place: Place) -> bool:
    """Whether it says where it is in words."""
    return any(part.strip() for part in (place.name, place.address, place.postcode))
