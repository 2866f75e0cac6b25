"""The centres' groups: whom reports would reach."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bot.called import CALLED
from bot.doctor.findings import Finding, counted, fault, ok, warning
from handlers.cases import PROGRAMME_DESK
from handlers.routing import desks
from storage.places.gazetteer import Gazetteer
from storage.survey import Links

LINKED, REMOVED, WAITING = "group links", "removed groups", "open cases"
NAMED = 4
"""So many centres are named; the others are counted."""


def check(places: Gazetteer, served: Collection[str], links: Links, open_cases: Mapping[str, int]) -> list[Finding]:
    """Findings about districts without a group, groups without the bot, and cases that nobody sees."""
    unseen = {c: n for c, n in open_cases.items() if not _stands_in(c, links)}
    return [*_linked(places, served, links), *_removed(places, links), *_waiting(places, unseen)]


def _linked(places: Gazetteer, served: Collection[str], links: Links) -> Iterator[Finding]:
    without = sorted(code for code in served if code not in links.present and code not in links.lost)
    nobody = [code for code in without if not _stands_in(code, links)]
    covered = [code for code in without if _stands_in(code, links)]
    link = f"{CALLED} centre code {(without or ['3403'])[0]}, and send what it prints in that centre's group"
    if nobody:
        says = f"{_districts(nobody)} served without a group, nor a desk that stands in: {_named(places, nobody)}"
        yield fault(LINKED, says, f"{link}; or serve only what is ready (SERVED_DISTRICTS, centre close)")
    if covered:
        says = f"{_districts(covered)} served without a group; a desk gets the cases: {_named(places, covered)}"
        yield warning(LINKED, says, link)
    if not without and not links.lost:
        yield ok(LINKED, f"{counted(len(served), 'served district')}, each with a group")


def _removed(places: Gazetteer, links: Links) -> Iterator[Finding]:
    for code, channel in sorted(links.lost.items()):
        says = f"the bot is no longer in the {_PLATFORMS.get(channel, channel)} group of {_name(places, code)}"
        yield fault(REMOVED, says, f"add it to the group again, or link another group: centre code {code}")


def _waiting(places: Gazetteer, unseen: Mapping[str, int]) -> Iterator[Finding]:
    if unseen:
        number, codes = sum(unseen.values()), sorted(unseen)
        says = f"{counted(number, 'open case')} at centres without a group, nobody sees them: {_named(places, codes)}"
        yield fault(WAITING, says, f"link a group (centre code {codes[0]}); /open in it lists them")
    else:
        yield ok(WAITING, "none waits where nobody sees it")


def _stands_in(centre: str, links: Links) -> bool:
    """Whether a group gets this centre's cases: its own, its province's, or the programme's."""
    return any(desk in links.present for desk in desks(centre))


def _districts(codes: Sequence[str]) -> str:
    return f"{counted(len(codes), 'district')} {'is' if len(codes) == 1 else 'are'}"


def _named(places: Gazetteer, codes: Sequence[str]) -> str:
    more = f" and {len(codes) - NAMED} more" if len(codes) > NAMED else ""
    return ", ".join(_name(places, code) for code in codes[:NAMED]) + more


def _name(places: Gazetteer, code: str) -> str:
    if code == PROGRAMME_DESK:
        return f"{code} programme desk"
    area = places.area(code)
    return f"{code} {area.name.en or area.name.th}" if area else code


_PLATFORMS = {"telegram": "Telegram", "line": "LINE"}
