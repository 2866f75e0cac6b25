"""Writes the gazetteer's four CSV files: `python -m storage.places.build DISTRICTS.csv SUBDISTRICTS.csv [FOLDER]`.

Codes and Thai and English names come from geothai; the positions, the neighbour countries and the provinces' Lao and
Khmer names from the two source files (columns are named in `_districts` and `_subdistricts`). Only facts are written:
codes, names and single points; never a boundary. `README.md` beside this file names the sources.

transliterated.csv, the Lao and Khmer spellings of the other names, follows from the districts and subdistricts written:
`python -m storage.places.build --names [FOLDER]` writes it alone. Spellings marked as corrected are kept.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import geothai
from geothai.types import District

from storage.places.transliteration import transliterate

Source = Mapping[str, str]

NAMES = "transliterated.csv"

CORRECTED_ENGLISH = {"3305": "Khukhan", "4806": "Renu Nakhon", "420913": "Si Songkhram"}
"""Codes whose English name geothai 3.2 writes with a capital letter in mid-word."""

CORRECTED_KHMER = {"34": "អ៊ូប៊ុនរាជធានី", "65": "ពិស្ណុលោក"}
"""Provinces whose Khmer name is cut short or misspelt in the source (a vowel before a subscript letter)."""


def build(districts: Sequence[Source], subdistricts: Sequence[Source], folder: Path) -> None:
    """Write provinces.csv, districts.csv and subdistricts.csv for the provinces of `districts` (the border districts).

    Raises `ValueError` when the points and the official list of subdistricts do not hold the same codes.
    """
    provinces = sorted({row["province_code"] for row in districts})
    _write(folder / "provinces.csv", ("code", "th", "en", "lo", "km"), _provinces(provinces, districts))
    header = ("code", "th", "en", "neighbours", "lat", "lon")
    _write(folder / "districts.csv", header, _districts(provinces, districts))
    _write(folder / "subdistricts.csv", ("code", "th", "en", "lat", "lon"), _subdistricts(provinces, subdistricts))
    build_names(folder)


def build_names(folder: Path) -> None:
    """Write transliterated.csv for the folder's districts and subdistricts.

    Spellings that its former version (in a new folder, the package's) names in the column `corrected` ("lo", "km", "lo km")
    are kept. Raises `ValueError` when that column holds something else.
    """
    former = folder / NAMES if (folder / NAMES).exists() else Path(__file__).parent / NAMES
    by_hand = {row["code"]: row for row in read(former) if row["corrected"]}
    areas = (area for table in ("districts.csv", "subdistricts.csv") for area in read(folder / table))
    rows = [_spelt(area, by_hand.get(area["code"], {})) for area in areas]
    _write(folder / NAMES, ("code", "lo", "km", "corrected"), rows)


def _spelt(area: Source, by_hand: Source) -> Sequence[str]:
    lao, khmer = transliterate(area["th"], area["en"])
    corrected = by_hand.get("corrected", "").split()
    if wrong := [script for script in corrected if script not in ("lo", "km")]:
        raise ValueError(f"{NAMES}: {area['code']}: corrected may hold lo, km or both, not {wrong[0]}")
    lao, khmer = (by_hand[s] if s in corrected else rule for s, rule in (("lo", lao), ("km", khmer)))
    return area["code"], lao, khmer, " ".join(corrected)


def _provinces(codes: Iterable[str], districts: Iterable[Source]) -> Iterable[Sequence[str]]:
    own_script = {
        row["province_code"]: (row["province_lo"], CORRECTED_KHMER.get(row["province_code"], row["province_km"]))
        for row in districts
    }
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
    if arguments[:1] == ["--names"] and len(arguments) <= 2:
        build_names(Path(arguments[1]) if len(arguments) == 2 else Path(__file__).parent)
        return 0
    if len(arguments) not in (2, 3) or arguments[0].startswith("--"):
        sys.stderr.write("usage: python -m storage.places.build DISTRICTS.csv SUBDISTRICTS.csv [FOLDER]\n")
        sys.stderr.write("       python -m storage.places.build --names [FOLDER]\n")
        return 2
    folder = Path(arguments[2]) if len(arguments) == 3 else Path(__file__).parent
    build(read(Path(arguments[0])), read(Path(arguments[1])), folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
