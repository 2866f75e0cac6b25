"""What a village's poster says to the bot: which village, and in which language it greets.

Telegram hands the parameter of a link on as it stands: `v_34030104_lo`. LINE can only put words into the message field,
which a person sees and sends: `#34030104 lo`. Those words stay in the chat, so they say nothing but the number that is
on the poster: not that somebody reports, not who. Six digits are a subdistrict, eight one of its villages (DOPA).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["th", "lo", "km", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("th", "lo", "km", "en")

LONGEST = 40
"""Characters; far above what a poster says, however a phone has spaced it. Longer words are a story."""

_FORM = re.compile(r"(?:v[_-] *|# *)([1-9]\d{5})(?:[_-]?(\d\d))?(?:[ _-]*([a-z]{2}))?[ .]*", re.ASCII)
_NO_VILLAGE = "00"
"""DOPA numbers villages from 01."""


@dataclass(frozen=True, slots=True)
class VillageLink:
    """`code`: a village (8 digits) or a subdistrict (6); whether there is one, only the gazetteer knows. `language`: the
    poster's, a hint; "" when it says none that we speak."""

    code: str
    language: Language | Literal[""] = ""

    @property
    def subdistrict(self) -> str:
        """The subdistrict's code."""
        return self.code[:6]

    @property
    def number(self) -> str:
        """The village's number in its subdistrict, two digits; "" when the link is for the whole subdistrict."""
        return self.code[6:]


def start_payload(code: str, language: Language | Literal[""] = "") -> str:
    """The parameter of a Telegram link, 8 to 13 of the 64 characters that Telegram allows.

    Raises `ValueError` for a code of another form."""
    return "_".join(("v", _checked(code), language)).rstrip("_")


def line_text(code: str, language: Language | Literal[""] = "") -> str:
    """The words that a LINE link puts into the message field. Raises `ValueError` for a code of another form."""
    return f"#{_checked(code)} {language}".rstrip()


def read(words: str) -> VillageLink | None:
    """The village that a link's parameter or a poster's words name; None for all other words.

    Digits of any script, upper case, blanks around, the dash of "340301-04" and what cannot be seen do no harm. Words
    before or after do: whoever tells something is to be heard, not taken for a poster."""
    if len(words) > LONGEST:
        return None
    found = _FORM.fullmatch(_plain(words))
    if found is None or found[2] == _NO_VILLAGE:
        return None
    code = found[1] + (found[2] or "")
    return next((VillageLink(code, known) for known in LANGUAGES if known == found[3]), VillageLink(code))


def _plain(words: str) -> str:
    """Lower case, each kind of blank as one space, digits as ASCII, nothing invisible."""
    seen = (c for c in unicodedata.normalize("NFKC", words) if unicodedata.category(c) != "Cf")
    return " ".join("".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in seen).lower().split())


def _checked(code: str) -> str:
    if re.fullmatch(r"[1-9]\d{5}(?:\d\d)?", code, re.ASCII) is None or code[6:] == _NO_VILLAGE:
        raise ValueError("a village's code has eight digits, a subdistrict's six")
    return code
