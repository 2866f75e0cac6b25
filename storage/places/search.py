"""Finding a place by its name, typed in any of the four scripts, misspelt, with or without "district" before it.

Every name is compared with what was typed (rapidfuzz `ratio`, which was right more often here than its other measures):
as it is written, and as it sounds. Nothing is ever taken without asking: the caller shows the matches with their district.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from handlers.world import Area
from storage.places import sounds

MOST = 5
LONGEST = 80
"""Letters of a name that are looked at; the longest name has 31."""
LEAST_ALIKE = 55.0
"""Percent below which a name is no match; measured on misspelt names (tests/places/test_search.py)."""
FAR_BEHIND = 20.0
"""Percent by which a match may be less alike than the best one: beside a name that fits, wild ones only confuse."""
_MANY = 40


class Names:
    """The names of some places, ready to be searched."""

    def __init__(self, areas: Iterable[Area]) -> None:
        called: dict[str, dict[Area, None]] = {}
        for area in areas:
            for name in {area.name.th, area.name.en, area.name.lo, area.name.km} - {""}:
                for form in sounds.forms(name):
                    called.setdefault(form, {})[area] = None
        self._areas = [tuple(some) for some in called.values()]
        self._written = list(called)
        self._sounds = [sounds.sound(form) for form in called]
        self._khmer = ["" if form.isascii() else sounds.khmer_sound(form) for form in called]

    def find(self, words: str, near: str = "", most: int = MOST) -> list[Area]:
        """The places whose names are most like these words, the most alike first; none rather than a wild guess. Among
        equals those come first that share more of the code `near`, then the larger ones."""
        found: dict[Area, float] = {}
        for typed in sounds.forms(words[:LONGEST]):
            self._compare(typed, self._written, 1.0, found)
            if sounds.is_khmer(typed):
                self._compare(sounds.khmer_sound(typed), self._khmer, 0.95, found)
            elif not typed.isascii():
                self._compare(sounds.sound(typed), self._sounds, 0.98, found)
        best = max(found.values(), default=0.0)
        likely = [area for area, alike in found.items() if alike >= best - FAR_BEHIND]
        likely.sort(key=lambda area: (-found[area], -_shared(area.code, near), len(area.code), area.code))
        return likely[:most]

    def _compare(self, typed: str, names: Sequence[str], weight: float, found: dict[Area, float]) -> None:
        for _, alike, index in process.extract(typed, names, scorer=fuzz.ratio, limit=_MANY, score_cutoff=LEAST_ALIKE):
            for area in self._areas[index]:
                found[area] = max(found.get(area, 0.0), alike * weight)


def _shared(code: str, near: str) -> int:
    """How many levels two codes have in common: province, district, subdistrict, village."""
    return sum(code[:end] == near[:end] for end in (2, 4, 6, 8) if len(near) >= end)
