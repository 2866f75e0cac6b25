"""The Bot API methods that the fake knows, each with the checks of the real one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram_chats import (
    CAPTION_LIMIT,
    BotMessage,
    Chat,
    File,
    bad,
    check_edit,
    check_markup,
    check_reply,
    check_text,
    check_topic,
)

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram
    from tests.fakes.telegram_wire import Call

DOWNLOAD_LIMIT = 20 << 20


def _chat(fake: FakeTelegram, call: Call) -> Chat:
    chat = fake.chats.get(int(call.params.get("chat_id", 0)))
    if chat is None:
        raise bad("chat not found")
    chat.admit()
    return chat


def _post(fake: FakeTelegram, call: Call, chat: Chat, **content: Any) -> dict[str, Any]:
    topic, reply_to = check_topic(call.params, chat), check_reply(call.params, chat)
    markup = check_markup(call.params.get("reply_markup"), chat)
    date = fake.date()
    message = BotMessage(
        chat.chat_id, chat.new_id(), fake.stamp, markup=markup, topic=topic, reply_to=reply_to, **content
    )
    chat.messages.append(message)
    return describe(fake, chat, message, date)


def describe(fake: FakeTelegram, chat: Chat, message: BotMessage, date: int) -> dict[str, Any]:
    """The bot's message as it stands in answers and updates."""
    data: dict[str, Any] = {"message_id": message.message_id, "from": fake.bot, "chat": chat.data(), "date": date}
    if message.text and not message.media:
        data["text"] = message.text
    if message.buttons:
        data["reply_markup"] = message.markup
    if message.topic:
        data |= {"message_thread_id": message.topic, "is_topic_message": True}
    return data


def send_message(fake: FakeTelegram, call: Call) -> Any:
    """Post a text."""
    chat = _chat(fake, call)
    return _post(fake, call, chat, text=check_text(call.params.get("text")))


def edit_message_text(fake: FakeTelegram, call: Call) -> Any:
    """Change a text and its buttons."""
    chat = _chat(fake, call)
    text = check_text(call.params.get("text"))
    markup = check_markup(call.params.get("reply_markup"), chat)
    message = check_edit(chat.find(int(call.params["message_id"])), text, markup)
    date = fake.date()
    message.text, message.markup, message.stamp = text, markup, fake.stamp
    message.edits += 1
    return describe(fake, chat, message, date)


def _sender(field: str) -> Callable[[FakeTelegram, Call], Any]:
    def send(fake: FakeTelegram, call: Call) -> Any:
        chat = _chat(fake, call)
        if field not in call.files:
            raise bad("there is no " + field + " in the request")
        return _post(fake, call, chat, text=_caption(call.params), media=field, file=call.files[field])

    return send


def _caption(params: dict[str, Any]) -> str:
    caption = params.get("caption", "")
    return check_text(caption, CAPTION_LIMIT) if caption else ""


def send_media_group(fake: FakeTelegram, call: Call) -> Any:
    """Post an album."""
    chat = _chat(fake, call)
    items = call.params.get("media") or []
    if not 2 <= len(items) <= 10:
        raise bad("there must be from 2 to 10 media in the album")
    kinds = {item["type"] for item in items}
    if len(kinds - {"photo", "video"}) > 0 and len(kinds) > 1:
        raise bad("documents can't be mixed with other media types")
    album = f"album{fake.stamp}"
    posted = []
    for item in items:
        file = call.files.get(str(item["media"]).removeprefix("attach://"))
        if file is None:
            raise bad("wrong HTTP URL specified")
        posted.append(_post(fake, call, chat, text=_caption(item), media=item["type"], file=file, album=album))
    return posted


def answer_callback_query(fake: FakeTelegram, call: Call) -> Any:
    """Take the waiting sign off a button; a query can be answered once."""
    if call.params.get("callback_query_id") not in fake.queries:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    fake.queries.discard(call.params["callback_query_id"])
    return True


def get_file(fake: FakeTelegram, call: Call) -> Any:
    """Where to download a file."""
    file_id = str(call.params.get("file_id"))
    file: File | None = fake.files.get(file_id)
    if file is None:
        raise bad("invalid file_id")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": f"u{file_id}",
        "file_size": len(file.content),
        "file_path": file.path,
    }


def leave_chat(fake: FakeTelegram, call: Call) -> Any:
    """Leave a group."""
    _chat(fake, call).status = "left"
    return True


def set_webhook(fake: FakeTelegram, call: Call) -> Any:
    """Have updates posted."""
    url = str(call.params.get("url", ""))
    if url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    fake.webhook = (url, str(call.params.get("secret_token", ""))) if url else None
    fake.allowed = list(call.params.get("allowed_updates") or fake.allowed)
    return True


def delete_webhook(fake: FakeTelegram, _call: Call) -> Any:
    """Keep updates for polling."""
    fake.webhook = None
    return True


def get_webhook_info(fake: FakeTelegram, _call: Call) -> Any:
    """Where updates go, how many wait, and when bringing one last failed (`fake.failed`: Unix time and words)."""
    info: dict[str, Any] = {
        "url": fake.webhook[0] if fake.webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(fake.updates),
    }
    if fake.failed:
        info |= {"last_error_date": fake.failed[0], "last_error_message": fake.failed[1]}
    return info | ({"allowed_updates": fake.allowed} if fake.allowed else {})


def _action(fake: FakeTelegram, call: Call) -> Any:
    _chat(fake, call)
    return True


def _remember(fake: FakeTelegram, call: Call) -> Any:
    """Commands, name and descriptions, by method, scope and language."""
    scope = (call.params.get("scope") or {}).get("type", "default")
    content = {k: v for k, v in call.params.items() if k not in ("scope", "language_code")}
    fake.profile[call.method, scope, str(call.params.get("language_code", ""))] = content
    return True


def get_me(fake: FakeTelegram, _call: Call) -> Any:
    """The bot itself."""
    return {
        **fake.bot,
        **fake.rights,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


METHODS: dict[str, Callable[[FakeTelegram, Call], Any]] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "sendPhoto": _sender("photo"),
    "sendVideo": _sender("video"),
    "sendVoice": _sender("voice"),
    "sendDocument": _sender("document"),
    "sendMediaGroup": send_media_group,
    "sendChatAction": _action,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
    "leaveChat": leave_chat,
    "getMe": get_me,
    "getWebhookInfo": get_webhook_info,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "setMyCommands": _remember,
    "setMyName": _remember,
    "setMyDescription": _remember,
    "setMyShortDescription": _remember,
}
"""What anything else gets is 404, as from the real server."""
