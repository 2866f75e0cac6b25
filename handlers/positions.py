"""Positions as people type or paste them: degrees in the usual spellings, and the links of map apps.

Links are read, never opened: a short one says nothing about its place. Whatever could mean something else is no
position: one number out of a price list must not send officers anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

Position = tuple[float, float]
"""Latitude and longitude in degrees WGS 84, as written: not checked to lie on Earth, maybe the wrong way round."""

REGION = (5.0, 23.0), (97.0, 108.0)
"""Latitudes and longitudes of Thailand, Laos and Cambodia."""

EXACT = 4
"""Decimals (about 10 m) that nobody writes of a price or a time; fewer count only in the region and alone."""

SAME = 0.001
"""Degrees (about 100 m) within which two spellings mean one place; seconds without a fraction are off by 15 m."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A position in somebody's words. `position` is None for a map link out of which no single place can be read.
    `beside` is what else was written."""

    position: Position | None
    beside: str = ""


def read(words: str, digits: Callable[[str], str]) -> Typed | None:
    """The position that `words` hold, or None where there is none for sure. `digits` gives digits of any script as ASCII.

    A link with a place in it counts most, then degrees, then a link without; two different places are none."""
    words, shielded = digits(words).translate(_TYPED_OTHERWISE), dict[str, str]()
    maps: list[Position | None] = []

    def take(found: re.Match[str]) -> str:
        place = _of_link(found)
        if not isinstance(place, _NoMap):
            maps.append(place)
            return " "
        stand_in = chr(_STAND_IN + len(shielded))  # numbers inside other links are no degrees
        shielded[stand_in] = found[0]
        return stand_in

    beside = _LINK.sub(take, words)
    places = set(maps) - {None}
    position = places.pop() if len(places) == 1 else None
    if not places and position is None and (found := _of_degrees(beside)):
        position, beside = found
    if position is None and not maps:
        return None
    return Typed(position, _tidy("".join(shielded.get(c, c) for c in beside)))


_TYPED_OTHERWISE = str.maketrans({
    "\u2212": "-", "\u00a0": " ", "\u202f": " ", "\uff0c": ",", "\u3001": ",", "\uff1b": ";", "\uff0e": ".", "\uff1a": ":",
})  # fmt: skip
"""Minus, spaces and the wide marks of East Asian keyboards, which mean the same."""

_STAND_IN = 0xF0000
"""First of the 65,000 characters of Unicode's private plane: no letters, no digits, on nobody's keyboard."""


# --- degrees ---

_NUMBER = r"\d{1,2}(?:[.,]\d{1,20})?(?!\d)"
_ONE = (
    r"(?P<before{n}>[NSEW]\s{{0,2}}[:=]?\s{{0,2}})?(?P<sign{n}>[-+])?(?P<degrees{n}>\d{{1,3}}(?:[.,]\d{{1,20}})?)(?!\d)"
    r"(?:\s?(?P<ring{n}>[°º˚])(?:\s?(?P<minutes{n}>NUMBER)\s?['′’‘](?:\s?(?P<seconds{n}>NUMBER)\s?(?:[\"″”“]|''|′′))?)?)?"
    r"(?(before{n})|(?:\s{{0,2}}(?P<after{n}>[NSEW])(?![A-Za-z]))?)"
)
_GAP = r"(?P<gap>\s{0,3}[,;/|]\s{0,3}|\s{1,3}|(?<=[NSEW°º˚'′’\"″”]))"
_PAIR = re.compile(
    r"(?<![A-Za-z0-9.,+-])"
    + (_ONE.format(n=1) + _GAP + _ONE.format(n=2)).replace("NUMBER", _NUMBER)
    + r"(?![A-Za-z0-9°]|[.,]\d|\s{0,3}[,;/|]\s{0,3}\d{1,3}[.,]\d)",
    re.IGNORECASE,
)
_NUMBER_AND_COMMA = re.compile(r"\d\s{0,3}[,;/|]\s{0,3}\Z")
_NUMBER_AND_COMMA_CHARS = 8
_BEFORE_NUMBER = r"(?=[\s:=]{0,3}[-+]?\d)"
_LATITUDE = re.compile(rf"(?:(?<![a-z])lat(?:itude)?|ละติจูด){_BEFORE_NUMBER}", re.IGNORECASE)
_LONGITUDE = re.compile(
    rf"(?:(?<![a-z])(?:lon(?:gitude)?|lng|long(?=[\s:=]{{0,3}}-?\d{{2,3}}[.,]\d{{2}}))|ลองจิจูด){_BEFORE_NUMBER}",
    re.IGNORECASE,
)


def _of_degrees(words: str) -> tuple[Position, str] | None:
    """The position in degrees, and the words without it. Two spellings of one place, as map apps copy them, are one."""
    words = _LONGITUDE.sub("E", _LATITUDE.sub("N", words))
    pairs = [pair for pair in _PAIR.finditer(words) if not _after_comma(words, pair.start())]
    rest = _PAIR.sub(" ", words)
    alone = len(pairs) == 1 and not re.search(r"\w", rest)
    found = [(pair, position) for pair in pairs if (position := _position(pair, alone))]
    if not found or any(max(abs(a - b) for a, b in zip(p, found[0][1], strict=True)) > SAME for _, p in found):
        return None
    for pair, _ in reversed(found):
        words = words[: pair.start()] + " " + words[pair.end() :]
    return found[0][1], words


def _after_comma(words: str, start: int) -> bool:
    """Whether a number and a comma stand right before; looking no further back keeps long texts cheap."""
    return _NUMBER_AND_COMMA.search(words, max(0, start - _NUMBER_AND_COMMA_CHARS), start) is not None


def _position(pair: re.Match[str], alone: bool) -> Position | None:
    one, other = _degrees(pair, 1), _degrees(pair, 2)
    if one is None or other is None or _commas_mislead(pair):
        return None
    sides = _side(pair, 1) + _side(pair, 2)
    if len(sides) == 1 or (len(sides) == 2 and (sides[0] in "NS") == (sides[1] in "NS")):
        return None
    position = (other[0], one[0]) if sides and sides[0] in "EW" else (one[0], other[0])
    exact = min(one[1], other[1])
    marked = bool(sides) or bool(pair["ring1"] and pair["ring2"])
    if exact >= EXACT or (marked and exact >= 2):
        return position
    rough = exact >= 1 and max(one[1], other[1]) >= 2
    return position if alone and rough and (marked or _in_region(*position)) else None


def _degrees(pair: re.Match[str], n: int) -> tuple[float, int] | None:
    """One of the two as degrees, with how many decimals of a degree it is exact to. None for 75 minutes and the like."""
    degrees, minutes, seconds = (pair[f"{part}{n}"] for part in ("degrees", "minutes", "seconds"))
    parts = [p.replace(",", ".") for p in (degrees, minutes, seconds) if p]
    if any("." in p for p in parts[:-1]) or any(float(p) >= 60 for p in parts[1:]):
        return None  # only the last part can have a fraction
    value = sum(float(p) / 60**i for i, p in enumerate(parts))
    south_or_west = _side(pair, n) in ("S", "W")
    exact = len(parts[-1].partition(".")[2]) + (0, 2, 4)[len(parts) - 1]
    return (-value if (pair[f"sign{n}"] == "-") != south_or_west else value), exact


def _side(pair: re.Match[str], n: int) -> str:
    """N, S, E, W, or "" where none was written."""
    return (pair[f"before{n}"] or pair[f"after{n}"] or "")[:1].upper()


def _commas_mislead(pair: re.Match[str]) -> bool:
    """In "15,31,105,49" a comma may be anything; "15,31 105,49" is clear."""
    commas = [
        "," in pair[f"{part}{n}"] for n in (1, 2) for part in ("degrees", "minutes", "seconds") if pair[f"{part}{n}"]
    ]
    return any(commas) and ("." in pair[0] or pair["gap"] == ",")


def _in_region(latitude: float, longitude: float) -> bool:
    """Whether it lies there, or would the other way round."""
    return any(
        REGION[0][0] <= a <= REGION[0][1] and REGION[1][0] <= b <= REGION[1][1]
        for a, b in ((latitude, longitude), (longitude, latitude))
    )


# --- links ---


class _NoMap:
    """A link to something else than a map."""


_LINK = re.compile(
    r"(?<![a-z0-9.-])(?:(?:https?://)?(?P<host>(?:[a-z0-9-]{1,40}\.){1,5}[a-z]{2,8})(?::\d{1,5})?(?P<path>[/?#][^\s<>]*)"
    r"|geo:(?P<geo>[^\s<>]+))",
    re.IGNORECASE | re.ASCII,
)
_DECIMAL = r"[-+]?\d{1,3}(?:\.\d{1,20})?"
_COMMA_PAIR = re.compile(rf"(?:loc:)?\s*({_DECIMAL})\s*,\s*({_DECIMAL})(?![\d.])")
_PIN = re.compile(rf"!3d({_DECIMAL})!4d({_DECIMAL})(?![\d.])")
_MIDDLE = re.compile(rf"/@({_DECIMAL}),({_DECIMAL})(?![\d.])")
_OSM_MAP = re.compile(rf"(?:^|&)map=[\d.]{{1,6}}/({_DECIMAL})/({_DECIMAL})(?![\d.])")
_WAY = frozenset({"saddr", "daddr"})
"""Parameters of a way's two ends; the middle of its map is neither."""
_GOOGLE = re.compile(r"(?:[a-z0-9-]+\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?")


