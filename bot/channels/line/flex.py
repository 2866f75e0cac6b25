"""Flex Messages: a case's card and other bubbles whose buttons stay tappable in the chat.

Limits (developers.line.biz, Flex Message reference): bubble 30 KB of JSON, carousel 12 bubbles and 50 KB, altText 1500
UTF-16 units, button label 40 clusters, URI 1000 characters, and no text component may be empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import orjson

from bot.channels.base import Shown, ShownCard, ShownChoice, ShownLink
from bot.channels.line.measure import clusters, cut_clusters, cut_units, units

Object = dict[str, Any]

ALT_TEXT_UNITS = 1500
BUBBLE_BYTES = 28_000
"""LINE allows 30 KB; the margin covers that it may count another spelling of the same JSON."""
BUTTON_CLUSTERS = 40
CAROUSEL_BUBBLES = 12
DISPLAY_UNITS = 300
"""Longest displayText of a postback action."""
URI_CHARACTERS = 1000
LONG_VALUE = 120
"""Values over this many characters stand under their label and not beside it."""
SHORT_LABEL = 10
"""Labels up to this many clusters stand two in a row."""

URGENT, CALM, GREY, BLACK, WHITE = "#B3261E", "#1F4E79", "#5F6B7A", "#111111", "#FFFFFF"


def message(alt_text: str, contents: Object) -> Object:
    """A Flex message; `alt_text` is what notifications and old devices show."""
    return {"type": "flex", "altText": cut_units(alt_text.strip(), ALT_TEXT_UNITS) or "…", "contents": contents}


def card_bubble(shown: Shown, card: ShownCard) -> tuple[Object, list[str]]:
    """The card with its buttons, and the full text of values that had to be shortened to keep it within 30 KB."""
    full = [card.title, *card.footer, *(part for row in card.rows for part in row)]
    texts = list(full)
    footers = len(card.footer)

    def build() -> Object:
        rows = texts[1 + footers :]
        pairs = list(zip(rows[::2], rows[1::2], strict=True))
        return _card(texts[0], card.urgent, pairs, texts[1 : 1 + footers], shown)

    bubble = _fitted(build, texts)
    cut = [whole for whole, short in zip(full, texts, strict=True) if whole != short]
    return bubble, cut


def text_bubble(shown: Shown) -> tuple[Object, list[str]]:
    """A message's words with its buttons under them; see `card_bubble` for the second value."""
    texts = [shown.text]

    def build() -> Object:
        body = [_text(texts[0], color=BLACK)] if texts[0].strip() else []
        return _bubble(body, _buttons(shown))

    bubble = _fitted(build, texts)
    return bubble, [shown.text] if texts[0] != shown.text else []


def photo_carousel(photos: Sequence[tuple[str, str]]) -> Object:
    """Up to 12 pictures side by side, as (address of the picture, address of its small form); a tap opens it."""
    bubbles = [
        {
            "type": "bubble",
            "size": "kilo",
            "hero": {
                "type": "image",
                "url": preview,
                "size": "full",
                "aspectRatio": "1:1",
                "aspectMode": "cover",
                "action": {"type": "uri", "label": str(number), "uri": url},
            },
        }
        for number, (url, preview) in enumerate(photos[:CAROUSEL_BUBBLES], 1)
    ]
    return {"type": "carousel", "contents": bubbles}


def link_bubble(links: Sequence[ShownLink]) -> Object:
    """Buttons that open addresses, and nothing else."""
    return _bubble([_link(link) for link in links], [])


def postback(choice: ShownChoice, label: str) -> Object:
    """The action of an answer. The whole label appears in the chat as the person's words, so it reads naturally."""
    return {
        "type": "postback",
        "label": label,
        "data": choice.value,
        "displayText": cut_units(choice.label.strip(), DISPLAY_UNITS) or "…",
    }


def can_open(url: str) -> bool:
    """Whether LINE takes this as a URI action."""
    return url.startswith(("https://", "http://", "tel:")) and len(_address(url)) <= URI_CHARACTERS


