"""What a person sends is kept: media, places and words at any moment, loose things after a receipt, and the timers that
let go of them again."""

from __future__ import annotations

from datetime import timedelta

from handlers.asking import current
from handlers.events import TOO_BIG, LocationShared, MediaSent, TextSent, pin_words
from handlers.flow import STEPS, following
from handlers.messages import T, Text
from handlers.moves import asked, carried, enter
from handlers.outcome import DropMedia, Outcome
from handlers.pinning import with_part
from handlers.positions import read
from handlers.records import replace
from handlers.routing import locate
from handlers.session import IDLE, Draft, Part, Place, Session
from handlers.turn import Answer
from handlers.vague import tells
from handlers.world import World


def answered(session: Session, answer: Answer, world: World) -> Outcome | None:
    """What the open question makes of an answer; None if it is none to it."""
    turn = STEPS[current(session)].answer(session, answer, world)
    return carried(session, turn, world) if turn is not None else None


def with_draft(session: Session, world: World) -> Session:
    return session if session.draft else replace(session, draft=Draft(world.fresh_draft, world.now))


def begin(session: Session, world: World, *before: Text) -> Outcome:
    """From the menu into a report, with what was sent already."""
    found = following(session, IDLE, "report", world)
    entered = enter(session, found, world)
    return asked(entered.session, world, *before)


def loose_now(session: Session) -> bool:
    """After a receipt, or while it is being asked where things belong."""
    return session.detour == "add_or_new" or (session.step == IDLE and bool(session.mine))


def loosely(session: Session, part: Part, world: World, quiet: bool = False) -> Outcome:
    """Keep what was sent until the person says where it belongs."""
    limit = world.settings.max_media
    if part.media_id and sum(bool(p.media_id) for p in session.loose) >= limit:
        return _full(session, part.media_id, world)
    held = replace(session, detour="add_or_new", loose=(*session.loose, part)[-50:])
    return Outcome(held) if quiet else asked(held, world)


def located(session: Session, location: LocationShared, world: World) -> Outcome:
    """A pin answers "where"; at another moment it is kept until that question,
    because it may show where the person is rather than where it happened."""
    if found := answered(session, location, world):
        return found
    if locate(location.latitude, location.longitude, world.places).problem:
        return asked(session, world, T("No location is needed just now."))
    if loose_now(session):
        return loosely(session, Part("text", text=pin_words(location), at=world.now), world)
    session = with_draft(session, world)
    draft = session.draft
    if draft is None or draft.place is not None:
        return asked(session, world, T("No location is needed just now."))
    return _early(session, draft, location.latitude, location.longitude, world)


def typed_early(session: Session, sent: TextSent, world: World) -> Outcome | None:
    """A typed position or a map link before "where" is kept like a pin; None for other words, and for a position that is
    none for sure."""
    typed = read(sent.text, world.lexicon.digits)
    draft = with_draft(session, world).draft
    if not typed or not typed.position or not draft or draft.place or locate(*typed.position, world.places).problem:
        return None
    said: tuple[Text, ...] = ()
    if tells(typed.beside, world):
        draft, said = with_part(draft, sent, typed.beside, world)
    return _early(session, draft, *typed.position, world, *said)


def _early(session: Session, draft: Draft, latitude: float, longitude: float, world: World, *said: Text) -> Outcome:
    kept = replace(session, draft=replace(draft, early_place=Place(latitude, longitude, method="pin")))
    words = (*said, T("This place is kept. You are asked about it in a moment."))
    return begin(kept, world, *words) if kept.step == IDLE and not kept.detour else asked(kept, world, *words)


def media(session: Session, sent: MediaSent, world: World) -> Outcome:
    """A photo, video, voice note or file is kept at any moment, even as the very first message."""
    if sent.too_big or sent.size > world.settings.max_media_mb << 20:
        return _too_big(_with_caption(session, sent, world), sent.media_id, world)
    if session.detour == "answering" and (found := answered(session, sent, world)):
        return _debounced(found, sent, world)
    part = Part(sent.kind, text=sent.caption, media_id=sent.media_id, at=world.now, message_id=sent.message_id)
    quiet = bool(sent.album)
    if loose_now(session):
        return _debounced(loosely(session, part, world, quiet), sent, world)
    session = with_draft(session, world)
    draft = session.draft
    if draft is None or sum(bool(p.media_id) for p in draft.parts) >= world.settings.max_media:
        return _full(_with_caption(session, sent, world), sent.media_id, world)
    kept = replace(session, draft=replace(draft, parts=(*draft.parts, part)))
    if quiet:
        return _debounced(Outcome(kept), sent, world)
    return _kept(kept, sent.kind, world)


def _with_caption(session: Session, sent: MediaSent, world: World) -> Session:
    """The words that came with something that cannot be kept are kept all the same."""
    if not sent.caption or session.draft is None:
        return session
    part = Part("text", text=sent.caption, at=world.now, message_id=sent.message_id)
    return replace(session, draft=replace(session.draft, parts=(*session.draft.parts, part)))


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
        return begin(session, world, T("It is kept for the report."))
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


def timer(session: Session, name: str, world: World) -> Outcome:
    """A time has come: an album is at rest, a draft was left alone, a draft is a day old."""
    session = session.without_timer(name)
    if name.startswith(TOO_BIG):
        return _too_big(session, name.removeprefix(TOO_BIG), world)
    if session.hidden and name not in ("erase", "answering"):
        return Outcome(session)  # a chat that was hidden must not speak up by itself
    if name == "album":
        count, session = session.album_count, replace(session, album="", album_count=0)
        if session.draft is None and not session.loose and session.detour != "answering":
            return Outcome(session)  # sent or thrown away in the meantime
        if current(session) in ("photos", "add_or_new", "answering"):
            return asked(session, world)
        words = T("{count} pictures are kept for the report.", count=count)
        return (
            begin(session, world, words)
            if session.step == IDLE and not session.detour
            else asked(session, world, words)
        )
    if name == "answering" and session.detour == "answering":
        return Outcome(replace(session, detour="", answering=""))  # words of another day are about something else
    if name == "remind" and session.draft and not session.draft.reminded:
        session = replace(session, detour="resume", draft=replace(session.draft, reminded=True))
        return asked(session, world)
    if name == "erase":
        drafted = session.draft.parts if session.draft else ()
        gone = tuple(p.media_id for p in (*drafted, *session.loose) if p.media_id)
        empty = replace(session.without_draft(), detour="", loose=(), answering="").without_timer("remind", "album")
        return Outcome(empty, (DropMedia(gone),) if gone else ())
    return Outcome(session)
