"""What tells districts apart: imported boundaries, or the points that come with the programme; and whether all that was
imported can be read."""

from __future__ import annotations

from collections.abc import Iterator

from bot.called import CALLED
from bot.doctor.findings import Finding, counted, ok, warning
from storage.imports import Imports
from storage.places.imported import Imported, Read

PLACES = "places"


def check(imports: Imports) -> Iterator[Finding]:
    """One finding about what is in use, one for each import that cannot be read in full."""
    read = Read.active(imports)
    made = Imported.made(read)
    counts = {layer: len(rows) for layer, rows in read.rows.items()}
    if not counts:
        yield ok(PLACES, "nothing imported: positions go by the points that come with the programme (docs/PLACES.md)")
        return
    names = {"district": "district boundary", "subdistrict": "subdistrict boundary", "village": "village"}
    many = {"district": "district boundaries", "subdistrict": "subdistrict boundaries"}
    parts = [counted(n, names.get(layer, layer), many.get(layer, "")) for layer, n in counts.items()]
    yield ok(PLACES, f"imported: {', '.join(parts)}")
    for layer, lost in made.lost.items():
        yield warning(PLACES, f"{lost} of layer {layer} cannot be read and are left out", f"{CALLED} places history")
