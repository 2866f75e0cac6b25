"""How Lao and Khmer write the syllables of `syllables.py`. The one table of the transliteration's spelling.

Lao has nearly the letters and all the vowels and tone marks of Thai, but writes what is spoken: no second l or r in a
cluster, no silent letters. Khmer marks no tones; each of its vowel signs has two sounds, chosen by the series of the
consonant before it (a-series or o-series), so each Thai consonant has a Khmer letter of either series.
"""

from __future__ import annotations

_ORDER_LAO = {
    "ກ": "ก", "ຂ": "ขฃ", "ຄ": "คฅฆ", "ງ": "ง", "ຈ": "จ", "ສ": "ฉศษส", "ຊ": "ชซฌ", "ຍ": "ญย", "ດ": "ดฎ", "ຕ": "ตฏ",
    "ຖ": "ถฐ", "ທ": "ทธฑฒ", "ນ": "นณ", "ບ": "บ", "ປ": "ป", "ຜ": "ผ", "ຝ": "ฝ", "ພ": "พภ", "ຟ": "ฟ", "ມ": "ม", "ລ": "ลฬร",
    "ວ": "ว", "ຫ": "ห", "ອ": "อ", "ຮ": "ฮ",
}  # fmt: skip
LAO_INITIALS = {thai: lao for lao, letters in _ORDER_LAO.items() for thai in letters}
LAO_NATIVE_R = "ຮ"
"""For a single ร in words that Lao shares with Thai (ร้อน ຮ້ອນ); names from Pali and Khmer have ລ."""
LAO_LED = {"ง": "ຫງ", "ญ": "ຫຍ", "ย": "ຫຍ", "น": "ໜ", "ณ": "ໜ", "ม": "ໝ", "ร": "ຫຼ", "ล": "ຫຼ", "ว": "ຫວ"}
LAO_LED_BY_O = "ຢ"
"""อย at the beginning (อยู่ ຢູ່)."""
LAO_LIFTS = "ขฉฐถผฝศษสตปก"
"""Consonants that, with an unwritten a, lift the sonorant after them to their own tone: ตลาด ຕະຫຼາດ."""
LAO_LIFTED = "งญนมยลว"
LAO_FINALS = {"k": "ກ", "ng": "ງ", "t": "ດ", "n": "ນ", "p": "ບ", "m": "ມ", "i": "ຍ", "o": "ວ"}
LAO_TONES = {"": "", "่": "່", "้": "້", "๊": "໊", "๋": "໋"}
LAO_VOWELS = {
    "a": ("CTະ", "CັTF"),
    "a:": ("CTາ", "CTາF"),
    "i": ("CິT", "CິTF"),
    "i:": ("CີT", "CີTF"),
    "ue": ("CຶT", "CຶTF"),
    "ue:": ("CືT", "CືTF"),
    "u": ("CຸT", "CຸTF"),
    "u:": ("CູT", "CູTF"),
    "e": ("ເCTະ", "ເCັTF"),
    "e:": ("ເCT", "ເCTF"),
    "ae": ("ແCTະ", "ແCັTF"),
    "ae:": ("ແCT", "ແCTF"),
    "o": ("ໂCTະ", "CົTF"),
    "o:": ("ໂCT", "ໂCTF"),
    "o2": ("ເCTາະ", "CັTອF"),
    "o2:": ("CໍT", "CTອF"),
    "oe:": ("ເCີT", "ເCີTF"),
    "ia": ("ເCTຍ", "CTຽF"),
    "uea": ("ເCືTອ", "ເCືTອF"),
    "ua": ("CົTວ", "CTວF"),
    "ai": ("ໄCT", "ໄCT"),
    "ai2": ("ໃCT", "ໃCT"),
    "ao": ("ເCົTາ", "ເCົTາ"),
    "am": ("CTຳ", "CTຳ"),
}
"""Vowel: open and closed by a final consonant; C consonants, T tone mark, F final."""
LAO_UNWRITTEN_O = "CໍT"
"""An unwritten o before r (จรเข้ ຈໍລະເຂ້)."""

