"""Finding a place by its name, typed in any of the four scripts, misspelt, with or without "district" before it.

Every name is compared with what was typed (rapidfuzz `ratio`, which was right more often here than its other measures):
as it is written, and as it sounds. Nothing is ever taken without asking: the caller shows the matches with their district.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Match:
    """A place whose name is like what was typed; `alike` in percent."""

    area: Area
    alike: float


class Names:
    """The names of some places, ready to be searched (about 0.2 ms for 2,000 places)."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._areas: list[Area] = []
        self._written: list[str] = []
        self._sounds: list[str] = []
        self._khmer: list[str] = []
        for area in areas:
            for name in {area.name.th, area.name.en, area.name.lo, area.name.km} - {""}:
                for form in sounds.forms(name):
                    self._areas.append(area)
                    self._written.append(form)
                    self._sounds.append(sounds.sound(form))
                    self._khmer.append("" if form.isascii() else sounds.khmer_sound(form))

    def find(self, words: str, most: int = MOST) -> list[Match]:
        """The places whose names are most like these words, the most alike first; none rather than a wild guess."""
        found: dict[str, Match] = {}
        for typed in sounds.forms(words[:LONGEST]):
            self._compare(typed, self._written, 1.0, found)
            if sounds.is_khmer(typed):
                self._compare(sounds.khmer_sound(typed), self._khmer, 0.95, found)
            elif not typed.isascii():
                self._compare(sounds.sound(typed), self._sounds, 0.98, found)
        best = max((match.alike for match in found.values()), default=0.0)
        near = [match for match in found.values() if match.alike >= best - FAR_BEHIND]
        return sorted(near, key=lambda match: (-match.alike, len(match.area.code), match.area.code))[:most]

    def _compare(self, typed: str, names: Sequence[str], weight: float, found: dict[str, Match]) -> None:
        for _, alike, index in process.extract(typed, names, scorer=fuzz.ratio, limit=_MANY, score_cutoff=LEAST_ALIKE):
            area, alike = self._areas[index], alike * weight
            if area.code not in found or found[area.code].alike < alike:
                found[area.code] = Match(area, alike)
