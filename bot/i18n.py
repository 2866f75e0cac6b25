"""Says a language-less message in a person's language.

Reads the translators' catalogues as they are (`locales/<language>/LC_MESSAGES/messages.po`, no compiled files beside
them) once at start. A text is a template with {named} places; what stands after a "|" in it is never shown but counts
as a synonym when somebody types the words instead of tapping (`bot/lexicon.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta, timezone
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Literal

from babel.dates import format_date
from babel.messages.pofile import PoFileError, read_po
from babel.units import format_unit

from bot.channels.base import Shown, ShownCard, ShownChoice, ShownLink
from bot.lexicon import CatalogueLexicon
from handlers.messages import VERBATIM, Card, Distance, Message, Moment, Name, Text

LANGUAGES = ("th", "lo", "km", "en")
DEFAULT_LANGUAGE = "th"
"""For a chat that has not chosen yet: Thai, the language of most chats and of every centre."""

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
"""Thailand, Laos and Cambodia all keep UTC+7 without summer time, so no time zone data has to be installed."""

PLACE = re.compile(r"\{(\w+)\}")
"""A named place of a template."""

_UNSAFE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_UNSAFE_SIGN = "\ufffd"

_NAME_ORDER = {"th": ("th", "en"), "lo": ("lo", "th", "en"), "km": ("km", "en", "th"), "en": ("en", "th")}
_UNIT_LENGTH: Mapping[str, Literal["short", "long"]] = {"th": "short", "lo": "long", "km": "long", "en": "short"}
"""Lao and Khmer readers are not used to CLDR's short forms."""
_BUDDHIST_ERA = 543  # Babel knows no Buddhist calendar

Template = tuple[str, ...]
"""Literal text at even positions, names of places at odd ones."""

Value = str | int | Text | Moment | Name | Distance


class UnusableCatalogue(Exception):
    """A catalogue is missing or cannot be read; the message is one line for the operator."""


