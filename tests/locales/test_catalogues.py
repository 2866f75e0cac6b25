"""The four catalogues are complete, current and written as `locales/README.md` asks."""

import ast
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import regex
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.i18n import PLACE, places
from locales.extraction import label_limit
from locales.maintain import LANGUAGES, catalogue_path, stale

ROOT = Path(__file__).resolve().parent.parent.parent
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")

SCRIPTS = {
    "th": re.compile("[\u0e01-\u0e3a\u0e40-\u0e5b]"),  # the baht sign between them is used in every language
    "lo": re.compile("[\u0e80-\u0eff]"),
    "km": re.compile("[\u1780-\u17ff\u19e0-\u19ff]"),
}
LATIN_NAMES = {"LINE", "MB", "Telegram", "GPS", "QR", "OK", "NTS", "MWCC", "DOPA", "Mekong", "Watch"}
"""Words that stay in Latin letters in every language."""

_LATIN_WORD = re.compile("[A-Za-z]+")
_COMMAND = re.compile(r"/[a-z]+")
_DIGITS = re.compile("[0-9]+")
_YEAR = re.compile(r"\b20\d\d\b")
_CONTROLS = re.compile("[\u0000-\u0009\u000b-\u001f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]")
_SPLIT_SARA_AM = re.compile("\u0e4d[\u0e48-\u0e4b]?\u0e32|\u0ecd[\u0ec8-\u0ecb]?\u0eb2")

Rule = Callable[[str, str, str], object]
"""language, source, translation -> whatever is wrong, or something false."""


def _entries(language: str) -> Iterator[Message]:
    with (ROOT / catalogue_path(language)).open("rb") as file:
        yield from (entry for entry in read_po(file, locale=language) if entry.id)


def _faults(language: str, rule: Rule) -> list[tuple[str, str, object]]:
    checked = ((str(entry.id), str(entry.string)) for entry in _entries(language) if entry.string)
    found = ((source, words, rule(language, source, words)) for source, words in checked)
    return [fault for fault in found if fault[2]]


def _alternatives(words: str) -> list[str]:
    return [alternative.strip() for alternative in words.split("|")]


def graphemes(words: str) -> int:
    """Letters as one sees them: LINE counts labels so."""
    return len(regex.findall(r"\X", words))


def lead(words: str) -> str:
    """The emoji that begins a label, without variation selectors."""
    symbols = regex.match(r"(?:[\p{So}\p{Sk}\p{Sm}\u200d\ufe0f\u20e3\u203c\u2049]|\p{Extended_Pictographic})*", words)
    return symbols.group().replace("\ufe0f", "") if symbols else ""


def test_catalogues_follow_the_code() -> None:
    """Every text of the code is in every catalogue, and none that is gone (else: `make catalogues`)."""
    assert not list(stale(ROOT))


def _marked(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("T", "L"):
            yield node


def _literal(call: ast.Call) -> str | None:
    first = call.args[0] if len(call.args) == 1 else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


@pytest.mark.parametrize("folder", ["handlers", "bot"])
def test_marked_texts_can_be_collected(folder: str) -> None:
    """`T` and `L` get one literal, and a value for each of its places and none more; or none yet, in a table of texts."""
    faults = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        for call in _marked(path):
            text = _literal(call)
            given = {keyword.arg for keyword in call.keywords}
            if text is None or (given and None not in given and given != set(places(text))):
                faults.append((path.name, call.lineno, text))
    assert not faults


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    """No entry is empty or waits for a translator's confirmation."""
    assert not [entry.id for entry in _entries(language) if not entry.string or entry.fuzzy]


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_are_those_of_the_source(language: str) -> None:
    """Each value appears as often as in the source; each synonym has them too."""

    def rule(_: str, source: str, words: str) -> object:
        expected = places(source)
        return any(sorted(PLACE.findall(alternative)) != expected for alternative in _alternatives(words))

    assert not _faults(language, rule)


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_are_only_places(language: str) -> None:
    """A brace that belongs to no place is a typing mistake."""
    assert not _faults(language, lambda _, __, words: set("{}") & set(PLACE.sub("", words)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_language_s_own_script(language: str) -> None:
    """No letter of a neighbour's script, except where the source itself shows it (names, the language menu)."""

    def rule(language: str, source: str, words: str) -> object:
        foreign = [script for name, script in SCRIPTS.items() if name != language]
        return {letter for script in foreign for letter in script.findall(words)} - set(source)

    assert not _faults(language, rule)


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_left_in_english(language: str) -> None:
    """A source with words has a translation in the language's script, without English beyond names and commands."""

    def rule(language: str, source: str, words: str) -> object:
        english = set(_LATIN_WORD.findall(_COMMAND.sub("", PLACE.sub("", source)))) - LATIN_NAMES
        shown = _COMMAND.sub("", PLACE.sub("", words.partition("|")[0]))
        return english and (not SCRIPTS[language].search(words) or set(_LATIN_WORD.findall(shown)) - LATIN_NAMES)

    assert not _faults(language, rule)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_their_buttons(language: str) -> None:
    """A label has at most as many letters as its comment says, each value in it counted as six (a case code)."""
    labels = [(entry.id, entry.string, label_limit(entry.auto_comments)) for entry in _entries(language)]
    shown = [(source, PLACE.sub("_" * 6, str(words).partition("|")[0]), limit) for source, words, limit in labels]
    assert not [
        (source, words, graphemes(words)) for source, words, limit in shown if limit and graphemes(words) > limit
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_begin_like_the_source(language: str) -> None:
    """The emoji by which people find a choice is the same in every language."""
    assert not _faults(language, lambda _, source, words: lead(source) != lead(words))


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_commands_stay(language: str) -> None:
    """Telephone numbers, limits and /commands are those of the source, in ASCII digits."""

    def rule(language: str, source: str, words: str) -> object:
        bare_source, bare_words = PLACE.sub("", source), PLACE.sub("", words)
        if language == "th":  # an example of a date carries the Buddhist year
            bare_source = _YEAR.sub(lambda year: str(int(year[0]) + 543), bare_source)
        return sorted(_DIGITS.findall(bare_source)) != sorted(_DIGITS.findall(bare_words)) or sorted(
            _COMMAND.findall(bare_source)
        ) != sorted(_COMMAND.findall(bare_words))

    assert not _faults(language, rule)


@pytest.mark.parametrize("language", LANGUAGES)
def test_synonyms_only_where_asked(language: str) -> None:
    """A bar hides what follows it, so it stands only in words to type and in buttons."""
    buttons = {entry.id for entry in _entries(language) if label_limit(entry.auto_comments)}
    assert not _faults(language, lambda _, source, words: "|" in words and "|" not in source and source not in buttons)


@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_cleanly(language: str) -> None:
    """Normal form C, no control or direction characters, sara am as one letter, the source's outer space."""

    def rule(_: str, source: str, words: str) -> object:
        return (
            not unicodedata.is_normalized("NFC", words)
            or _CONTROLS.search(words)
            or _SPLIT_SARA_AM.search(words)
            or (source[:1].isspace(), source[-1:].isspace()) != (words[:1].isspace(), words[-1:].isspace())
        )

    assert not _faults(language, rule)
