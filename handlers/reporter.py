"""A person's conversation: each kind of event, brought to the question that is open."""

from __future__ import annotations

from datetime import timedelta

from handlers import menu
from handlers.asking import current
from handlers.bank import BANK
from handlers.buttons import NO_DRAFT, Pressed
from handlers.events import TOO_BIG, LocationShared, MediaSent, TextSent
from handlers.flow import STEPS, following
from handlers.messages import T, Text
from handlers.moves import asked, back, carried, enter
from handlers.outcome import DropMedia, Effect, Outcome
from handlers.own import answer_ready, still_going_on
from handlers.records import replace
from handlers.routing import locate
from handlers.session import IDLE, Draft, Part, Place, Session
from handlers.turn import Answer, Picked
from handlers.world import World

MENU = ("mine", "language", "help")
KEPT_WORDS = 12
"""Letters from which words sent at the wrong moment are kept as part of the story; shorter ones are slips."""


def pressed(session: Session, tap: Pressed, world: World) -> Outcome:
    """A tap on a choice of a question; one of another draft or another question is stale and harmless."""
    draft = session.draft.id if session.draft else NO_DRAFT
    if tap.key != draft or tap.verb != current(session):
        return stale(session, world)
    return picked(session, tap.answer, world)


def picked(session: Session, answer: str, world: World) -> Outcome:
    """A choice of the open question."""
    step = current(session)
    if answer == "back" and session.path and not session.detour:
        return back(session, world)
    if answer == "cancel":
        return menu.cancel(session, world)
    if step == IDLE and answer in MENU:
        return menu.command(session, answer, world)
    if step == IDLE and answer == "report":
        return menu.report(session, world)
    if step == "add_or_new" and answer == "new":
        return _new_with_loose(session, world)
    return _answered(session, Picked(answer), world) or stale(session, world)


def _answered(session: Session, answer: Answer, world: World) -> Outcome | None:
    turn = STEPS[current(session)].answer(session, answer, world)
    return carried(session, turn, world) if turn is not None else None


def said(session: Session, text: TextSent, world: World) -> Outcome:
    """Words that are no command and no choice."""
    if not text.text.strip():
        return asked(session, world)
    if answered := _answered(session, text, world):
        return answered
    part = Part("text", text=text.text, at=world.now, message_id=text.message_id)
    if _loose_now(session):
        return _loosely(session, part, world)
    if len(world.lexicon.normal(text.text)) < KEPT_WORDS or (session.draft is None and session.detour):
        return asked(session, world, *_not_understood(session))
    session = _with_draft(session, world)
    if session.draft is None:
        return asked(session, world)
    kept = replace(session, draft=replace(session.draft, parts=(*session.draft.parts, part)))
    if session.step == IDLE:
        return _begin(kept, world, T("Your words are kept for the report."))
    return asked(kept, world, T("Your words are kept for the report."))


def _not_understood(session: Session) -> tuple[Text, ...]:
    if session.language and session.step != IDLE:
        return (T("Please tap a button, or type its number or its words."),)
    return ()


def _with_draft(session: Session, world: World) -> Session:
    return session if session.draft else replace(session, draft=Draft(world.fresh_draft, world.now))


def _begin(session: Session, world: World, *before: Text) -> Outcome:
    """From the menu into a report, with what was sent already."""
    found = following(session, IDLE, "report", world)
    entered = enter(session, found, world)
    return asked(entered.session, world, *before)


def _loose_now(session: Session) -> bool:
    """After a receipt, or while it is being asked where things belong."""
    return session.detour == "add_or_new" or (session.step == IDLE and not session.detour and bool(session.mine))


def _loosely(session: Session, part: Part, world: World, quiet: bool = False) -> Outcome:
    """Keep what was sent until the person says where it belongs."""
    limit = world.settings.max_media
    if part.media_id and sum(bool(p.media_id) for p in session.loose) >= limit:
        return _full(session, part.media_id, world)
    held = replace(session, detour="add_or_new", loose=(*session.loose, part)[-50:])
    return Outcome(held) if quiet else asked(held, world)


def _new_with_loose(session: Session, world: World) -> Outcome:
    draft = Draft(world.fresh_draft, world.now, parts=session.loose)
    return enter(
        replace(session, loose=(), detour="", draft=draft, path=()), following(session, IDLE, "report", world), world
    )


def located(session: Session, location: LocationShared, world: World) -> Outcome:
    """A pin answers "where"; at another moment it is kept until that question,
    because it may show where the person is rather than where it happened."""
    if answered := _answered(session, location, world):
        return answered
    known = not locate(location.latitude, location.longitude, world.places).problem
    if session.draft and session.step != IDLE and session.draft.place is None and known:
        early = Place(location.latitude, location.longitude, method="pin")
        kept = replace(session, draft=replace(session.draft, early_place=early))
        return asked(kept, world, T("This place is kept. You are asked about it in a moment."))
    return asked(session, world, T("No location is needed just now."))


def media(session: Session, sent: MediaSent, world: World) -> Outcome:
    """A photo, video, voice note or file is kept at any moment, even as the very first message."""
    if sent.too_big or sent.size > world.settings.max_media_mb << 20:
        return _too_big(session, sent.media_id, world)
    if session.detour == "answering" and (answered := _answered(session, sent, world)):
        return _debounced(answered, sent, world)
    part = Part(sent.kind, text=sent.caption, media_id=sent.media_id, at=world.now, message_id=sent.message_id)
    quiet = bool(sent.album)
    if _loose_now(session):
        return _debounced(_loosely(session, part, world, quiet), sent, world)
    session = _with_draft(session, world)
    draft = session.draft
    if draft is None or sum(bool(p.media_id) for p in draft.parts) >= world.settings.max_media:
        return _full(session, sent.media_id, world)
    kept = replace(session, draft=replace(draft, parts=(*draft.parts, part)))
    if quiet:
        return _debounced(Outcome(kept), sent, world)
    return _kept(kept, sent.kind, world)


