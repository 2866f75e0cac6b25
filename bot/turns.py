"""Turns: one event of one chat through the pure engine, within a unit of work that may hold many chats.

Which case a chat may touch is decided here, before the engine sees it: a group, the cases of its centre and of those for
which it stands in; a person, the cases that came from this very chat; a coordinator, the cases of the own area that
are not hidden from headmen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.channels.base import Parsed
from bot.effects import Effects
from bot.work import GROUP_LANGUAGE, Aftermath, Book, Deed, Equipment, Waiting
from handlers import codes
from handlers.cases import Case
from handlers.events import Actor, Happening, Left, MediaSent, Migrated, TimerFired
from handlers.outcome import FileReport, Invitation, Outcome, Record, SaveCase, Say
from handlers.session import Session
from handlers.world import Needs, World
from storage.chats import Chat, ChatKey
from storage.media import NewMedia
from storage.unit_of_work import UnitOfWork

NEAR_SINCE = timedelta(hours=24)
NEAR_M = 3_000
"""Reports of one event come within a day and from within sight or hearing of it (metres)."""
DRAFT_ID_LETTERS = 6


class Unreadable(Exception):
    """The channel could not read an event of its own platform."""


def plain_code(typed: str) -> str:
    """A one-time code as it is hashed: capitals and digits only."""
    return "".join(c for c in typed.upper() if c.isalnum())


@dataclass(slots=True)
class Turns:
    """Plays turns. One object serves the whole process; what belongs to one unit of work is made anew in each."""

    equipment: Equipment

    def handle(self, uow: UnitOfWork, items: Sequence[Waiting]) -> Aftermath:
        """Handle events, in order, and leave nothing undone of them but what cannot be rolled back."""
        now = self.equipment.clock.now()
        owner = self.equipment.owner
        later = uow.inbox.blocked_by_earlier([item.row for item in items], owner)
        if later:
            uow.inbox.release(later, owner)
        ours = uow.inbox.done([item.row.id for item in items if item.row.id not in later], owner)
        items = [item for item in items if item.row.id in ours]
        book = Book(uow, now)
        effects = Effects(uow, book, self.equipment, now)
        if items:
            book.open(list({_key(item): None for item in items}))
        for item in items:
            if item.parsed is None:
                raise Unreadable(item.row.channel)
            if item.parsed.happening is not None:
                chat = book.at(_key(item))
                _Turn(uow, self.equipment, book, effects, now, chat).event(item, item.parsed, item.parsed.happening)
        return effects.finish()

    def fire(self, uow: UnitOfWork, limit: int, only: int | None = None) -> Aftermath:
        """Fire the timers that have come due (of one chat only, if given)."""
        now = self.equipment.clock.now()
        book = Book(uow, now)
        effects = Effects(uow, book, self.equipment, now)
        for chat in uow.chats.due(now, limit):
            if only not in (None, chat.id):
                continue
            book.hold(chat)
            for name in _due(chat.session, now):
                if name not in {t.name for t in chat.session.timers}:
                    continue  # one that fired before it has stopped it
                chat.session = chat.session.without_timer(name)
                _Turn(uow, self.equipment, book, effects, now, chat).play(Happening(TimerFired(name)))
        return effects.finish()

    def silence(self, uow: UnitOfWork, chat_id: int) -> None:
        """Drop the due timers of a chat whose conversation cannot be played, so that they do not fire for ever."""
        now = self.equipment.clock.now()
        for chat in uow.chats.by_ids([chat_id], lock=True).values():
            chat.session = chat.session.without_timer(*_due(chat.session, now))
            uow.chats.save([chat], now)


def _key(item: Waiting) -> ChatKey:
    return ChatKey(item.row.channel, item.row.address, item.row.group)


def _due(session: Session, now: datetime) -> list[str]:
    return [t.name for t in sorted(session.timers, key=lambda t: t.at) if t.at <= now]


@dataclass(slots=True)
class _Turn:
    """One event of one chat."""

    uow: UnitOfWork
    equipment: Equipment
    book: Book
    effects: Effects
    now: datetime
    chat: Chat

    def event(self, item: Waiting, parsed: Parsed, happening: Happening) -> None:
        """Handle what came from the platform."""
        if isinstance(happening.event, Migrated):
            self._move(happening.event.address)
            return
        if self.chat.state in ("blocked", "left") and not isinstance(happening.event, Left):
            self.chat.state = "active"
        if self.chat.group:
            happening = replace(happening, actor=self._actor(item, parsed, happening.actor))
        self.play(happening, item, parsed)

    def play(self, happening: Happening, item: Waiting | None = None, parsed: Parsed | None = None) -> None:
        """Let the engine decide, and carry it out."""
        session = self._session()
        needs = self.equipment.engine.needs(session, happening, self.equipment.settings)
        world = self._world(session, needs, happening.language_hint)
        outcome = self.equipment.engine.advance(session, happening, world)
        while any(isinstance(e, FileReport) and self.uow.cases.code_taken(e.case.code) for e in outcome.effects):
            world = replace(world, fresh_code=self._fresh_code())
            outcome = self.equipment.engine.advance(session, happening, world)
        if outcome.session.language not in ("", session.language) and not self.chat.group:
            self.effects.after.languages.append((self.chat.channel, self.chat.address, outcome.session.language))
        self.chat.session = outcome.session
        self.book.changed(self.chat)
        if isinstance(happening.event, MediaSent) and not any(isinstance(e, Say) for e in outcome.effects):
            self.effects.after.busy.append((self.chat.channel, self.chat.address))  # an album is still coming in
        self._note_deeds(outcome, item)
        if parsed and item:
            self._note_media(item, parsed, happening, outcome)
            self.effects.carry(self.chat, outcome.effects, parsed.reply_token, item.row.received_at)
        else:
            self.effects.carry(self.chat, outcome.effects)

    def _move(self, address: str) -> None:
        """Follow the platform's own notice that a group has a new address."""
        if address == self.chat.address:
            return
        self.book.write()
        self.uow.chats.move(self.chat.channel, self.chat.address, address, self.now)
        moved = self.book.at(ChatKey(self.chat.channel, address, True))
        self.book.drop(moved)
        self.book.drop(self.chat)

    def _actor(self, item: Waiting, parsed: Parsed, actor: Actor) -> Actor:
        key = self.uow.vault.actor_key(item.row.channel, parsed.actor_id) if parsed.actor_id else actor.key
        return Actor(key, actor.name or item.name)

    def _session(self) -> Session:
        session = self.chat.session
        if not self.chat.group:
            return session
        return replace(
            session,
            group=True,
            centre=self.uow.centres.centre_of(self.chat.id),
            language=session.language or GROUP_LANGUAGE,
        )

    def _world(self, session: Session, needs: Needs, language_hint: str) -> World:
        uow, ids = self.uow, self.equipment.ids
        code, purpose = needs.case, ""
        if needs.reply:
            replied = uow.messages.case_of(self.chat.id, needs.reply)
            if replied:
                code, purpose = replied
        case = uow.cases.get(code) if code else None
        return World(
            settings=self.equipment.settings,
            places=self.equipment.places,
            lexicon=self.equipment.catalogue.lexicon,
            now=self.now,
            fresh_code=self._fresh_code(),
            fresh_draft=ids.short(DRAFT_ID_LETTERS),
            case=case if case and self._may_touch(session, case) else None,
            purpose=purpose,
            cases=tuple(self._cases(session, needs)),
            invitation=self._invitation(needs),
            near=self._near(needs),
            linked=uow.centres.linked() if needs.linked else None,
            language_hint=language_hint,
        )

    def _cases(self, session: Session, needs: Needs) -> list[Case]:
        if needs.own and not session.group:
            return self.uow.cases.of_reporter(self.chat.id)
        if needs.open and session.group and session.centre:
            return self.effects.open_for(session.centre)
        return []

    def _invitation(self, needs: Needs) -> Invitation | None:
        if not needs.code:
            return None
        return self.uow.invitations.find(self.uow.vault.hash_code(plain_code(needs.code)), self.now)

    def _near(self, needs: Needs) -> int:
        if needs.near is None:
            return 0
        kind, latitude, longitude = needs.near
        return self.uow.cases.near(kind, latitude, longitude, self.now - NEAR_SINCE, NEAR_M)

    def _fresh_code(self) -> str:
        """A case code; whether it is taken is asked when a case is filed under it (1 in 47 million is)."""
        drawn = int(self.equipment.ids.uuid().replace("-", ""), 16)
        return codes.make([drawn // len(codes.ALPHABET) ** place for place in range(codes.LENGTH)])

    def _may_touch(self, session: Session, case: Case) -> bool:
        if session.group:
            return bool(session.centre) and session.centre in self.equipment.desks(case.centre)
        if self.uow.cases.reporter_of(case.code) == self.chat.id:
            return True
        return bool(session.area) and "headman" not in case.hide_from and in_area(case, session.area)

    def _note_deeds(self, outcome: Outcome, item: Waiting | None) -> None:
        for effect in outcome.effects:
            if isinstance(effect, FileReport):
                self.effects.after.filed.append(effect.case.urgent)
            elif isinstance(effect, Record):
                self.effects.after.deeds.append(Deed(effect.case, effect.action, item.row.id if item else None))

    def _note_media(self, item: Waiting, parsed: Parsed, happening: Happening, outcome: Outcome) -> None:
        """Note for fetching what the conversation keeps of the media that came along."""
        if not parsed.media:
            return
        kept = set(_kept(outcome))
        too_big = isinstance(happening.event, MediaSent) and happening.event.too_big
        wanted = [
            NewMedia(source.media_id, self.chat.id, item.row.channel, source.kind, source.reference, too_big)
            for source in parsed.media
            if source.media_id in kept
        ]
        if wanted:
            self.effects.after.media += self.uow.media.add(wanted, self.equipment.owner, self.now)


def in_area(case: Case, area: str) -> bool:
    """Whether a case lies in a coordinator's area. Where the case's village is not known, every headman of the
    subdistrict may be the right one."""
    subdistrict, _, village = area.partition("-")
    if case.place.subdistrict != subdistrict:
        return False
    told = case.place.village
    return not village or not told.isdecimal() or int(told) == int(village)


def _kept(outcome: Outcome) -> Iterator[str]:
    """Ids of all media that stand in the session, in a case, or in something said."""
    session = outcome.session
    parts = [*session.loose, *(session.draft.parts if session.draft else ())]
    for effect in outcome.effects:
        if isinstance(effect, FileReport | SaveCase):
            parts += effect.case.parts
        elif isinstance(effect, Say):
            yield from (a.media_id for message in effect.messages for a in message.attachments)
    yield from (part.media_id for part in parts if part.media_id)
