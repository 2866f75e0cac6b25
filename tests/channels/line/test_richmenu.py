"""The rich menus, and what an operator asks LINE about the account."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.channels.line.account import AccountError, Bot, Quota, bot_info, quota
from bot.channels.line.channel import LineChannel
from bot.channels.line.menu_picture import HEIGHT, ICONS, WIDTH, cells, draw
from bot.channels.line.richmenu import create
from tests.channels.line.samples import PERSON
from tests.fakes.line import FakeLine

COMMANDS = tuple(f"/{name}" for name in ICONS)
MENUS = {
    "th": [(command, "แจ้งเหตุการณ์ผิดปกติในหมู่บ้าน") for command in COMMANDS],
    "lo": [(command, "ແຈ້ງເຫດ") for command in COMMANDS],
}


def test_cells_cover_the_picture() -> None:
    """No tap falls between two areas, whatever their number."""
    for count in range(1, 8):
        assert sum(width * height for _, _, width, height in cells(count)) == WIDTH * HEIGHT


def test_picture_is_what_line_takes() -> None:
    """A PNG of the right size, under a megabyte, also with an unknown pictogram."""
    data = draw((*ICONS, "unknown"))
    assert len(data) < 1024 * 1024
    assert Image.open(io.BytesIO(data)).size == (WIDTH, HEIGHT)


async def test_menus_are_made_per_language(line: FakeLine) -> None:
    """Each language has a menu with picture and alias; Thai is everybody's."""
    made = await create(line.token, line.url, line.url, MENUS)
    assert set(made) == {"th", "lo"}
    assert line.menus.default == made["th"]
    assert line.menus.aliases == {"mekongwatch-th": made["th"], "mekongwatch-lo": made["lo"]}
    assert line.menus.pictures[made["lo"]].startswith(b"\x89PNG")
    actions = [area["action"] for area in line.menus.made[made["lo"]]["areas"]]
    assert actions[0] == {"type": "postback", "label": "ແຈ້ງເຫດ", "data": "/report", "displayText": "ແຈ້ງເຫດ"}


async def test_making_them_again_replaces_them(line: FakeLine) -> None:
    """A second run leaves one menu per language and moves the aliases."""
    first = await create(line.token, line.url, line.url, MENUS)
    second = await create(line.token, line.url, line.url, MENUS)
    assert set(line.menus.made) == set(second.values())
    assert not set(first.values()) & set(second.values())
    assert line.menus.aliases["mekongwatch-lo"] == second["lo"]


async def test_a_person_gets_the_menu_of_the_language(line: FakeLine, channel: LineChannel) -> None:
    """Choosing a language links its menu; without menus, or after they were made anew, nothing breaks."""
    await channel.use_menu(PERSON, "lo")
    made = await create(line.token, line.url, line.url, MENUS)
    await channel.use_menu(PERSON, "lo")
    assert line.menus.of_user == {PERSON: made["lo"]}
    made = await create(line.token, line.url, line.url, MENUS)
    await channel.use_menu(PERSON, "lo")
    await channel.use_menu(PERSON, "lo")
    assert line.menus.of_user == {PERSON: made["lo"]}


async def test_account(line: FakeLine) -> None:
    """Quota, use and identity are read; a wrong token is one line without the token."""
    assert await quota(line.token, line.url) == Quota(None, 0)
    line.quota = 300
    assert await quota(line.token, line.url) == Quota(300, 0)
    assert await bot_info(line.token, line.url) == Bot("Watch", "@mekong", "bot")
    with pytest.raises(AccountError, match="401") as refused:
        await bot_info("wrong-token", line.url)
    assert "wrong-token" not in str(refused.value)
    with pytest.raises(AccountError, match="cannot be reached"):
        await quota(line.token, "http://127.0.0.1:9")
