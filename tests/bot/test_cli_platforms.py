"""The commands that tell LINE and Telegram how the bot looks, against the fake platforms."""

from __future__ import annotations

import asyncio
import json

from bot.i18n import LANGUAGES
from tests.bot.conftest import Run
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram


async def test_rich_menus(run: Run) -> None:
    """Every language gets its menu; what was made is told in words and as JSON, a refusal in one line."""
    async with FakeLine() as line:
        variables = {
            "LINE_CHANNEL_SECRET": line.secret, "LINE_CHANNEL_ACCESS_TOKEN": line.token,
            "LINE_API_URL": line.url, "LINE_DATA_API_URL": line.url,
        }  # fmt: skip
        told = await asyncio.to_thread(run, "line", "rich-menu", **variables)
        assert (told.returncode, told.stdout) == (0, f"rich menus made: {', '.join(LANGUAGES)}\n"), told.stderr
        told = await asyncio.to_thread(run, "line", "rich-menu", "--json", **variables)
        assert set(json.loads(told.stdout)["rich_menus"]) == set(LANGUAGES)
        wrong = variables | {"LINE_CHANNEL_ACCESS_TOKEN": "hunter2"}
        refused = await asyncio.to_thread(run, "line", "rich-menu", **wrong)
    assert refused.returncode == 1 and refused.stdout == "" and refused.stderr.count("\n") == 1
    assert "hunter2" not in refused.stderr


async def test_command_menus(run: Run) -> None:
    """Telegram is told the menus; what was set is told in words and as JSON."""
    async with FakeTelegram() as telegram:
        variables = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        told = await asyncio.to_thread(run, "telegram", "set-commands", **variables)
        assert told.returncode == 0 and "th, lo, km, en" in told.stdout, told.stderr
        told = await asyncio.to_thread(run, "telegram", "set-commands", "--json", **variables)
        assert json.loads(told.stdout) == {"languages": list(LANGUAGES)}
