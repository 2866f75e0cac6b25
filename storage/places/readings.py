"""How a Thai name is read: the cheapest walk over its syllables, from the first letter to the last.

Where the official English name is known, the walk must spell it too; it follows the Royal Thai General System (RTGS), and
nearly always leaves the one right reading. Should no walk spell it, the one that comes nearest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from storage.places.syllables import Piece, Step, Syllable, syllables
from storage.places.words import WORDS

KNOWN_WORD, KNOWN_SYLLABLE = 0.4, 0.15
"""A word that everybody can read costs less than the 1 of an unknown syllable."""
MISMATCH = 8.0
"""Each letter by which a reading differs from the official English name."""
MOST_DIFFERING = 0.25
"""The share of its letters by which an English name may differ; beyond, it is no spelling of the Thai name."""
LONGEST_NAME = 120
"""Letters up to which a name is held against its English form, as that takes time by the square; no place has more."""

_LONGEST_WORD = max(map(len, WORDS))
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_TYPED = (("เเ", "แ"), ("ํ", "ำ"), ("ำา", "ำ"), ("ฤๅ", "รือ"), ("ฦ", "ล"), ("ๅ", "า"))
"""What is typed in several ways, and what is meant."""

Steps = Callable[[str, int], Iterable[Step]]
"""From a place in the Thai name: what can be read there."""
Follow = Callable[[int, tuple[str, ...]], Iterable[tuple[int, float]]]
"""From a place in the English name and the syllables just read: the places where it may go on, and the cost of each."""
Walk = tuple[float, tuple[Piece, ...]]


@lru_cache(maxsize=4096)
def parse(thai: str, english: str = "") -> tuple[Piece, ...]:
    """The most likely syllables of a Thai name; with its English name those that spell it, or nearly do.

    An English name that spells something else (a translation, another name) is left aside.
    """
    name = " ".join(re.findall("[a-z0-9]+", english.casefold()))
    follows = [_exactly(name), _nearly(name)] if name and max(len(thai), len(name)) <= LONGEST_NAME else []
    for follow in [*follows, _anything]:
        goal = 0 if follow is _anything else len(name)
        walks = [walk for form in _forms(thai) if (walk := _cheapest(form, follow, goal, _steps))]
        if walks:
            pieces = min(walks, key=lambda walk: walk[0])[1]
            if follow is _anything or _differing(pieces, name) <= MOST_DIFFERING * len(name):
                return pieces
    return ()


def _differing(pieces: Iterable[Piece], name: str) -> int:
    """The letters by which the English name differs from the syllables."""
    return Levenshtein.distance(romanised(pieces), name.replace(" ", ""))


def romanised(pieces: Iterable[Piece]) -> str:
    """The syllables in RTGS, small letters without word breaks."""
    return "".join(map(_spelt, pieces))


def _spelt(piece: Piece) -> str:
    if isinstance(piece, Syllable):
        return piece.roman
    return piece.casefold() if piece.isascii() and piece.isalnum() else ""


def _forms(thai: str) -> list[str]:
    """A name in one spelling for what can be typed in several ways; in two if it has ฤ, which is read rue or ri."""
    thai = _INVISIBLE.sub("", thai)
    for typed, meant in _TYPED:
        thai = thai.replace(typed, meant)
    thai = re.sub("(ำ)([\u0e48-\u0e4b])", r"\2\1", thai)
    return [thai.replace("ฤ", "รึ"), thai.replace("ฤ", "ริ")] if "ฤ" in thai else [thai]


def _cheapest(thai: str, follow: Follow, goal: int, steps: Steps) -> Walk | None:
    """The cheapest walk through the whole name that ends at place `goal` of the English name, with its cost."""
    best: list[dict[int, tuple[float, int, int, tuple[Piece, ...]]]] = [{} for _ in range(len(thai) + 1)]
    best[0][0] = (0.0, 0, 0, ())
    for at in range(len(thai)):
        if not best[at]:
            continue
        for pieces, end, cost in steps(thai, at):
            spelt = tuple(map(_spelt, pieces))
            for place, (so_far, *_) in best[at].items():
                for reached, more in follow(place, spelt):
                    total = so_far + cost + more
                    if reached not in best[end] or total < best[end][reached][0]:
                        best[end][reached] = (total, at, place, pieces)
    if goal not in best[-1]:
        return None
    total, at, place, walk = best[-1][goal][0], len(thai), goal, list[tuple[Piece, ...]]()
    while at:
        _, at, place, pieces = best[at][place]
        walk.append(pieces)
    return total, tuple(piece for pieces in reversed(walk) for piece in pieces)


def _anything(place: int, spelt: tuple[str, ...]) -> Iterable[tuple[int, float]]:
    """No English name to follow."""
    return ((0, 0.0),)


def _exactly(name: str) -> Follow:
    """Along the English name letter by letter; its blanks stand only between syllables."""

    def follow(place: int, spelt: tuple[str, ...]) -> Iterable[tuple[int, float]]:
        for syllable in spelt:
            if not name.startswith(syllable, place):
                return
            place = _past_blank(name, place + len(syllable))
        yield place, 0.0

    return follow


def _nearly(name: str) -> Follow:
    """Along the English name with letters that differ, are missing or too many, each at a cost."""

    @cache
    def follow(place: int, spelt: tuple[str, ...]) -> Iterable[tuple[int, float]]:
        word = "".join(spelt)
        ends = range(max(place, place + len(word) - 2), min(len(name), place + len(word) + 3) + 1)
        return [(_past_blank(name, end), MISMATCH * Levenshtein.distance(word, name[place:end])) for end in ends]

    return follow


def _past_blank(name: str, place: int) -> int:
    return place + 1 if name[place : place + 1] == " " else place


def _steps(thai: str, at: int) -> Iterator[Step]:
    """All that can be read from a place on: known words and single syllables."""
    readings = _readings()
    for end in range(at + 2, min(len(thai), at + _LONGEST_WORD) + 1):
        if pieces := readings.get(thai[at:end]):
            yield pieces, end, KNOWN_WORD + KNOWN_SYLLABLE * len(pieces)
    yield from syllables(thai, at)


@cache
def _readings() -> dict[str, tuple[Piece, ...]]:
    """The syllables of each known word."""
    walks = {word: _cheapest(word, _exactly(rtgs), len(rtgs), syllables) for word, (rtgs, *_) in WORDS.items()}
    return {word: walk[1] for word, walk in walks.items() if walk}
