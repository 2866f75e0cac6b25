"""What is told to Telegram once."""

from __future__ import annotations

from bot.channels.telegram.setup import GROUP_COMMANDS, PRIVATE_COMMANDS, Profile, setup
from tests.channels.telegram.updates import BOT_ID, SECRET, TOKEN
from tests.fakes.telegram import FakeTelegram, TelegramPerson

LANGUAGES = ("th", "lo", "km", "en")


def described(commands: tuple[str, ...]) -> dict[str, list[tuple[str, str]]]:
    """Commands with a description per language."""
    return {language: [(c, f"{c} in {language}") for c in commands] for language in LANGUAGES}


async def test_menus_and_profile(fake: FakeTelegram) -> None:
    """Menus for private chats and for groups, name and descriptions, in every language and for everybody else."""
    profiles = {x: Profile(f"name {x}", f"description {x}", f"short {x}") for x in LANGUAGES}
    async with setup(TOKEN, fake.url) as made:
        assert made.identity() == (BOT_ID, "report_bot")
        await made.set_commands(described(PRIVATE_COMMANDS), described(GROUP_COMMANDS))
        await made.set_profile(profiles)
    for language in (*LANGUAGES, ""):
        private = fake.profile["setMyCommands", "default", language]["commands"]
        group = fake.profile["setMyCommands", "all_group_chats", language]["commands"]
        assert [c["command"] for c in private] == list(PRIVATE_COMMANDS)
        assert group[0] == {"command": "open", "description": f"open in {language or 'th'}"}
        assert fake.profile["setMyName", "default", language] == {"name": f"name {language or 'th'}"}
        assert fake.profile["setMyShortDescription", "default", language]["short_description"].startswith("short")
        assert fake.profile["setMyDescription", "default", language]["description"].startswith("description")


async def test_webhook(fake: FakeTelegram, person: TelegramPerson) -> None:
    """The webhook is set with its secret and only the wanted kinds of updates, and taken away again."""
    async with setup(TOKEN, fake.url) as made:
        await made.set_webhook("https://bot.example/webhooks/telegram", SECRET)
        assert fake.webhook == ("https://bot.example/webhooks/telegram", SECRET)
        assert fake.allowed == ["message", "edited_message", "callback_query", "my_chat_member"]
        await made.delete_webhook()
    assert fake.webhook is None
