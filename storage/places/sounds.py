"""How a place's name sounds, so that names can be found that are misspelt, or written in a neighbour's script.

Thai and Lao letters stand in the same order 0x80 apart in Unicode, so a Lao name is read as Thai first. People who write
by ear mix up letters of one sound and drop what is silent; the sound key keeps one letter for each group. Khmer writes
other vowels and writes consonants under one another: there only the consonants are compared.
"""

from __future__ import annotations

import re
import unicodedata

PREFIXES = (
    "จังหวัด", "อำเภอ", "ตำบล", "หมู่บ้าน", "บ้าน", "จ.", "อ.", "ต.", "บ.", "แขวง", "เมือง",
    "ນະຄອນຫຼວງ", "ແຂວງ", "ເມືອງ", "ອຳເພີ", "ອໍາເພີ", "ຕຳບົນ", "ຕໍາບົນ", "ບ້ານ", "ຈັງຫວັດ",
    "ខេត្ត", "ក្រុង", "ស្រុក", "សង្កាត់", "ឃុំ", "ភូមិ",
    "changwat", "province", "amphoe", "amphur", "district", "tambon", "subdistrict", "ban", "village",
)  # fmt: skip
"""Words that say what kind of place it is; they stand before the name."""

_ONE_SOUND = {
    "ขฃคฅฆ": "ค", "ซศษสฉชฌ": "ส", "ทธฑฒถฐ": "ท", "ดฎ": "ด", "ตฏ": "ต", "นณ": "น", "ยญ": "ย", "พภผ": "พ", "ฟฝ": "ฟ",
    "ลฬร": "ล", "หฮ": "ห", "ใไ": "ไ",
}  # fmt: skip
_SOUND = {letter: sound for letters, sound in _ONE_SOUND.items() for letter in letters}
_SILENT = re.compile("[\u0e01-\u0e2e\u0e30-\u0e3a]\u0e4c")
"""A letter under the sign that silences it (การันต์)."""
_MARKS = re.compile("[\u0e47-\u0e4e\u0e3a\u0e31\u0e30]")
"""Tone marks and short vowels that are left out when one writes by ear."""
_IA = re.compile("เ([\u0e01-\u0e2e]{1,2}[\u0e48-\u0e4b]?)ีย")
"""The Thai spelling of "ia" begins before its consonant; Lao has one letter for it, behind."""
_CLUSTER = re.compile("([กคตปพผ])[รล]")
"""An r or l behind another consonant is often neither spoken nor written."""
_LAO = re.compile("[\u0e80-\u0eff]")
_KHMER = re.compile("[\u1780-\u17ff]")
_LAO_AS_THAI = {"ໜ": "หน", "ໝ": "หม", "ົ": "", "ຼ": "ล", "ຽ": "ีย", "ໍ": "", "ໆ": ""}
_LEADING = re.compile("([เแโไใ])([\u0e01-\u0e2e])")
"""Thai vowels that are written before the consonant after which they are spoken."""
_KHMER_SOUND = {
    letter: sound
    for letters, sound in {
        "កគខឃ": "k", "ង": "g", "ចជឆឈសឝឞ": "s", "ញយ": "y", "តទថធដឋឌឍ": "t", "នណ": "n", "បពផភ": "p", "ម": "m", "រលឡ": "l",
        "វ": "w", "ហ": "h", "ា័": "a", "ិីឹឺៀ": "i", "ុូួ": "u", "េែើឿ": "e", "ៃ": "ay", "ោ": "o", "ៅ": "ao", "ំ": "m",
    }.items()
    for letter in letters
}  # fmt: skip
_THAI_AS_KHMER = {
    letter: sound
    for letters, sound in {
        "กค": "k", "ง": "g", "จส": "s", "ย": "y", "ดตท": "t", "น": "n", "บปพฟ": "p", "ม": "m", "ล": "l", "ว": "w", "ห": "h",
        "าะั": "a", "ิีึื": "i", "ุู": "u", "เแ": "e", "ไใ": "ay", "โ": "o", "ำ": "am",
    }.items()
    for letter in letters
}  # fmt: skip
_KHMER_CLUSTER = re.compile("([ktp])l")
_KHMER_END = {"l": "n", "s": "t"}


def forms(words: str) -> list[str]:
    """A name in small letters without blanks and signs: whole, and without what may only say what kind of place it is
    ("Ban" is part of some names)."""
    words = unicodedata.normalize("NFC", words).casefold().strip()
    bare = next((words[len(p) :] for p in PREFIXES if words.startswith(p) and len(words) > len(p) + 1), "")
    return [form for form in dict.fromkeys((_letters(words), _letters(bare))) if form]


def is_khmer(words: str) -> bool:
    """Whether there are Khmer letters in it."""
    return bool(_KHMER.search(words))


def sound(name: str) -> str:
    """The sound key of a Thai or Lao name; Latin and other letters stay as they are."""
    thai = "".join(_thai(letter) for letter in name) if _LAO.search(name) else name
    thai = _IA.sub(r"\1ีย", _SILENT.sub("", thai.replace("รร", "น").replace("ทร", "ส")))
    thai = _CLUSTER.sub(r"\1", _MARKS.sub("", thai))
    return "".join(_SOUND.get(letter, letter) for letter in thai)


def khmer_sound(name: str) -> str:
    """The sound key of a Thai or Khmer name, with one letter for each group that a Khmer ear hears alike."""
    if is_khmer(name):
        key = "".join(_KHMER_SOUND.get(letter, "") for letter in name)
    else:
        thai = _LEADING.sub(r"\2\1", _SILENT.sub("", name.replace("รร", "ัน").replace("ทร", "ส").replace("ัว", "ู")))
        key = "".join(_THAI_AS_KHMER.get(_SOUND.get(letter, letter), "") for letter in thai)
    key = _KHMER_CLUSTER.sub(r"\1", key)
    return key[:-1] + _KHMER_END.get(key[-1:], key[-1:])


def _thai(letter: str) -> str:
    if letter in _LAO_AS_THAI:
        return _LAO_AS_THAI[letter]
    return chr(ord(letter) - 0x80) if _LAO.match(letter) else letter


def _letters(words: str) -> str:
    return "".join(letter for letter in words if letter.isalnum() or unicodedata.category(letter).startswith("M"))
