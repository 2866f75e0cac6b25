"""What a message looks like in each language."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, Catalogues, UnusableCatalogue, distance, moment, proper_name, visible
from handlers.messages import (
    Card,
    Choice,
    Distance,
    L,
    Link,
    Message,
    Moment,
    Name,
    Row,
    T,
    Text,
    verbatim,
)

TRANSLATIONS = {
    "th": {
        "Yes|ok": "ใช่|ตกลง",
        "{who} at {place}": "{place}: {who}",
        "Kind": "ประเภท",
        "lost {place}": "ไม่มี",
        "kind of {what}": "แบบ{what}",
    },
    "lo": {"Yes|ok": "ແມ່ນ"},
}
CATALOGUES = Catalogues(TRANSLATIONS)
EVENING = datetime(2026, 1, 4, 18, 5, tzinfo=UTC)  # 01:05 of the next day in Bangkok
VIENTIANE = Name(th="เวียงจันทน์", en="Vientiane", lo="ວຽງຈັນ", km="វៀងចន្ទន៍")


def test_text_is_looked_up_and_filled() -> None:
    """Values go to their named places, wherever the translation puts them."""
    text = T("{who} at {place}", who=3, place=VIENTIANE)
    assert CATALOGUES.text(text, "th") == "เวียงจันทน์: 3"
    assert CATALOGUES.text(text, "en") == "3 at Vientiane"


def test_values_may_be_texts() -> None:
    """A text inside a text is said in the same language."""
    assert CATALOGUES.text(T("kind of {what}", what=T("Kind")), "th") == "แบบประเภท"


def test_missing_translation_is_english() -> None:
    """A text that nobody translated is shown in its source language."""
    assert CATALOGUES.text(T("Kind"), "km") == "Kind"
    assert CATALOGUES.text(T("not in any catalogue {n}", n=2), "th") == "not in any catalogue 2"


def test_translation_that_lost_a_place_is_not_used() -> None:
    """A translation without one of the values would say something else than was meant."""
    assert CATALOGUES.text(T("lost {place}", place="x"), "th") == "lost x"


def test_unknown_language_is_thai() -> None:
    """A chat that has not chosen a language gets the default one."""
    assert CATALOGUES.text(T("Kind"), "") == "ประเภท"
    assert CATALOGUES.shown(Message((T("Kind"),)), "xx").language == "th"


def test_synonyms_are_not_shown() -> None:
    """What stands after a bar is only for recognising typed words."""
    assert [CATALOGUES.text(L("Yes|ok"), language) for language in LANGUAGES] == ["ใช่", "ແມ່ນ", "Yes", "Yes"]


def test_verbatim_words_stay() -> None:
    """A person's own words are no template: braces and bars in them mean nothing."""
    for language in LANGUAGES:
        assert CATALOGUES.text(verbatim("{x} a|b {0}"), language) == "{x} a|b {0}"


def test_direction_controls_of_values_are_visible() -> None:
    """Nobody turns the rest of a card around with an override or hides text with a control character."""
    assert (
        CATALOGUES.text(T("{who} at {place}", who="a\u202eb", place="\u2066x\x00"), "en") == "a\ufffdb at \ufffdx\ufffd"
    )
    assert CATALOGUES.text(verbatim("\u200fx\u061c"), "lo") == "\ufffdx\ufffd"


def test_joiners_stay() -> None:
    """Khmer, Thai and Lao writing needs the joiners and the zero-width space."""
    words = "ស្រី\u200bស្អាត ក្\u200cរ 👩\u200d👩\u200d👧 น้ำ\nຫຼາຍ"
    assert visible(words) == words


@given(st.text(st.characters(codec=None)))
def test_visible_words_can_always_be_sent(words: str) -> None:
    """Whatever a person sends becomes text that encodes and holds no direction control."""
    shown = visible(words)
    shown.encode()
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\x00")


@pytest.mark.parametrize(
    ("language", "minute", "day", "clock"),
    [
        ("th", "5 มกราคม 2569 01:05 น.", "5 มกราคม 2569", "01:05 น."),
        ("lo", "5 ມັງກອນ 2026 01:05", "5 ມັງກອນ 2026", "01:05"),
        ("km", "5 មករា 2026 01:05", "5 មករា 2026", "01:05"),
        ("en", "5 January 2026, 01:05", "5 January 2026", "01:05"),
    ],
)
def test_moments(language: str, minute: str, day: str, clock: str) -> None:
    """Bangkok time on a 24-hour clock; the Buddhist year in Thai, the Gregorian one elsewhere."""
    assert moment(Moment(EVENING), language) == minute
    assert moment(Moment(EVENING, "day"), language) == day
    assert moment(Moment(EVENING, "clock"), language) == clock


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_moments_hold_no_invisible_space(language: str, month: int) -> None:
    """No month is written with a zero-width space or a 12-hour clock."""
    shown = moment(Moment(datetime(2026, month, 9, 16, 0, tzinfo=UTC)), language)
    assert "\u200b" not in shown
    assert "23:00" in shown


