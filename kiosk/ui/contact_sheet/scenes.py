"""What is drawn: every screen, and each in the states that it can be in.

A scene is a generator: it does something, then yields what it waits for. It begins at the attract screen with a new
visit, in the look that is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete

from kiosk.devices.printers.finding import Found
from kiosk.devices.printers.printer import PAPER_OUT, Status
from kiosk.domain.attendance import LogSession
from kiosk.services.enrolment import EnrolmentState
from kiosk.services.services import Services
from kiosk.store.schema import pin_tries
from kiosk.ui.contact_sheet.checks import REACH
from kiosk.ui.contact_sheet.shots import Job
from kiosk.ui.contact_sheet.unit import STAFF
from kiosk.ui.keyboard.layouts import Key
from kiosk.ui.visit import MOST_ON_SLIP, Place
from sync.records import Item

if TYPE_CHECKING:
    from kiosk.ui.context import Context

Wait = Callable[[], Any]
Steps = Iterator[Wait]

_SET_UP: Final = EnrolmentState(
    state="showing",
    user_code="WDJB-MJHT",
    verification_url="https://goodstuff.example.org/enrol?code=WDJB-MJHT",
    expires_at=1_795_530_900.0,
)
_NOTHING: Final = "zzqx"
_WRONG_PIN: Final = "654321"
_NEW_SESSION: Final = "01890000-0000-7000-8000-0000000000ff"
_NAME, _CONTACT = "Anna-Lee Oyelaran", "anna.longname+surgery@mail.example.org"
TYPED: Final = (_NAME, _CONTACT)
"""What a made-up visitor leaves."""
_FULL: Final = "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"


class Hand:
    """What a scene works with."""

    def __init__(self, context: Context, root: Any, session: LogSession) -> None:
        self.context, self.root, self.session = context, root, session
        self._afterwards: list[Callable[[], object]] = []

    def afterwards(self, work: Callable[[], object]) -> None:
        """To be done once the scene is drawn."""
        self._afterwards.append(work)

    def clear_up(self) -> None:
        """The scene is over: nothing of it is left."""
        while self._afterwards:
            self._afterwards.pop()()

    @property
    def go(self) -> Any:
        return self.context.go

    @property
    def page(self) -> Any:
        return self.context.go.page

    @property
    def unit(self) -> Services:
        return self.context.services

    def wake(self) -> None:
        """The unit is as it is."""
        from kiosk.ui.pulse import take  # Kivy is set up by then

        moment = self.context.moment
        moment.pulse = take(self.unit, moment.pulse)

    def trouble(self, trouble: str, set_up: EnrolmentState | None = None) -> None:
        """There is nothing to show; what rests says so."""
        self.go.show(Place("attract"))
        self.go.felt(replace(self.context.pulse, trouble=trouble, home=None, stamp=None, set_up=set_up))

    @cached_property
    def items(self) -> list[Item]:
        """All that is on the shelves, whole, in their order."""
        shelves = self.unit.shelves
        found = [shelves.item(item_id=card.id) for card in shelves.shelf(limit=200).cards]
        return [item for item in found if item]

    def item(self, *kinds: str) -> Item:
        """The first item of the first of these kinds that there is, or the first of all."""
        of_kind = [item for kind in kinds for item in self.items if item.kind == kind]
        return (of_kind or self.items)[0]

    @property
    def longest(self) -> list[Item]:
        """The items with the longest names first."""
        return sorted(self.items, key=lambda item: -len(item.title))

    def work(self, screen: str, what: Any = None) -> None:
        """One of the staff's screens, with the made-up member of staff at work."""
        shift = self.context.shift
        shift.staff, shift.open = STAFF, True
        self.context.staffroom.to(screen, what)


@dataclass(frozen=True)
class Scene:
    """One state of a screen.

    Args:
        screen: whose state it is; the sheet shows them together.
        lower: whether it is drawn with lower controls, which only upright screens have.
        still: whether it is drawn with nothing moving.
    """

    screen: str
    state: str
    steps: Callable[[Hand], Steps]
    lower: bool = False
    still: bool = False

    @property
    def name(self) -> str:
        """`slip-5`, for a file."""
        return f"{self.screen}-{self.state}" if self.state else self.screen