_SERIES = {
    "k": ("ក", "គ"),
    "kh": ("ខ", "ឃ"),
    "ng": ("ង៉", "ង"),
    "ch": ("ច", "ជ"),
    "chh": ("ឆ", "ឈ"),
    "s": ("ស", "ស៊"),
    "y": ("យ៉", "យ"),
    "d": ("ដ", "ឌ"),
    "t": ("ត", "ទ"),
    "th": ("ថ", "ធ"),
    "n": ("ណ", "ន"),
    "b": ("ប", "ប៊"),
    "p": ("ប៉", "ព"),
    "ph": ("ផ", "ភ"),
    "f": ("ហ្វ", "ហ្វ៊"),
    "m": ("ម៉", "ម"),
    "r": ("រ៉", "រ"),
    "l": ("ឡ", "ល"),
    "w": ("វ៉", "វ"),
    "h": ("ហ", "ហ៊"),
    "": ("អ", "អ៊"),
}
_ORDER_KHMER = {
    "k": "ก",
    "kh": "ขฃคฅฆ",
    "ng": "ง",
    "ch": "จ",
    "chh": "ฉชฌ",
    "s": "ซศษส",
    "y": "ญย",
    "d": "ดฎ",
    "t": "ตฏ",
    "th": "ถฐทธฑฒ",
    "n": "นณ",
    "b": "บ",
    "p": "ป",
    "ph": "ผพภ",
    "f": "ฝฟ",
    "m": "ม",
    "r": "ร",
    "l": "ลฬ",
    "w": "ว",
    "h": "หฮ",
    "": "อ",
}
KHMER_INITIALS = {thai: _SERIES[sound] for sound, letters in _ORDER_KHMER.items() for thai in letters}
"""Each consonant in the a-series and in the o-series."""
KHMER_LOW = "คฅฆชฌญณฑฒทธนพภมยรลฬวง"
"""Thai consonants that go with the o-series where the vowel leaves the choice."""
KHMER_BELOW = {"ร": "្រ", "ล": "្ល", "ว": "្វ"}
KHMER_CLUSTER_P = "ប"
"""ប before another consonant is p."""
KHMER_LED = {"ง": "ហ្ង", "น": "ហ្ន", "ม": "ហ្ម", "ล": "ហ្ល", "ร": "ហ្រ"}
"""หน as in the usual ហ្នងគាយ for หนองคาย; only where the vowel leaves the choice of series."""
KHMER_FINALS = {"k": "ក", "ng": "ង", "t": "ត", "n": "ន", "p": "ប", "m": "ម", "i": "យ", "o": "វ"}
KHMER_VOWELS = {
    "a": ("a", "Cា", "CាF់"),
    "a:": ("a", "Cា", "CាF"),
    "i": ("o", "Cិ", "CិF"),
    "i:": ("o", "Cី", "CីF"),
    "ue": ("o", "Cឹ", "CឹF"),
    "ue:": ("o", "Cឺ", "CឺF"),
    "u": ("o", "Cុ", "CុF"),
    "u:": ("o", "Cូ", "CូF"),
    "e": ("", "Cេះ", "CេF"),
    "e:": ("", "Cេ", "CេF"),
    "ae": ("", "Cែះ", "CែF"),
    "ae:": ("", "Cែ", "CែF"),
    "o": ("a", "Cុះ", "CុF"),
    "o:": ("o", "Cោ", "CោF"),
    "o2": ("a", "Cោះ", "CF់"),
    "o2:": ("", "C", "CF"),
    "oe:": ("o", "Cើ", "CើF"),
    "ia": ("", "Cៀ", "CៀF"),
    "uea": ("", "Cឿ", "CឿF"),
    "ua": ("", "Cួ", "CួF"),
    "ai": ("a", "Cៃ", "Cៃ"),
    "ai2": ("a", "Cៃ", "Cៃ"),
    "ao": ("a", "Cៅ", "Cៅ"),
    "am": ("a", "Cាំ", "Cាំ"),
}
"""Vowel: the series that gives its sound ("" either), open, closed."""
KHMER_CLOSED = {
    ("a", "ng"): "CាំF", ("a", "m"): "Cាំ", ("a", "i"): "Cៃ", ("o", "m"): "Cុំ", ("u", "m"): "Cុំ",
}  # fmt: skip
"""Vowels that Khmer writes in one sign with the consonant after them."""
KHMER_OPEN_O = ("a", "Cូ")
"""A long open o as in បូកែវ for ບໍ່ແກ້ວ: its series and form."""
KHMER_LAST_A = "Cះ"
"""A short open a at the end of a name."""
KHMER_UNWRITTEN_O = "C"

SIGNS = {"ๆ": ("ໆ", "ៗ"), "ฯ": ("ຯ", ""), "฿": ("", ""), "๏": ("", ""), "๚": ("", ""), "๛": ("", "")} | {
    chr(0x0E50 + digit): (chr(0x0ED0 + digit), chr(0x17E0 + digit)) for digit in range(10)
}
"""Thai signs that are no letters: repetition, abbreviation, digits."""
