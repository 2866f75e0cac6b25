"""`python -m bench.places`: lookups of positions, search of names, loading and memory of the gazetteer.

Everything is processor time of one core (the best of several passes, since neighbours only add), but for the time that a
running programme takes to take an import over. What is loaded is measured in a process of its own, by its memory.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import TypeVar

from rapidfuzz import fuzz, process

from bot.clock import SystemClock
from handlers.cases import PROGRAMME_DESK
from handlers.routing import Located, locate
from handlers.session import Place
from storage.database import Database
from storage.imports import About, Layer, Shape
from storage.places import abroad
from storage.places.gazetteer import Gazetteer
from storage.places.imported import Imported, Read
from storage.places.tables import Tables
from storage.vault import Vault

VILLAGES = 20_000
POSITIONS = 10_000
PASSES = 10
CORNERS_APART = 0.004
"""Degrees between the corners of the made-up boundaries, so that a district has some 300, as an imported one has."""

Doing = TypeVar("Doing")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Something that was loaded: processor seconds, and megabytes of memory that it left behind."""

    what: str
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Searched:
    """Searches of names: processor seconds of the first, the median and the 95th percentile; the floor's median."""

    what: str
    first: float
    middle: float
    slow: float
    floor: float


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="mekongwatch-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'places.sqlite3'}"
        _alone(_import, url)
        print(f"{'Lookups per second, one core':<44}{'inside':>10}{'ratio':>7}{'around':>10}{'ratio':>7}")
        for line in _alone(_lookups, url):
            print(line)
        print(f"\n{'Loading':<44}{'CPU ms':>10}{'':>7}{'MB':>10}")
        for loaded in _alone(_loading, url):
            print(f"  {loaded.what:<42}{1000 * loaded.seconds:>10.0f}{'':>7}{loaded.megabytes:>10.1f}")
        print(f"\n{'Search of a name, CPU ms':<44}{'first':>10}{'p50':>8}{'p95':>8}{'floor':>8}{'ratio':>7}")
        for s in _alone(_searches, url):
            times = f"{1000 * s.first:>10.1f}{1000 * s.middle:>8.2f}{1000 * s.slow:>8.2f}{1000 * s.floor:>8.2f}"
            print(f"  {s.what:<42}{times}{s.floor / s.middle:>7.2f}")
        read, made, named = _alone(_taken_over, url)
        print(f"\nAn import taken over by a running programme, ms: read {1000 * read:.0f} (in the database's turn), "
              f"indexed {1000 * made:.0f}, names {1000 * named:.0f} (both beside)")  # fmt: skip
    return 0


