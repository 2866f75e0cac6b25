"""Measurements: speed beside a floor, and what the platforms would charge. `make bench`; see README.md here."""
