"""The only file that knows pyogrio: opens what `source` has looked at, and nothing else.

GDAL's messages may quote the file; they are not shown. What it cannot read is one line of ours.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from storage.places.boundaries.refusals import BadFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.object_]

NO_NETWORK = {
    "GDAL_HTTP_PROXY": "http://127.0.0.1:0",
    "GDAL_HTTPS_PROXY": "http://127.0.0.1:0",
    "GDAL_HTTP_MAX_RETRY": "0",
}
"""A GeoJSON file may name its projection by a link, and GDAL follows it, with no setting against that: it gets a proxy that
cannot exist."""

OPEN_OPTIONS = {"GPKG": {"IMMUTABLE": "YES"}}
"""For a GeoPackage: no lock and no files beside it, which may be in a folder that we may not write to."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer. `within`: its name if the file has several; `kind`: GDAL's word for its geometries ("MultiPolygon",
    "Unknown"); `projection`: "EPSG:…", its definition (WKT), or "" if it has none; `ids`, `columns`: one value a feature;
    `wkb`: its geometries if they were read at once."""

    name: str
    within: str | None
    path: str
    driver: str
    kind: str
    projection: str
    ids: Array
    columns: dict[str, Array]
    wkb: Array | None


def describe(path: str, driver: str, layer: str | None, max_features: int) -> Layer:
    """A layer with its attributes. `layer`: None for the only one. Raises `BadFile`."""
    import pyogrio

    at_once = driver == "GeoJSON"  # GDAL reads such a file from start to end in any case
    with _reading(driver) as options:
        found = pyogrio.read_info(path, layer=layer, **options)
        if found["driver"] != driver:
            raise BadFile("is not what its first bytes say")
        if found["features"] > max_features:
            raise BadFile(f"has more than {max_features} features; cut out the border provinces first")
        wanted = {"read_geometry": at_once, "force_2d": True, "return_fids": True}
        meta, ids, wkb, columns = _read(path, layer, options, **wanted)
    names = [str(name) for name in meta["fields"]]
    return Layer(
        str(found["layer_name"]), layer, path, driver, str(found["geometry_type"] or "none"), str(found["crs"] or ""), ids,
        dict(zip(names, columns, strict=True)), wkb,
    )  # fmt: skip


def geometries(layer: Layer, at: Sequence[int], reproject_from: str = "") -> Array:
    """Well-known binary of the features at these positions, two-dimensional; None where one has no geometry.

    `reproject_from`: a definition that GDAL understands of the layer's projection, to get degrees WGS 84 instead. Raises
    `BadFile`.
    """
    if layer.wkb is not None and not reproject_from:
        return layer.wkb[list(at)]
    what, within = (_warped(layer, reproject_from).encode(), None) if reproject_from else (layer.path, layer.within)
    wanted: dict[str, Any] = {"columns": [], "force_2d": True}
    if layer.wkb is None:  # else all are read again: GDAL finds single ones wrongly after a byte order mark
        wanted["fids"] = [layer.ids[position] for position in at]
    with _reading(layer.driver) as options:
        found: Array = _read(what, within, {} if reproject_from else options, **wanted)[2]
    return found if layer.wkb is None else found[list(at)]


def _read(what: str | bytes, layer: str | None, options: dict[str, str], **wanted: Any) -> Any:
    """As `pyogrio.raw.read`; texts that are not in the encoding that they claim do not end it (codes are ASCII)."""
    import pyogrio

    try:
        return pyogrio.raw.read(what, layer=layer, **wanted, **options)
    except UnicodeDecodeError:
        return pyogrio.raw.read(what, layer=layer, encoding="ISO-8859-1", **wanted, **options)


def _warped(layer: Layer, projection: str) -> str:
    """A virtual data set (GDAL's VRT) that shows a layer in degrees WGS 84."""
    return (
        f"<OGRVRTDataSource><OGRVRTWarpedLayer><OGRVRTLayer name={quoteattr(layer.name)}>"
        f'<SrcDataSource relativeToVRT="0">{escape(layer.path)}</SrcDataSource></OGRVRTLayer>'
        f"<SrcSRS>{escape(projection)}</SrcSRS><TargetSRS>EPSG:4326</TargetSRS>"
        "</OGRVRTWarpedLayer></OGRVRTDataSource>"
    )


@contextmanager
def _reading(driver: str) -> Iterator[dict[str, str]]:
    """Gives the open options; no warning leaves, no network is reached, and each failure is ours."""
    import pyogrio

    names = {"GeoJSON": "GeoJSON", "ESRI Shapefile": "Shapefile", "GPKG": "GeoPackage"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in NO_NETWORK}
    pyogrio.set_gdal_config_options(NO_NETWORK)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield OPEN_OPTIONS.get(driver, {})
    except UnboundLocalError:  # a slip of pyogrio 0.13 when a projection's definition is not UTF-8
        raise BadFile("its projection cannot be read (the .prj file of a Shapefile); save it again in UTF-8") from None
    except (RuntimeError, UnicodeError, OverflowError):  # pyogrio's own errors are RuntimeErrors
        raise BadFile(f"cannot be read as {names[driver]}; it is damaged or cut off") from None
    finally:
        pyogrio.set_gdal_config_options(before)
