"""What is told to Telegram once."""

from __future__ import annotations

from bot.channels.telegram.setup import setup
from bot.cli.telegram import menus, profiles
from bot.i18n import LANGUAGES
from handlers import commands
from tests.channels.telegram.updates import SECRET, TOKEN
from tests.fakes.telegram import FakeTelegram, TelegramPerson


async def test_menus_and_descriptions(fake: FakeTelegram) -> None:
    """What `telegram set-commands` sets: every command in every language, and for everybody else in Thai."""
    private, group = menus(commands.described()), menus(commands.described_group())
    async with setup(TOKEN, fake.url) as made:
        await made.set_commands(private, group)
        await made.set_profile(profiles())
    for language in (*LANGUAGES, ""):
        shown = fake.profile["setMyCommands", "default", language]["commands"]
        assert {c["command"] for c in shown} == set(commands.PERSON)
        assert [(c["command"], c["description"]) for c in shown] == private[language or "th"]
        in_groups = fake.profile["setMyCommands", "all_group_chats", language]["commands"]
        assert [c["command"] for c in in_groups] == list(commands.described_group())
        told = profiles()[language or "th"]
        assert fake.profile["setMyShortDescription", "default", language]["short_description"] == told.short_description
        assert fake.profile["setMyDescription", "default", language]["description"] == told.description


async def test_webhook(fake: FakeTelegram, person: TelegramPerson) -> None:
    """The webhook is set with its secret and only the wanted kinds of updates, and taken away again."""
    async with setup(TOKEN, fake.url) as made:
        await made.set_webhook("https://bot.example/webhooks/telegram", SECRET)
        assert fake.webhook == ("https://bot.example/webhooks/telegram", SECRET)
        assert fake.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]
        await made.delete_webhook()
    assert fake.webhook is None
