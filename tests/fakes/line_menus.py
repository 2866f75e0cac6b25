"""The rich menu half of the fake LINE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

Object = dict[str, Any]

PICTURE_BYTES = 1024 * 1024


class Menus:
    """Menus with their pictures and aliases, and who sees which."""

    def __init__(self) -> None:
        self.made: dict[str, Object] = {}
        self.pictures: dict[str, bytes] = {}
        self.aliases: dict[str, str] = {}
        self.of_user: dict[str, str] = {}
        self.default = ""

    def answer(self, method: str, parts: list[str], body: Any, raw: bytes, new_id: Callable[[], str]) -> web.Response:
        """Answer one request; `parts` is its path after /v2/bot/."""
        match method, parts:
            case "POST", ["richmenu"]:
                menu_id = f"richmenu-{new_id()}"
                self.made[menu_id] = body
                return ok({"richMenuId": menu_id})
            case "POST", ["richmenu", menu_id, "content"] if menu_id in self.made and len(raw) <= PICTURE_BYTES:
                self.pictures[menu_id] = raw
            case "GET", ["richmenu", "list"]:
                return ok({"richmenus": [{**menu, "richMenuId": key} for key, menu in self.made.items()]})
            case "GET", ["richmenu", "alias", "list"]:
                entries = self.aliases.items()
                return ok({"aliases": [{"richMenuAliasId": a, "richMenuId": m} for a, m in entries]})
            case "POST", ["richmenu", "alias"] if body["richMenuAliasId"] not in self.aliases:
                self.aliases[body["richMenuAliasId"]] = body["richMenuId"]
            case "POST", ["richmenu", "alias", alias] if alias in self.aliases:
                self.aliases[alias] = body["richMenuId"]
            case "GET", ["richmenu", "alias", alias] if alias in self.aliases:
                return ok({"richMenuAliasId": alias, "richMenuId": self.aliases[alias]})
            case "DELETE", ["richmenu", menu_id] if menu_id in self.made:
                del self.made[menu_id]
            case "POST", ["user", "all", "richmenu", menu_id] if menu_id in self.pictures:
                self.default = menu_id
            case "POST", ["user", user_id, "richmenu", menu_id] if menu_id in self.made:
                self.of_user[user_id] = menu_id
            case _:
                return error(404, "Not found")
        return ok({})


def ok(data: Object, status: int = 200) -> web.Response:
    """A JSON answer."""
    return web.json_response(data, status=status)


def error(status: int, message: str, **more: Any) -> web.Response:
    """LINE's form of an error."""
    return web.json_response({"message": message, **more}, status=status)
