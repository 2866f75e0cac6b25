"""Neither the token nor what people write reaches logs, exceptions or error details."""

from __future__ import annotations

import logging

import pytest
import structlog
from telegram.error import TelegramError

from bot.channels.base import Refused, SendError, Shown
from bot.channels.telegram.bot import TokenRefusedError
from bot.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from bot.channels.telegram.polling import poll
from bot.channels.telegram.setup import setup
from tests.channels.telegram.test_channel import envelope, packed, source
from tests.channels.telegram.test_fetch import Basket
from tests.channels.telegram.updates import SECRET, TOKEN
from tests.fakes.telegram import FakeTelegram, Fault, TelegramPerson
from tests.fakes.telegram_chats import Refusal

WORDS = "three-men-at-the-temple"
OTHER_TOKEN = "123456:another-token"


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All loggers at their most talkative."""
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    return caplog


def assert_silent(said: str) -> None:
    """No token, secret, words or ids in there."""
    for secret in (TOKEN, TOKEN.split(":")[1], OTHER_TOKEN, OTHER_TOKEN.split(":")[1], SECRET, WORDS, "700000001"):
        assert secret not in said


async def test_sending(
    channel: TelegramChannel, fake: FakeTelegram, person: TelegramPerson, everything: pytest.LogCaptureFixture
) -> None:
    """Refusals that quote the text, cut connections and dead servers give details without content."""
    hello, said = packed(channel, Shown(WORDS)), []
    faults = [Fault.of(Refusal(code, f"Bad Request: can't take {WORDS} of 700000001").body) for code in (400, 403, 500)]
    for fault in (*faults, Fault.cut_off(), Fault.too_many()):
        fake.fail("sendMessage", fault)
        said.append(await channel.send(hello, envelope()))
    nowhere = TelegramChannel(TOKEN, SECRET, "http://127.0.0.1:1", rate_limits=False)
    await nowhere.open()
    said.append(await nowhere.send(hello, envelope()))
    fetched = await nowhere.fetch(source("f"), Basket().put, 10)
    await nowhere.close()
    assert all(isinstance(error, SendError) for error in said)
    assert_silent(repr((said, fetched)) + everything.text)


def test_refused_webhooks(everything: pytest.LogCaptureFixture) -> None:
    """A refused webhook repeats nothing of what was posted."""
    for headers, content in (
        ({}, WORDS),
        ({SECRET_HEADER: SECRET}, f'{{"text": "{WORDS}'),
        ({SECRET_HEADER: WORDS}, "{}"),
    ):
        with pytest.raises(Refused) as refused:
            TelegramChannel(TOKEN, SECRET).accept(headers, content.encode())
        assert_silent(refused.value.reason + repr(refused.value.__cause__) + everything.text)


async def test_wrong_token(fake: FakeTelegram, everything: pytest.LogCaptureFixture) -> None:
    """A token that Telegram refuses is named by its setting alone, by polling and by the set-up."""
    with structlog.testing.capture_logs() as lines:
        with pytest.raises(TokenRefusedError) as polled:
            await poll(OTHER_TOKEN, fake.url, lambda _update: fake.notify())
        with pytest.raises(TokenRefusedError) as set_up:
            async with setup(OTHER_TOKEN, fake.url):
                pass
    assert_silent(str(polled.value) + str(set_up.value) + repr(lines) + everything.text)


async def test_setup_without_network(everything: pytest.LogCaptureFixture) -> None:
    """Without a network the set-up's error and log lines hold no token."""
    with pytest.raises(TelegramError) as failed:
        async with setup(TOKEN, "http://127.0.0.1:1"):
            pass
    assert_silent(str(failed.value) + everything.text)
