"""Plays the pure engine without storage: a person's conversation as a list of events, saved and read back each turn."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot import reference
from bot.channels.local import said
from bot.i18n import Catalogues
from handlers import engine
from handlers.buttons import of_step
from handlers.cases import Case
from handlers.events import Actor, ChoicePicked, Event, Happening, LocationShared, TextSent
from handlers.messages import Message, Name
from handlers.outcome import Effect, FileReport, Here, Invitation, Outcome, SaveCase, Say
from handlers.session import Session
from handlers.world import Area, Settings, World
from storage.places.gazetteer import Gazetteer
from storage.places.imported import Imported

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CATALOGUES = Catalogues.load()
VILLAGES = {code: Area(code, Name(th, en)) for code, th, en in (
    ("34030201", "บ้านห้วยยาง", "Ban Huai Yang"), ("34030202", "บ้านห้วยยางใต้", "Ban Huai Yang Tai"),
    *((f"340302{n:02}", f"บ้านโนน {n}", f"Ban Non {n}") for n in range(3, 12)),
)}  # fmt: skip
PIER = Area("L1", Name("ท่าเรือด่าน", "Dan pier"))
PLACES = Gazetteer.load("border").with_imported(
    Imported(
        areas={**VILLAGES, "L1": PIER},
        villages={"340302": tuple(VILLAGES.values())},
        positions={"L1": (15.3189, 105.5012)},
    )
)
"""The served border districts, with villages of one subdistrict (Huai Yang of Khong Chiam) and a landmark."""
SETTINGS = Settings(kinds=reference.kinds(), hotlines=reference.hotlines())
PIN = LocationShared(15.3185, 105.5008)
"""A pin that lies clearly in one district (Khong Chiam, 3403)."""
CODE = "K7M-4PXT"
NOBODY = Actor()


@dataclass
class Player:
    """One chat with the engine. The clock moves 20 seconds an event."""

    session: Session = field(default_factory=lambda: Session())
    now: datetime = START
    cases: dict[str, Case] = field(default_factory=dict)
    invitation: Invitation | None = None
    said: list[Message] = field(default_factory=list)
    effects: tuple[Effect, ...] = ()
    turns: int = 0
    world: World = field(init=False)

    def happens(
        self, event: Event, actor: Actor = NOBODY, reply_to: str = "", purpose: str = "", hint: str = ""
    ) -> Outcome:
        """One event; the session goes through JSON before and after."""
        self.turns += 1
        self.now += timedelta(seconds=20)
        happening = Happening(event, actor, reply_to, hint)
        needed = engine.needs(self.session, happening, SETTINGS)
        self.world = world = World(
            SETTINGS,
            PLACES,
            CATALOGUES.lexicon,
            self.now,
            fresh_code=CODE,
            fresh_draft=f"d{self.turns}",
            case=self.cases.get(needed.case)
            if needed.case
            else next(iter(self.cases.values()), None)
            if reply_to
            else None,
            purpose=purpose,
            cases=tuple(self.cases.values()) if needed.own or needed.open else (),
            invitation=self.invitation if needed.code else None,
            language_hint=hint,
        )
        outcome = engine.advance(self.session, happening, world)
        self.session = through_json(outcome.session)
        assert self.session == outcome.session
        self.effects = outcome.effects
        for effect in outcome.effects:
            if isinstance(effect, FileReport | SaveCase):
                self.cases[effect.case.code] = effect.case
        self.said = [m for e in outcome.effects if isinstance(e, Say) and e.to == Here() for m in e.messages]
        return outcome

    def at_lists(self, *codes: str) -> Session:
        """The conversation with the lists open at these codes."""
        return replace(self.session, step="lists", lists=codes)

    def with_area(self, area: str) -> Session:
        """The conversation of a headman of this area."""
        return replace(self.session, area=area)

    def types(self, *words: str) -> Player:
        """Text messages, one after another."""
        for word in words:
            typed = said(word)
            self.happens(TextSent(word, typed["command"], typed["argument"]))
        return self

    def taps(self, *answers: str) -> Player:
        """Choices of the open question, by their bare values."""
        for answer in answers:
            self.happens(ChoicePicked(of_step(self.session, self.session.detour or self.session.step, answer)))
        return self

    def later(self, **time: float) -> Player:
        """Let time pass and fire what has come due."""
        from handlers.events import TimerFired

        self.now += timedelta(**time)
        for timer in sorted(self.session.timers, key=lambda t: t.at):
            if timer.at <= self.now:
                self.happens(TimerFired(timer.name))
        return self

    @property
    def shown(self) -> str:
        """What was said here last, in the conversation's language."""
        return "\n\n".join(CATALOGUES.shown(m, self.session.language or "en").text for m in self.said)

    @property
    def labels(self) -> list[str]:
        """Labels of all choices of what was said last."""
        return [c.label for m in self.said for c in CATALOGUES.shown(m, self.session.language or "en").choices]


def through_json(session: Session) -> Session:
    """A session as it comes back from storage."""
    return Session.from_data(json.loads(json.dumps(session.to_data())))


def agreed(language: str = "en") -> Player:
    """A person who has chosen a language and agreed, at the question "what?"."""
    return Player().types("/start").taps(language, "agree")


def told(language: str = "en") -> Player:
    """A person at the summary, with an urgent report from Khong Chiam."""
    player = agreed(language).taps("drugs", "now", "yes")
    player.happens(PIN)
    return player.types("Two boats with sacks, five men").taps("done", "done", "yes")


def sent(language: str = "en") -> Player:
    """A person who has sent a report."""
    return told(language).taps("send")


def group(case: Case | None = None) -> Player:
    """The linked group of Khong Chiam, with a case if given."""
    player = Player(Session(language="en", group=True, centre="3403"))
    if case:
        player.cases[case.code] = case
    return player


def at_every_step() -> dict[str, Session]:
    """A session that stands at each question of the conversation."""
    found: dict[str, Session] = {"new": Session()}

    def note(player: Player) -> Player:
        found.setdefault(player.session.detour or player.session.step, player.session)
        return player

    player = note(Player().types("/start"))
    for answer in ("en", "agree", "drugs", "earlier"):
        note(player.taps(answer))
    note(player.taps("yesterday"))
    note(player.taps("lists"))
    note(player.types("โขงเจียม"))
    player.taps("none")
    note(player.taps("34", "3403", "340301"))
    note(player.types("4"))
    note(player.types("Two boats on the river").taps("done"))
    note(player.taps("done"))
    note(player.taps("yes"))
    note(player.taps("edit"))
    note(player.taps("visibility"))
    note(replayed(player).types("/cancel"))
    note(replayed(player).types("/report"))
    note(replayed(player).types("/forget"))
    note(agreed().taps("drugs", "now"))
    doubtful = agreed().taps("drugs", "now", "yes")
    doubtful.happens(LocationShared(16.04, 105.22))
    note(doubtful)
    filed = note(sent())
    note(replayed(filed).types("One more boat came now"))
    found["answering"] = replace(filed.session, detour="answering", answering=f"{CODE}:1")
    found["withdrawing"] = replace(filed.session, detour="withdrawing", answering=CODE)
    found["hidden"] = replace(filed.session, hidden=True)
    return found


def replayed(player: Player) -> Player:
    """A copy that can be played on without changing the original."""
    return Player(player.session, player.now, dict(player.cases), player.invitation, turns=player.turns)
