"""How a case looks: in the centre's group, to a coordinator, and back to the reporter who checks it before sending."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.bank import OUTCOMES
from handlers.buttons import of_coordinator, of_group
from handlers.cases import Case, Sighting
from handlers.messages import Attachment, Card, Choice, L, Link, Message, Moment, Row, T, Text, verbatim
from handlers.occurred import when_text
from handlers.routing import beside, rounded
from handlers.session import Part, Place
from handlers.where import listed, map_link, place_text
from handlers.world import Places, Settings

RELAY = "relay"
"""The purpose of messages that hang under a card (`Message.purpose`)."""
MAX_WORDS = 1500
"""Characters of the reporter's words on a card; the rest is in the case. Keeps a card within one Telegram message."""

LANGUAGE_NAMES = {"th": T("Thai"), "lo": T("Lao"), "km": T("Khmer"), "en": T("English")}


def kind_text(kind: str, settings: Settings) -> Text:
    """The label of an incident kind, also of one that the deployment has dropped since."""
    found = next((k for k in settings.kinds if k.key == kind), None)
    return T("{emoji} {kind}", emoji=found.emoji, kind=found.label) if found else verbatim(kind)


def officers_card(case: Case, settings: Settings, places: Places) -> Message:
    """The card of a case for its centre's group, as it stands now, with what officers can do."""
    return Message(
        card=Card(_title(case, settings), case.urgent and case.open, _rows(case, places), _footer(case, places)),
        choices=_actions(case),
        links=(map_link(case.place.latitude, case.place.longitude),)
        if case.place.latitude is not None and case.place.longitude is not None
        else (),
        attachments=attached(case.parts),
        about=case.code,
        purpose="card",
        inline=True,
    )


def _title(case: Case, settings: Settings) -> Text:
    kind = kind_text(case.kind, settings)
    if case.urgent and case.open:
        return T("🔴 URGENT {code} · {kind}", code=case.code, kind=kind)
    return T("📣 {code} · {kind}", code=case.code, kind=kind)


def _rows(case: Case, places: Places) -> tuple[Row, ...]:
    rows = [Row(T("When"), when_text(case)), Row(T("Where"), place_text(case.place, places))]
    if position := _position(case.place, places):
        rows.append(Row(T("Point"), position))
    if doubt := _doubt(case.place):
        rows.append(Row(T("Note"), doubt))
    if case.safe == "no":
        rows.append(Row(T("Reporter"), T("says: I am not safe")))
    if "police" in case.hide_from:
        rows.append(Row(T("Note"), T("The reporter does not want the district's police to know.")))
    if "headman" in case.hide_from:
        rows.append(Row(T("Note"), T("The reporter does not want the headman to know.")))
    words = case.words()
    if words:
        shown = words if len(words) <= MAX_WORDS else words[:MAX_WORDS] + "…"
        rows.append(Row(T("Words ({language})", language=LANGUAGE_NAMES[case.language]), verbatim(shown)))
    if media := media_text(case.parts):
        rows.append(Row(T("Sent along"), media))
    if case.near:
        rows.append(Row(T("Nearby"), T("{count} more reports near this in time and place", count=case.near)))
    return tuple(rows)


def _position(place: Place, places: Places) -> Text | None:
    if place.latitude is None or place.longitude is None:
        return None
    return beside(place.latitude, place.longitude, places)


def _doubt(place: Place) -> Text | None:
    if place.abroad and place.certainty == "facing":
        return T("The place lies across the border; this district faces it.")
    if place.certainty == "far" and place.latitude is None:
        return T("The place lies far from any served district.")
    return {
        "nearest": T("The district has no open centre; this is the nearest one."),
        "facing": T("The pin lies outside the districts; this is the nearest border district."),
        "far": T("The pin lies far from any served district."),
        "chosen": T("The pin lay between two districts; the reporter chose."),
        "unsure": T("The pin lies between two districts; the reporter does not know which. This one is likelier."),
    }.get(place.certainty)


def attached(parts: Sequence[Part]) -> tuple[Attachment, ...]:
    """The photos, videos, voice messages and files among these pieces, to be sent along."""
    return tuple(Attachment(p.media_id, p.kind) for p in parts if p.media_id and p.kind != "text" and p.kind != "place")


