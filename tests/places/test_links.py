"""The links behind a poster."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

from handlers.village_link import VillageLink, read
from storage.places.links import NoName, line_link, telegram_link


@pytest.mark.parametrize("bot", ["report_bot", "@report_bot", "https://t.me/report_bot", " report_bot "])
def test_telegram(bot: str) -> None:
    """The bot opens and gets the village as its parameter, however the operator writes its name."""
    assert telegram_link(bot, "34030104", "lo") == "https://t.me/report_bot?start=v_34030104_lo"
    assert telegram_link(bot, "340301") == "https://t.me/report_bot?start=v_340301"


@pytest.mark.parametrize("account", ["@123abcde", "123abcde"])
def test_line(account: str) -> None:
    """The chat opens with words in the field that the bot reads; everything is escaped as LINE asks."""
    made = line_link(account, "34030104", "km")
    assert made == "https://line.me/R/oaMessage/%40123abcde/?%2334030104%20km"
    assert read(unquote(urlsplit(made).query)) == VillageLink("34030104", "km")


@pytest.mark.parametrize(
    "name", ["", "@", "a", "9bot", "my bot", "bot?start=x", "bot/../x", "บอทของเรา", "https://t.me/", "a" * 40]
)
def test_no_telegram_name(name: str) -> None:
    """Nothing that would lead elsewhere gets into a link, and what was written is not quoted."""
    with pytest.raises(NoName) as refused:
        telegram_link(name, "34030104")
    assert str(refused.value) == "is no name of a Telegram bot, such as mekong_bot"


@pytest.mark.parametrize("name", ["", "@", "@a", "my account", "@a/b?c", "@บัญชี", "https://lin.ee/abc", "a" * 40])
def test_no_line_id(name: str) -> None:
    """The same for LINE."""
    with pytest.raises(NoName):
        line_link(name, "34030104")
