"""The rich menu's picture: pictograms without a word, because Pillow's basic layout cannot shape Khmer or Lao.

Cells stand three in a row. Sizes are LINE's (developers.line.biz, "Requirements for rich menu image"): JPEG or PNG, 800
to 2500 pixels wide, at least 1.45 times as wide as high, at most 1 MB.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 2500, 843
COLUMNS = 3

Box = tuple[int, int, int, int]
Pen = ImageDraw.ImageDraw
Icon = Callable[[Pen, float, float, float], None]

_WHITE = "#FFFFFF"
_GAP = 6
_FINER = 2
"""Drawn this many times larger and then scaled down: smooth edges."""


def cells(count: int) -> list[Box]:
    """(x, y, width, height) of each of `count` cells, row by row; together they cover the whole picture."""
    rows = -(-count // COLUMNS)
    out = []
    for index in range(count):
        row, column = divmod(index, COLUMNS)
        wide = min(COLUMNS, count - row * COLUMNS)
        left, right = WIDTH * column // wide, WIDTH * (column + 1) // wide
        top, bottom = HEIGHT * row // rows, HEIGHT * (row + 1) // rows
        out.append((left, top, right - left, bottom - top))
    return out


@lru_cache(maxsize=4)  # the menus of all languages look the same
def draw(icons: tuple[str, ...]) -> bytes:
    """PNG of a menu with these pictograms (keys of `ICONS`; an unknown one is a plain dot)."""
    picture = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), _WHITE)
    pen = ImageDraw.Draw(picture)
    for icon, cell in zip(icons, cells(len(icons)), strict=True):
        colour, shape = ICONS.get(icon, ("#5F6B7A", _dot))
        left, top, width, height = (side * _FINER for side in cell)
        gap = _GAP * _FINER
        pen.rectangle((left + gap, top + gap, left + width - gap, top + height - gap), fill=colour)
        shape(pen, left + width / 2, top + height / 2, min(width, height) * 0.36)
    small = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _line(pen: Pen, points: Sequence[tuple[float, float]], thick: float, colour: str = _WHITE) -> None:
    pen.line(list(points), fill=colour, width=round(thick), joint="curve")
    for x, y in (points[0], points[-1]):
        _disc(pen, x, y, thick / 2, colour)


def _disc(pen: Pen, x: float, y: float, radius: float, colour: str = _WHITE) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _dot(pen: Pen, x: float, y: float, r: float) -> None:
    _disc(pen, x, y, r / 2)


def _report(pen: Pen, x: float, y: float, r: float) -> None:
    """A warning sign: a triangle with an exclamation mark."""
    pen.polygon([(x, y - r), (x + 1.15 * r, y + r), (x - 1.15 * r, y + r)], fill=_WHITE)
    _line(pen, [(x, y - 0.3 * r), (x, y + 0.3 * r)], 0.2 * r, "#B3261E")
    _disc(pen, x, y + 0.68 * r, 0.13 * r, "#B3261E")


def _mine(pen: Pen, x: float, y: float, r: float) -> None:
    """A sheet with three ticked lines."""
    pen.rounded_rectangle((x - 0.8 * r, y - r, x + 0.8 * r, y + r), 0.15 * r, fill=_WHITE)
    for step in (-0.5, 0.0, 0.5):
        _disc(pen, x - 0.45 * r, y + step * r, 0.12 * r, "#1F4E79")
        _line(pen, [(x - 0.1 * r, y + step * r), (x + 0.5 * r, y + step * r)], 0.14 * r, "#1F4E79")


def _language(pen: Pen, x: float, y: float, r: float) -> None:
    """A globe."""
    thick = round(0.11 * r)
    pen.ellipse((x - r, y - r, x + r, y + r), outline=_WHITE, width=thick)
    pen.ellipse((x - 0.45 * r, y - r, x + 0.45 * r, y + r), outline=_WHITE, width=thick)
    _line(pen, [(x - 0.95 * r, y), (x + 0.95 * r, y)], thick)
    for side in (-0.5, 0.5):
        _line(pen, [(x - 0.8 * r, y + side * r), (x + 0.8 * r, y + side * r)], thick)


def _help(pen: Pen, x: float, y: float, r: float) -> None:
    """A question mark."""
    thick = 0.24 * r
    pen.arc((x - 0.55 * r, y - r, x + 0.55 * r, y + 0.1 * r), 180, 90, fill=_WHITE, width=round(thick))
    _disc(pen, x - 0.43 * r, y - 0.45 * r, thick / 2)
    _line(pen, [(x, y - 0.02 * r), (x, y + 0.4 * r)], thick)
    _disc(pen, x, y + 0.85 * r, 0.16 * r)


def _hide(pen: Pen, x: float, y: float, r: float) -> None:
    """An eye, crossed out."""
    pen.polygon([(x - 1.2 * r, y), (x, y - 0.75 * r), (x + 1.2 * r, y), (x, y + 0.75 * r)], fill=_WHITE)
    _disc(pen, x, y, 0.4 * r, "#3D4450")
    _line(pen, [(x - r, y + r), (x + r, y - r)], 0.34 * r, "#3D4450")
    _line(pen, [(x - r, y + r), (x + r, y - r)], 0.17 * r)


def _privacy(pen: Pen, x: float, y: float, r: float) -> None:
    """A padlock."""
    pen.arc((x - 0.5 * r, y - r, x + 0.5 * r, y + 0.2 * r), 180, 360, fill=_WHITE, width=round(0.18 * r))
    for side in (-0.41, 0.41):
        _line(pen, [(x + side * r, y - 0.4 * r), (x + side * r, y)], 0.18 * r)
    pen.rounded_rectangle((x - 0.8 * r, y - 0.15 * r, x + 0.8 * r, y + r), 0.12 * r, fill=_WHITE)
    _disc(pen, x, y + 0.32 * r, 0.16 * r, "#2E6B4F")
    _line(pen, [(x, y + 0.32 * r), (x, y + 0.65 * r)], 0.12 * r, "#2E6B4F")


ICONS: dict[str, tuple[str, Icon]] = {
    "report": ("#B3261E", _report),
    "mine": ("#1F4E79", _mine),
    "language": ("#6A4C93", _language),
    "help": ("#8A5A00", _help),
    "hide": ("#3D4450", _hide),
    "privacy": ("#2E6B4F", _privacy),
}
"""Background and drawing of each pictogram, by the command that it stands for."""