def _of_link(found: re.Match[str]) -> Position | _NoMap | None:
    """The place of a link; None where a map link tells none, or several."""
    if found["geo"]:
        return _geo(_without_stop(found["geo"]))
    host, path = found["host"].lower().removeprefix("www."), _without_stop(found["path"])
    address, _, fragment = path.partition("#")
    address, _, query = address.partition("?")
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    address = unquote(address).replace("+", " ")
    if _GOOGLE.fullmatch(host) and (host.startswith("maps.") or address.startswith("/maps")):
        return _google(address, unquote(query), asked)
    if host == "maps.apple.com":
        way = _WAY & asked.keys() or address.startswith("/directions")
        return None if way else _first(asked, "coordinate", "q", "ll", "center")
    if host in ("openstreetmap.org", "osm.org"):
        return _open_street_map(address, asked, unquote(fragment))
    short = host in ("maps.app.goo.gl", "maps.apple") or (host == "goo.gl" and address.startswith("/maps"))
    return None if short else _NoMap()


def _without_stop(path: str) -> str:
    """Without the full stop or bracket of the sentence around the link."""
    path = path.rstrip(".,;:!]\"'»")
    return path if "(" in path else path.rstrip(")")


def _google(address: str, query: str, asked: dict[str, str]) -> Position | None:
    """The pin itself where the link names it, else the middle of the map that was looked at. A way has two ends."""
    if "/dir/" in address + "/" or _WAY & asked.keys():
        return None
    pins = {_numbers(p) for p in _PIN.finditer(address + query)}
    if pins:
        return pins.pop() if len(pins) == 1 else None
    named = address.split("/@")[0].rstrip("/").rpartition("/")[2]
    if place := _first(asked, "q", "query") or _value(named):
        return place
    middle = _MIDDLE.search(address)
    return _first(asked, "ll") or (_numbers(middle) if middle else None) or _first(asked, "center")


