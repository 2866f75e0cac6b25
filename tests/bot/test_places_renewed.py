"""What the programme office changes about places reaches a running programme without a restart."""

from __future__ import annotations

from pathlib import Path

import shapely
import structlog
from sqlalchemy import delete

from handlers.routing import locate
from storage.database import Database
from storage.imports import About, NamedPoint, Shape
from storage.tables import PLACE_POINTS
from tests.bot.rig import rig
from tests.fixed import START
from tests.places.bounds import made_up_districts

KHONG_CHIAM = (15.3179, 105.4932)
PIER = NamedPoint("L1", "pier", "ท่าเรือบ้านด่าน", "Ban Dan pier", latitude=15.3180, longitude=105.4935)
VILLAGE = NamedPoint("34030104", "village", "บ้านท่าแพ", "Ban Tha Phae")


async def test_a_district_closes_and_opens(database: Database, tmp_path: Path) -> None:
    """Pins there go next door, and back again."""
    async with rig(database, tmp_path) as made:
        places = made.road.equipment
        assert locate(*KHONG_CHIAM, places.places).places[0].centre == "3403"
        await database.run(lambda uow: uow.centres.close("3403"))
        await made.road.read_places()
        (place, *_) = locate(*KHONG_CHIAM, places.places).places
        assert (place.district, place.certainty) == ("3403", "nearest") and place.centre != "3403"
        await database.run(lambda uow: uow.centres.open("3403"))
        await made.road.read_places()
        assert locate(*KHONG_CHIAM, places.places).places[0].centre == "3403"


async def test_a_damaged_import_keeps_nobody_from_reporting(database: Database, tmp_path: Path) -> None:
    """What can no longer be read is told in the log; the other boundaries, or else the known points, serve without it. So a
    programme starts, goes on running, and a district closed later is closed."""
    good = shapely.to_wkb(made_up_districts()["3403"])
    bad = [
        b"", b"no shape", good[:-5], shapely.to_wkb(shapely.Point(105, 15)), shapely.to_wkb(shapely.Polygon()),
        shapely.to_wkb(shapely.box(500, 15, 1e9, 16)),
        shapely.to_wkb(shapely.Polygon([(105, 15), (106, 16), (106, 15), (105, 16)])),
        good[:13] + b"\xff" * 8 + good[21:],
    ]  # fmt: skip
    broken = [Shape(f"34{number:02}", wkb) for number, wkb in enumerate(bad, start=4)]
    about = About("d.gpkg")
    await database.run(lambda uow: uow.imports.add_shapes("district", [Shape("3403", good), *broken], about, START))
    await database.run(lambda uow: uow.imports.add_shapes("subdistrict", broken, about, START))
    erased = await database.run(lambda uow: uow.imports.add_points("village", [VILLAGE], About("v.csv"), START))
    await database.run(
        lambda uow: uow._connection.execute(delete(PLACE_POINTS).where(PLACE_POINTS.c.import_id == erased))
    )
    with structlog.testing.capture_logs() as logs:
        async with rig(database, tmp_path) as made:
            await database.run(lambda uow: uow.centres.close("3409"))
            await made.road.read_places()
            places = made.road.equipment.places
            bounded = places.bounded(*KHONG_CHIAM)
            assert bounded and (bounded.district, bounded.subdistrict) == ("3403", "340301")
            assert places.villages("340301") == () and places.imported.subdistricts is None
            assert "3409" not in places.served()
    assert [entry for entry in logs if entry["event"] == "places_lost"] == [
        {
            "event": "places_lost", "log_level": "error", "lost": {"district": 8, "subdistrict": 8, "village": 1},
            "imports": {"district": 1, "subdistrict": 2, "village": 3},
        }
    ]  # fmt: skip


async def test_imports_are_taken_over_and_undone(database: Database, tmp_path: Path) -> None:
    """Boundaries, villages and landmarks serve from the next look at the database on, and no longer once withdrawn."""
    shapes = [Shape(code, shapely.to_wkb(area)) for code, area in made_up_districts().items()]
    async with rig(database, tmp_path) as made:
        equipment = made.road.equipment
        before = equipment.places
        await made.road.read_places()
        assert equipment.places is before and before.bounded(*KHONG_CHIAM) is None

        await database.run(lambda uow: uow.imports.add_shapes("district", shapes, About("d.gpkg"), START))
        await database.run(lambda uow: uow.imports.add_points("village", [VILLAGE], About("v.csv"), START))
        await database.run(lambda uow: uow.imports.add_points("landmark", [PIER], About("l.csv"), START))
        with structlog.testing.capture_logs() as logs:
            await made.road.read_places()
        assert [entry for entry in logs if entry["event"] == "places_imported"] == [
            {"event": "places_imported", "log_level": "info", "imports": {"district": 1, "village": 2, "landmark": 3}}
        ]
        places = equipment.places
        bounded, landmark = places.bounded(*KHONG_CHIAM), places.landmark(*KHONG_CHIAM)
        assert bounded and (bounded.district, bounded.subdistrict, bounded.metres) == ("3403", "340301", 0)
        assert landmark and landmark.name.th == "ท่าเรือบ้านด่าน" and landmark.metres < 50
        assert [v.code for v in places.villages("340301")] == ["34030104"]
        assert [a.code for a in places.find("บ้านท่าเพ")][:1] == ["34030104"]
        assert [a.code for a in places.find("ban dan pier")][:1] == ["L1"]

        await database.run(lambda uow: uow.imports.withdraw("district"))
        await database.run(lambda uow: uow.centres.close("3403"))
        await made.road.read_places()
        assert equipment.places.bounded(*KHONG_CHIAM) is None
        assert equipment.places.landmark(*KHONG_CHIAM) == landmark
        assert "3403" not in equipment.places.served()