def _fitted(build: Any, texts: list[str]) -> Object:
    """Build, shortening the longest of `texts` in place until the bubble is small enough."""
    bubble: Object = build()
    while (excess := len(orjson.dumps(bubble)) - BUBBLE_BYTES) > 0:
        longest = max(range(len(texts)), key=lambda i: len(texts[i].encode()))
        length = units(texts[longest])
        # A unit is at most three bytes of UTF-8; a step never takes more than a half, so that several long texts share.
        keep = max(length - excess // 3 - 2, length // 2)
        if keep < 2:
            break
        texts[longest] = cut_units(texts[longest], keep)
        bubble = build()
    return bubble


def _card(title: str, urgent: bool, rows: Sequence[tuple[str, str]], footers: Sequence[str], shown: Shown) -> Object:
    body: list[Object] = [_row(label, value) for label, value in rows]
    if footers:
        body.append({"type": "separator", "margin": "md"})
        body += [_text(line, size="xs", color=GREY) for line in footers]
    colour = URGENT if urgent else CALM
    header = {
        "type": "box",
        "layout": "vertical",
        "backgroundColor": colour,
        "paddingAll": "12px",
        "contents": [_text(title, size="lg", color=WHITE, weight="bold")],
    }
    return {"header": header, **_bubble(body, _buttons(shown))}


def _bubble(body: list[Object], buttons: list[Object]) -> Object:
    bubble: Object = {"type": "bubble", "size": "mega"}
    if body:
        bubble["body"] = {"type": "box", "layout": "vertical", "spacing": "sm", "paddingAll": "12px", "contents": body}
    if buttons:
        bubble["footer"] = {"type": "box", "layout": "vertical", "spacing": "xs", "contents": buttons}
    return bubble


def _row(label: str, value: str) -> Object:
    """A label with its value beside it; a long value gets the whole width under it."""
    texts = [_text(label, size="sm", color=GREY, flex=2), _text(value, size="sm", color=BLACK, flex=5)]
    long = len(value) > LONG_VALUE
    return {"type": "box", "layout": "vertical" if long else "horizontal", "spacing": "sm", "contents": texts}


def _text(text: str, size: str = "md", color: str = BLACK, flex: int | None = None, weight: str = "regular") -> Object:
    component: Object = {"type": "text", "text": text if text.strip() else "–", "size": size, "color": color}
    component |= {"wrap": True, "weight": weight}
    if flex is not None:
        component["flex"] = flex
    return component


def _buttons(shown: Shown) -> list[Object]:
    """Answers, two short ones in a row, then links. Features of the phone exist only as quick replies."""
    rows: list[list[ShownChoice]] = []
    for choice in shown.choices:
        if choice.asks:
            continue
        narrow = not choice.wide and len(clusters(choice.label)) <= SHORT_LABEL
        if narrow and rows and len(rows[-1]) == 1 and not _alone(rows[-1][0]):
            rows[-1].append(choice)
        else:
            rows.append([choice])
    out = [_answer(row[0]) if len(row) == 1 else _pair([_answer(choice) for choice in row]) for row in rows]
    return out + [_link(link) for link in shown.links if can_open(link.url)]


def _alone(choice: ShownChoice) -> bool:
    return choice.wide or len(clusters(choice.label)) > SHORT_LABEL


def _pair(contents: list[Object]) -> Object:
    return {"type": "box", "layout": "horizontal", "spacing": "xs", "contents": contents}


def _answer(choice: ShownChoice) -> Object:
    label = cut_clusters(choice.label.strip(), BUTTON_CLUSTERS) or "…"
    action = postback(choice, label)
    return {"type": "button", "style": "secondary", "height": "sm", "adjustMode": "shrink-to-fit", "action": action}


def _link(link: ShownLink) -> Object:
    label = cut_clusters(link.label.strip(), BUTTON_CLUSTERS) or "…"
    action = {"type": "uri", "label": label, "uri": _address(link.url)}
    return {"type": "button", "style": "link", "height": "sm", "adjustMode": "shrink-to-fit", "action": action}


def _address(url: str) -> str:
    """The address with everything outside ASCII percent-encoded, as LINE wants it."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")
