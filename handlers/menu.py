"""The commands of a person's chat: what each does at any moment, without losing the draft."""

from __future__ import annotations

from handlers.asking import current, question
from handlers.buttons import of_case
from handlers.emergency import police
from handlers.flow import following
from handlers.messages import Choice, L, Message, Moment, T, Text
from handlers.moves import asked, enter
from handlers.outcome import Outcome, Say
from handlers.picking import by_codes
from handlers.records import replace
from handlers.session import IDLE, Session
from handlers.steps.notice import full, short
from handlers.village_link import VillageLink
from handlers.where import place_text
from handlers.world import World

SHOWN_CASES = 5
STATUS: dict[str, Text] = {
    "new": T("received"),
    "claimed": T("an officer is on it"),
    "closed": T("closed"),
    "withdrawn": T("taken back"),
}


def command(session: Session, name: str, world: World) -> Outcome:
    """Carry out a command by its name; one that we do not have is explained."""
    match name:
        case "start":
            return start(session, world)
        case "report":
            return report(session, world)
        case "mine":
            return mine(session, world)
        case "language":
            return asked(replace(session, detour="language"), world)
        case "cancel":
            return cancel(session, world)
        case "privacy":
            return asked(session, world, *short(session, world), *full(world))
        case "forget":
            return asked(replace(session, detour="forgetting"), world)
        case "hide":
            return hide(session, world)
        case "help":
            return asked(session, world, *_help(session, world))
        case _:
            return asked(session, world, T("There is no such command."), *_help(session, world))


def start(session: Session, world: World) -> Outcome:
    """A first visit begins with the language and goes on to the report; a later one shows the menu or the draft."""
    if not session.language or session.notice != world.settings.notice_version:
        return enter(replace(session, detour=""), following(session, IDLE, "report", world), world)
    if session.draft:
        return asked(replace(session, detour="resume"), world)
    return asked(replace(session, step=IDLE, detour="", path=()), world)


def from_poster(session: Session, link: VillageLink, world: World) -> Outcome | None:
    """Somebody scanned a village's poster: the village is offered when a place is asked for, and the poster's language
    comes first in the question for the language. None for a village that cannot be: these are words like others."""
    place = by_codes(link.subdistrict, link.number, world.places, "link")
    if place is None:
        return None
    known = replace(session, home=replace(place, centre="", certainty=""), likely=link.language or session.likely)
    if not session.language or session.notice != world.settings.notice_version:
        return start(known, world)
    words = T(
        "From the poster: {place}. When you report, you can choose it with one tap.",
        place=place_text(place, world.places),
    )
    return asked(known, world, words)


def report(session: Session, world: World) -> Outcome:
    """Begin a report; an open draft is asked about first."""
    if session.draft and session.step != IDLE:
        if session.detour != "resume" and len(session.path) > 2:
            return asked(replace(session, detour="resume"), world)
        return asked(replace(session, detour=""), world)
    return enter(replace(session, detour="", path=()), following(session, IDLE, "report", world), world)


def cancel(session: Session, world: World) -> Outcome:
    """Throwing a draft away asks once; leaving a small question just goes back."""
    if session.draft and session.detour in ("", "language"):
        return asked(replace(session, detour="cancelling"), world)
    if session.detour:
        return asked(replace(session, detour="", answering=""), world)
    words = () if session.step == IDLE else (T("All right. You can come back at any time."),)
    if not session.language:
        return asked(session, world)
    return asked(replace(session, step=IDLE, path=()), world, *words)


def mine(session: Session, world: World) -> Outcome:
    """Own cases by code and state; nothing of their content, not even the district: the phone may be seized."""
    own = [c for c in world.cases if c.code in session.mine][-SHOWN_CASES:]
    if not own:
        return asked(session, world, T("You have no reports here."))
    lines = [
        T(
            "{code}: {status} ({at})",
            code=c.code,
            status=STATUS[c.state],
            at=Moment(c.closed_at or c.claimed_at or c.created),
        )
        for c in reversed(own)
    ]
    choices = tuple(
        Choice(of_case(c.code, 0, "withdraw"), L("↩️ Take back {code}", code=c.code), wide=True)
        for c in reversed(own)
        if c.open
    )
    listed = Message((T("Your reports:"), *lines), choices, inline=True)
    ask = (question(session, world),) if current(session) != IDLE else ()
    return Outcome(session, (Say((listed, *ask)),))


def hide(session: Session, world: World) -> Outcome:
    """Quick exit: a harmless message, and how to clear the chat. The place last reported is not offered again."""
    return Outcome(
        replace(session, hidden=True, hidden_at=world.now, home=None),
        (
            Say(
                (
                    Message((T("🌤 There is no weather warning today."),)),
                    Message(
                        (
                            T(
                                "To clear this chat: on LINE open the menu of this chat, then Settings, then Delete "
                                "chat. On Telegram press long on this chat, then Delete."
                            ),
                        )
                    ),
                )
            ),
        ),
    )


def neutral(session: Session) -> Outcome:
    """The answer to anything while hidden."""
    return Outcome(session, (Say((Message((T("🌤 Hello. Type /start to begin."),)),)),))


def _help(session: Session, world: World) -> tuple[Text, ...]:
    return (
        T(
            "Here you can report something to the district centre. Tap the buttons, or type the number or the words "
            "of a button."
        ),
        T(
            "/report: new report\n/mine: my reports\n/language: change the language\n/cancel: cancel\n"
            "/privacy: who sees what\n/forget: erase me\n/hide: hide this chat\n/help: this help"
        ),
        T("🚨 In danger? Call {police}.", police=police(session.language, world.settings)),
    )