def _open_street_map(address: str, asked: dict[str, str], fragment: str) -> Position | None:
    """The marker, else the middle of the map."""
    if address.startswith(("/go/", "/directions")):
        return None
    marker = _COMMA_PAIR.fullmatch(f"{asked.get('mlat', '')},{asked.get('mlon', '')}")
    middle = _OSM_MAP.search(fragment)
    found = marker or middle
    return _numbers(found) if found else None


def _geo(rest: str) -> Position | None:
    """A geo: link (RFC 5870); Android's "geo:0,0?q=15.31,105.49(name)" has its pin in the query."""
    at, _, query = rest.partition("?")
    asked = parse_qs(query)
    if "q" in asked:
        return _value(asked["q"][0])
    found = _COMMA_PAIR.match(at)
    return _numbers(found) if found else None


def _first(asked: dict[str, str], *names: str) -> Position | None:
    """The first of these parameters that is a position."""
    return next((place for name in names if (place := _value(asked.get(name, "")))), None)


def _value(value: str) -> Position | None:
    """A parameter or a part of the path that is a position and nothing else, maybe with a label in brackets."""
    value = re.sub(r"\([^()]{0,200}\)\s*$", "", value).strip()
    if found := _COMMA_PAIR.fullmatch(value):
        return _numbers(found)
    pair = _PAIR.fullmatch(value)
    return _position(pair, alone=True) if pair else None


def _numbers(found: re.Match[str]) -> Position:
    return float(found[1]), float(found[2])


# --- what else was written ---


def _tidy(words: str) -> str:
    """Without the spaces, brackets and commas that are left over at the ends; marks alone are nothing."""
    return words.strip(" \t\r\n,;:()[]|-") if re.search(r"\w", words) else ""
