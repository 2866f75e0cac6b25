"""Writes the gazetteer's three CSV files: `python -m storage.places.build DISTRICTS.csv SUBDISTRICTS.csv [FOLDER]`.

Codes and Thai and English names come from geothai; the positions, the neighbour countries and the provinces' Lao and
Khmer names from the two source files (columns are named in `_districts` and `_subdistricts`). Only facts are written:
codes, names and single points; never a boundary. `README.md` beside this file names the sources.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geothai
from geothai.types import District

Source = Mapping[str, str]

CORRECTED_ENGLISH = {"3305": "Khukhan", "4806": "Renu Nakhon", "420913": "Si Songkhram"}
"""Codes whose English name geothai 3.2 writes with a capital letter in mid-word."""


def build(districts: Sequence[Source], subdistricts: Sequence[Source], folder: Path) -> None:
    """Write provinces.csv, districts.csv and subdistricts.csv for the provinces of `districts` (the border districts).

    Raises `ValueError` when the points and the official list of subdistricts do not hold the same codes.
    """
    provinces = sorted({row["province_code"] for row in districts})
    _write(folder / "provinces.csv", ("code", "th", "en", "lo", "km"), _provinces(provinces, districts))
    header = ("code", "th", "en", "neighbours", "lat", "lon")
    _write(folder / "districts.csv", header, _districts(provinces, districts))
    _write(folder / "subdistricts.csv", ("code", "th", "en", "lat", "lon"), _subdistricts(provinces, subdistricts))


def _provinces(codes: Iterable[str], districts: Iterable[Source]) -> Iterable[Sequence[str]]:
    own_script = {row["province_code"]: (row["province_lo"], row["province_km"]) for row in districts}
    names = {province.code: province for province in geothai.provinces()}
    return [(code, names[code].name_th, names[code].name_en, *own_script[code]) for code in codes]


def _districts(provinces: Iterable[str], border: Iterable[Source]) -> Iterable[Sequence[str]]:
    """All districts of the provinces; neighbours and the office's position are known for the border ones."""
    known = {row["code"]: (row["neighbours"], row["office_lat"], row["office_lon"]) for row in border}
    return [
        (d.code, d.name_th, _english(d.code, d.name_en), *known.get(d.code, ("", "", "")))
        for d in _official_districts(provinces)
    ]


def _subdistricts(provinces: Iterable[str], points: Iterable[Source]) -> Iterable[Sequence[str]]:
    point = {row["code"]: (row["lat"], row["lon"]) for row in points}
    official = [s for d in _official_districts(provinces) for s in geothai.subdistricts(d.code)]
    if differing := point.keys() ^ {s.code for s in official}:
        raise ValueError(f"points and official list differ in {len(differing)} codes, such as {min(differing)}")
    rows = [(s.code, s.name_th, _english(s.code, s.name_en), *point[s.code]) for s in official]
    return sorted(rows)


def _official_districts(provinces: Iterable[str]) -> list[District]:
    return sorted((d for code in provinces for d in geothai.districts(code)), key=lambda d: d.code)


def _english(code: str, name: str) -> str:
    return CORRECTED_ENGLISH.get(code, name)


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def read(path: Path) -> list[dict[str, str]]:
    """A CSV file's rows by column name."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when written, 2 when called wrongly."""
    if len(arguments) not in (2, 3):
        sys.stderr.write("usage: python -m storage.places.build DISTRICTS.csv SUBDISTRICTS.csv [FOLDER]\n")
        return 2
    folder = Path(arguments[2]) if len(arguments) == 3 else Path(__file__).parent
    build(read(Path(arguments[0])), read(Path(arguments[1])), folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
