"""A poster's link is understood, and nothing else is taken for one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES as SPOKEN
from handlers.village_link import LANGUAGES, LONGEST, Language, VillageLink, line_text, read, start_payload

CODES = st.from_regex(r"[1-9][0-9]{5}(0[1-9]|[1-9][0-9])?", fullmatch=True)
HINTS = st.sampled_from(["", *LANGUAGES])
DIGITS = {name: dict(zip("0123456789", digits, strict=True)) for name, digits in {
    "Thai": "๐๑๒๓๔๕๖๗๘๙", "Lao": "໐໑໒໓໔໕໖໗໘໙", "Khmer": "០១២៣៤៥៦៧៨៩", "wide": "０１２３４５６７８９",
}.items()}  # fmt: skip
LINK = VillageLink("34030104", "lo")


def test_the_languages_are_those_of_the_bot() -> None:
    """A poster can greet in each language that the bot speaks, and in no other."""
    assert set(LANGUAGES) == set(SPOKEN)


@given(CODES, HINTS)
def test_both_forms_are_read_back(code: str, language: Language) -> None:
    """What the link carries is what the bot reads; Telegram takes the parameter, and the two never look alike."""
    link = VillageLink(code, language)
    assert read(start_payload(code, language)) == read(line_text(code, language)) == link
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start_payload(code, language))
    assert len(line_text(code, language)) <= LONGEST
    assert (link.subdistrict, link.subdistrict + link.number) == (code[:6], code)


def test_the_forms() -> None:
    """They are printed and hang for years: what they look like must not change."""
    assert start_payload("34030104", "lo") == "v_34030104_lo"
    assert start_payload("340301") == "v_340301"
    assert line_text("34030104", "lo") == "#34030104 lo"
    assert line_text("340301") == "#340301"


@pytest.mark.parametrize("digits", DIGITS.values(), ids=DIGITS)
def test_digits_of_any_script(digits: dict[str, str]) -> None:
    """Somebody types the number from the poster on an own keyboard."""
    assert read("".join(digits.get(c, c) for c in "#34030104 lo")) == LINK


@pytest.mark.parametrize("words", [
    "  #34030104   LO \n", "# 34030104 lo", "#340301-04 lo", "＃34030104\u00a0lo", "#34030104lo", "#34030104-lo.",
    "\u200b#34030104\u200b lo\ufeff", "V_34030104_LO", "v-34030104-lo", "v_340301_04_lo",
])  # fmt: skip
def test_other_spellings(words: str) -> None:
    """Blanks, case, dashes and what cannot be seen do no harm."""
    assert read(words) == LINK


@pytest.mark.parametrize("words", ["#34030104 fr", "v_34030104_xx"])
def test_a_language_that_we_do_not_speak(words: str) -> None:
    """The village counts all the same."""
    assert read(words) == VillageLink("34030104")


@pytest.mark.parametrize("words", [
    "", "#", "34030104", "34030104 lo", "081-234-5678", "#3403", "#3403010", "#340301044", "#34030100", "#04030104",
    "v340301", "V 340301", "j_34030104", "ม. 34030104", "#น้ำท่วม", "#34030104 lo น้ำท่วม", "ดู #34030104",
    "#34030104 lolo", "#34030104\n#34030105", "#34030104 ลาว", "15.3190, 105.4950", "1" * 5_000, "#" * 41,
])  # fmt: skip
def test_other_words(words: str) -> None:
    """A telephone number, a position, a number plate and a story are none, nor a code that cannot be."""
    assert read(words) is None


@given(st.text())
def test_any_words(words: str) -> None:
    """Nothing raises, and only words with our sign and at least six digits can be a link."""
    found = read(words)
    assert found is None or (sum(c.isnumeric() for c in words) >= 6 and re.search(r"[#＃﹟v_]", words.lower()))


@pytest.mark.parametrize("code", ["", "3403", "3403010", "34030100", "04030104", "340301-04", "๓๔๐๓๐๑", "34030104\n"])
def test_a_wrong_code_makes_no_link(code: str) -> None:
    """Better none than a poster that leads nowhere."""
    for make in (start_payload, line_text):
        with pytest.raises(ValueError, match="digits"):
            make(code)