# -- before anybody comes


def attract(hand: Hand) -> Steps:
    hand.go.show(Place("attract"))
    yield _soon


def nothing_yet(hand: Hand) -> Steps:
    hand.trouble("waiting")
    yield _soon


def damaged(hand: Hand) -> Steps:
    hand.trouble("damaged")
    yield _soon


def set_up(state: EnrolmentState | None) -> Callable[[Hand], Steps]:
    def steps(hand: Hand) -> Steps:
        hand.trouble("set_up", state)
        yield _soon

    return steps


# -- visitors


def home(hand: Hand) -> Steps:
    hand.go.home()
    yield _soon


def offline(hand: Hand) -> Steps:
    """The hub was not heard for a while."""
    path = hand.unit.settings.data / "sync-status.json"
    before = path.read_bytes()
    hand.unit.unit.note_sync("unreachable", "", heard=False)
    hand.afterwards(lambda: path.write_bytes(before))
    hand.wake()
    hand.go.home()
    yield _soon


def shelf(name: str = "", kind: str = "") -> Callable[[Hand], Steps]:
    def steps(hand: Hand) -> Steps:
        home_now = hand.context.pulse.home
        wanted = name
        if name == "theme" and home_now and home_now.themes:
            wanted = f"theme:{home_now.themes[0].theme.key}"
        hand.go.home()
        hand.go.shelf(wanted, kind)
        yield _soon

    return steps


def item(*kinds: str) -> Callable[[Hand], Steps]:
    def steps(hand: Hand) -> Steps:
        hand.go.home()
        hand.go.item(hand.item(*kinds).id if kinds else hand.longest[0].id)
        yield lambda: hand.page.here

    return steps


def item_full(hand: Hand) -> Steps:
    hand.context.visit.basket = hand.items[:MOST_ON_SLIP]
    hand.go.home()
    hand.go.item(hand.items[MOST_ON_SLIP].id)
    yield lambda: hand.page.here


def search(typed: str) -> Callable[[Hand], Steps]:
    def steps(hand: Hand) -> Steps:
        word = max(hand.items[0].title.split(), key=len).lower() if typed == "found" else typed
        hand.go.home()
        hand.context.visit.query = word
        hand.go.search()
        yield lambda: hand.page.state == ("nothing" if typed == _NOTHING else "found" if word else "empty")

    return steps


def search_typing(hand: Hand) -> Steps:
    hand.go.home()
    hand.go.search()
    for letter in max(hand.items[0].title.split(), key=len).lower():
        hand.page.touched(Key(letter))
    yield lambda: hand.page.state in ("found", "nothing")


def whats_on(hand: Hand) -> Steps:
    hand.go.home()
    hand.go.shelf(kind="event")
    yield _soon


def take_away(hand: Hand) -> Steps:
    hand.go.home()
    hand.go.take_away(hand.longest[0])
    yield lambda: hand.page.ready


def printing(state: str) -> Callable[[Hand], Steps]:
    """A slip is asked for; the printer's part is played here: what it is like, or what became of the slip."""

    def steps(hand: Hand) -> Steps:
        yield from take_away(hand)
        hand.page.print_slip()
        jobs: list[Any] = []

        def taken() -> bool:
            if not jobs and (job := hand.unit.queue.next()):
                hand.unit.queue.sending(job.id, "", "", None)
                jobs.append(job)
            return bool(jobs)

        yield taken
        said = hand.page.ids.state
        before = said.words
        yield lambda: said.words and not hand.context.background.busy
        if state == PAPER_OUT:
            hand.unit.queue.waits(jobs[0].id, state)
            yield lambda: said.words != before
        elif state != "printing":
            hand.unit.queue.end(jobs[0].id, state)
            yield lambda: said.words != before and not said.busy

    return steps


