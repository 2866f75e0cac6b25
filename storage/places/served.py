"""Which districts are served: the ready-made choices, or a list of codes."""

from __future__ import annotations

from collections.abc import Collection

TARGETS = frozenset(
    (
        "3702",  # Amnat Charoen: Chanuman
        *("3801", "3805", "3808"),  # Bueng Kan: Mueang Bueng Kan, Pak Khat, Bung Khla
        *("5703", "5704", "5708", "5709", "5713"),  # Chiang Rai: Chiang Khong, Thoeng, Chiang Saen, Mae Sai, Wiang Kaen
        *("4203", "4204", "4205", "4206", "4208"),  # Loei: Chiang Khan, Pak Chom, Dan Sai, Na Haeo, Tha Li
        # Ubon Ratchathani: Khong Chiam, Khemarat, Nam Yuen, Buntharik, Pho Sai, Sirindhorn, Na Tan
        *("3403", "3405", "3409", "3410", "3421", "3425", "3430"),
    )
)
"""The programme's target districts as far as its public pages name them: 21 of 44. Operators list the others."""


def served_districts(choice: str, districts: Collection[str], border: Collection[str]) -> frozenset[str]:
    """The codes that `choice` stands for: "targets", "border", "provinces" (all known districts), or a list of codes.

    `districts`: all known codes; `border`: those of border districts. Raises `ValueError` with one line for operators.
    """
    match choice.strip().lower():
        case "targets":
            return TARGETS
        case "border":
            return frozenset(border)
        case "provinces":
            return frozenset(districts)
    return checked([code.strip() for code in choice.split(",") if code.strip()], districts)


def checked(codes: Collection[str], districts: Collection[str]) -> frozenset[str]:
    """The same codes as a set. Raises `ValueError` with one line when there are none, or one is no known district's."""
    if not codes:
        raise ValueError("served districts: targets, border, provinces, or district codes such as 3403,3405")
    if unknown := sorted(set(codes).difference(districts)):
        raise ValueError(f"not a district of the border provinces: {', '.join(unknown)}")
    return frozenset(codes)