def _alone(work: Callable[[str], Doing], url: str) -> Doing:
    """Do it in a fresh process, whose memory nothing else has touched."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, url).result()


def _database(url: str) -> Database:
    return Database(url, Vault("a key that protects nothing real"))


def _import(url: str) -> None:
    """Made-up boundaries of both levels, and villages, as an operator would have imported them."""
    import shapely

    from bench.ground import made_up, made_up_districts, villages

    def shapes(areas: Mapping[str, shapely.Geometry]) -> list[Shape]:
        return [Shape(code, shapely.to_wkb(shapely.segmentize(area, CORNERS_APART))) for code, area in areas.items()]

    data, now, about = _database(url), SystemClock().now(), About("made up")
    try:
        data.migrate()
        data.run_now(lambda uow: uow.imports.add_shapes("district", shapes(made_up_districts()), about, now))
        data.run_now(lambda uow: uow.imports.add_shapes("subdistrict", shapes(made_up()), about, now))
        data.run_now(lambda uow: uow.imports.add_points("village", villages(VILLAGES), about, now))
    finally:
        data.close()


def _read(url: str) -> Read:
    data = _database(url)
    try:
        return data.run_now(lambda uow: Read.active(uow.imports))
    finally:
        data.close()


def _only(read: Read, *layers: Layer) -> Read:
    return Read(read.versions, {layer: read.rows[layer] for layer in layers})


def _lookups(url: str) -> list[str]:
    """The whole way from a position to its centre, beside the floor: making the answer, with nothing looked up."""
    from bench.ground import scattered

    read, points = _read(url), Gazetteer.load("border")
    districts = points.with_imported(Imported.made(_only(read, "district")))
    both = points.with_imported(Imported.made(_only(read, "district", "subdistrict")))
    inside: list[tuple[float, float]] = []
    around: list[tuple[float, float]] = []
    for at in scattered():
        found = points.nearest(*at)
        if found and found[0].metres < 30_000:
            (inside if found[0].metres < 8_000 else around).append(at)
        if min(len(inside), len(around)) >= POSITIONS:
            break
    floors = [_rate(_answer, where) for where in (inside, around)]
    lines = [f"  {'floor: the answer alone':<42}{floors[0]:>10,.0f}{'':>7}{floors[1]:>10,.0f}"]
    for what, places in (
        ("by the table of points", points),
        ("by district boundaries", districts),
        ("by district and subdistrict boundaries", both),
    ):
        rates = [_rate(partial(locate, places=places), where) for where in (inside, around)]
        lines.append(f"  {what:<42}" + "".join(f"{r:>10,.0f}{r / f:>7.3f}" for r, f in zip(rates, floors, strict=True)))
    return lines


def _answer(latitude: float, longitude: float) -> Located:
    return Located((Place(latitude, longitude, "", "", "", PROGRAMME_DESK, "pin", "far"),))


def _rate(look_up: Callable[[float, float], Located], positions: Sequence[tuple[float, float]]) -> float:
    """Lookups per processor second. The first pass, which makes what is kept for each cell, never is the best one."""
    times = []
    for _ in range(PASSES):
        begun = process_time()
        for latitude, longitude in islice(positions, POSITIONS):
            look_up(latitude, longitude)
        times.append(process_time() - begun)
    return POSITIONS / min(times)


def _loading(url: str) -> list[Loaded]:
    """What each part costs when a programme starts, one after the other."""
    kept: list[object] = []
    found: list[Loaded] = []

    def load(what: str, work: Callable[[], Doing]) -> Doing:
        before, begun = _resident(), process_time()
        made = work()
        seconds = process_time() - begun
        kept.append(made)
        found.append(Loaded(what, seconds, _resident() - before))
        return made

    load("places across the border", abroad.load)
    load("tables, with indexes", Tables.load)
    places = Gazetteer.load("provinces")
    load("their names", places.prepare)
    load("shapely and numpy", lambda: importlib.import_module("storage.places.shapes"))
    load("district boundaries", lambda: Imported.made(_only(_read(url), "district")))
    load("subdistrict boundaries", lambda: Imported.made(_only(_read(url), "subdistrict")))
    roster = load(f"{VILLAGES:,} villages", lambda: Imported.made(_only(_read(url), "village")))
    named = places.with_imported(roster)
    load("names with the villages'", named.prepare)
    return found


def _resident() -> float:
    """Megabytes of memory that this process holds; 0 where there is no /proc."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except FileNotFoundError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _searches(url: str) -> list[Searched]:
    """Names with a letter missing, in three scripts; beside the floor: one comparison with each subdistrict's Thai name."""
    places = Gazetteer.load("provinces")
    areas = [area for code, area in Tables.load().areas.items() if code.isdecimal() and len(code) == 6]
    typed = [_misspelt(name) for a in areas[::40] for name in (a.name.th, a.name.lo, a.name.km)]
    thai = [area.name.th for area in areas]
    floor = median(_times(lambda words: process.extract(words, thai, scorer=fuzz.ratio, limit=5), typed))
    found = []
    for what, known in (
        (f"among {len(areas):,} subdistricts and 230 districts", places),
        (f"with {VILLAGES:,} villages", places.with_imported(Imported.made(_only(_read(url), "village")))),
    ):
        (first,) = _times(known.find, typed[:1], passes=1)
        times = _times(known.find, typed)
        found.append(Searched(what, first, median(times), quantiles(times, n=20)[-1], floor))
    return found


def _misspelt(name: str) -> str:
    return name[: len(name) // 2] + name[len(name) // 2 + 1 :]


def _times(search: Callable[[str], object], typed: Iterable[str], passes: int = PASSES) -> list[float]:
    """Processor seconds for each of these words."""
    best = []
    for words in typed:
        times = []
        for _ in range(passes):
            begun = process_time()
            search(words)
            times.append(process_time() - begun)
        best.append(min(times))
    return best


def _taken_over(url: str) -> tuple[float, float, float]:
    """Seconds on the clock for reading both kinds of boundaries and the villages, indexing them, and their names."""
    places = Gazetteer.load("border")
    importlib.import_module("storage.places.shapes")  # a programme with an earlier import has loaded it
    begun = perf_counter()
    read = _read(url)
    was_read = perf_counter()
    imported = Imported.made(read)
    was_made = perf_counter()
    places.with_imported(imported).prepare()
    return was_read - begun, was_made - was_read, perf_counter() - was_made


if __name__ == "__main__":
    sys.exit(main())
