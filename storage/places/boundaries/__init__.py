"""Boundaries of districts and subdistricts from a file that an operator has: read, checked, cleaned, described.

`prepare.prepare` is the way in. Nothing here touches a database. Shapely, NumPy and pyogrio (with GDAL inside) take a
good part of a second to load; they are imported by the functions that need them.
"""
