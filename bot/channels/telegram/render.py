"""From a message in one language to ready Bot API calls: plain text only, each within Telegram's limits.

A call is stored as {"method", "params"} without the chat; `dispatch.py` adds that and what is known only when it is
sent. Two forms differ: {"method": "editMessageText", …, "instead": params or null} and {"method": "media", "items"}.

How choices look
- Buttons under the message (inline keyboard), because they carry a value and stay with their question.
- Telegram can ask for a location only through the keyboard that replaces the phone's own (reply keyboard), and a
  message has only one of the two. A question that asks for a location therefore shows all its choices there, the
  location first; a tap on one of the others arrives as its label, which the conversation understands like typed words.
  It is a one-time keyboard: the phone folds it away after a tap. What then comes without buttons takes it off for good;
  nothing has to be remembered for that, because taking off a keyboard that is not there does nothing.
- The camera and the album have no button in Telegram: the paper clip stands beside the text field already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.base import Payload, Shown, ShownCard, ShownChoice, ShownLink
from bot.channels.telegram.split import TEXT_LIMIT, shorten, split
from handlers.messages import Attachment

CALLBACK_BYTES = 64
"""Bytes of callback_data (Bot API reference, InlineKeyboardButton)."""

ALBUM_LIMIT = 10
"""Items of one sendMediaGroup, at least 2 (Bot API reference)."""

_SHORT_LABEL = 16
"""Code points up to which two buttons fit beside each other on a narrow phone."""

_NO_WORDS = "👇"
"""Telegram refuses buttons without a text above them."""

_PREVIEWS_OFF = {"is_disabled": True}
"""A preview would have Telegram's servers fetch links that people sent us, and fill the group with pictures."""

Params = dict[str, Any]


def pack(messages: Sequence[Shown]) -> tuple[Payload, ...]:
    """The calls for these messages, in order."""
    return tuple(payload for message in messages for payload in _one(message))


def _one(message: Shown) -> list[Payload]:
    calls = [_edited(message)] if message.replace else _texts(message)
    # Pictures of a card hang under it; it has been sent by then, since a chat's calls go out in order.
    under = message.about if message.card and message.about else message.under
    return calls + [_media(items, message.about, under) for items in _albums(message.attachments)]


def _texts(message: Shown) -> list[Payload]:
    asks_location = any(choice.asks == "location" for choice in message.choices)
    text = _body(message, links_in_text=asks_location)
    markup = _reply_keyboard(message.choices) if asks_location else _inline_keyboard(message)
    pieces = split(text) or ((_NO_WORDS,) if markup or message.card else ())
    if message.card and message.about:
        return _card_pieces(message, pieces, markup)
    calls = []
    for number, piece in enumerate(pieces, start=1):
        last = number == len(pieces)
        params = _send(piece, (markup or _no_buttons(message)) if last else None)
        under = message.under if number == 1 else ""
        calls.append(Payload(params, about=message.about, purpose=message.purpose, under=under))
    return calls


def _card_pieces(message: Shown, pieces: Sequence[str], markup: Params | None) -> list[Payload]:
    """A card's buttons and purpose stay on its first piece, the one that is redrawn later; the rest hangs under it."""
    head = Payload(
        _send(pieces[0], markup or _no_buttons(message)),
        about=message.about,
        purpose=message.purpose,
        under=message.under,
    )
    return [head, *(Payload(_send(p, None), about=message.about, under=message.about) for p in pieces[1:])]


def _send(text: str, markup: Params | None) -> Mapping[str, Any]:
    params: Params = {"text": text, "link_preview_options": _PREVIEWS_OFF}
    if markup:
        params["reply_markup"] = markup
    return {"method": "sendMessage", "params": params}


def _no_buttons(message: Shown) -> Params | None:
    """A message with one of these can never be edited, so a card, which is redrawn later, has neither."""
    if message.card:
        return None
    return {"force_reply": True} if message.reply_box else {"remove_keyboard": True}


