"""The parts that most journeys share: a centre with its group, a headman, and a report from the first word to its code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram, TelegramGroup
from tests.journeys.app import App
from tests.journeys.people import OnLine, OnTelegram, Person
from tests.journeys.pictures import photo, voice

DISTRICT, SUBDISTRICT = "3403", "340301"
PIN = (15.3185, 105.5008)
"""Clearly in one district: Khong Chiam."""
STORIES = {
    "th": "เรือสองลำข้ามมา มีคนแบกกระสอบ needle-5b1d",
    "lo": "ມີຄົນແປກໜ້າຫຼາຍຄົນລົງຈາກເຮືອ needle-5b1d",
    "km": "មានមនុស្សប្រាំនាក់ឆ្លងទន្លេ needle-5b1d",
}
STORY_NEEDLE = "needle-5b1d"
FILE_NAME = "IMG-of-Somsri-8841.jpg"
REPORTER_NAME = "Somsri-Reporterdaughter"
LINE_GROUP, TELEGRAM_GROUP = "C" + "c" * 32, -1001112223334


async def nothing() -> None:
    """Done between two steps of most journeys."""


Between = Callable[[], Awaitable[None]]


def reporter_on(platform: str, line: FakeLine, telegram: FakeTelegram) -> Person:
    """The villager."""
    if platform == "line":
        return OnLine(line, "U" + "a1" * 16, REPORTER_NAME)
    return OnTelegram(telegram, 700000111, REPORTER_NAME)


def headman_on(platform: str, line: FakeLine, telegram: FakeTelegram) -> Person:
    """The kamnan."""
    if platform == "line":
        return OnLine(line, "U" + "e5" * 16, "Kamnan")
    return OnTelegram(telegram, 700000555, "Kamnan")


async def group_on(platform: str, line: FakeLine, telegram: FakeTelegram) -> tuple[Person, Person]:
    """Two officers in one group, to which the bot was just added."""
    if platform == "line":
        anan = OnLine(line, "U" + "01" * 16, "Anan Dee", LINE_GROUP)
        mali = OnLine(line, "U" + "02" * 16, "Mali Suk", LINE_GROUP)
        OnLine(line, "U" + "03" * 16, "Chai", LINE_GROUP)
        await anan.me.invite_bot()
        return anan, mali
    group = TelegramGroup(telegram, TELEGRAM_GROUP)
    first, second = (
        OnTelegram(telegram, 800000001, "Anan Dee", group),
        OnTelegram(telegram, 800000002, "Mali Suk", group),
    )
    await group.add_bot(first.me)
    return first, second


async def link(app: App, officer: Person, centre: str = DISTRICT) -> None:
    """The group of this officer becomes the centre's."""
    await officer.says(f"/link {await app.code(centre)}")
    await officer.hears("✅")


async def join(app: App, headman: Person, language: str, area: str = SUBDISTRICT) -> None:
    """A headman redeems an invitation and chooses a language."""
    await headman.says(f"/join {await app.code(area[:4], area)}")
    await headman.picks("language", language)
    await headman.asked("idle")
    headman.speaks(language)


@dataclass
class Sent:
    """What a villager sent along."""

    pictures: list[bytes] = field(default_factory=list)


async def begins(villager: Person, language: str, between: Between = nothing) -> None:
    """From the first word to the question "what?"."""
    await villager.says("/start")
    await villager.asked("language")
    await between()
    await villager.picks("language", language)
    await villager.asked("notice")
    villager.speaks(language)
    await between()
    await villager.picks("notice", "agree")
    await villager.asked("kind")
    await between()


async def tells(villager: Person, language: str, between: Between = nothing) -> None:
    """From "what?" to words: drugs, now, at the pin."""
    await villager.picks("kind", "drugs")
    await villager.asked("when")
    await between()
    await villager.picks("when", "now")
    await villager.asked("safety")
    await between()
    await villager.picks("safety", "yes")
    await villager.asked("place")
    await between()
    await villager.pins(*PIN)
    await villager.asked("story")
    await between()
    await villager.says(STORIES[language])
    await villager.asked("story")
    await between()


async def sends_along(villager: Person, between: Between = nothing) -> Sent:
    """A voice note, an album of two, and a picture as a file."""
    sent = Sent([photo(), photo(), photo()])
    await villager.voice(voice())
    await villager.asked("story")
    await between()
    await villager.picks("story", "done")
    await villager.asked("photos")
    await between()
    await villager.photos(*sent.pictures[:2])
    await villager.asked("photos")
    await between()
    await villager.picture_file(sent.pictures[2], FILE_NAME)
    await villager.asked("photos")
    await between()
    await villager.picks("photos", "done")
    return sent


async def sends(villager: Person, language: str, between: Between = nothing) -> str:
    """From "may officers ask?" to the receipt; the code."""
    await villager.asked("callback")
    await between()
    await villager.picks("callback", "yes")
    await villager.asked("review")
    villager.speaks(language)
    await between()
    await villager.picks("review", "send")
    code = await villager.hears_code()
    villager.speaks(language)
    return code


async def reports(villager: Person, language: str = "th") -> str:
    """A whole short report without media; the code."""
    await begins(villager, language)
    await tells(villager, language)
    await villager.picks("story", "done")
    await villager.picks("photos", "done")
    return await sends(villager, language)
