"""Finding a place by its name, typed in any of the four scripts, misspelt, with or without "district" before it.

Every name is compared with what was typed (rapidfuzz `ratio`, which was right more often here than its other measures):
as it is written, and as it sounds. Nothing is ever taken without asking: the caller shows the matches with their district.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby, islice, takewhile

from rapidfuzz import fuzz, process

from handlers.world import Area, level
from storage.places import sounds

MOST = 5
LONGEST = 80
"""Letters of a name that are looked at; the longest name has 31."""
LEAST_ALIKE = 55.0
"""Percent below which a name is no match; measured on misspelt names (tests/places/test_search.py)."""
FAR_BEHIND = 20.0
"""Percent by which a match may be less alike than the best one: beside a name that fits, wild ones only confuse."""
SELDOM_BEHIND = 10.0
"""The same for a place where nobody is served: it is seldom meant."""
BEGINNING = 70.0
"""Percent that three or more letters with which a name begins are alike to it."""
SHORT_NAME = 90.0
"""The same for a province or district: people say Ubon for Ubon Ratchathani, Aran for Aranyaprathet."""
_MANY = 40
NO_MORE: Mapping[str, Collection[str]] = {}

_Match = tuple[float, Collection[str]]
"""How alike a form of a name is to what was typed (percent), and the codes of the places that are called so."""


class Names:
    """The names of some places, ready to be searched. Each form of a name is compared once, whoever bears it, and only with
    words of its script: twenty thousand villages share some thousand names."""

    def __init__(
        self,
        areas: Iterable[Area],
        also: Mapping[str, Collection[str]] = NO_MORE,
        seldom: Collection[str] = frozenset(),
    ) -> None:
        """`also`: further names by code. `seldom`: the codes of places that have to fit better than others."""
        self._seldom = seldom
        self._areas = {area.code: area for area in areas}
        bearers: dict[str, dict[str, None]] = {}
        for code, area in self._areas.items():
            for name in {area.name.th, area.name.en, area.name.lo, area.name.km, *also.get(code, ())} - {""}:
                bearers.setdefault(name, {})[code] = None
        written: dict[int, _Called] = {}
        spoken, khmer = _Called(), _Called()
        for name, codes in bearers.items():
            forms = sounds.forms(name)
            if all(len(code) == 8 and code.isdecimal() for code in codes):
                forms = forms[-1:]  # what stands before a village's name is no part of it
            for form in forms:
                for block in _blocks(form):
                    written.setdefault(block, _Called()).add(form, codes)
            for bare in forms[-1:]:  # by ear without the kind of place, which would make half of all names alike
                if not bare.isascii():
                    khmer.add(sounds.khmer_sound(bare), codes)
                    if not sounds.is_khmer(bare):
                        spoken.add(sounds.sound(bare), codes)
        self._written, self._spoken, self._khmer = written, spoken, khmer

    def find(self, words: str, near: str = "", most: int = MOST, served: Container[str] = ()) -> list[Area]:
        """The places whose names are most like these words, the most alike first; none rather than a wild guess. Among
        equals those come first that share more of the code `near`, then the larger ones, then those that are not seldom
        meant, then those of `served` districts and across the border."""

        def rank(code: str) -> tuple[int, int, bool, bool, str]:
            unserved = code[:4] not in served and code[:1].isdecimal()
            return -_shared(code, near), len(code), code in self._seldom, unserved, code

        matches = [match for typed in sounds.forms(words[:LONGEST]) for match in self._alike(typed)]
        matches.sort(key=_by_likeness)
        found: list[str] = []
        for alike, equal in groupby(matches, key=lambda match: match[0]):
            if len(found) >= most or alike < matches[0][0] - FAR_BEHIND:
                break
            codes = {code for _, bearers in equal for code in bearers}.difference(found)
            if alike < matches[0][0] - SELDOM_BEHIND:
                codes.difference_update(self._seldom)
            found += sorted(codes, key=rank)
        return [self._areas[code] for code in found[:most]]

    def _alike(self, typed: str) -> Iterator[_Match]:
        for block in _blocks(typed):
            if block in self._written:
                yield from self._written[block].like(typed, 1.0)
        if sounds.is_khmer(typed):
            yield from self._khmer.like(sounds.khmer_sound(typed), 0.95)
        elif not typed.isascii():
            yield from self._spoken.like(sounds.sound(typed), 0.98)


class _Called:
    """Forms of names, each with the codes of the places that it stands for."""

    def __init__(self) -> None:
        self._codes: dict[str, dict[str, None]] = {}

    @cached_property
    def _forms(self) -> list[str]:
        """Copies, which lie side by side in memory: all are read for each search, and so it takes half the time. Sorted,
        so that those with one beginning stand together."""
        return [form.encode().decode() for form in sorted(self._codes)]

    def add(self, form: str, codes: Mapping[str, None]) -> None:
        """Call these places so, too. Before the first search."""
        if form:
            self._codes.setdefault(form, {}).update(codes)

    def like(self, typed: str, weight: float) -> Iterator[_Match]:
        """The forms most like what was typed."""
        for form, alike, _ in process.extract(
            typed, self._forms, scorer=fuzz.ratio, limit=_MANY, score_cutoff=LEAST_ALIKE
        ):
            yield alike * weight, self._codes[form]
        if weight == 1.0 and len(typed) > 2:
            first = bisect_left(self._forms, typed)
            for form in takewhile(lambda one: one.startswith(typed), islice(self._forms, first, None)):
                yield BEGINNING, self._codes[form]
                if large := [code for code in self._codes[form] if level(code) in (2, 4)]:
                    yield SHORT_NAME, large


def _by_likeness(match: _Match) -> float:
    return -match[0]


def _blocks(form: str) -> set[int]:
    """The scripts of a form, by Unicode's blocks of 128 characters, in which Thai, Lao and Khmer each have one."""
    return {ord(letter) >> 7 for letter in form}


def _shared(code: str, near: str) -> int:
    """How many levels two codes have in common: province, district, subdistrict, village."""
    return sum(code[:end] == near[:end] for end in (2, 4, 6, 8) if len(near) >= end)
