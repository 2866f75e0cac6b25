"""Whole processes: killed at any moment, started again, and nothing of the conversation is lost."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx

from tests.bot.test_cli import environment, started
from tests.fakes.telegram import FakeTelegram, TelegramPerson

PATIENCE_S = 60.0


async def written_down(url: str) -> None:
    """Wait until the process has written down what it sent: what a dead one did not would come back after its lease of
    40 seconds (`test_two_processes_send_once` shows that with a clock that can be moved)."""
    async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient() as client:
        while 'mekongwatch_outbox_waiting{state="queued"} 0.0\n' not in (await client.get(f"{url}/metrics")).text:
            continue


async def other_than(fake: FakeTelegram, person: TelegramPerson, *known: str) -> str:
    """Wait for a message with other words."""

    def new() -> str:
        return next((m.text for m in person.chat.messages if m.text not in known), "")

    await fake.wait_for(new, "another message", PATIENCE_S)
    return new()


async def test_killed_between_two_steps(tmp_path: Path) -> None:
    """`serve` by long polling: after SIGKILL the conversation goes on at the question that was open."""
    async with FakeTelegram() as fake:
        fake.chat(700).status = "member"
        person = TelegramPerson(fake, 700)
        variables = {"TELEGRAM_BOT_TOKEN": fake.token, "TELEGRAM_API_URL": fake.url, "PORT": "0"}
        process, line = await started(tmp_path, "serve", **variables)
        assert line.startswith("ready on ")
        await person.say("/start")
        asked = await other_than(fake, person)
        await written_down(line.split()[-1])
        process.kill()
        await process.communicate()
        await person.say("2")
        process, _ = await started(tmp_path, "serve", **variables)
        assert await other_than(fake, person, asked)
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        assert process.returncode == 0
        assert fake.token.encode() not in errors and b"Somchai" not in errors


async def test_a_token_that_is_refused(tmp_path: Path) -> None:
    """With a token that Telegram does not know the process ends with one line that says so, and without the token."""
    async with FakeTelegram() as fake:
        variables = {"TELEGRAM_BOT_TOKEN": "999:hunter2", "TELEGRAM_API_URL": fake.url, "PORT": "0"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve", cwd=tmp_path, env=environment(**variables),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
        assert process.returncode == 1
        assert b"mekongwatch: Telegram does not accept TELEGRAM_BOT_TOKEN\n" in errors and b"hunter2" not in errors