def media_text(parts: Sequence[Part]) -> Text | None:
    """How many photos, videos, voice messages and files; None if there is nothing."""
    items = [
        item
        for kind, item in (
            ("photo", T("photos: {count}", count=_count(parts, "photo"))),
            ("video", T("videos: {count}", count=_count(parts, "video"))),
            ("voice", T("voice messages: {count}", count=_count(parts, "voice"))),
            ("file", T("files: {count}", count=_count(parts, "file"))),
        )
        if _count(parts, kind)
    ]
    return listed(items) if items else None


def _count(parts: Sequence[Part], kind: str) -> int:
    return sum(p.kind == kind for p in parts)


def _footer(case: Case, places: Places) -> tuple[Text, ...]:
    lines: list[Text] = []
    if case.state == "new":
        lines.append(T("⏳ Nobody has taken this case yet."))
    if case.claimed_at:
        lines.append(
            T("✋ {name} is on it since {at}", name=case.claimed_by or T("An officer"), at=Moment(case.claimed_at))
        )
    if case.state == "closed":
        lines.append(T("Closed: {outcome}", outcome=OUTCOMES.get(case.outcome, verbatim(case.outcome))))
    if case.state == "withdrawn":
        lines.append(T("↩️ The reporter took this report back."))
    return (*lines, *(sighting_text(s, places) for s in case.sightings))


def sighting_text(sighting: Sighting, places: Places) -> Text:
    """One coordinator's answer as a line."""
    who, at = who_text(sighting.by, places), Moment(sighting.at, "clock")
    match sighting.answer:
        case "seen":
            return T("👁 {who} sees it too ({at})", who=who, at=at)
        case "unseen":
            return T("⚪ {who} does not see it ({at})", who=who, at=at)
        case _:
            return T("🚶 {who} goes and looks ({at})", who=who, at=at)


def who_text(area: str, places: Places) -> Text:
    """A coordinator by office, never by name: "headman of village no. 4" or "kamnan of Na Tan"."""
    if "-" in area:
        return T("headman of village no. {number}", number=int(area.partition("-")[2]))
    found = places.area(area)
    return T("subdistrict headman of {name}", name=found.name) if found else T("subdistrict headman")


def _actions(case: Case) -> tuple[Choice, ...]:
    if not case.open:
        return ()
    choices = [] if case.claimed_at else [Choice(of_group("claim", case.code), L("✋ I'm on it"), wide=True)]
    if case.callback:
        choices.append(Choice(of_group("ask", case.code), L("❓ Ask the reporter"), wide=True))
    return (
        *choices,
        Choice(of_group("note", case.code), L("📝 Note")),
        Choice(of_group("over", case.code), L("↪ Hand over")),
        Choice(of_group("close", case.code), L("✅ Close")),
    )


def more_words(case: Case) -> tuple[Message, ...]:
    """What of a long story does not fit the card, to follow under it."""
    rest = case.words()[MAX_WORDS:]
    if not rest:
        return ()
    text = (T("{code}: the words go on", code=case.code), verbatim("…" + rest))
    return (Message(text, about=case.code, purpose=RELAY, under=case.code),)


def coordinators_alert(case: Case, settings: Settings, places: Places) -> Message:
    """What a headman learns: kind, when, the rounded place and the case code. Never words, photos or the exact point."""
    place = Place(district=case.place.district, subdistrict=case.place.subdistrict)
    rows = [Row(T("When"), when_text(case, own_words=False))]
    rows.append(Row(T("Where"), place_text(place, places)))
    links: tuple[Link, ...] = ()
    if case.place.latitude is not None and case.place.longitude is not None:
        rows.append(Row(T("Note"), T("The point on the map is rounded to about 1 km.")))
        links = (map_link(*rounded(case.place.latitude, case.place.longitude)),)
    return Message(
        card=Card(_title(case, settings), case.urgent, tuple(rows), (T("Do not put yourself in danger."),)),
        choices=(
            Choice(of_coordinator("seen", case.code), L("👁 Seen")),
            Choice(of_coordinator("unseen", case.code), L("⚪ Not seen")),
            Choice(of_coordinator("going", case.code), L("🚶 I go and look")),
        ),
        links=links,
        about=case.code,
        inline=True,
    )