def _edited(message: Shown) -> Payload:
    """A redrawn card. A second piece cannot be added to a message that is out: what is too long ends in an ellipsis."""
    params: Params = {
        "text": shorten(_body(message, links_in_text=False), TEXT_LIMIT) or _NO_WORDS,
        "link_preview_options": _PREVIEWS_OFF,
    }
    markup = _inline_keyboard(message)
    if markup:
        params["reply_markup"] = markup
    instead: Params | None = None
    if message.instead and message.instead.strip():
        instead = {"text": shorten(message.instead, TEXT_LIMIT), "link_preview_options": _PREVIEWS_OFF}
    body = {"method": "editMessageText", "params": params, "instead": instead}
    return Payload(body, about=message.about, purpose=message.purpose, replace=message.replace)


def _body(message: Shown, *, links_in_text: bool) -> str:
    """The words of the message: the card line by line, or its text, then links that cannot be buttons."""
    blocks = [_card(message.card) if message.card else message.text.strip()]
    lines = [_line(link) for link in message.links if links_in_text or not _opens(link)]
    return "\n\n".join(block for block in (*blocks, "\n".join(lines)) if block)


def _card(card: ShownCard) -> str:
    rows = [f"{label}: {value}" if label else value for label, value in card.rows]
    blocks = (card.title, "\n".join(rows), "\n".join(card.footer))
    return "\n\n".join(block.strip() for block in blocks if block.strip())


def _opens(link: ShownLink) -> bool:
    """Whether Telegram takes the link as a button; it refuses "tel:" and the like."""
    return link.url.startswith(("https://", "http://", "tg://"))


def _line(link: ShownLink) -> str:
    return f"{link.label}: {link.url.removeprefix('tel:')}"


def _inline_keyboard(message: Shown) -> Params | None:
    buttons = [
        (choice.wide, {"text": choice.label, "callback_data": _value(choice)})
        for choice in message.choices
        if not choice.asks
    ]
    buttons += [(False, {"text": link.label, "url": link.url}) for link in message.links if _opens(link)]
    return {"inline_keyboard": _rows(buttons)} if buttons else None


def _value(choice: ShownChoice) -> str:
    """Values are ours and short; one that is not would have the whole message refused, so it is cut, and a tap on it is
    answered like one on an old button."""
    return choice.value.encode()[:CALLBACK_BYTES].decode(errors="ignore") or "-"


def _reply_keyboard(choices: Sequence[ShownChoice]) -> Params:
    buttons: list[tuple[bool, Params]] = [
        (True, {"text": choice.label, "request_location": True}) for choice in choices if choice.asks == "location"
    ]
    buttons += [(choice.wide, {"text": choice.label}) for choice in choices if not choice.asks]
    return {"keyboard": _rows(buttons), "resize_keyboard": True, "one_time_keyboard": True}


def _rows(buttons: Sequence[tuple[bool, Params]]) -> list[list[Params]]:
    """Two short buttons a row; wide and long ones alone."""
    rows: list[list[Params]] = []
    open_row = False
    for wide, button in buttons:
        alone = wide or len(button["text"]) > _SHORT_LABEL
        if open_row and not alone:
            rows[-1].append(button)
            open_row = False
        else:
            rows.append([button])
            open_row = not alone
    return rows


def _albums(attachments: Sequence[Attachment]) -> list[list[Attachment]]:
    """Photos and videos together, up to ten a call and evenly; voice notes and files one by one."""
    visual = [a for a in attachments if a.kind in ("photo", "video")]
    calls = -(-len(visual) // ALBUM_LIMIT)
    albums = [visual[len(visual) * i // calls : len(visual) * (i + 1) // calls] for i in range(calls)]
    return albums + [[a] for a in attachments if a.kind not in ("photo", "video")]


def _media(items: Sequence[Attachment], about: str, under: str) -> Payload:
    body = {"method": "media", "items": [{"media_id": a.media_id, "kind": a.kind} for a in items]}
    return Payload(body, media=tuple(a.media_id for a in items), about=about, under=under)
