"""What an officer does with a case in the group."""

from __future__ import annotations

from handlers import cases
from handlers.bank import BANK, OUTCOMES, OUTCOMES_TOLD
from handlers.buttons import Pressed, of_case, of_group
from handlers.card import officers_card
from handlers.cases import PROGRAMME_DESK, Case, NotAllowed, Question
from handlers.events import Actor, TextSent
from handlers.messages import Choice, L, Message, Moment, T, Text, verbatim
from handlers.outcome import Effect, Outcome, Record, SaveCase, Say, ToCentre, ToReporter
from handlers.own import redrawn, relayed
from handlers.records import replace
from handlers.routing import neighbours
from handlers.session import Remark, Session
from handlers.where import centre_name
from handlers.world import World

MAX_REMARKS = 20
MAX_WORDS = 1000
OFFERED = 6


def pressed(session: Session, tap: Pressed, actor: Actor, world: World) -> Outcome:
    """A button under a card or under one of the bot's questions to the group."""
    case = world.case
    if case is None:
        return _here(session, T("This case is no longer with this centre."))
    try:
        match tap.verb:
            case "claim":
                return _claim(session, case, actor, world)
            case "ask":
                return _ask(session, case)
            case "q" if tap.answer in BANK:
                return _question(session, case, tap.answer, "", actor, world)
            case "note":
                return _prompt(
                    session, case, "note", T("Reply to this message with your note on {code}.", code=case.code)
                )
            case "over":
                return _where_to(session, case, world)
            case "to":
                return _hand_over(session, case, tap.answer, actor, world)
            case "close":
                return _how_closed(session, case)
            case "end" if tap.answer in OUTCOMES:
                return _last_line(session, case, tap.answer)
            case "shut" if tap.answer in OUTCOMES:
                return _close(session, case, tap.answer, "", actor, world)
            case "send" | "keep":
                return _remark(session, case, tap, actor, world)
            case _:
                return Outcome(session)
    except NotAllowed:
        return _here(session, T("Case {code} is closed already.", code=case.code))


def replied(session: Session, text: TextSent, actor: Actor, world: World) -> Outcome:
    """A reply under one of our messages: what it means depends on what that message was for."""
    case, words = world.case, text.text.strip()[:MAX_WORDS]
    if case is None or not words:
        return Outcome(session)
    try:
        if world.purpose == "ask":
            return _question(session, case, "", words, actor, world)
        if world.purpose == "note":
            return _note(session, case, words, actor)
        if world.purpose.startswith("closing:"):
            return _close(session, case, world.purpose.removeprefix("closing:"), words, actor, world)
    except NotAllowed:
        return _here(session, T("Case {code} is closed already.", code=case.code))
    remark = Remark(world.fresh_draft, case.code, actor.name, words)
    choices = [Choice(of_group("keep", case.code, remark.id), L("📝 Keep as note"), wide=True)]
    if case.callback and case.open:
        choices.insert(0, Choice(of_group("send", case.code, remark.id), L("💬 Send to reporter"), wide=True))
    held = replace(session, remarks=(*session.remarks, remark)[-MAX_REMARKS:])
    ask = Message((T("{code}: what is this reply for?", code=case.code),), tuple(choices), inline=True)
    return Outcome(held, (Say((replace(ask, about=case.code),)),))


def _here(session: Session, *words: Text) -> Outcome:
    return Outcome(session, (Say((Message(words),)),))


def _name(actor: Actor) -> str:
    return actor.name or ""


def _claim(session: Session, case: Case, actor: Actor, world: World) -> Outcome:
    """The first one has it; a second one is told who, and the same one twice is harmless."""
    if case.state == "claimed" and case.claimed_at:
        if actor.key and actor.key == case.claimed_key:
            return Outcome(session)
        who = case.claimed_by or T("Another officer")
        return _here(session, T("{name} has {code} since {at}.", name=who, code=case.code, at=Moment(case.claimed_at)))
    changed = cases.claim(case, _name(actor), actor.key, world.now)
    line = T("✋ {code}: {name} is on it.", code=case.code, name=actor.name or T("An officer"))
    return Outcome(
        session, (SaveCase(changed), Record(case.code, _name(actor), "claimed"), redrawn(changed, world, line))
    )


def _prompt(session: Session, case: Case, purpose: str, words: Text, choices: tuple[Choice, ...] = ()) -> Outcome:
    message = Message((words,), choices, about=case.code, purpose=purpose, under=case.code, inline=True, reply_box=True)
    return Outcome(session, (Say((message,)),))


def _ask(session: Session, case: Case) -> Outcome:
    if not case.open:
        raise NotAllowed("ask")
    if not case.callback:
        return _here(session, T("The reporter of {code} does not want questions.", code=case.code))
    ready = tuple(Choice(of_group("q", case.code, key), q.label) for key, q in BANK.items())
    words = T("{code}: choose a question, or reply to this message with your own.", code=case.code)
    return _prompt(session, case, "ask", words, ready)


def _question(session: Session, case: Case, ready: str, words: str, actor: Actor, world: World) -> Outcome:
    """Send a question to the reporter: "the centre" asks, never an officer by name."""
    if not case.callback:
        return _here(session, T("The reporter of {code} does not want questions.", code=case.code))
    changed = cases.ask(case, ready, words)
    asked = BANK[ready].question if ready else verbatim(words)
    told = T("❓ {code}: asked the reporter: {question}", code=case.code, question=asked)
    return Outcome(
        session,
        (
            SaveCase(changed),
            Record(case.code, _name(actor), "asked", ready or words),
            Say((to_reporter(case, changed.questions[-1]),), ToReporter(case.code)),
            Say((relayed(case, told),)),
        ),
    )


