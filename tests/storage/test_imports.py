"""Imported places: one import of a layer is active, and one can go back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.database import Database
from storage.imports import KEPT, About, Layer, NamedPoint, Shape
from tests.fixed import START

ABOUT = About("districts.geojson", "Survey Department", "CC BY", "2022-01-22", ("3403: repaired", "3409 is missing"))
VILLAGES = [
    NamedPoint("34030104", "village", "บ้านท่าแพ", lo="ບ້ານທ່າແພ", latitude=15.3, longitude=105.4, by_rule="lo"),
    NamedPoint("34030105", "village", "บ้านโนน"),
]


def _add(database: Database, code: str, layer: Layer = "district", minutes: int = 0) -> int:
    shapes = [Shape(code, code.encode())]
    return database.run_now(
        lambda uow: uow.imports.add_shapes(layer, shapes, ABOUT, START + timedelta(minutes=minutes))
    )


def test_an_import_replaces_the_one_before_in_its_layer_alone(database: Database) -> None:
    """What was stored comes back as it was, with its source."""
    districts, villages = [Shape("3403", b"\x00\x01"), Shape("3409", b"\xff")], VILLAGES
    first = _add(database, "2201")
    number = database.run_now(lambda uow: uow.imports.add_shapes("district", districts, ABOUT, START))
    other = database.run_now(lambda uow: uow.imports.add_points("village", villages, About("v.csv"), START))
    assert database.run_now(lambda uow: uow.imports.active()) == {"district": number, "village": other}
    assert database.run_now(lambda uow: uow.imports.shapes(number)) == districts
    assert database.run_now(lambda uow: uow.imports.points(other)) == villages
    newest, second, oldest = database.run_now(lambda uow: uow.imports.history())
    assert (newest.id, newest.layer, newest.active, newest.count, newest.about.file) == (
        other,
        "village",
        True,
        2,
        "v.csv",
    )
    assert (second.about, second.imported_at, second.active) == (ABOUT, START, True)
    assert (oldest.id, oldest.active, oldest.kept) == (first, False, True)


def test_one_can_go_back_to_an_earlier_import_or_to_none(database: Database) -> None:
    """Restoring changes which one is active and nothing else."""
    first, second = _add(database, "2201"), _add(database, "2202")
    villages = database.run_now(lambda uow: uow.imports.add_points("village", VILLAGES, About("v.csv"), START))
    assert database.run_now(lambda uow: uow.imports.restore(first)).active
    assert database.run_now(lambda uow: uow.imports.active()) == {"district": first, "village": villages}
    assert database.run_now(lambda uow: uow.imports.restore(first)).id == first
    assert database.run_now(lambda uow: uow.imports.withdraw("district"))
    assert not database.run_now(lambda uow: uow.imports.withdraw("district"))
    assert database.run_now(lambda uow: uow.imports.active()) == {"village": villages}
    assert database.run_now(lambda uow: uow.imports.restore(second)).layer == "district"
    with pytest.raises(LookupError, match="no import 99"):
        database.run_now(lambda uow: uow.imports.restore(99))


def test_the_newest_imports_of_a_layer_keep_their_data(database: Database) -> None:
    """Old ones stay in the history and say that they are gone; the one active before the newest is never emptied."""
    first = _add(database, "2201")
    numbers = [_add(database, f"34{n:02}", minutes=n) for n in range(KEPT)]
    other = _add(database, "340301", "subdistrict")
    gone = next(one for one in database.run_now(lambda uow: uow.imports.history()) if one.id == first)
    assert not gone.kept
    assert database.run_now(lambda uow: uow.imports.shapes(first)) == []
    with pytest.raises(LookupError, match=f"import {first} is too old"):
        database.run_now(lambda uow: uow.imports.restore(first))
    assert database.run_now(lambda uow: uow.imports.active()) == {"district": numbers[-1], "subdistrict": other}
    database.run_now(lambda uow: uow.imports.restore(numbers[0]))
    _add(database, "3499")
    assert [len(database.run_now(lambda uow, n=n: uow.imports.shapes(n))) for n in numbers] == [1, 0, 1, 1, 1]


def test_an_import_that_breaks_changes_nothing(database: Database) -> None:
    """Two areas with one code cannot be stored; the import before stays active and whole."""
    first = _add(database, "2201")
    with pytest.raises(Exception, match=r"(?i)unique"):
        database.run_now(
            lambda uow: uow.imports.add_shapes("district", [Shape("1", b""), Shape("1", b"")], ABOUT, START)
        )
    assert database.run_now(lambda uow: uow.imports.active()) == {"district": first}
    assert database.run_now(lambda uow: uow.imports.shapes(first)) == [Shape("2201", b"2201")]
