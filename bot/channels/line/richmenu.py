"""The rich menu under the chat, one per language; made once by an operator's command through LINE's SDK.

Every language has a menu of its own because the words that a tap puts into the chat, and the bar's title, are in that
language. A person who picks a language is linked to that menu (`LineChannel.use_menu`); others see the default.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from linebot.v3.messaging import (  # type: ignore[import-untyped]
    AsyncApiClient,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    Configuration,
    CreateRichMenuAliasRequest,
    PostbackAction,
    RichMenuArea,
    RichMenuBounds,
    RichMenuRequest,
    RichMenuSize,
    UpdateRichMenuAliasRequest,
)
from linebot.v3.messaging.exceptions import ApiException  # type: ignore[import-untyped]

from bot.channels.line.account import TIMEOUT, AccountError, refused
from bot.channels.line.channel import menu_alias
from bot.channels.line.measure import cut_units
from bot.channels.line.menu_picture import HEIGHT, WIDTH, cells, draw

BAR_TEXT_UNITS = 14
DISPLAY_UNITS = 300
LABEL_UNITS = 20
"""Longest label of an area's action; screen readers speak it."""

Items = Sequence[tuple[str, str]]
"""(command such as "/report", its words in the menu's language), in the order of the cells."""


async def create(
    access_token: str, api_url: str, data_api_url: str, menus: Mapping[str, Items], default: str = "th"
) -> dict[str, str]:
    """Make the menus of all languages, make `default` everybody's, and remove those of earlier runs.

    Returns the menu id by language. Raises `AccountError`; running it again then repairs what was left half done.
    """
    made: dict[str, str] = {}
    async with _sdk(access_token, api_url) as client, _sdk(access_token, data_api_url) as data_client:
        api, blob = AsyncMessagingApi(client), AsyncMessagingApiBlob(data_client)
        before = await api.get_rich_menu_list(_request_timeout=TIMEOUT)
        aliases = await api.get_rich_menu_alias_list(_request_timeout=TIMEOUT)
        known = {alias.rich_menu_alias_id for alias in aliases.aliases}
        for language, items in menus.items():
            made[language] = await _create_one(api, blob, language, items, menu_alias(language) in known)
        await api.set_default_rich_menu(made[default], _request_timeout=TIMEOUT)
        names = {menu_alias(language) for language in menus}
        for old in before.richmenus:
            if old.name in names:
                await api.delete_rich_menu(old.rich_menu_id, _request_timeout=TIMEOUT)
    return made


def menu_request(language: str, items: Items) -> RichMenuRequest:
    """The menu without its picture. The first item's words name the bar."""
    areas = [
        RichMenuArea(
            bounds=RichMenuBounds(x=x, y=y, width=width, height=height),
            action=PostbackAction(
                label=cut_units(words, LABEL_UNITS), data=command, displayText=cut_units(words, DISPLAY_UNITS)
            ),
        )
        for (command, words), (x, y, width, height) in zip(items, cells(len(items)), strict=True)
    ]
    return RichMenuRequest(
        size=RichMenuSize(width=WIDTH, height=HEIGHT),
        selected=True,
        name=menu_alias(language),
        chatBarText=cut_units(items[0][1], BAR_TEXT_UNITS),
        areas=areas,
    )


async def _create_one(api: Any, blob: Any, language: str, items: Items, alias_exists: bool) -> str:
    """One language's menu with picture and alias; returns its id."""
    alias = menu_alias(language)
    answer = await api.create_rich_menu(menu_request(language, items), _request_timeout=TIMEOUT)
    menu_id = str(answer.rich_menu_id)
    picture = draw(tuple(command.removeprefix("/") for command, _ in items))
    await blob.set_rich_menu_image(menu_id, picture, _headers={"Content-Type": "image/png"}, _request_timeout=TIMEOUT)
    if alias_exists:
        change = UpdateRichMenuAliasRequest(richMenuId=menu_id)
        await api.update_rich_menu_alias(alias, change, _request_timeout=TIMEOUT)
    else:
        new = CreateRichMenuAliasRequest(richMenuAliasId=alias, richMenuId=menu_id)
        await api.create_rich_menu_alias(new, _request_timeout=TIMEOUT)
    return menu_id


@asynccontextmanager
async def _sdk(access_token: str, host: str) -> AsyncIterator[Any]:
    """An SDK client of one host; what goes wrong inside comes out as `AccountError`."""
    client = AsyncApiClient(Configuration(access_token=access_token, host=host.rstrip("/")))
    try:
        yield client
    except ApiException as error:
        raise refused(error.status) from None
    except (aiohttp.ClientError, TimeoutError) as error:
        raise AccountError(f"LINE cannot be reached ({type(error).__name__})") from None
    finally:
        await client.close()