def to_reporter(case: Case, question: Question) -> Message:
    """The question as the reporter reads it. Own words of an officer always carry the same caution: a program cannot tell
    which of them try to find out who the reporter is."""
    lines: list[Text] = [T("💬 The centre asks about your report {code}:", code=case.code)]
    choices: list[Choice] = []
    if question.ready in BANK:
        ready = BANK[question.ready]
        lines += [ready.question, T("Do not say who you are.")]
        choices = [Choice(of_case(case.code, question.number, key), label) for key, label in ready.answers.items()]
    else:
        lines.append(verbatim(question.text))
        lines.append(
            T("⚠️ You need not answer. Do not open links or call numbers. Do not say who you are or where you are.")
        )
    choices.append(Choice(of_case(case.code, question.number, "words"), L("✍️ Own words")))
    return Message(tuple(lines), tuple(choices), about=case.code, inline=True)


def _note(session: Session, case: Case, words: str, actor: Actor) -> Outcome:
    effects: tuple[Effect, ...] = (Record(case.code, _name(actor), "noted", words),)
    return Outcome(session, (*effects, Say((Message((T("📝 {code}: noted.", code=case.code),)),))))


def _remark(session: Session, case: Case, tap: Pressed, actor: Actor, world: World) -> Outcome:
    """The officer decided what the reply under the card was meant for."""
    remark = next((r for r in session.remarks if r.id == tap.answer and r.case == case.code), None)
    if remark is None:
        return Outcome(session)  # decided already, by this or another tap
    rest = replace(session, remarks=tuple(r for r in session.remarks if r != remark))
    if tap.verb == "send":
        return _question(rest, case, "", remark.text, actor, world)
    return _note(rest, case, remark.text, actor)


def _where_to(session: Session, case: Case, world: World) -> Outcome:
    if not case.open:
        raise NotAllowed("hand over")
    codes = [*neighbours(case.place, case.centre, world.places)[:OFFERED], case.centre[:2], PROGRAMME_DESK]
    offered = [c for c in dict.fromkeys(codes) if c != case.centre and _may_have(c, case)]
    choices = tuple(Choice(of_group("to", case.code, c), centre_name(c, world.places), wide=True) for c in offered)
    message = Message((T("{code}: hand over to whom?", code=case.code),), choices, about=case.code, inline=True)
    return Outcome(session, (Say((message,)),))


def _hand_over(session: Session, case: Case, centre: str, actor: Actor, world: World) -> Outcome:
    """The card moves, the trail stays."""
    if centre == case.centre or not _is_centre(centre, world) or not _may_have(centre, case):
        return Outcome(session)
    changed = cases.hand_over(case, centre)
    old, new = centre_name(case.centre, world.places), centre_name(centre, world.places)
    gone = T("↪ {code} was handed over to: {centre}", code=case.code, centre=new)
    came = T("↪ {code} comes from: {centre}", code=case.code, centre=old)
    moved = Message((gone,), replace=case.code, instead=gone, about=case.code, inline=True)
    return Outcome(
        session,
        (
            SaveCase(changed),
            Record(case.code, _name(actor), "handed over", centre),
            Say((moved,), ToCentre(case.centre)),
            Say((Message((came,)), officers_card(changed, world.settings, world.places)), ToCentre(centre)),
        ),
    )


def _may_have(centre: str, case: Case) -> bool:
    """A case from which the reporter left out the police stays above the districts, whose groups have police."""
    return "police" not in case.hide_from or len(centre) != 4 or centre == PROGRAMME_DESK


def _is_centre(code: str, world: World) -> bool:
    served = world.places.served()
    return code == PROGRAMME_DESK or code in served or any(s.startswith(code) for s in served if len(code) == 2)


def _how_closed(session: Session, case: Case) -> Outcome:
    if not case.open:
        raise NotAllowed("close")
    choices = tuple(Choice(of_group("end", case.code, key), label) for key, label in OUTCOMES.items())
    message = Message((T("{code}: how did it end?", code=case.code),), choices, about=case.code, inline=True)
    return Outcome(session, (Say((message,)),))


def _last_line(session: Session, case: Case, outcome: str) -> Outcome:
    if not case.open:
        raise NotAllowed("close")
    words = T("{code}: reply to this message with a line for the reporter, or just close.", code=case.code)
    choice = Choice(of_group("shut", case.code, outcome), L("✅ Just close"), wide=True)
    return _prompt(session, case, f"closing:{outcome}", words, (choice,))


def _close(session: Session, case: Case, outcome: str, words: str, actor: Actor, world: World) -> Outcome:
    """Close, tell the group and the reporter, who can say that it still goes on."""
    changed = cases.close(case, outcome, world.now, words)
    line = T("{code} closed: {outcome}", code=case.code, outcome=OUTCOMES[outcome])
    return Outcome(
        session,
        (
            SaveCase(changed),
            Record(case.code, _name(actor), "closed", f"{outcome} {words}".strip()),
            redrawn(changed, world),
            Say((relayed(case, line),), ToCentre(case.centre)),
            Say((closed_to_reporter(changed),), ToReporter(case.code)),
        ),
    )


def closed_to_reporter(case: Case) -> Message:
    """How the reporter hears of the end, without a word of the content."""
    lines = [T("☑️ Your report {code} is closed.", code=case.code)]
    if case.outcome in OUTCOMES_TOLD:
        lines.append(OUTCOMES_TOLD[case.outcome])
    if case.last_words:
        lines.append(T("The centre says: {words}", words=case.last_words))
    lines.append(T("Thank you."))
    again = Choice(of_case(case.code, 0, "still"), L("🔄 Still going on"))
    return Message(tuple(lines), (again,), about=case.code, inline=True)