def slip(count: int) -> Callable[[Hand], Steps]:
    def steps(hand: Hand) -> Steps:
        hand.context.visit.basket = hand.longest[:count]
        hand.go.home()
        hand.go.slip()
        yield _soon

    return steps


def privacy(hand: Hand) -> Steps:
    hand.go.home()
    hand.go.privacy()
    yield lambda: hand.page.title


def still_there(hand: Hand) -> Steps:
    """The question whether somebody is still there."""
    from kiosk.ui.idle import StillThere

    hand.go.home()
    question = StillThere(stay=lambda: None, finish=lambda: None, left_s=28, share=0.93)
    hand.root.add_widget(question)
    hand.afterwards(lambda: hand.root.remove_widget(question))
    yield _soon


def panel(name: str, page: str = "") -> Callable[[Hand], Steps]:
    """What lies over a visitor's screen: access or languages."""

    def steps(hand: Hand) -> Steps:
        hand.go.home()
        hand.go.open(name)
        hand.afterwards(hand.go.close)
        yield _soon
        for shown in _of_class(hand.root, "AccessPanel") if page else ():
            shown.turn(page)
        yield _soon

    return steps


def calendar(hand: Hand) -> Steps:
    """A session to take home in a calendar."""
    hand.go.home()
    hand.go.calendar(hand.unit.shelves.whats_on(days=31)[0])
    yield _soon


# -- staff


def door(tries: int) -> Callable[[Hand], Steps]:
    """So many wrong PINs, as they are typed."""

    def steps(hand: Hand) -> Steps:
        hand.afterwards(lambda: _forgive(hand))
        hand.go.door()
        yield _soon
        for _try in range(tries):
            for digit in _WRONG_PIN:
                hand.page.type(digit)
            yield lambda: hand.page.note and not hand.page.busy

    return steps


def _forgive(hand: Hand) -> None:
    """The wrong PINs are forgotten."""
    with hand.unit.records.writing() as db:
        db.execute(delete(pin_tries))


def at_work(screen: str) -> Callable[[Hand], Steps]:
    """A screen about the session."""

    def steps(hand: Hand) -> Steps:
        hand.work(screen, hand.session)
        yield _soon

    return steps


def empty(screen: str) -> Callable[[Hand], Steps]:
    """A screen about a session in which nothing was logged."""

    def steps(hand: Hand) -> Steps:
        hand.work(screen, hand.unit.log.new_session(session_id=_NEW_SESSION))
        yield _soon

    return steps


def staff_sessions(hand: Hand) -> Steps:
    hand.work("staff_sessions")
    yield _soon


def yesterday(hand: Hand) -> Steps:
    hand.work("staff_sessions")
    hand.page.to_day(1)
    yield _soon


def tapped(hand: Hand) -> Steps:
    """A visit was logged a moment ago, and can be taken back."""
    hand.work("staff_log", hand.session)
    yield _soon
    hand.page.log(max(hand.unit.log.words().topics, key=lambda topic: len(hand.unit.log.words().topic(topic))))
    yield lambda: hand.page.undoable
    log, made = hand.unit.log, hand.unit.log.entries(hand.session.id)[-1].id
    hand.afterwards(lambda: log.void(made))


def not_logged(hand: Hand) -> Steps:
    """A visit could not be written down."""
    hand.work("staff_log", hand.session)
    yield _soon
    with _full_disk(hand):
        hand.page.log(next(iter(hand.unit.log.words().topics)))
        yield lambda: hand.page.failed
    yield _soon


@contextmanager
def _full_disk(hand: Hand) -> Iterator[None]:
    with hand.unit.records.writing() as db:
        db.exec_driver_sql(_FULL)
    try:
        yield
    finally:
        with hand.unit.records.writing() as db:
            db.exec_driver_sql("DROP TRIGGER full")


