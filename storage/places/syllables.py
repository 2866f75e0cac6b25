"""Thai syllables: what can be read at a place in a name, and how it is spelt in Latin letters.

Thai writes vowels before, behind, over and under the consonants after which they are spoken, leaves some out, and keeps
silent letters of the languages that words came from. So there are mostly several ways to read on; each has a cost, the
higher the less often Thai is read that way. `readings.py` chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.places.letters import SIGNS

CONSONANTS = "".join(map(chr, range(0x0E01, 0x0E2F))).replace("ฤ", "").replace("ฦ", "")
SIGNS_BEFORE = "เแโไใ"
"""Vowel signs written before the consonant after which they are spoken."""
_BEGINS = frozenset(CONSONANTS + SIGNS_BEFORE)
SONORANTS = "งญนมยรลว"
"""Letters that a silent ห in front lifts to another tone."""
SILENT_VOWEL, SILENT_LETTER, TWICE, UNWRITTEN_A, UNWRITTEN_O, UNUSUAL_FINAL, RARE = 2.0, 2.0, 1.6, 0.7, 2.5, 0.5, 1.0
"""What a reading costs more that people choose less often; a syllable costs 1. Found by trying on the official names."""
LEFT_OUT = 30.0
"""A sign that fits nowhere: left out, when there is no other way."""

_ROMAN = {
    letter: roman
    for letters, roman in {
        "ก": "k", "ขฃคฅฆ": "kh", "ง": "ng", "จฉชฌ": "ch", "ซศษส": "s", "ญย": "y", "ดฎ": "d", "ตฏ": "t", "ฐฑฒถทธ": "th",
        "นณ": "n", "บ": "b", "ป": "p", "ผพภ": "ph", "ฝฟ": "f", "ม": "m", "ร": "r", "ลฬ": "l", "ว": "w", "หฮ": "h", "อ": "",
    }.items()
    for letter in letters
}  # fmt: skip
_ENDS = {
    letter: sound
    for letters, sound in {
        "กขฃคฅฆ": "k", "ง": "ng", "จฉชซฌฎฏฐฑฒดตถทธศษส": "t", "ญณนรลฬ": "n", "บปผฝพฟภ": "p", "ม": "m", "ย": "i", "ว": "o",
    }.items()
    for letter in letters
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Syllable:
    """One spoken syllable and how it is written.

    thai       its letters
    initial    one or two consonants
    vowel      a key of the tables in `letters.py`: as RTGS writes it; a colon for long, a 2 where RTGS writes two alike
    final      the sound at the end as RTGS writes it, or ""
    tone       the tone mark, or ""
    led        a silent ห, or อ before ย, that stands in front, or ""
    unwritten  the vowel is not written
    twice      the final letter begins the next syllable too
    """

    thai: str
    initial: str
    vowel: str
    final: str = ""
    tone: str = ""
    led: str = ""
    unwritten: bool = False
    twice: bool = False

    @property
    def roman(self) -> str:
        """As RTGS writes it."""
        return "".join(_ROMAN[letter] for letter in self.initial) + self.vowel.rstrip(":2") + self.final


Piece = Syllable | str
"""A syllable, or a sign that is no Thai letter (a blank, a digit, a bracket, a Latin letter)."""
Step = tuple[tuple[Piece, ...], int, float]
"""What is read in one go, where reading goes on, and what it costs."""
_TONE = "([\u0e48-\u0e4b]?)"
_HEADS = {
    "": [
        ("Tะ", "a", "open"), ("ัT", "a", "closed"), ("ัTวะ", "ua", "open"), ("ัTว", "ua", "open"), ("Tรร", "a", "closed"),
        ("Tรร", "a", "n"), ("Tา", "a:", "both"), ("Tำ", "am", "open"), ("ิT", "i", "both"), ("ีT", "i:", "both"),
        ("ึT", "ue", "both"), ("ืTอ", "ue:", "open"), ("ืT", "ue:", "closed"), ("ุT", "u", "both"), ("ูT", "u:", "both"),
        ("็T", "o2", "open"), ("็Tอ", "o2", "closed"), ("Tอ", "o2:", "both"), ("Tว", "ua", "closed"), ("T", "o", "closed"),
        ("T", "a", "unwritten"), ("T", "o2", "unwritten"),
    ],
    "เ": [
        ("Tาะ", "o2", "open"), ("Tา", "ao", "open"), ("Tะ", "e", "open"), ("ีTยะ", "ia", "open"), ("ีTย", "ia", "both"),
        ("ืTอ", "uea", "both"), ("Tอะ", "oe:", "open"), ("Tอ", "oe:", "both"), ("ิT", "oe:", "closed"), ("Tย", "oe:", "i"),
        ("็T", "e", "closed"), ("T", "e:", "both"),
    ],
    "แ": [("Tะ", "ae", "open"), ("็T", "ae", "closed"), ("T", "ae:", "both")],
    "โ": [("Tะ", "o", "open"), ("T", "o:", "both")],
    "ไ": [("Tย", "ai", "open"), ("T", "ai", "open")],
    "ใ": [("T", "ai2", "open")],
}  # fmt: skip
"""For the sign written before the consonants: the signs behind them (T: a tone mark may stand here), the vowel, and whether
a final consonant follows; "n" and "i" are finals that the signs hold already."""
_PATTERNS = {
    lead: [(re.compile(signs.replace("T", _TONE)), vowel, end) for signs, vowel, end in heads]
    for lead, heads in _HEADS.items()
}
_CLUSTER = re.compile("[กขคตปผพ][รล]|[บฟด]ร|[บฟ]ล|[กขค]ว")
_SAME_SOUND = {"ทร": ("ซ", 0.6), "สร": ("ส", 0.2), "ศร": ("ส", 0.1), "ซร": ("ซ", 0.1), "จร": ("จ", 1.2)}
"""Pairs that are spoken as one letter, and what this reading costs."""
_TAILS = [
    (re.compile("[ก-ฮ][ิุ]?์"), 0.0),
    (re.compile("[ทตด]ร์"), 0.3),
    (re.compile("[ก-ฮ]{2}[ิุ]?์|[ก-ฮ]ิ[ก-ฮ]์"), SILENT_LETTER),
]
"""Silent letters at the end: วงศ์, จันทร์, ลักษณ์."""
_FINAL = f"[{''.join(_ENDS)}]"
_WRITTEN_FINALS = [
    (re.compile(f"({_FINAL})"), 0.0),
    (re.compile(f"({_FINAL})[ิุ](?![\u0e48-\u0e4d])"), SILENT_VOWEL),
    (re.compile("([กขคดตถทธฏปพชส])ร"), SILENT_LETTER),
    (re.compile("([ดตทฏฑ])[ตถทธฐฒ]"), SILENT_LETTER),
    (re.compile(f"ร({_FINAL})ิ?"), SILENT_LETTER + 0.5),
    (re.compile("ห(ม)"), SILENT_LETTER),
]
"""Ways to write a final consonant, with letters that are not spoken: ชาติ, บุตร, พุทธ, เกียรติ, พรหม."""


def syllables(thai: str, at: int) -> Iterator[Step]:
    """All syllables that can be read from a place on; a sign with which none begins is kept when it is no Thai letter."""
    lead = thai[at] if thai[at] in SIGNS_BEFORE else ""
    read = False
    for before, initial, led, start, cost in _initials(thai, at + len(lead), bool(lead)):
        for pattern, vowel, ending in _PATTERNS[lead]:
            if not (head := pattern.match(thai, start)):
                continue
            for final, end, twice, more in _endings(thai, head.end(), ending):
                sound = "o2:" if (vowel, ending, final) == ("o", "closed", "ร") else vowel
                if vowel == "a" and final == "ว":
                    continue
                syllable = Syllable(
                    thai[at + 2 if before else at : end], initial, sound, _ENDS.get(final, final),
                    head[1], led, ending == "unwritten", twice,
                )  # fmt: skip
                price = 1 + cost + more + _price(vowel, ending, final)
                yield (*before, syllable), end, price
                read = True
    if not read:
        thai_letter = "\u0e00" <= thai[at] <= "\u0e7f" and thai[at] not in SIGNS
        yield ((), at + 1, LEFT_OUT) if thai_letter else ((thai[at],), at + 1, 0.0)


def _price(vowel: str, ending: str, final: str) -> float:
    """What a vowel that is not written costs, and a final letter that only words from Pali and the like have."""
    if ending == "unwritten":
        return UNWRITTEN_A if vowel == "a" else UNWRITTEN_O
    return (0.2 if vowel == "o" else 0.0) + (UNUSUAL_FINAL if final and final not in "กดบงนมยวi" else 0.0)


def _initials(thai: str, at: int, after_sign: bool) -> Iterator[tuple[tuple[Syllable, ...], str, str, int, float]]:
    """The consonants that may begin a syllable here: a syllable spoken before it, the letters, led, their end, the cost."""
    one, two = thai[at : at + 1], thai[at : at + 2]
    if not one or one not in CONSONANTS:
        return
    yield (), one, "", at + 1, 0.0
    if _CLUSTER.fullmatch(two):
        yield (), two, "", at + 2, 0.0
    if two in _SAME_SOUND:
        letter, cost = _SAME_SOUND[two]
        yield (), letter, "", at + 2, cost
    if two == "อย" or (len(two) == 2 and two[0] == "ห" and two[1] in SONORANTS):
        yield (), two[1], two[0], at + 2, 0.0
    if after_sign and len(two) == 2 and two[1] in CONSONANTS:
        first = Syllable(thai[at - 1] + one, one, "a", unwritten=True)
        yield (first,), two[1], "", at + 2, 1 + UNWRITTEN_A
        if _CLUSTER.fullmatch(thai, at + 1, at + 3):
            yield (first,), thai[at + 1 : at + 3], "", at + 3, 1 + UNWRITTEN_A + RARE


def _endings(thai: str, at: int, ending: str) -> Iterator[tuple[str, int, bool, float]]:
    """How a syllable may end after its vowel: the final letter, where the next begins, whether twice, the cost."""
    if ending == "unwritten":
        yield "", at, False, 0.0
        return
    finals: list[tuple[str, int, float]] = []
    if ending in ("open", "both"):
        finals.append(("", at, 0.0))
    elif ending in ("n", "i"):
        finals.append((ending, at, 0.0))
    if ending in ("closed", "both"):
        written = ((form.match(thai, at), cost) for form, cost in _WRITTEN_FINALS)
        finals += [(found[1], found.end(), cost) for found, cost in written if found]
        if thai[at : at + 1] in _ENDS and thai[at + 1 : at + 2] in _BEGINS:
            yield thai[at], at, True, TWICE
    for final, end, cost in finals:
        yield final, end, False, cost
        for tail, more in _TAILS:
            if silent := tail.match(thai, end):
                yield final, silent.end(), False, cost + more
