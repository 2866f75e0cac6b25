"""A place as people write it on a letter: "ต.ห้วยยาง อ.โขงเจียม จ.อุบลราชธานี", or with commas between the names.

The widest part is looked for first, and each narrower one within what was found for it. A part that names nothing there
(a village that is on no list) is passed over: the next wider one is offered then.
"""

from __future__ import annotations

import re
from collections.abc import Container

from handlers.world import Area, level
from storage.places.search import MOST, Names

LONGEST_NAME = 40
"""Letters beyond which words without a kind of place in them are a story and no name (the longest name has 31)."""
_MANY = 60

_LEVELS = {
    2: ("จังหวัด", "จ.", "ແຂວງ", "ຈັງຫວັດ", "ខេត្ត", "changwat"),
    4: ("อำเภอ", "อ.", "ອຳເພີ", "ອໍາເພີ", "ស្រុក", "ក្រុង", "amphoe", "amphur"),
    6: ("ตำบล", "ต.", "ຕຳບົນ", "ຕໍາບົນ", "ឃុំ", "សង្កាត់", "tambon"),
}
"""Words for a kind of place by the digits of its code. บ้าน, เมือง and their like are not among them: they are parts of many
names."""
_LEVEL = {word: digits for digits, words in _LEVELS.items() for word in words}
_KIND = "|".join(map(re.escape, sorted(_LEVEL, key=len, reverse=True)))
_ALSO = "หมู่บ้าน|บ้าน|ບ້ານ|ເມືອງ|ភូមិ"
_CUT = re.compile(rf"\s*[,،、\n]\s*|\s+(?={_KIND}|{_ALSO})|(?=[จอตม]\.)", re.IGNORECASE)
_BARE = re.compile(rf"((?:{_KIND})\s*(?!เมือง\s)[\u0e01-\u0eff]{{1,40}})\s+(?=[\u0e01-\u0eff])", re.IGNORECASE)
"""A Thai or Lao name with its kind and a blank behind it: map apps write the province after it without its kind.
"อ.เมือง นครพนม" is one name."""
_AROUND = re.compile(r"(?<!\d)[1-9]\d{4}(?!\d)|[\s,]+(?:ประเทศไทย|Thailand)\s*\Z", re.IGNORECASE)
"""What stands on a letter and names no place of ours: the postal code, the country."""
_BEGIN = re.compile(rf"(?:{_KIND})", re.IGNORECASE)
_NOTHING = re.compile(rf"(?:{_KIND}|{_ALSO}|หมู่ที่|หมู่|ม\.|ໝູ່ທີ|ໝູ່|ភូមិលេខ|moo|mu|no\.?)?\s*\d*", re.IGNORECASE)
"""A part that holds no name: a kind of place alone, a village's number."""


def find(names: Names, words: str, near: str = "", served: Container[str] = ()) -> list[Area]:
    """The places that these words may mean, the likeliest first, at most five. `near`, `served`: as for `Names.find`."""
    parts = _parts(words)
    if len(parts) < 2:
        known = names.find(parts[0], near, served=served) if parts and len(words) <= LONGEST_NAME else []
        return _of_kind(parts[0], known) if known else []
    found: list[Area] = []
    for part in reversed(parts):
        matches = names.find(part, near, _MANY, served)
        inside = [area for area in matches if any(_lies_in(area, wider) for wider in found)] if found else matches
        wanted = _level(part)
        found = [area for area in inside if level(area.code) == wanted] or inside or found
    return found[:MOST]


def find_of_kind(names: Names, words: str, near: str = "", served: Container[str] = ()) -> list[Area]:
    """The same, where a part says what kind of place it is: only places of the smallest such kind, and what lies in one."""
    parts = _parts(words)
    wanted = max(map(_level, parts), default=0)
    if not wanted:
        return []
    inner = len(parts) > 1
    found = find(names, words, near, served)
    return [area for area in found if (size := level(area.code)) == wanted or (inner and size > wanted)]


def _parts(words: str) -> list[str]:
    """The names in an address, the narrowest first."""
    words = _BARE.sub(r"\1, ", _AROUND.sub(" ", words))
    return [part for part in map(str.strip, _CUT.split(words)) if not _NOTHING.fullmatch(part)]


def _of_kind(words: str, found: list[Area]) -> list[Area]:
    """Those of the kind that stands before the name come first."""
    wanted = _level(words)
    return sorted(found, key=lambda area: level(area.code) != wanted) if wanted else found


def _level(part: str) -> int:
    kind = _BEGIN.match(part)
    return _LEVEL[kind[0].lower()] if kind else 0


def _lies_in(area: Area, wider: Area) -> bool:
    return area.code != wider.code and (wider.code in area.within or area.code.startswith(wider.code))
