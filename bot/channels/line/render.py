"""Shown messages into ready LINE calls: at most five message objects each, so that a turn is one reply or one push.

A payload's body is {"messages": [objects], "quickReply": {…}}. The quick replies stand apart because only those of the
very last object are shown, and which object that is turns out at sending, when media may be missing (`filled`).

Numbers: LINE's quick replies exist on phones only and vanish with the next message, so a question with at least two
answers also lists them in its text, numbered from 1 over the choices with `asks == ""`, in the order of
`Message.choices`. The engine accepts a typed number by that same rule on every channel (`handlers/asking.py`, `typed`).
A message with `numbered == False` waits for words in which a number may be the answer, and lists none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.base import Deliverable, Payload, Shown, ShownChoice, ShownLink
from bot.channels.line import flex
from bot.channels.line.attachments import arrange, fill, media_ids
from bot.channels.line.measure import cut_clusters, split_units

Object = dict[str, Any]

OBJECTS = 5
"""Message objects in one call (developers.line.biz, send reply / push message)."""
TEXT_UNITS = 5000
"""UTF-16 units of a text message."""
QUICK_REPLIES = 13
QUICK_REPLY_CLUSTERS = 20
PHONE_ACTIONS = {"location": "location", "camera": "camera", "album": "cameraRoll"}


def pack(messages: Sequence[Shown]) -> tuple[Payload, ...]:
    """Ready calls for these messages to one chat; see `Channel.pack`."""
    batches: list[_Batch] = []
    quick: Sequence[ShownChoice] = ()
    for shown in messages:
        objects = _objects(shown)
        if not objects:
            continue
        quick = quick if shown.replace else _quick(shown) or quick
        for start in range(0, len(objects), OBJECTS):
            _add(batches, shown, objects[start : start + OBJECTS])
    # Only what stands last in the chat can be tapped: an open question's choices go there, even past a later remark.
    return tuple(batch.payload(quick if batch is batches[-1] else ()) for batch in batches)


def filled(body: Mapping[str, Any], media: Mapping[str, Deliverable]) -> list[Object]:
    """The final message objects of a payload's body; empty if nothing can be shown."""
    objects = fill(body["messages"], media)
    if objects and "quickReply" in body:
        objects[-1]["quickReply"] = body["quickReply"]
    return objects


@dataclass(slots=True)
class _Batch:
    """Objects that share a call, and what is remembered with their ids."""

    about: str
    purpose: str
    objects: list[Object] = field(default_factory=list)

    def takes(self, shown: Shown, count: int) -> bool:
        """Whether `count` objects of this message fit in and mean the same when somebody quotes them."""
        if len(self.objects) + count > OBJECTS:
            return False
        if not self.about or not shown.about:
            return True
        return self.about == shown.about and (self.purpose == shown.purpose or not self.purpose or not shown.purpose)

    def payload(self, quick: Sequence[ShownChoice]) -> Payload:
        body: Object = {"messages": self.objects}
        if quick:
            body["quickReply"] = {"items": [_quick_item(choice) for choice in quick[:QUICK_REPLIES]]}
        return Payload(body, media=tuple(media_ids(self.objects)), about=self.about, purpose=self.purpose)


def _add(batches: list[_Batch], shown: Shown, objects: list[Object]) -> None:
    if not batches or not batches[-1].takes(shown, len(objects)):
        batches.append(_Batch(shown.about, shown.purpose))
    batch = batches[-1]
    batch.objects += objects
    batch.about = batch.about or shown.about
    batch.purpose = batch.purpose or shown.purpose


def _objects(shown: Shown) -> list[Object]:
    """All objects of one message. LINE cannot edit: instead of redrawing a card it says what there is to say."""
    if shown.replace:
        return _texts(shown.instead or "")
    if shown.card is not None:
        bubble, cut = flex.card_bubble(shown, shown.card)
        base = [flex.message(shown.text or shown.card.title, bubble), *_rest(shown, cut)]
    elif shown.inline and (shown.links or any(not choice.asks for choice in shown.choices)):
        bubble, cut = flex.text_bubble(shown)
        base = [*_rest(shown, cut), flex.message(shown.text, bubble)]
    else:
        base = _texts(_words(shown))
    return base + arrange(shown.attachments, OBJECTS - len(base))


def _rest(shown: Shown, cut: Sequence[str]) -> list[Object]:
    """In full, what a bubble could only show shortened, and the links that LINE makes no button of."""
    links = [_link_lines(link) for link in shown.links if not flex.can_open(link.url)]
    return _texts("\n\n".join([*cut, *links]))


def _texts(words: str) -> list[Object]:
    return [{"type": "text", "text": piece} for piece in split_units(words, TEXT_UNITS)]


def _words(shown: Shown) -> str:
    """The text of a message without a bubble, with its links and its numbered answers."""
    links = [_link_lines(link) for link in shown.links]
    words = "\n\n".join(part for part in (shown.text.strip(), *links, numbered(shown)) if part)
    # Quick replies need something to stand under, even under a message without words.
    return words or next((choice.label for choice in shown.choices), "")


def _link_lines(link: ShownLink) -> str:
    return f"{link.label}\n{link.url}"


def numbered(shown: Shown) -> str:
    """The answers as lines "1 🚨 …", by the rule of this module's docstring; "" if there are fewer than two."""
    answers = [choice.label.strip() for choice in shown.choices if not choice.asks] if shown.numbered else []
    return "\n".join(f"{number} {label}" for number, label in enumerate(answers, 1)) if len(answers) > 1 else ""


def _quick(shown: Shown) -> tuple[ShownChoice, ...]:
    """The choices that become quick replies: those that no bubble holds, and the phone's features in any case."""
    if shown.inline or shown.card is not None:
        return tuple(choice for choice in shown.choices if choice.asks)
    return shown.choices


def _quick_item(choice: ShownChoice) -> Object:
    label = cut_clusters(choice.label.strip(), QUICK_REPLY_CLUSTERS) or "…"
    action = {"type": PHONE_ACTIONS[choice.asks], "label": label} if choice.asks else flex.postback(choice, label)
    return {"type": "action", "action": action}
