"""Files that are no boundaries, broken ones, and ones made to do harm: one clear line, and nothing else."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import struct
import threading
import warnings
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import shapely

from storage.places.boundaries import choosing, source, zipped
from storage.places.boundaries.refusals import BadFile
from tests.places.boundary_files import archive, around, geojson, geopackage, prepared, rows, shapefile

ONE = rows("3403", "3405", "5703")
TEXT = geojson(ONE)
DAMAGED = "cannot be read as GeoJSON; it is damaged or cut off"
CUT_ZIP = "is a damaged or cut off zip archive; fetch it again"
OUT_OF_ZIP = "holds a file whose name leads out of the archive"
ODD_NAME = "holds a file with a backslash, brace or NUL in its name"


def refusal(path: Path) -> str:
    """Why a file is not taken; a line without control characters."""
    with pytest.raises(BadFile) as refused:
        prepared(path)
    assert str(refused.value).isprintable()
    return str(refused.value)


def deep(opening: str) -> bytes:
    """A million levels, in the place of coordinates."""
    return b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"3403"},"geometry":' + (
        opening.encode() * 1_000_000
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\0" * 5_000, "holds nothing but NUL bytes; it is damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 99, "is no GeoJSON, zipped Shapefile or GeoPackage"),
        (b"district_code,lat,lon\n3403,15.3,105.5\n", "is no GeoJSON, zipped Shapefile or GeoPackage"),
        (b"<?xml version='1.0'?><kml/>",
         "is XML (KML, GML or a web page); bring it as GeoJSON, zipped Shapefile or GeoPackage"),
        ("\ufeff{".encode("utf-16-le"), "is UTF-16; GeoJSON is UTF-8"),
        (struct.pack(">i", 9994) + b"\0" * 96,
         "is one file of a Shapefile; zip it with its .dbf, .shx and .prj, and import the .zip"),
        (b"{", DAMAGED),
        (b"{}", DAMAGED),
        (TEXT[:-40], DAMAGED),
        (TEXT[: len(TEXT) // 2], DAMAGED),
        (TEXT + b"\0", "holds NUL bytes; it is damaged, or no GeoJSON"),
        (deep("["), DAMAGED),
        (deep('{"a":'), DAMAGED),
        (b'{"a":' * 1_000_000, DAMAGED),
        (TEXT.replace(b"105.", b"1e999", 1), DAMAGED),
        (b'{"type":"Topology","objects":{},"arcs":[]}', DAMAGED),
        (b'{"geometryType":"esriGeometryPolygon","fields":[],"features":[{"attributes":{"code":"3403"},"geometry":{"rings":'
         b"[[[105,15],[105,16],[106,16],[105,15]]]}}]}", DAMAGED),
        (b'{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read /etc/passwd"}', DAMAGED),
        (b'{"type":"FeatureCollection","features":[]}', "holds no features"),
        (geojson([({}, around("3403"))]), "its areas have no fields, so no codes; bring a file with codes such as 3403"),
        (geojson([({"code": "3403"}, shapely.Point(105, 15))]), "holds no areas (Point); boundaries are polygons"),
        (geojson([({"code": "3403"}, None)]), "its areas have no ground; they are empty or broken"),
        (TEXT.replace(b"[[[105.", b"[[[NaN,105."), "holds coordinates that are no numbers, or beyond any map"),
        (geojson([({"code": "1001"}, around("3403"))]),
         "holds no district of the border provinces; see `places find` for their codes"),
        (geojson([({"code": "3403"}, shapely.box(2, 48, 3, 49))]),
         "reaches from 48.00 2.00 to 49.00 3.00 (latitude, longitude), out of Thailand; is it another country, or another "
         "projection?"),
        (b"PK\x03\x04" + b"x" * 500, CUT_ZIP),
        (archive({}), "holds no .shp file; it is no zipped Shapefile"),
        (archive({"x.geojson": TEXT}), "holds x.geojson, and no Shapefile; unpack it and import that file"),
        (archive({"a.gdb/a00000001.gdbtable": b""}), "holds no .shp file; it is no zipped Shapefile"),
        (archive({"x.zip": archive({"x.shp": b""})}),
         "holds another zip archive; unpack the outer one and import the inner one"),
        (archive({"x.shp": b"", "x.shx": b""}), "has no .dbf file beside x.shp"),
        (archive({"a/x.shp": b"", "b/x.dbf": b"", "a/x.shx": b""}), "has no .dbf file beside x.shp"),
        (archive({"x.shp": b"", "x.dbf": b""}), "has no .shx file beside x.shp"),
        (archive({"../x.shp": b"", "../x.dbf": b"", "../x.shx": b""}), OUT_OF_ZIP),
        (archive({"a/../../x.shp": b""}), OUT_OF_ZIP),
        (archive({"/etc/x.shp": b""}), OUT_OF_ZIP),
        (archive({"C:/x.shp": b""}), OUT_OF_ZIP),
        (archive({"a\\x.shp": b""}), ODD_NAME),
        (archive({"a}/vsicurl/http:/x.shp": b""}), ODD_NAME),
        (archive({f"{n}": b"" for n in range(1_001)}), "holds more than 1000 files"),
        (archive({"x.shp": b"\0" * 200, "x.dbf": b"\0", "x.shx": b"\0" * 100}),
         "cannot be read as Shapefile; it is damaged or cut off"),
        (archive({"x.shp": b"{}", "x.dbf": b"{}", "x.shx": b"{}"}),
         "cannot be read as Shapefile; it is damaged or cut off"),
        (archive({"x.shp": b"", "x.shx": b"", "x.dbf": b"\0" * 150_000_000}),
         "would unpack to far more than boundaries take"),
    ],
)  # fmt: skip
def test_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str], content: bytes, reason: str) -> None:
    """What is wrong is said in a line of ours; GDAL says nothing beside it, and nothing is left in the folder."""
    path = tmp_path / "x.geojson"
    path.write_bytes(content)
    assert refusal(path) == reason
    assert capfd.readouterr() == ("", "")
    assert [one.name for one in tmp_path.iterdir()] == ["x.geojson"]


def test_infinite_coordinates(tmp_path: Path) -> None:
    """Binary formats can hold them."""
    west, south, east, north = around("3403").bounds
    for bad in (float("nan"), float("inf"), 1e300):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            area = shapely.Polygon([(west, south), (bad, south), (east, north), (west, north)])
        path = geopackage(tmp_path / f"{bad}.gpkg", {"x": [({"code": "3403"}, area)]})
        assert refusal(path) == "holds coordinates that are no numbers, or beyond any map"


def hit_links(path: Path, kind: str) -> list[str]:
    """What a GeoJSON file whose projection is a link makes the programme ask a server for."""
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        link = f"http://127.0.0.1:{server.server_port}/x"
        path.write_bytes(geojson(ONE, crs={"type": kind, "properties": {"href": link, "url": link, "name": link}}))
        prepared(path)
        server.shutdown()
        thread.join()
    return asked


@pytest.mark.parametrize("kind", ["link", "url", "name"])
def test_no_link_is_followed(tmp_path: Path, kind: str) -> None:
    """GDAL would fetch the definition of a projection from wherever the file says."""
    assert hit_links(tmp_path / "x.geojson", kind) == []


def changed(path: Path, change: Callable[[bytearray], Any]) -> Path:
    """The file with some bytes changed in place."""
    content = bytearray(path.read_bytes())
    change(content)
    path.write_bytes(content)
    return path


def test_broken_archives(tmp_path: Path) -> None:
    """An archive that is cut off, or of which a byte of the shapes is wrong, is refused before anything is read from it."""
    whole = shapefile(tmp_path / "x.zip", {"x": ONE})
    content = whole.read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(content[:-30])
    assert refusal(cut) == CUT_ZIP
    with zipfile.ZipFile(whole) as opened:
        start = opened.getinfo("x.shp").header_offset + 30 + len("x.shp")

    def flip(raw: bytearray) -> None:
        raw[start + 60] ^= 0xFF

    assert refusal(changed(whole, flip)) == CUT_ZIP


@pytest.mark.parametrize("part", ["x.shp", "x.shx"])
def test_a_cut_off_part_of_a_whole_archive(tmp_path: Path, part: str) -> None:
    """A Shapefile that was cut off before it was zipped is refused, not imported by half."""
    with zipfile.ZipFile(shapefile(tmp_path / "x.zip", {"x": ONE})) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts[part] = parts[part][: len(parts[part]) * 2 // 3]
    (tmp_path / "y.zip").write_bytes(archive(parts))
    assert refusal(tmp_path / "y.zip") == f"holds {part}, which is cut off; make the zip archive anew"


def test_encrypted_linked_and_oddly_packed_archives(tmp_path: Path) -> None:
    """They are refused by what their entries say."""
    for change, reason in (
        ({"flag_bits": 1}, "is encrypted; make it without a password"),
        ({"external_attr": 0o120777 << 16}, "holds a link to another file; zip the files themselves"),
    ):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as opened:
            for name in ("x.shp", "x.dbf", "x.shx"):
                entry = zipfile.ZipInfo(name)
                opened.writestr(entry, b"x")
                for field, value in change.items():
                    setattr(entry, field, value)  # written into the directory at the end
        (tmp_path / "x.zip").write_bytes(made.getvalue())
        assert refusal(tmp_path / "x.zip") == reason
    with zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_LZMA) as opened:
        for name in ("x.shp", "x.dbf", "x.shx"):
            opened.writestr(name, b"x")
    assert refusal(tmp_path / "y.zip").startswith("is packed in a way that cannot be read")


def test_a_projection_in_another_encoding(tmp_path: Path) -> None:
    """A .prj with a Thai name of an old Windows makes pyogrio stumble; the operator is told what to mend."""
    with zipfile.ZipFile(shapefile(tmp_path / "x.zip", {"x": ONE})) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts["x.prj"] = parts["x.prj"].replace(b"GCS_WGS_1984", "ไทย".encode("cp874"))
    (tmp_path / "y.zip").write_bytes(archive(parts))
    assert refusal(tmp_path / "y.zip").startswith("its projection cannot be read (the .prj file")


def test_a_name_with_a_nul(tmp_path: Path) -> None:
    """Python cuts a name at a NUL, other programmes do not."""
    path = tmp_path / "x.zip"
    path.write_bytes(archive({"x.shp_y": b"", "x.dbf": b""}).replace(b"x.shp_y", b"x.shp\0y"))
    assert refusal(path) == ODD_NAME


def test_a_macs_archive(tmp_path: Path) -> None:
    """The notes that a Mac puts beside each file are not taken for Shapefiles."""
    path = shapefile(tmp_path / "x.zip", {"x": ONE}, inside="my data/")
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("__MACOSX/my data/._x.shp", b"\0\x05\x16\x07")
    assert prepared(path).found.taken == 3


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Size of a file, of a text, of what an archive holds, and the number of features have limits."""
    path = tmp_path / "x.geojson"
    path.write_bytes(TEXT)
    zipped_path = shapefile(tmp_path / "x.zip", {"x": ONE})
    for module, name, value, of, reason in (
        (source, "MAX_TEXT_BYTES", 1, path, "is larger than 0 MB, too much for GeoJSON"),
        (source, "MAX_BYTES", 1, path, "is larger than 0 MB; cut out"),
        (zipped, "MAX_UNPACKED", 1, zipped_path, "would unpack to far more"),
        (choosing, "MAX_FEATURES", 2, path, "has more than 2 features; cut out"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            assert refusal(of).startswith(reason)
    with (tmp_path / "big").open("wb") as file:
        file.truncate(source.MAX_BYTES + 1)
    assert refusal(tmp_path / "big").startswith("is larger than 1000 MB")


def test_broken_geopackages(tmp_path: Path) -> None:
    """A database of something else, a cut one, one that another programme writes to, and one with damaged pages."""
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as other:
        other.execute("CREATE TABLE district (code TEXT)")
    assert refusal(tmp_path / "x.sqlite3") == "is an SQLite database, but no GeoPackage"
    whole = geopackage(tmp_path / "x.gpkg", {"x": ONE})
    content = whole.read_bytes()
    damaged = "is a damaged or cut off GeoPackage; fetch it again"
    for number, bad in enumerate((content[:100], content[: len(content) // 2], content[:4096] + b"\xff" * 90_000)):
        (tmp_path / f"{number}.gpkg").write_bytes(bad)
        assert refusal(tmp_path / f"{number}.gpkg") == damaged
    (tmp_path / "x.gpkg-wal").write_bytes(b"x")
    assert refusal(whole).startswith("is open in another programme (x.gpkg-wal lies beside it)")


def altered(path: Path, *statements: str) -> Path:
    """A GeoPackage with its definitions changed."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            database.execute(statement)
        database.commit()
    return path


def test_geopackages_that_run_something(tmp_path: Path) -> None:
    """Views and virtual tables in the place of plain ones are not opened."""
    make = partial(geopackage, layers={"x": ONE})
    disguised = altered(
        make(tmp_path / "a.gpkg"),
        "CREATE TABLE kept AS SELECT * FROM gpkg_contents",
        "DROP TABLE gpkg_contents",
        "CREATE VIEW gpkg_contents AS SELECT * FROM kept",
    )
    assert refusal(disguised) == "describes its layers by views, as no GeoPackage does; it is not opened"
    viewed = altered(
        make(tmp_path / "b.gpkg"),
        "CREATE VIEW y AS SELECT * FROM x",
        "UPDATE gpkg_contents SET table_name = 'y'",
    )
    assert refusal(viewed) == "holds no table of areas"


def test_nothing_appears_beside_a_geopackage(tmp_path: Path) -> None:
    """Not even beside one that was written with a log (WAL), which SQLite makes again at each opening."""
    folder = tmp_path / "folder"
    folder.mkdir()
    path = altered(geopackage(folder / "x.gpkg", {"x": ONE}), "PRAGMA journal_mode = WAL")
    assert [one.name for one in folder.iterdir()] == ["x.gpkg"]
    before = folder.stat().st_mtime_ns
    assert prepared(path).found.taken == 3
    assert folder.stat().st_mtime_ns == before


def test_what_is_no_file(tmp_path: Path) -> None:
    """A pipe is not waited for, and a name is never taken for an address or another place of GDAL's."""
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "is no ordinary file"
    assert refusal(Path("/dev/zero")) == "is no ordinary file"
    for name in ("/vsicurl/http://127.0.0.1/x", "http://127.0.0.1/x", "GPKG:x", "PG:host=127.0.0.1", json.dumps({})):
        with pytest.raises(FileNotFoundError):
            prepared(Path(name))
    with pytest.raises(IsADirectoryError):
        prepared(tmp_path)
    (tmp_path / "vsimem").mkdir()
    (tmp_path / "vsimem" / "x").write_bytes(TEXT)
    assert prepared(tmp_path / "vsimem" / "x").found.taken == 3
