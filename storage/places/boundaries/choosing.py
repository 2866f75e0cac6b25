"""Which layer of a file holds the areas of a level, and which of its fields their codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.places.boundaries import gdal
from storage.places.boundaries.findings import shown
from storage.places.boundaries.refusals import BadFile
from storage.places.boundaries.source import DRIVERS, Source
from storage.places.codes import Level, is_known, read

MAX_FEATURES = 100_000
"""Of a layer. Thailand has 7,436 subdistricts and some 75,000 villages."""

LIKELY = 0.5
"""The part of a field's values that must be codes for the field to be taken without being named."""

OWN = 0.75
"""The part of a layer's areas that must have a code of their own for it to be a layer of that level: subdistricts have the
code of their district, too, which several share."""

CLEAR = 2
"""How many times as many different codes the best field has as the next, when their values differ."""

LISTED = 30
"""Names in a list of fields or layers."""

AREAL = ("Polygon", "Surface", "Unknown", "GeometryCollection")
"""Parts of GDAL's names for geometries among which areas can be; "Unknown" is any mixture."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its values and the code that each stands for ("" where it is none).

    known: how many of the values are codes; different: how many different ones."""

    name: str
    values: Sequence[object]
    codes: tuple[str, ...]
    known: int
    different: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The layer and the field."""

    layer: gdal.Layer
    field: Field


def choose(source: Source, level: Level, layer: str, field: str) -> Choice:
    """The layer and field that the operator names, or, where a name is "", that fit the level without doubt.

    Raises `BadFile` with what there is to choose from.
    """
    names = [(name or dataset.name, dataset.path, name) for dataset in source.datasets
             for name in dataset.layers or ("",)]  # fmt: skip
    if layer:
        wanted = [entry for entry in names if layer.casefold() in (entry[0].casefold(), _last(entry[0]).casefold())]
        if not wanted:
            raise BadFile(f"has no layer {shown(layer)}; its layers: {_list([name for name, _, _ in names])}")
        names = wanted
    found = {name: gdal.describe(path, DRIVERS[source.format], within or None, MAX_FEATURES)
             for name, path, within in names}  # fmt: skip
    areal = {name: one for name, one in found.items() if any(kind in one.kind for kind in AREAL)}
    if not areal:
        kinds = sorted({one.kind for one in found.values()})
        raise BadFile(f"holds no areas ({_list(kinds)}); boundaries are polygons")
    if not any(len(one.ids) for one in areal.values()):
        raise BadFile("holds no features")
    if len(areal) == 1:
        (only,) = areal.values()
        return Choice(only, _field(only, level, field))
    return _among(areal, level, field)


def _among(layers: dict[str, gdal.Layer], level: Level, field: str) -> Choice:
    """The one layer that fits the level."""
    fitting: dict[str, Choice] = {}
    for name, layer in layers.items():
        try:
            fitting[name] = Choice(layer, _field(layer, level, field))
        except BadFile:
            continue
    own = {name: one for name, one in fitting.items() if one.field.different >= OWN * one.field.known}
    for choices in (own, fitting):
        if len(choices) == 1:
            return next(iter(choices.values()))
    if field and not fitting:
        raise BadFile(f"no layer has a field {shown(field)} with {level} codes, such as {_example(level)}")
    raise BadFile(f"has several layers; name one with --layer: {_list(list(own or fitting or layers))}")


def _field(layer: gdal.Layer, level: Level, name: str) -> Field:
    """The field that is named, or the one that holds codes of the level beyond doubt."""
    if not layer.columns:
        raise BadFile(f"its areas have no fields, so no codes; bring a file with codes such as {_example(level)}")
    if name:
        chosen = next((n for n in layer.columns if n.casefold() == name.casefold()), None)
        if chosen is None:
            raise BadFile(f"has no field {shown(name)}; its fields: {_list(list(layer.columns))}")
        field = _as_field(layer, chosen, level)
        if not field.known:
            raise BadFile(f"the field {shown(chosen)} holds no {level} code, such as {_example(level)}")
        return field
    fields = {one.codes: one for name in reversed(layer.columns) if (one := _as_field(layer, name, level)).known}
    likely = [one for one in fields.values() if one.known >= LIKELY * _filled(one)]
    best = sorted(likely, key=lambda one: one.different, reverse=True)
    if not best:
        other: Level = "subdistrict" if level == "district" else "district"
        if any(one.known for one in (_as_field(layer, column, other) for column in layer.columns)):
            raise BadFile(f"holds codes of {other}s, not of {level}s; import it with --level {other}")
        raise BadFile(
            f"no field holds {level} codes, such as {_example(level)}; name one with --code-field: "
            f"{_list(list(layer.columns))}"
        )
    rivals = [one.name for one in best if best[0].different < CLEAR * one.different]
    if len(rivals) > 1:
        raise BadFile(f"several fields may hold the codes; name one with --code-field: {_list(rivals)}")
    return best[0]


def _as_field(layer: gdal.Layer, name: str, level: Level) -> Field:
    values = layer.columns[name].tolist()
    written = {value: read(value, level) for value in set(map(str, values))}
    codes = tuple(written[str(value)] for value in values)
    real = {code for code in written.values() if code and is_known(code)}
    return Field(name, values, codes, sum(code in real for code in codes), len(real))


def _filled(field: Field) -> int:
    return sum(1 for value in field.values if str(value).strip() not in ("", "None", "nan"))


def _example(level: Level) -> str:
    return "3403" if level == "district" else "340301"


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(shown, names[:LISTED])) + more
