"""Carries out what the engine decided, within one unit of work.

Everything here may run twice (a rolled-back work is repeated), so nothing outside the unit of work is touched: what has
to happen after the commit is noted in the `Aftermath`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.work import GROUP_LANGUAGE, Aftermath, Book, Equipment
from handlers.card import RELAY, attached
from handlers.cases import PROGRAMME_DESK, Case
from handlers.messages import Attachment, Message, verbatim
from handlers.outcome import (
    Blocked,
    DropMedia,
    Effect,
    FileReport,
    Forget,
    Here,
    JoinArea,
    LeaveArea,
    LeaveGroup,
    LinkGroup,
    Record,
    SaveCase,
    Say,
    ToCentre,
    ToCoordinators,
    ToReporter,
    UnlinkGroup,
)
from storage.chats import Chat
from storage.outbox import NewRow
from storage.trail import TrailEntry
from storage.unit_of_work import UnitOfWork

MEDIA_WAIT_S = 30
"""How long a message waits for its photos to arrive before it goes out without them, in seconds."""


class InvitationUsed(Exception):
    """Somebody else redeemed the code in the same moment; the turn is repeated and then finds no invitation."""


class Effects:
    """The hand of one unit of work. Call `carry` per turn, `finish` once at the end."""

    def __init__(self, uow: UnitOfWork, book: Book, equipment: Equipment, now: datetime) -> None:
        self._uow = uow
        self._book = book
        self._with = equipment
        self._now = now
        self._rows: list[NewRow] = []
        self.after = Aftermath()

    def carry(
        self, chat: Chat, effects: Sequence[Effect], reply_token: str = "", reply_at: datetime | None = None
    ) -> None:
        """Carry out one turn's effects for the chat in which it happened: first what is done, then what is said. The
        reply token goes to the first call of the answer, or, if there is none, stays with the chat for whatever is next
        said there."""
        for effect in effects:
            if not isinstance(effect, Say | Forget):
                self._act(chat, effect)
        said: dict[tuple[int, tuple[int, int]], tuple[Chat, list[Message]]] = {}
        for say in effects:
            if isinstance(say, Say):
                for reader in self._readers(chat, say):
                    said.setdefault((reader.id, say.delay), (reader, []))[1].extend(say.messages)
        if reply_token:
            chat.reply_token, chat.reply_at = reply_token, reply_at
            self._book.changed(chat)
        for (_, delay), (reader, messages) in said.items():
            self._queue(reader, messages, delay, here=reader.id == chat.id)
        for effect in effects:
            if isinstance(effect, LinkGroup):
                self._post_unseen(chat, effect.centre)
            elif isinstance(effect, Forget):
                self._forget(chat)

    def finish(self) -> Aftermath:
        """Write the chats and queue the calls."""
        self._book.write()
        self._flush()
        return self.after

    def show_again(self, case: Case) -> None:
        """Queue a case's card for whoever answers for its centre now."""
        message = self._with.card(case, self._with.settings, self._with.places)
        for group in self._groups(ToCentre(case.centre)):
            self._queue(group, [message], (0, 0), here=False)

    def show_late(self, case: Case, attachment: Attachment) -> None:
        """Queue something that its card should have carried."""
        message = Message(
            (verbatim(f"📎 {case.code}"),), attachments=(attachment,), about=case.code, purpose=RELAY, under=case.code
        )
        taken_along = self._uow.outbox.carriers(case.code, attachment.media_id)
        for group in self._groups(ToCentre(case.centre)):
            if group.id not in taken_along:
                self._queue(group, [message], (0, 0), here=False)

    def _act(self, chat: Chat, effect: Effect) -> None:
        uow = self._uow
        match effect:
            case FileReport(case):
                uow.cases.add(case, chat.id)
                self._attach(case)
            case SaveCase(case):
                uow.cases.save(case)
                self._attach(case)
                if not case.open:  # a coordinator who was not alerted yet is not alerted any more
                    uow.outbox.drop_delayed(case.code, self._now)
            case Record(code, by, action, detail):
                uow.trail.add([TrailEntry(code, self._now, by, action, detail)])
            case DropMedia(media_ids):
                self.after.delete += uow.media.drop(media_ids)
            case LinkGroup(centre, invitation):
                self._redeem(invitation)
                before = uow.centres.centre_of(chat.id)
                uow.centres.link(centre, chat.id, self._now)
                if before not in ("", centre):
                    self.show_orphans(before)
            case UnlinkGroup():
                before = uow.centres.centre_of(chat.id)
                uow.centres.unlink(chat.id)
                if before and chat.state == "active":  # one that was found gone before has its cases shown elsewhere
                    self.show_orphans(before)
            case LeaveGroup():
                uow.centres.unlink(chat.id)
                self.after.leave.append((chat.channel, chat.address))
            case JoinArea(area, centre, invitation):
                self._redeem(invitation)
                uow.coordinators.join(chat.id, centre, area, self._now)
            case LeaveArea():
                uow.coordinators.leave(chat.id)
            case Blocked(blocked):
                self._blocked(chat, blocked)

    def _attach(self, case: Case) -> None:
        media_ids = [part.media_id for part in case.parts if part.media_id]
        if media_ids:
            self._uow.media.attach(media_ids, case.code)

    def _redeem(self, invitation: str) -> None:
        if invitation and not self._uow.invitations.redeem(invitation, self._now):
            raise InvitationUsed

    def show_orphans(self, centre: str) -> None:
        """A group of this centre went away: where it was the last one, whoever stands in now is shown the open cases."""
        cases = self._uow.cases.open_in(self._stands_for(centre))
        orphaned = {code: self._orphaned(code, centre) for code in {case.centre for case in cases}}
        for case in cases:
            if orphaned[case.centre]:
                self.show_again(case)

    def _orphaned(self, centre: str, without: str) -> bool:
        """Whether the cases of `centre` were those of the groups of `without` until these went away."""
        chain = list(self._with.desks(centre))
        return not any(self._uow.centres.groups_of(code) for code in chain[: chain.index(without) + 1])

    def _post_unseen(self, chat: Chat, centre: str) -> None:
        """Show a group that was just linked the open cases for which it answers from now on: those of its centre, and, for
        a desk, those of the centres that it stands in for. Cards that stand in this group already stay alone."""
        cases = self.open_for(centre)
        seen = self._uow.messages.cards_of([(chat.id, case.code) for case in cases])
        unseen = [case for case in cases if (chat.id, case.code) not in seen]
        if unseen:
            cards = [self._with.card(case, self._with.settings, self._with.places) for case in unseen]
            self._queue(chat, cards, (0, 0), here=False)

    def open_for(self, centre: str) -> list[Case]:
        """The open cases for which this centre's groups answer now, oldest first."""
        cases = self._uow.cases.open_in(self._stands_for(centre))
        answers = {code: self._answers(code) for code in {case.centre for case in cases}}
        return [case for case in cases if answers[case.centre] == centre]

    def _answers(self, centre: str) -> str:
        """The centre or desk whose groups get what concerns a centre's cases; "" if nobody has a group."""
        return next((code for code in self._with.desks(centre) if self._uow.centres.groups_of(code)), "")

    def _stands_for(self, centre: str) -> list[str]:
        """The codes of all centres whose cases may fall to this one."""
        if len(centre) == 4:
            return [centre]
        places = self._with.places
        programme = centre == PROGRAMME_DESK
        provinces = [area.code for area in places.provinces()] if programme else [centre]
        districts = [area.code for province in provinces for area in places.districts(province)]
        return list(dict.fromkeys([centre, *provinces, *districts]))

    def _blocked(self, chat: Chat, blocked: bool) -> None:
        chat.state = ("left" if chat.group else "blocked") if blocked else "active"
        self._book.changed(chat)
        if blocked:
            self._uow.outbox.drop_chat(chat.id, self._now, "the chat is not reachable")

    def _forget(self, chat: Chat) -> None:
        """Erase the person once the last words are queued; whatever comes later starts with a new chat."""
        self._book.write()
        self._flush()
        self._uow.chats.forget(chat.id, self._now)
        self._book.drop(chat)

    def _readers(self, chat: Chat, say: Say) -> list[Chat]:
        match say.to:
            case Here():
                return [chat]
            case ToReporter(code):
                reporter = self._uow.cases.reporter_of(code)
                found = self._book.of_ids([reporter]) if reporter is not None else []
                return [chat for chat in found if not chat.session.hidden]  # the engine says it when the person is back
            case ToCoordinators(subdistrict, village):
                return self._book.of_ids(self._uow.coordinators.of_area(subdistrict, village))
            case ToCentre() as to:
                return self._groups(to)

    def _groups(self, to: ToCentre) -> list[Chat]:
        """The centre's groups, else those of the desk that stands in for it, else nobody and an alarm: the next group that
        is linked is shown the open cases."""
        for code in self._with.desks(to.centre):
            groups = self._book.of_ids(self._uow.centres.groups_of(code))
            if groups:
                if code != to.centre:
                    self.after.noted.append("centre_without_group")
                return groups
        self.after.noted.append("case_without_group")
        return []

    def _queue(self, reader: Chat, messages: Sequence[Message], delay: tuple[int, int], *, here: bool) -> None:
        """Make rows of messages to one chat: one row a call."""
        channel = self._with.channels.get(reader.channel)
        if channel is None:
            self.after.noted.append("channel_off")
            return
        language = reader.session.language or GROUP_LANGUAGE
        payloads = channel.pack([self._with.catalogue.shown(message, language) for message in messages])
        due = self._now + timedelta(seconds=self._with.ids.between(*delay)) if delay[1] else None
        about = "" if here else next((m.about for m in messages if m.about), "")
        token, token_at = (reader.reply_token, reader.reply_at) if here and not due else ("", None)
        for payload in payloads:
            self._rows.append(
                NewRow(
                    id=self._with.ids.uuid(),
                    chat_id=reader.id,
                    payload=payload.to_data(),
                    due_at=due,
                    waits_until=(due or self._now) + timedelta(seconds=MEDIA_WAIT_S) if payload.media else None,
                    case_code=about,
                    reply_token=token,
                    reply_at=token_at,
                )
            )
            if token:  # good for one call
                token, token_at = "", None
                reader.reply_token, reader.reply_at = "", None
                self._book.changed(reader)

    def _flush(self) -> None:
        if self._rows:
            self.after.rows += self._uow.outbox.add(self._rows, self._with.owner, self._now)
            self._rows = []


def redirect(equipment: Equipment, uow: UnitOfWork, chat_id: int, now: datetime) -> Aftermath:
    """A group turned out to be gone: its open cases, those whose cards never arrived among them, are shown to whoever
    answers for them now."""
    effects = Effects(uow, Book(uow, now), equipment, now)
    if centre := uow.centres.centre_of(chat_id):
        effects.show_orphans(centre)
    return effects.finish()


def follow_up(equipment: Equipment, uow: UnitOfWork, media_id: str, now: datetime) -> Aftermath:
    """A photo or video arrived so late that its card went out without it (LINE prepares long videos for a while): it
    follows under the card. Whatever still waits for it takes it along by itself."""
    effects = Effects(uow, Book(uow, now), equipment, now)
    media = uow.media.get([media_id]).get(media_id)
    case = uow.cases.get(media.case_code) if media and media.case_code else None
    if media and case and case.open and now - max(case.created, media.created_at) > timedelta(seconds=MEDIA_WAIT_S):
        late = [one for one in attached(case.parts) if one.media_id == media_id]
        if late:
            effects.show_late(case, late[0])
    return effects.finish()