def form(*, filled: bool = False, part: int = 0) -> Callable[[Hand], Steps]:
    """The whole form, empty or of a visit; the second part where the window has room for one at a time."""

    def steps(hand: Hand) -> Steps:
        visits = [entry for entry in hand.unit.log.entries(hand.session.id) if entry.body.role == "visitor"]
        entry = max(visits, key=lambda one: len(one.body.topics)) if filled else None
        hand.work("visit_form", (hand.session, entry))
        yield _soon
        if part:
            hand.page.turn_to(part)
            yield _soon

    return steps


def form_question(hand: Hand) -> Steps:
    yield from form(filled=True)(hand)
    hand.page.ask_to_take_away()
    yield _soon


def form_failed(hand: Hand) -> Steps:
    """A form that could not be written down."""
    yield from form()(hand)
    with _full_disk(hand):
        hand.page.save()
        yield lambda: not hand.page.writing
    yield _soon


def helper_sheet(hand: Hand) -> Steps:
    hand.work("helpers", hand.session)
    yield _soon
    rows = _of_class(hand.page, "HelperRow")
    rows[0].act()
    yield _soon


def all_go(hand: Hand) -> Steps:
    hand.work("helpers", hand.session)
    yield _soon
    hand.page.ask_all()
    yield _soon


def contact(step: str) -> Callable[[Hand], Steps]:
    """Somebody's contact, at that step: filled in with made-up words up to there."""

    def steps(hand: Hand) -> Steps:
        hand.work("follow_up", hand.session)
        yield lambda: hand.page.step
        page = hand.page
        if step in ("who", "about", "read", "kept"):
            page.agree()
        if step in ("about", "read", "kept"):
            page.first_name, page.contact = _NAME, _CONTACT
            page.next()
        if step in ("read", "kept"):
            page.choose(next(iter(hand.unit.log.words().topics)))
        if step == "kept":
            page.send()
        yield lambda: page.step == step

    return steps


def notice_languages(hand: Hand) -> Steps:
    """The languages of the notice, where there is room for them or for it."""
    hand.work("follow_up", hand.session)
    yield lambda: hand.page.step
    for pane in _of_class(hand.page, "NoticePane"):
        pane.choosing = True
    yield _soon


def unit_status(hand: Hand) -> Steps:
    hand.work("unit_status")
    yield _soon


def no_printers(hand: Hand) -> Steps:
    hand.work("printers")
    yield lambda: not hand.page.looking and not hand.context.background.busy


def printers(hand: Hand) -> Steps:
    yield from no_printers(hand)
    hand.unit.printers.note_found(
        [
            Found("usb:///dev/usb/lp0", "EPSON TM-T20III"),
            Found("ipp://office-upstairs.local:631/ipp/print", "Office printer upstairs, A4 and A6"),
        ]
    )
    yield lambda: not hand.page.note and len(hand.page.ids.rows.children) == 3


def another_printer(hand: Hand) -> Steps:
    yield from printers(hand)
    hand.page.use("usb:///dev/usb/lp0")
    yield lambda: hand.page.before and hand.page.ids.state.busy
    hand.unit.printers.note({"usb:///dev/usb/lp0": Status(PAPER_OUT, paper_low=True)})
    yield lambda: any(row.used and row.about.count("·") for row in hand.page.ids.rows.children)
    hand.unit.printers.use("png")


def unit_busy(hand: Hand) -> Steps:
    """A sync was asked for, and nobody is there to make it."""
    hand.work("unit_status")
    yield _soon
    hand.page.send_and_fetch()
    yield lambda: hand.page.said and not hand.page.busy


def _of_class(widget: Any, name: str) -> list[Any]:
    return [part for part in widget.walk(restrict=True) if type(part).__name__ == name]


def _soon() -> bool:
    """Whatever was asked for in the background is answered before the next step, anyway."""
    return True