@pytest.mark.parametrize(
    ("metres", "shown"),
    [
        (349.6, {"th": "350 ม.", "lo": "350 ແມັດ", "km": "350 ម៉ែត្រ", "en": "350 m"}),
        (999.7, {"th": "1 กม.", "lo": "1 ກິໂລແມັດ", "km": "1 គីឡូម៉ែត្រ", "en": "1 km"}),
        (1249.0, {"th": "1.2 กม.", "lo": "1,2 ກິໂລແມັດ", "km": "1.2 គីឡូម៉ែត្រ", "en": "1.2 km"}),
        (12_600.0, {"th": "13 กม.", "lo": "13 ກິໂລແມັດ", "km": "13 គីឡូម៉ែត្រ", "en": "13 km"}),
    ],
)
def test_distances(metres: float, shown: dict[str, str]) -> None:
    """Metres up to a kilometre, then kilometres, in the reader's own unit words."""
    assert {language: distance(Distance(metres), language) for language in LANGUAGES} == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (VIENTIANE, {"th": "เวียงจันทน์", "lo": "ວຽງຈັນ", "km": "វៀងចន្ទន៍", "en": "Vientiane"}),
        (Name(th="บ้าน", en="Ban"), {"th": "บ้าน", "lo": "บ้าน", "km": "Ban", "en": "Ban"}),
        (Name(th="บ้าน"), {"th": "บ้าน", "lo": "บ้าน", "km": "บ้าน", "en": "บ้าน"}),
        (Name(en="Ban"), {"th": "Ban", "lo": "Ban", "km": "Ban", "en": "Ban"}),
        (Name(lo="ບ້ານ"), {"th": "ບ້ານ", "lo": "ບ້ານ", "km": "ບ້ານ", "en": "ບ້ານ"}),
        (Name(), {"th": "", "lo": "", "km": "", "en": ""}),
    ],
)
def test_names(name: Name, shown: dict[str, str]) -> None:
    """A Lao reader without a Lao name reads Thai, a Khmer one Latin letters; any name is better than none."""
    assert {language: proper_name(name, language) for language in LANGUAGES} == shown


def test_shown_keeps_what_has_no_language() -> None:
    """Paragraphs are parted by an empty line; empty ones vanish; the fields of the message stay."""
    message = Message(
        text=(T("Kind"), verbatim(""), verbatim("words")),
        choices=(Choice("g:x", L("Yes|ok"), wide=True), Choice("", L("Kind"), asks="location")),
        links=(Link(T("Kind"), "https://example.org/"),),
        about="K7",
        purpose="ask",
        under="K7",
        replace="K7",
        instead=T("Kind"),
        inline=True,
        reply_box=True,
    )
    shown = CATALOGUES.shown(message, "th")
    assert shown.text == "ประเภท\n\nwords"
    assert [(c.value, c.label, c.asks, c.wide) for c in shown.choices] == [
        ("g:x", "ใช่", "", True),
        ("", "ประเภท", "location", False),
    ]
    assert [(link.label, link.url) for link in shown.links] == [("ประเภท", "https://example.org/")]
    assert (shown.about, shown.purpose, shown.under, shown.replace, shown.instead) == (
        "K7",
        "ask",
        "K7",
        "K7",
        "ประเภท",
    )
    assert (shown.language, shown.inline, shown.reply_box, shown.card) == ("th", True, True, None)


def test_card_has_a_plain_form() -> None:
    """A card is also there as lines, for channels without layout."""
    card = Card(
        T("Kind"), urgent=True, rows=(Row(T("Kind"), verbatim("a")), Row(T("x"), verbatim("b"))), footer=(T("f"),)
    )
    shown = CATALOGUES.shown(Message(card=card), "th")
    assert shown.text == "ประเภท\nประเภท: a\nx: b\n\nf"
    assert shown.card is not None
    assert (shown.card.title, shown.card.urgent, shown.card.rows, shown.card.footer) == (
        "ประเภท",
        True,
        (("ประเภท", "a"), ("x", "b")),
        ("f",),
    )


def test_text_without_its_value_is_a_mistake_in_the_code() -> None:
    """A forgotten value is never shown as a hole."""
    with pytest.raises(KeyError, match="who"):
        CATALOGUES.text(Text("{who} at {place}", (("place", "x"),)), "en")


def _write(folder: Path, language: str, entries: str) -> None:
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(entries, encoding="utf-8")


def test_missing_catalogue_stops_the_start(tmp_path: Path) -> None:
    """Without one of the four languages the bot does not start, and says why in one line."""
    for language in ("th", "km", "en"):
        _write(tmp_path, language, 'msgid "a"\nmsgstr "b"\n')
    with pytest.raises(UnusableCatalogue, match="language 'lo' is missing") as refusal:
        Catalogues.load(tmp_path)
    assert "\n" not in str(refusal.value)


def test_broken_catalogue_stops_the_start(tmp_path: Path) -> None:
    """A file that is no catalogue is refused, not half read."""
    for language in LANGUAGES:
        _write(tmp_path, language, 'msgid "a"\nmsgstr "b"\n' if language != "km" else 'msgid "a"\nnonsense\n')
    with pytest.raises(UnusableCatalogue, match="language 'km' cannot be read"):
        Catalogues.load(tmp_path)


def test_fuzzy_entries_are_not_shown(tmp_path: Path) -> None:
    """A guess that no translator confirmed is not shown to anybody."""
    for language in LANGUAGES:
        _write(tmp_path, language, 'msgid ""\nmsgstr ""\n\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr "d"\n')
    catalogues = Catalogues.load(tmp_path)
    assert (catalogues.text(T("a"), "lo"), catalogues.text(T("c"), "lo")) == ("a", "d")


def test_installed_catalogues_load() -> None:
    """The project's own catalogues are usable."""
    assert Catalogues.load().text(verbatim("x"), "km") == "x"
