"""Ground to measure and to test on: boundaries made up from the subdistricts' points, villages, and positions scattered
without chance."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import count

import shapely

from storage.imports import NamedPoint
from storage.places.tables import Tables

REACH = 0.08
"""Degrees around the points, about 9 km, that the made-up areas fill: beside them is a river, or another country."""

SOUTH, NORTH, WEST, EAST = 11.4, 20.8, 99.1, 105.9
"""Degrees around the 18 provinces, with some 30 km of Laos and Cambodia."""

KINDS = (
    ("หนอง", "Nong ", "ໜອງ", "នង"), ("โนน", "Non ", "ໂນນ", "ណូន"), ("ห้วย", "Huai ", "ຫ້ວຍ", "ហ៊ួយ"), ("นา", "Na ", "ນາ", "ណា"),
    ("ดอน", "Don ", "ດອນ", "ដន"), ("โคก", "Khok ", "ໂຄກ", "គោក"), ("ท่า", "Tha ", "ທ່າ", "ថា"),
)  # fmt: skip
"""What the names of many villages begin with: a swamp, a hill, a brook, a field and so on."""


@cache
def made_up() -> dict[str, shapely.Geometry]:
    """What lies nearer to one subdistrict's point than to any other, by subdistrict; no real boundary."""
    points = [point for inside in Tables.load().points.values() for point in inside]
    at = shapely.points([(p.longitude, p.latitude) for p in points])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(at), ordered=True))
    land = shapely.buffer(at, REACH, quad_segs=2)
    return {p.subdistrict: shapely.intersection(c, b) for p, c, b in zip(points, cells, land, strict=True)}


@cache
def made_up_districts() -> dict[str, shapely.Geometry]:
    """The same, put together to districts."""
    parts: dict[str, list[shapely.Geometry]] = {}
    for code, area in made_up().items():
        parts.setdefault(code[:4], []).append(area)
    return {code: shapely.union_all(areas) for code, areas in parts.items()}


def scattered() -> Iterator[tuple[float, float]]:
    """Latitudes and longitudes that fill the box evenly (the R2 sequence of the plastic number), the same every time."""
    for n in count(1):
        yield SOUTH + n * 0.7548776662466927 % 1 * (NORTH - SOUTH), WEST + n * 0.5698402909980532 % 1 * (EAST - WEST)


def villages(number: int) -> list[NamedPoint]:
    """So many villages, spread over all subdistricts. A third are called like their subdistrict, a third after one of a
    hundred others, as common names are, and a third after a swamp, a hill and so on with another's name behind."""
    tables = Tables.load()
    areas = [area for code, area in tables.areas.items() if code.isdecimal() and len(code) == 6]
    made = []
    for n in range(number):
        turn, place = divmod(n, len(areas))
        code, kind = areas[place].code, n // 3 % len(KINDS)
        name = areas[(place, n % 100, n * 7919 % len(areas))[n % 3]].name
        th, en, lo, km = KINDS[kind] if n % 3 == 2 else ("", "", "", "")
        written = f"บ้าน{th}{name.th}", f"Ban {en}{name.en}", f"ບ້ານ{lo}{name.lo}", f"ភូមិ{km}{name.km}"
        made.append(NamedPoint(f"{code}{turn + 1:02}", "village", *written, *tables.positions[code], "lo km"))
    return made
