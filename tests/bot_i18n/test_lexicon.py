"""Typed words are recognised in every language and spelling habit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Catalogues
from bot.lexicon import LONGEST_LABEL, normal
from handlers.messages import L, Name, T, Text, verbatim

LEXICON = Catalogues(
    {
        "th": {"✅ Done": "✅ เสร็จแล้ว", "cancel|stop": "ยกเลิก|หยุด", "water": "น้ำแข็ง"},
        "lo": {"✅ Done": "✅ ແລ້ວໆ", "cancel|stop": "ຍົກເລີກ", "water": "ນ້ຳໜ້າ"},
        "km": {"✅ Done": "✅ រួចរាល់"},
    }
).lexicon


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("  Yes!  ", "yes"),
        ("✅ Done", "done"),
        ("1️⃣", "1"),
        ("๓", "3"),
        ("໑໒", "12"),
        ("៤.", "4"),
        ("１", "1"),
        ("I'm on it", "im on it"),
        ("a\u200bb", "ab"),
        ("new\n report", "new report"),
        ("👍🏽", ""),
        ("STRASSE", "strasse"),
        ("/mine", "mine"),
    ],
)
def test_normal(words: str, form: str) -> None:
    """Case, emoji, punctuation, joiners and the script of digits do not count."""
    assert normal(words) == form
    assert LEXICON.normal(words) == form


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("done", L("✅ Done")),
        ("✅ Done", L("✅ Done")),
        ("เสร็จแล้ว", L("✅ Done")),
        ("เสร็จ แล้ว", L("✅ Done")),
        ("เสร็จแล้วค่ะ", L("✅ Done")),
        ("ຍົກເລີກເດີ", T("cancel|stop")),
        ("ແລ້ວໆ", L("✅ Done")),
        ("រួច\u200bរាល់", L("✅ Done")),
        ("STOP", T("cancel|stop")),
        ("หยุด", T("cancel|stop")),
        ("ຍົກເລີກ", T("cancel|stop")),
        ("cancel", T("cancel|stop")),
        ("เเล้วเสร็จ", T("แล้วเสร็จ")),
        ("นํ้าแข็ง", T("water")),
        ("ນໍ້າໜ້າ", T("water")),
        ("ນ້ຳຫນ້າ", T("water")),
        ("nong khai", T("{name}", name=Name(th="หนองคาย", en="Nong Khai"))),
        ("หนองคาย", T("{name}", name=Name(th="หนองคาย", en="Nong Khai"))),
        ("drugs", T("{emoji} {label}", emoji="💊", label=T("Drugs"))),
        ("my village", verbatim("My village")),
    ],
)
def test_says(words: str, text: Text) -> None:
    """A label counts in every language, with its synonyms, its values and the usual ways to type it."""
    assert LEXICON.says(words, text)


@pytest.mark.parametrize("words", ["", "✅", "don", "done already", "ครับ", "done" + " " * LONGEST_LABEL, "cancel|stop"])
def test_other_words_are_not_the_label(words: str) -> None:
    """Only the whole label is the label."""
    assert not LEXICON.says(words, L("✅ Done"))
    assert not LEXICON.says(words, T("✅"))


@given(st.text())
def test_normal_is_stable(words: str) -> None:
    """What is normal stays as it is, so labels and typed words meet."""
    once = normal(words)
    assert normal(once) == once
    assert once == once.strip()
