"""Recognises the words of buttons when a person types them, in whatever language, script or spelling habit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from handlers.messages import Text

LONGEST_LABEL = 200
"""Characters. Longer words are a story, not an answer; they are not looked at, which keeps long texts cheap."""

_KNOWN_TEXTS = 8192
"""How many texts keep their spellings in memory: all labels and place lists of a deployment, several times over."""

_APOSTROPHES = "'\u2019\u02bc"
_EMOJI_PARTS = "\u20e3" + "".join(map(chr, range(0xFE00, 0xFE10)))  # keycap, variation selectors

# The same letters on screen, typed differently: tone mark after the ring of sara am, and two sara e for one sara ae.
_TONE_AFTER_RING = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")
_DOUBLE_E = (("\u0e40\u0e40", "\u0e41"), ("\u0ec0\u0ec0", "\u0ec1"))

_POLITE = ("ครับผม", "ครับ", "คับ", "ค่ะ", "คะ", "จ้ะ", "จ้า", "ເດີ", "ເຈົ້າ")
"""Particles that end a polite Thai or Lao answer and add nothing to it."""


class _Folding(dict[int, str | None]):
    """A translation table that is worked out letter by letter as letters turn up."""

    def __missing__(self, code: int) -> str | None:
        folded = _folded(chr(code))
        if code < 0x3000:  # the scripts we know; a stranger cannot fill the memory with the rest of Unicode
            self[code] = folded
        return folded


def _folded(letter: str) -> str | None:
    category = unicodedata.category(letter)
    if letter in _APOSTROPHES or letter in _EMOJI_PARTS or category == "Cf":
        return None
    if category == "Nd":
        return str(unicodedata.digit(letter))
    return letter if category[0] in "LMN" else " "


_FOLDING = _Folding()


def normal(words: str) -> str:
    """Case-folded, compatibility letters made plain, digits of any script as ASCII, nothing but letters and digits.

    Emoji, punctuation and runs of space become one space each; outer space goes."""
    letters = unicodedata.normalize("NFKC", words).casefold().translate(_FOLDING)
    letters = _TONE_AFTER_RING.sub(r"\2\1", letters)
    for typed, meant in _DOUBLE_E:
        letters = letters.replace(typed, meant)
    return " ".join(letters.split())


class CatalogueLexicon:
    """The engine's `Lexicon` over the catalogues: `spellings` gives a text in every language with its synonyms."""

    def __init__(self, spellings: Callable[[Text], Iterable[str]]) -> None:
        self._spellings = spellings
        self._forms = lru_cache(maxsize=_KNOWN_TEXTS)(self._normal_forms)
        self._last = ("", "")

    def normal(self, words: str) -> str:
        """Case-folded, without emoji, punctuation and outer space; digits of any script as ASCII."""
        return normal(words)

    def digits(self, words: str) -> str:
        """The words with digits of any script as ASCII digits; everything else as it was typed."""
        return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in words)

    def says(self, words: str, text: Text) -> bool:
        """Whether `words` are this text in any language, a polite particle after it or not. Inner space does not count:
        Thai, Lao and Khmer write without, and people put it where they like."""
        if len(words) > LONGEST_LABEL:
            return False
        before, form = self._last  # one answer is compared with many labels
        if words != before:
            form = normal(words).replace(" ", "")
            self._last = (words, form)
        forms = self._forms(text)
        return form in forms or any(form.endswith(end) and form.removesuffix(end) in forms for end in _POLITE)

    def _normal_forms(self, text: Text) -> frozenset[str]:
        return frozenset(normal(spelling).replace(" ", "") for spelling in self._spellings(text)) - {""}
