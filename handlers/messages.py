"""What we say: messages that know no language, no channel and no chat id.

A message is built from `Text`s: the English source of a catalogue entry and its values. The catalogue lookup, number and
date formats happen at the edge (`bot/i18n.py`); how buttons look is the channel's business (`bot/channels/*/render.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

VERBATIM = "{verbatim}"
"""The id of a text that is shown as it is in every language (a name, a person's own words)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as a person gave it. `at` is aware; "day" shows the date alone, "clock" the time alone."""

    at: datetime
    precision: Literal["minute", "day", "clock"] = "minute"


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name in several scripts, by locale. Shown in the reader's locale; where that is missing, in Latin letters
    for an English or Khmer reader and in Thai for a Lao reader, who reads Thai.

    `by_rule`: the locales ("lo km") whose spelling was made by rule from the Thai one. Such a spelling is nowhere written
    on the ground: the name on the road signs stands behind it in brackets."""

    th: str = ""
    en: str = ""
    lo: str = ""
    km: str = ""
    by_rule: str = ""

    @property
    def bare(self) -> Name:
        """The same without what would stand in brackets: for a button, on which there is no room."""
        return Name(self.th, self.en, self.lo, self.km)


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance in metres, shown as "350 m" or "1.2 km"."""

    metres: float


@dataclass(frozen=True, slots=True)
class Text:
    """One catalogue entry (`id` is its English source, with {named} places) and the values for its places."""

    id: str
    values: tuple[tuple[str, str | int | Text | Moment | Name | Distance], ...] = ()


def T(id: str, /, **values: str | int | Text | Moment | Name | Distance) -> Text:  # noqa: N802 - the extraction keyword
    """Mark `id` for the translators' catalogue and bind its values."""
    return Text(id, tuple(values.items()))


def L(id: str, /, **values: str | int | Text | Moment | Name | Distance) -> Text:  # noqa: N802 - the extraction keyword
    """`T` for the label of a button: translators are told, and a test checks, that it has at most 20 graphemes.

    What follows a "|" is never shown; it is a synonym that people may type instead of tapping."""
    return Text(id, tuple(values.items()))


def verbatim(words: str) -> Text:
    """Words that stay as they are in every language."""
    return Text(VERBATIM, (("verbatim", words),))


def lines(texts: Sequence[Text]) -> Text:
    """Several texts as one paragraph, a line each."""
    whole = texts[0]
    for text in texts[1:]:
        whole = Text("{first}\n{second}", (("first", whole), ("second", text)))
    return whole


Ask = Literal["", "location", "camera", "album"]
"""A feature of the phone that a choice opens instead of answering: share a location, open the camera or the album."""


@dataclass(frozen=True)
class Choice:
    """One thing to tap. `value` travels through the platform as callback data: ASCII, at most 64 bytes (Telegram).

    `label` begins with an emoji and has at most 20 grapheme clusters (LINE quick reply). `wide` choices get a row of
    their own where the channel lays out rows. A choice with `asks` carries no value of its own: the phone answers with
    a location or a picture. `signed`: typed words count as this choice only with its emoji, as a keyboard sends them;
    without it, they may mean something else of the same name.
    """

    value: str
    label: Text
    asks: Ask = ""
    wide: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Something to open in a browser or map app."""

    label: Text
    url: str


AttachmentKind = Literal["photo", "video", "voice", "file"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """Stored media to send along, by the id of its row; the channel makes an upload or a signed link of it."""

    media_id: str
    kind: AttachmentKind


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: a short label and what stands beside it."""

    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class Card:
    """The head and rows of a case's card. Channels with rich layout draw it; others print it line by line."""

    title: Text
    urgent: bool = False
    rows: tuple[Row, ...] = ()
    footer: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Message:
    """One message: paragraphs (joined by an empty line), or a card, with choices under it.

    about     case code that this message belongs to; its platform message id is remembered, so a reply finds the case
    purpose   what a reply to this message means: "card", "ask", "note", "closing" (see `handlers/centre.py`) or ""
    under     case code whose card (in the same chat) this message should hang under as a reply, where possible
    replace   case code whose card in this chat is redrawn with this message where the channel can edit; a channel that
              cannot edit sends `instead` (nothing, if that is None)
    inline    choices stay under their message (cards, old questions) and are not the chat's current quick replies
    numbered  typed numbers pick a choice; False where a number may be the answer itself (a story, a village number)
    reply_box the person is expected to answer this very message (Telegram: force_reply)
    """

    text: tuple[Text, ...] = ()
    choices: tuple[Choice, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    card: Card | None = None
    about: str = ""
    purpose: str = ""
    under: str = ""
    replace: str = ""
    instead: Text | None = None
    inline: bool = False
    reply_box: bool = False
    numbered: bool = True