def _too_big(session: Session, media_id: str, world: World) -> Outcome:
    """Say so, and go on without it; words that came along stay."""
    draft = session.draft
    session = replace(
        session,
        draft=replace(draft, parts=_without(draft.parts, media_id)) if draft else None,
        loose=_without(session.loose, media_id),
    )
    words = T("This file is too big: at most {limit} MB.", limit=world.settings.max_media_mb)
    said = () if session.hidden else asked(session, world, words).effects
    return Outcome(session, (DropMedia((media_id,)), *said))


def _without(parts: tuple[Part, ...], media_id: str) -> tuple[Part, ...]:
    changed = (replace(p, kind="text", media_id="") if p.media_id == media_id else p for p in parts)
    return tuple(p for p in changed if p.media_id or p.text)


def _kept(session: Session, kind: str, world: World) -> Outcome:
    """Say so once, with the question that is open; at the photo question the question itself counts them."""
    at_home = ("story",) if kind == "voice" else ("photos",)
    if session.step == IDLE and not session.detour:
        return _begin(session, world, T("It is kept for the report."))
    if current(session) in at_home:
        return asked(session, world)
    return asked(session, world, T("It is kept for the report."))


def _debounced(outcome: Outcome, sent: MediaSent, world: World) -> Outcome:
    """Pictures of one album arrive one by one, in any order, some late: one answer for all, when they have come to rest
    or the set is complete."""
    if not sent.album:
        return outcome
    session = outcome.session
    count = session.album_count + 1 if session.album == sent.album else 1
    session = replace(session, album=sent.album, album_count=count)
    if sent.album_total and count >= sent.album_total:
        rested = timer(session, "album", world)
        return Outcome(rested.session, (*outcome.effects, *rested.effects))
    wait = timedelta(seconds=world.settings.album_wait_s)
    return Outcome(session.with_timer("album", world.now + wait), outcome.effects)


def _full(session: Session, media_id: str, world: World) -> Outcome:
    words = T(
        "This was not kept. One report holds at most {limit} photos, videos and voice messages.",
        limit=world.settings.max_media,
    )
    return Outcome(session, (DropMedia((media_id,)), *asked(session, world, words).effects))


def other(session: Session, what: str, world: World) -> Outcome:
    """A sticker, a contact, a kind not known yet."""
    words = {
        "sticker": T("Thank you. Stickers cannot be read here."),
        "contact": T("This contact was not kept. Please write only what you saw."),
    }.get(what, T("This kind of message cannot be read here. Please send words, a voice message, a photo or a place."))
    return asked(session, world, words)


def stale(session: Session, world: World) -> Outcome:
    """A button of an earlier question, of another draft, or made up."""
    return asked(session, world, T("That button belongs to an earlier question."))


def own_case(session: Session, tap: Pressed, world: World) -> Outcome:
    """A button under a message about a report that was sent."""
    case = next((c for c in world.cases if c.code == tap.key and c.code in session.mine), None)
    if case is None:
        return stale(session, world)
    if tap.answer == "withdraw" and case.open:
        return asked(replace(session, detour="withdrawing", answering=case.code), world)
    if tap.answer == "still" and case.state == "closed":
        told: tuple[Effect, ...] = still_going_on(case, world)
        words = T("Thank you. Report {code} is open again.", code=case.code)
        return Outcome(session, (*told, *asked(session, world, words).effects))
    number = int(tap.verb) if tap.verb.isdecimal() and len(tap.verb) < 4 else 0
    asked_for = case.question(number)
    if asked_for is None or not case.open:
        return asked(session, world, T("This report is closed already.")) if not case.open else stale(session, world)
    if tap.answer == "words":
        return asked(replace(session, detour="answering", answering=f"{case.code}:{number}"), world)
    if asked_for.answered:
        return asked(session, world, T("You have answered this question already. Thank you."))
    if asked_for.ready in BANK and tap.answer in BANK[asked_for.ready].answers:
        effects = answer_ready(case, number, tap.answer)
        return Outcome(session, (*effects, *asked(session, world, T("Sent to the centre. Thank you.")).effects))
    return stale(session, world)


def timer(session: Session, name: str, world: World) -> Outcome:
    """A time has come: an album is at rest, a draft was left alone, a draft is a day old."""
    session = session.without_timer(name)
    if name.startswith(TOO_BIG):
        return _too_big(session, name.removeprefix(TOO_BIG), world)
    if session.hidden and name != "erase":
        return Outcome(session)  # a chat that was hidden must not speak up by itself
    if name == "album":
        count, session = session.album_count, replace(session, album_count=0)
        if current(session) in ("photos", "add_or_new", "answering"):
            return asked(session, world)
        words = T("{count} pictures are kept for the report.", count=count)
        return (
            _begin(session, world, words)
            if session.step == IDLE and not session.detour
            else asked(session, world, words)
        )
    if name == "remind" and session.draft and not session.draft.reminded:
        session = replace(session, detour="resume", draft=replace(session.draft, reminded=True))
        return asked(session, world)
    if name == "erase":
        drafted = session.draft.parts if session.draft else ()
        gone = tuple(p.media_id for p in (*drafted, *session.loose) if p.media_id)
        empty = replace(
            session,
            draft=None,
            step=IDLE,
            detour="",
            path=(),
            editing=False,
            lists=(),
            loose=(),
            answering="",
            album="",
        ).without_timer("remind", "album")
        return Outcome(empty, (DropMedia(gone),) if gone else ())
    return Outcome(session)
