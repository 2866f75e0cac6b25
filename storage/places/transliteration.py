"""Thai place names in Lao and Khmer script, by their sound.

For display where no source gives a name in these scripts. `readings.parse` finds how a name is spoken; each syllable, or
known word of `words.py`, is then written as the tables of `letters.py` say. `transliterated.csv` beside this file holds the
result for every district and subdistrict and is what the programme reads; a row that a native speaker puts right keeps
its spelling (README.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storage.places import letters
from storage.places.readings import parse
from storage.places.syllables import Piece, Syllable
from storage.places.words import WORDS

_LONGEST_WORD = max(len(word) for word in WORDS)


def transliterate(th: str, en: str = "") -> tuple[str, str]:
    """A Thai name's Lao and Khmer spelling. `en`: its official English name (RTGS), which tells how the Thai is read.

    Blanks, digits, brackets and other scripts stay as they are, signs that fit nowhere are left out. Never fails, and what
    comes out holds no Thai letter.
    """
    pieces = parse(th, en)
    lao, khmer = [], []
    for begin, end, word in _words(pieces):
        own_lao, own_khmer = WORDS[word][1:] if word else ("", "")
        lao.append(own_lao or "".join(_lao(pieces, at) for at in range(begin, end)))
        khmer.append(own_khmer or "".join(_khmer(pieces, at) for at in range(begin, end)))
    return "".join(lao), "".join(khmer)


def transliterate_village(th: str, en: str = "") -> tuple[str, str]:
    """The same for a village. Lao has the word บ้าน (village, ບ້ານ) as well; in Khmer it sounds like another word and is left
    out: what is shown says ភូមិ (village) beside the name."""
    lao, khmer = transliterate(th, en)
    name = th.removeprefix("บ้าน").strip()
    if name and name != th:
        khmer = transliterate(name, en.removeprefix("Ban").strip())[1]
    return lao, khmer


def _words(pieces: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
    """The pieces cut into known words (longest first) and single pieces: from, to, the word or ""."""
    at = 0
    while at < len(pieces):
        end, word = at + 1, ""
        written = ""
        for to in range(at, len(pieces)):
            piece = pieces[to]
            written += piece.thai if isinstance(piece, Syllable) else " "
            if len(written) > _LONGEST_WORD:
                break
            if written in WORDS:
                end, word = to + 1, written
        yield at, end, word
        at = end


def _final(syllable: Syllable) -> str:
    """The final sound; one that begins the next syllable too is written twice only after a: ພັດທະນາ, but ລາຊະທານີ."""
    return "" if syllable.twice and syllable.vowel != "a" else syllable.final


def _lao(pieces: Sequence[Piece], at: int) -> str:
    """One piece in Lao."""
    piece = pieces[at]
    if not isinstance(piece, Syllable):
        return letters.SIGNS.get(piece, (piece,))[0]
    final = _final(piece)
    if piece.vowel == "a" and final == "i":
        form, final = letters.LAO_VOWELS["ai"][0], ""
    elif piece.unwritten and piece.vowel == "o2":
        form = letters.LAO_UNWRITTEN_O
    else:
        form = letters.LAO_VOWELS[piece.vowel][bool(final)]
    signs = {"C": _lao_initial(pieces, at), "T": letters.LAO_TONES[piece.tone], "F": letters.LAO_FINALS.get(final, "")}
    return "".join(signs.get(sign, sign) for sign in form)


def _lao_initial(pieces: Sequence[Piece], at: int) -> str:
    """The consonants before a syllable's vowel, of which Lao writes no second l or r."""
    syllable, before = pieces[at], pieces[at - 1] if at else ""
    assert isinstance(syllable, Syllable)
    first, second = syllable.initial[0], syllable.initial[1:]
    if syllable.led:
        return letters.LAO_LED[first] if syllable.led == "ห" else letters.LAO_LED_BY_O
    earlier = pieces[at - 2] if at > 1 else ""
    borrowed = isinstance(earlier, Syllable) and earlier.twice  # รัตนา keeps ນ
    if isinstance(before, Syllable) and _lifts(before, syllable) and (not borrowed or before.initial == "ส"):
        return letters.LAO_LED[first]
    if syllable.initial == "ร" and (syllable.tone or syllable.vowel == "uea"):
        return letters.LAO_NATIVE_R
    return letters.LAO_INITIALS[first] + ("ວ" if second == "ว" else "")


def _lifts(before: Syllable, syllable: Syllable) -> bool:
    """Whether the unwritten a before this syllable gives it a silent ห: ถนน ຖະໜົນ."""
    return (
        before.unwritten
        and before.vowel == "a"
        and not syllable.unwritten
        and len(syllable.initial) == 1
        and before.initial in letters.LAO_LIFTS
        and syllable.initial in letters.LAO_LIFTED
    )


def _khmer(pieces: Sequence[Piece], at: int) -> str:
    """One piece in Khmer."""
    piece = pieces[at]
    if not isinstance(piece, Syllable):
        return letters.SIGNS.get(piece, (piece, piece))[1]
    final = _final(piece)
    series, *forms = letters.KHMER_VOWELS[piece.vowel]
    form = letters.KHMER_CLOSED.get((piece.vowel, final), forms[bool(final)])
    if piece.vowel == "a" and not final and at + 1 == len(pieces):
        form = letters.KHMER_LAST_A
    elif piece.unwritten and piece.vowel == "o2":
        form = letters.KHMER_UNWRITTEN_O
    elif piece.vowel == "o2:" and not final:
        series, form = letters.KHMER_OPEN_O
    signs = {"C": _khmer_initial(piece, series), "F": letters.KHMER_FINALS.get(final, "")}
    return "".join(signs.get(sign, sign) for sign in form)


def _khmer_initial(syllable: Syllable, series: str) -> str:
    """The consonants in the series of the vowel; where that is open, in the series of the Thai consonant's class."""
    first, second = syllable.initial[0], syllable.initial[1:]
    if syllable.led and not series and first in letters.KHMER_LED:
        return letters.KHMER_LED[first]
    in_a, in_o = letters.KHMER_INITIALS[first]
    series = series or ("o" if first in letters.KHMER_LOW else "a")
    written = in_a if series == "a" else in_o
    if not second:
        return written
    if first == "ป" and series == "a":
        written = letters.KHMER_CLUSTER_P
    base, shifter = (written[:-1], written[-1]) if written[-1] in "៉៊" else (written, "")
    return base + letters.KHMER_BELOW[second] + shifter