SCENES: Final = (
    Scene("attract", "", attract),
    Scene("attract", "first-start", nothing_yet),
    Scene("attract", "damaged", damaged),
    Scene("set_up", "new", set_up(None)),
    Scene("set_up", "code", set_up(_SET_UP)),
    Scene("home", "", home),
    Scene("home", "offline", offline),
    Scene("home", "question", still_there),
    Scene("shelf", "theme", shelf("theme")),
    Scene("shelf", "all", shelf()),
    Scene("shelf", "guides", shelf(kind="guide")),
    Scene("whats_on", "", whats_on),
    Scene("search", "", search("")),
    Scene("search", "typing", search_typing),
    Scene("search", "found", search("found")),
    Scene("search", "nothing", search(_NOTHING)),
    Scene("item", "longest", item()),
    Scene("item", "event", item("event")),
    Scene("item", "offer", item("offer")),
    Scene("item", "slip-full", item_full),
    Scene("take_away", "", take_away),
    Scene("take_away", "printing", printing("printing")),
    Scene("take_away", "no paper", printing(PAPER_OUT)),
    Scene("take_away", "perhaps printed", printing("unknown")),
    Scene("take_away", "not printed", printing("shown")),
    Scene("take_away", "printed", printing("printed")),
    Scene("slip", "empty", slip(0)),
    Scene("slip", "5", slip(MOST_ON_SLIP)),
    Scene("calendar", "", calendar),
    Scene("privacy", "", privacy),
    Scene("access", "", panel("access")),
    Scene("access", "hear", panel("access", "hear")),
    Scene("language", "", panel("language")),
    Scene("door", "", door(0)),
    Scene("door", "wrong", door(1)),
    Scene("door", "locked", door(5)),
    Scene("staff_sessions", "", staff_sessions),
    Scene("staff_sessions", "yesterday", yesterday),
    Scene("staff_log", "", at_work("staff_log")),
    Scene("staff_log", "empty", empty("staff_log")),
    Scene("staff_log", "tapped", tapped),
    Scene("staff_log", "failed", not_logged),
    Scene("visit_form", "empty", form()),
    Scene("visit_form", "filled", form(filled=True)),
    Scene("visit_form", "part-2", form(filled=True, part=1)),
    Scene("visit_form", "question", form_question),
    Scene("visit_form", "failed", form_failed),
    Scene("entries", "", at_work("entries")),
    Scene("entries", "empty", empty("entries")),
    Scene("head_count", "", at_work("head_count")),
    Scene("head_count", "empty", empty("head_count")),
    Scene("helpers", "", at_work("helpers")),
    Scene("helpers", "empty", empty("helpers")),
    Scene("helpers", "one", helper_sheet),
    Scene("helpers", "all-go", all_go),
    Scene("follow_up", "notice", contact("notice")),
    Scene("follow_up", "languages", notice_languages),
    Scene("follow_up", "who", contact("who")),
    Scene("follow_up", "about", contact("about")),
    Scene("follow_up", "read", contact("read")),
    Scene("follow_up", "kept", contact("kept")),
    Scene("unit_status", "", unit_status),
    Scene("unit_status", "asleep", unit_busy),
    Scene("printers", "", printers),
    Scene("printers", "chosen", another_printer),
    Scene("printers", "asleep", no_printers),
    Scene("lower", "home", home, lower=True),
    Scene("lower", "item", item("guide"), lower=True),
    Scene("lower", "search", search_typing, lower=True),
    Scene("lower", "take-away", take_away, lower=True),
    Scene("lower", "question", still_there, lower=True),
    Scene("lower", "access", panel("access"), lower=True),
    Scene("lower", "language", panel("language"), lower=True),
    Scene("still", "attract", attract, still=True),
    Scene("still", "home", home, still=True),
)
"""Every state that is drawn."""


def chosen(wanted: Sequence[str]) -> list[Scene]:
    """Those of these names, or of these screens; all, where none is named."""
    return [scene for scene in SCENES if not wanted or {scene.name, scene.screen} & set(wanted)]


def count(job: Job) -> int:
    """How many pictures a job comes to."""
    upright = lowers(job.panel.width, job.panel.height)
    return len(job.rows) * sum(upright or not scene.lower for scene in chosen(job.scenes))


def lowers(width: float, height: float) -> bool:
    """Whether a window of that size has lower controls, as `Stage.lowers` says of its own."""
    return height * REACH > width