def visible(words: str) -> str:
    """A person's words with control characters shown as a sign each, so that none can turn the text around them.

    Joiners and the zero-width space stay: Khmer, Thai and Lao need them."""
    if words.isascii() and words.isprintable():
        return words
    return _UNSAFE.sub(_UNSAFE_SIGN, words.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n"))


def moment(value: Moment, language: str) -> str:
    """A date and time as written in this language: Bangkok time, 24 hours, Buddhist year in Thai.

    The 24-hour clock is written here because Babel's Khmer one has twelve hours."""
    local = value.at.astimezone(BANGKOK)
    clock = f"{local:%H:%M}" + (" น." if language == "th" else "")
    if value.precision == "clock":
        return clock
    year = local.year + (_BUDDHIST_ERA if language == "th" else 0)
    day = f"{format_date(local.date(), 'd MMMM', locale=language)} {year}"
    return day if value.precision == "day" else f"{day}, {clock}" if language == "en" else f"{day} {clock}"


def distance(value: Distance, language: str) -> str:
    """Metres up to one kilometre, then kilometres with one decimal, from ten on whole ones."""
    metres, kilometres = round(value.metres), value.metres / 1000
    if metres < 1000:
        return _unit(metres, "length-meter", language)
    return _unit(round(kilometres, 1) if kilometres < 10 else round(kilometres), "length-kilometer", language)


def _unit(number: float, unit: str, language: str) -> str:
    return format_unit(number, unit, length=_UNIT_LENGTH[language], locale=language)


def proper_name(value: Name, language: str) -> str:
    """A name in the reader's script, or in the one the reader is most likely to know (see `Name`)."""
    found = [name for script in _NAME_ORDER[language] if (name := getattr(value, script))]
    if not found:
        return value.lo or value.km
    if len(found) > 1 and language in value.by_rule.split():
        return f"{found[0]} ({found[1]})"
    return str(found[0])


class Catalogues:
    """All texts in all languages, in memory."""

    def __init__(self, translations: Mapping[str, Mapping[str, str]]) -> None:
        """`translations`: language -> English source -> translation."""
        self._templates = {language: _templates(translations.get(language, {})) for language in LANGUAGES}
        self._ready = {language: _ready(templates) for language, templates in self._templates.items()}

    @classmethod
    def load(cls, folder: Traversable | None = None) -> Catalogues:
        """Read the four catalogues of the installed package `locales` (or of `folder`).

        Raises `UnusableCatalogue` when one is missing or broken: better no bot than one that speaks half a language."""
        root = resources.files("locales") if folder is None else folder
        return cls({language: _read(root, language) for language in LANGUAGES})

    def text(self, text: Text, language: str) -> str:
        """One text in one language. An unknown language is the default one; a missing translation is English.

        Raises `KeyError` when the code gave no value for a place of its own text."""
        if language not in self._templates:
            language = DEFAULT_LANGUAGE
        ready = self._ready[language].get(text.id)
        if ready is not None:
            return ready
        alternatives = self._templates[language].get(text.id)
        return self._filled(alternatives[0] if alternatives else _alternatives(text.id)[0], text, language)

    def spellings(self, text: Text) -> frozenset[str]:
        """A text in every language, with all synonyms."""
        return frozenset(
            self._filled(template, text, language)
            for language, templates in self._templates.items()
            for template in templates.get(text.id) or _alternatives(text.id)
        )

    @cached_property
    def lexicon(self) -> CatalogueLexicon:
        """The words of all languages, for people who type instead of tapping."""
        return CatalogueLexicon(self.spellings)

    def shown(self, message: Message, language: str) -> Shown:
        """A whole message in one language."""
        if language not in self._templates:
            language = DEFAULT_LANGUAGE
        card = self._card(message.card, language) if message.card else None
        paragraphs = [self.text(paragraph, language) for paragraph in message.text]
        if card:
            paragraphs.append(plain(card))
        return Shown(
            text="\n\n".join(p for p in paragraphs if p),
            language=language,
            choices=tuple(
                ShownChoice(choice.value, self.text(choice.label, language), choice.asks, choice.wide)
                for choice in message.choices
            ),
            links=tuple(ShownLink(self.text(link.label, language), link.url) for link in message.links),
            attachments=message.attachments,
            card=card,
            about=message.about,
            purpose=message.purpose,
            under=message.under,
            replace=message.replace,
            instead=self.text(message.instead, language) if message.instead else None,
            numbered=message.numbered,
            inline=message.inline,
            reply_box=message.reply_box,
        )

    def _card(self, card: Card, language: str) -> ShownCard:
        return ShownCard(
            title=self.text(card.title, language),
            urgent=card.urgent,
            rows=tuple((self.text(row.label, language), self.text(row.value, language)) for row in card.rows),
            footer=tuple(self.text(line, language) for line in card.footer),
        )

    def _filled(self, template: Template, text: Text, language: str) -> str:
        if len(template) == 1:
            return template[0]
        values = dict(text.values)
        filled = list(template)
        for place in range(1, len(filled), 2):
            filled[place] = self._value(values[filled[place]], language)
        return "".join(filled)

    def _value(self, value: Value, language: str) -> str:
        match value:
            case str():
                return visible(value)
            case Text():
                return self.text(value, language)
            case Name():
                return visible(proper_name(value, language))
            case Moment():
                return moment(value, language)
            case Distance():
                return distance(value, language)
            case _:
                return str(value)


def plain(card: ShownCard) -> str:
    """A card as lines of text: the title, the rows, and after an empty line the footer."""
    head = "\n".join((card.title, *(f"{label}: {value}" for label, value in card.rows)))
    return "\n\n".join(block for block in (head, "\n".join(card.footer)) if block)


def places(template: str) -> list[str]:
    """Names of the places that a text shows, sorted, each as often as it occurs."""
    return sorted(PLACE.findall(template.partition("|")[0]))


def _alternatives(source: str) -> tuple[Template, ...]:
    """The shown template and its synonyms."""
    return (
        tuple(tuple(PLACE.split(alternative.strip())) for alternative in source.split("|"))
        if "|" in source
        else (tuple(PLACE.split(source)),)
    )


def _templates(translations: Mapping[str, str]) -> dict[str, tuple[Template, ...]]:
    """Compiled translations; one that lost or gained a place is left out (English is shown), never half filled."""
    usable = {source: words for source, words in translations.items() if places(source) == places(words)}
    return {VERBATIM: _alternatives(VERBATIM)} | {source: _alternatives(words) for source, words in usable.items()}


def _ready(templates: Mapping[str, tuple[Template, ...]]) -> dict[str, str]:
    """Texts without a place to fill, as they are shown."""
    return {source: shown[0] for source, (shown, *_) in templates.items() if len(shown) == 1}


def _read(root: Traversable, language: str) -> dict[str, str]:
    path = root / language / "LC_MESSAGES" / "messages.po"
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)
    except (FileNotFoundError, NotADirectoryError):
        raise UnusableCatalogue(f"catalogue of language '{language}' is missing: {path}") from None
    except (PoFileError, UnicodeDecodeError) as error:
        raise UnusableCatalogue(f"catalogue of language '{language}' cannot be read: {path}: {error}") from None
    return {
        entry.id: entry.string
        for entry in catalogue
        if isinstance(entry.id, str) and isinstance(entry.string, str) and entry.id and entry.string and not entry.fuzzy
    }
