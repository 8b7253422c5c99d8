"""The whole form of a visit: a new one, more about one, or one that is put right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from kivy.clock import Clock
from kivy.properties import NumericProperty, StringProperty

from kiosk.domain.attendance import LogSession
from kiosk.services.attendance import Words
from kiosk.ui import kv
from kiosk.ui.context import Context
from kiosk.ui.look import icons
from kiosk.ui.look.mirror import Box
from kiosk.ui.screens.staff.page import StaffKey
from kiosk.ui.screens.staff.writing_page import WritingPage
from kiosk.ui.staff import days, telling
from kiosk.ui.staff.drafts import VisitDraft
from kiosk.ui.staff.shift import Told
from kiosk.ui.visit import Place
from kiosk.ui.widgets import paging  # noqa: F401 (its classes are used in the .kv file)
from kiosk.ui.widgets.choices import Choice, Section, Stepper
from kiosk.ui.widgets.sheet import Question
from sync.attendance import Entry
from sync.words import _

kv.load(__file__)

_BEGUN = ("_about", "_draft", "_touched", "title", "when")

MOST_QUICK: Final = 5
"""So many people have a key of their own; the last stands for as many and more."""
QUICK_MIN: Final = (15, 30, 45, 60)
_ROW_STEPS: Final = 116
"""Height of a row of answers where there is room, in steps."""

About = tuple[LogSession, Entry | None]


class VisitForm(WritingPage):
    """Everything by taps. What was begun is kept behind the lock, until it is written down, left, or wiped."""

    title = StringProperty()
    when = StringProperty()
    row = NumericProperty(0)
    part = NumericProperty(0)
    """Which part of the form is shown where all of it does not fit."""

    def __init__(self, context: Context, **options: Any) -> None:
        self._about: About | None = None
        self._draft = VisitDraft()
        self._touched = False
        self._lists: tuple[list[str], list[str], list[list[str]]] | None = None
        super().__init__(context, **options)
        self.row = context.theme.chip
        theme = context.theme
        self._parts = theme.tiny or (theme.low and theme.text_scale > 1)
        self._roomy = not theme.low and not (theme.wide and theme.text_scale > 1)
        self._columns: list[Box] = []
        self._fitting = Clock.create_trigger(self._fit, 0)
        self._evening = Clock.create_trigger(self._even, 0)
        self.ids.reel.bind(size=self._fitting)
        self._people = self._section(_("How many people?"))
        self._first = self._section(_("First time here?"), cols=3)
        self._brief = theme.tiny and theme.text_scale > 1
        about = _("What is it about?") if self._brief else _("What about? Tap all that fit.")
        self._topics = self._section(about, cols=3, named=True)
        self._outcome = self._section(_("How did it go?"), cols=3, named=True)
        self._minutes = self._section(_("How many minutes?"))
        self._build_numbers()
        self._build_first_time()

    # -- for the navigator

    def own_keys(self) -> list[StaffKey]:
        keys = [StaffKey("close", _("Leave it"), self.leave)]
        if self._about and self._about[1]:
            keys.append(StaffKey("delete", _("Delete"), self.ask_to_take_away))
        if self._parts:
            on, text = (1, _("Next")) if self.part == 0 else (0, _("Back"))
            keys.append(StaffKey("chevron-right" if on else "chevron-left", text, lambda: self.turn_to(on)))
        return [*keys, StaffKey("check", _("Write it down"), self.save, strong=True)]

    def show(self, what: Any) -> None:
        if what != self._about:
            self._begin(what)
        self._build_lists()
        self._place()
        self._draw()
        self._refresh()

    def begun(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _BEGUN} if self._touched else {}

    def resume(self, begun: dict[str, Any]) -> None:
        for name, value in begun.items():
            setattr(self, name, value)

    def locked(self) -> None:
        """What was filled in waits for the same person."""

    def wipe(self) -> None:
        super().wipe()
        self._about, self._draft, self._touched = None, VisitDraft(), False
        self.title = self.when = ""

    # -- what can be touched

    def turn_to(self, part: int) -> None:
        """Show another part of the form."""
        self.part = part
        self._place()
        self.context.go.frame_changed()

    def leave(self) -> None:
        """Nothing of it is written down."""
        if not self.writing:
            self._about = None
            self.context.staffroom.back()

    def save(self) -> None:
        """Write it down."""
        if self._about is None:
            return
        about, draft, words = self._about, self._draft, self.words
        log, staff = self.context.services.log, self.context.shift.staff
        session, entry = about

        def work() -> Told:
            if entry is None:
                made = log.add(session, staff=staff, **draft.fields())
                return Told(_("Written down: {what}").format(what=telling.visit(made.body, words)), made)
            changes = draft.changes(entry.body)
            if not changes:
                return Told(_("Nothing was changed."))
            body = log.change(entry.id, staff, **changes).body
            return Told(_("Written down: {what}").format(what=telling.visit(body, words)))

        self.write(work, lambda told: self._done(about, told))

    def ask_to_take_away(self) -> None:
        """Is it meant?"""
        if self._about and (entry := self._about[1]):
            body, words = entry.body, self.words
            what = telling.topics(body, words) if self._brief else telling.visit(body, words)
            self.lay(
                Question(
                    heading=_("Delete this visit?"),
                    more=_("{what}. It will not count any more.").format(what=what),
                    yes=_("Delete it"),
                    no=_("Keep it"),
                    sign="delete",
                    accept=self._take_away,
                    decline=self.take_up,
                )
            )

    # -- inner: what it is about

    def _begin(self, about: About) -> None:
        session, entry = about
        self.take_up()
        self._about, self._touched = about, False
        self._draft = VisitDraft.of(entry.body) if entry else VisitDraft()
        self.part = 0
        now = self.context.pulse.now
        day = days.span(session, now.date() if now else session.day)
        self.title = session.title
        if entry:
            time = telling.time(entry.body, session.starts.tzinfo)
            self.when = _("Logged at {time}. {day}").format(time=time, day=day)
        else:
            self.when = day
        self.ids.reel.to_top()

    def _refresh(self) -> None:
        """The lists may be others now, and the record may have been changed since whoever led here saw it."""
        if self._about is None:
            return
        about, log = self._about, self.context.services.log
        session, entry = about

        def look() -> tuple[Words, Entry | None]:
            there = log.entries(session.id) if entry else []
            return self.find_words(), next((one for one in there if entry and one.id == entry.id), None)

        def found(answer: tuple[Words, Entry | None]) -> None:
            self.context.shift.words, there = answer
            if there and there != entry and self._about == about and not self._touched:
                self._about = (session, there)
                self.context.shift.here = Place(self.name, self._about)
                self._draft = VisitDraft.of(there.body)
            self._build_lists()
            self._draw()

        self.ask("entry", look, found)

    def _done(self, about: About, told: Told) -> None:
        self._about = None
        self.end(about, told)

    def _take_away(self) -> None:
        self.take_up()
        if self._about is None or self._about[1] is None:
            return
        about, words, entry = self._about, self.words, self._about[1]
        log, staff = self.context.services.log, self.context.shift.staff

        def work() -> Told:
            log.void(entry.id, staff)
            return Told(_("Deleted: {what}").format(what=telling.visit(entry.body, words)))

        self.write(work, lambda told: self._done(about, told))

    # -- inner: the answers

    def _change(self, draft: VisitDraft) -> None:
        self._draft, self._touched = draft, True
        self._draw()

    def _answer(self, text: str, to: Callable[[VisitDraft], VisitDraft], icon: str = "") -> Choice:
        choice = Choice(text=text, icon=icon)
        choice.act = lambda: self._change(to(self._draft))
        return choice

    def _draw(self) -> None:
        draft = self._draft
        self._count.value = telling.people(draft.people)
        for number, choice in enumerate(self._quick_people, start=1):
            choice.chosen = draft.people == number or (number == MOST_QUICK and draft.people > number)
        for value, choice in self._first_times.items():
            choice.chosen = draft.first_time == value
        for topic, choice in self._topic_choices.items():
            choice.chosen = topic in draft.topics
        for outcome, choice in self._outcome_choices.items():
            choice.chosen = draft.outcome == outcome
        self._length.known = draft.minutes is not None
        self._length.value = _("Minutes?") if draft.minutes is None else telling.minutes(draft.minutes)
        for minutes, choice in self._quick_minutes.items():
            choice.chosen = draft.minutes == minutes

    # -- inner: the widgets

    def _section(self, heading: str, cols: int = 1, *, named: bool = False) -> Section:
        """One question; where there is little room those that say it themselves have no heading."""
        section = Section(heading=heading if named or self._roomy else "", cols=cols)
        self.bind(row=section.setter("row"))
        section.row = self.row
        section.ids.words.bind(height=self._fitting)
        section.grid.bind(size=self._evening)
        return section

    def _build_numbers(self) -> None:
        self._count = Stepper(step=lambda way: self._change(self._draft.with_people(self._draft.people + way)))
        self._quick_people = [
            self._answer(f"{number}", partial(VisitDraft.with_people, count=number)) for number in range(1, MOST_QUICK)
        ]
        self._quick_people.append(self._answer(f"{MOST_QUICK}+", partial(VisitDraft.at_least, count=MOST_QUICK)))
        self._length = Stepper(step=lambda way: self._change(self._draft.step_minutes(way)))
        self._quick_minutes = {
            minutes: self._answer(f"{minutes}", partial(VisitDraft.turn_minutes, minutes=minutes))
            for minutes in QUICK_MIN
        }
        self._side_by_side(self._people, self._count, self._quick_people)
        self._side_by_side(self._minutes, self._length, list(self._quick_minutes.values()))

    def _side_by_side(self, section: Section, stepper: Stepper, quick: list[Choice]) -> None:
        """A number's keys in a row, or in two where the column is narrow."""
        row = Box(spacing=section.gap)
        for choice in quick:
            row.add_widget(choice)
        if self.context.theme.wide and not self._parts:
            section.grid.add_widget(stepper)
            section.grid.add_widget(row)
            return
        stepper.size_hint_x, row.size_hint_x = 4, MOST_QUICK
        both = Box(spacing=section.gap)
        both.add_widget(stepper)
        both.add_widget(row)
        section.grid.add_widget(both)

    def _build_first_time(self) -> None:
        self._first_times = {
            value: self._answer(telling.first_time(value), partial(VisitDraft.with_first_time, value=value))
            for value in ("first", "again", "")
        }
        for choice in self._first_times.values():
            self._first.grid.add_widget(choice)

    def _build_lists(self) -> None:
        """Topics and outcomes as the hub has them now, and those of this record that left the lists since."""
        words, draft = self.words, self._draft
        topics = list(dict.fromkeys([*words.topics, *draft.topics]))
        outcomes = list(dict.fromkeys([*words.outcomes, *filter(None, [draft.outcome])]))
        said = [[words.topic(topic) for topic in topics], [words.outcome(outcome) for outcome in outcomes]]
        if self._lists == (lists := (topics, outcomes, said)):
            return
        self._lists = lists
        self._topic_choices = {
            topic: self._answer(
                words.topic(topic),
                partial(VisitDraft.turn_topic, topic=topic),
                icons.TOPIC.get(topic, icons.DEFAULT) if self._roomy else "",
            )
            for topic in topics
        }
        self._outcome_choices = {
            outcome: self._answer(words.outcome(outcome), partial(VisitDraft.turn_outcome, outcome=outcome))
            for outcome in outcomes
        }
        for section, choices in ((self._topics, self._topic_choices), (self._outcome, self._outcome_choices)):
            section.grid.clear_widgets()
            for choice in choices.values():
                section.grid.add_widget(choice)
        self._fitting()

    def _place(self) -> None:
        """The questions where this window has room for them: beside each other, below each other, or in parts."""
        theme, people, first, topics = self.context.theme, self._people, self._first, self._topics
        columns = [[people, first, topics, self._outcome, self._minutes]]
        if self._parts:
            columns = [[first, topics]] if self.part == 0 else [[people, self._outcome, self._minutes]]
        elif theme.wide:
            columns = [[people, first, self._minutes], [topics, self._outcome]]
        for column in self._columns:
            column.clear_widgets()
        body = self.ids.body
        body.clear_widgets()
        self._columns = [Box(orientation="vertical", size_hint_y=None, pos_hint={"top": 1}) for _column in columns]
        for column, sections in zip(self._columns, columns, strict=True):
            column.spacing = theme.mm(3) if theme.low else theme.u(24 if theme.wide else 32)
            column.bind(minimum_height=column.setter("height"))
            for section in sections:
                column.add_widget(section)
            body.add_widget(column)
        self.ids.reel.to_top()
        self._fitting()

    def _fit(self, _dt: float = 0) -> None:
        """Rows as high as there is room for, within reason."""
        theme, reel = self.context.theme, self.ids.reel
        if reel.height < theme.chip:
            return
        narrow = theme.low and not self._parts
        least, most = theme.mm(12.1), theme.u(88 if narrow else _ROW_STEPS)
        for column in self._columns:
            sections = column.children
            rows = sum(section.rows for section in sections)
            rest = sum(section.rest for section in sections) + (len(sections) - 1) * column.spacing
            most = min(most, (reel.height - rest - 1) / rows)
        self.row = max(least, int(most))
        self._evening()

    def _even(self, _dt: float = 0) -> None:
        for section in (self._first, self._topics, self._outcome):
            section.even()
