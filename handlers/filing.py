"""A draft becomes a case: where it goes, who is told, and the receipt."""

from __future__ import annotations

from handlers.card import coordinators_alert, more_words, officers_card
from handlers.cases import Case
from handlers.emergency import police
from handlers.messages import Message, T
from handlers.outcome import Effect, FileReport, Record, Say, ToCentre, ToCoordinators
from handlers.picking import open_today
from handlers.routing import desks
from handlers.session import Draft, Place, Session
from handlers.where import centre_name
from handlers.world import World


def filed(draft: Draft, session: Session, world: World) -> tuple[Case, tuple[Effect, ...]]:
    """The case, and everything that its filing sets going."""
    place = open_today(draft.place or Place(), world.places)
    centre = place.centre
    if "police" in draft.hide_from:
        chain = desks(centre)
        centre = chain[min(1, len(chain) - 1)]
    case = Case(
        code=world.fresh_code,
        kind=draft.kind,
        created=world.now,
        centre=centre,
        place=place,
        language=session.language or "th",
        urgent=draft.when == "now",
        when=draft.when,
        when_at=draft.when_at,
        when_about=draft.when_about,
        safe=draft.safe,
        callback=bool(draft.callback),
        hide_from=draft.hide_from,
        parts=draft.parts,
        near=world.near,
    )
    effects: list[Effect] = [
        FileReport(case),
        Record(case.code, "reporter", "filed", place.certainty),
        Say((officers_card(case, world.settings, world.places), *more_words(case)), ToCentre(centre)),
    ]
    if not draft.hide_from and place.subdistrict:
        delay = (0, 0) if case.urgent else world.settings.headman_delay_s
        alert = coordinators_alert(case, world.settings, world.places)
        effects.append(Say((alert,), ToCoordinators(place.subdistrict, place.village), delay))
    effects.append(Say((receipt(case, world),)))
    return case, tuple(effects)


def receipt(case: Case, world: World) -> Message:
    """Code, who has it, what comes next, how to add, how to withdraw. Nothing of the content: the phone may be seized."""
    reached = _reached(case.centre, world)
    name = centre_name(reached or case.centre, world.places)
    if reached:
        where = T("It is now with: {centre}", centre=name)
    else:
        where = T(
            "It is saved. It cannot be sent to {centre} yet. It goes there as soon as that is possible.", centre=name
        )
    why = {
        "far": T("The place is far from the districts that take part, so the programme office looks at it."),
        "nearest": T("Your district has no centre of its own yet, so the nearest one takes it."),
        "facing": T("The place is outside our districts, so the nearest border district takes it."),
    }
    lines = [T("✅ Sent. Your report has the code {code}", code=case.code), where]
    if (reached or case.centre) == case.place.centre and case.place.certainty in why:
        lines.append(why[case.place.certainty])
    if case.urgent or not reached:
        lines.append(T("🚨 In danger? Call {police}.", police=police(case.language, world.settings)))
    if reached:
        lines.append(
            T("An officer reads it next. If you allowed questions, they come here.")
            if case.callback
            else T("An officer reads it next.")
        )
    lines.append(T("To add something, just send it here at any time. To see the status or take it back: /mine"))
    lines.append(T("To hide this chat quickly: /hide"))
    return Message(tuple(lines))


def _reached(centre: str, world: World) -> str:
    """The centre or desk whose groups get the case now; "" while nobody is linked who could."""
    if world.linked is None:
        return centre
    return next((code for code in desks(centre) if code in world.linked), "")
