"""The media store: a small object is really written, read back and deleted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot import bootstrap
from bot.config import BadSettings, Settings
from bot.doctor.findings import Finding, fault, ok
from storage.media_store import MediaStore
from storage.vault import Vault

CHECK = "media store"
CONTENT = b"a small object of the doctor's"
WAIT_S = 6

_STEPS = {
    "written": "reports lose their photos",
    "read": "groups get no photos",
    "deleted": "photos outlive their time",
}


async def check(settings: Settings, key: str, name: str) -> Finding:
    """Put, get and delete an object called `name`, sealed with `key`."""
    try:
        store = bootstrap.media_store(settings, Vault(key))
    except BadSettings as refusal:
        return fault(CHECK, str(refusal), "mend MEDIA_URL: a folder, or s3://BUCKET/PREFIX")
    folder = _folder(settings.media_url)
    there = folder is None or folder.exists()
    step, reason = await _tried(store, name)
    if folder and not there:
        with suppress(OSError):  # not empty, or never made: the doctor leaves things as they were
            folder.rmdir()
    if not reason:
        return ok(CHECK, f"{'folder ' + str(folder) if folder else 'S3'}: written, read back and deleted")
    return fault(CHECK, f"an object cannot be {step} ({reason}): {_STEPS[step]}", _advice(folder))


async def _tried(store: MediaStore, name: str) -> tuple[str, str]:
    """The step that failed and why; the reason is "" if none did."""
    step = "written"
    try:
        async with asyncio.timeout(WAIT_S):
            await store.put(name, CONTENT, len(CONTENT))
            step = "read"
            if await store.get(name) != CONTENT:
                return step, "it came back changed"
            step = "deleted"
            await store.delete([name])
    except TimeoutError:
        return step, f"no answer in {WAIT_S} s"
    except OSError as error:
        return step, error.strerror or type(error).__name__
    except Exception as error:  # the store's library: its texts may quote addresses and keys
        return step, type(error).__name__
    return step, ""


def _folder(url: str) -> Path | None:
    parts = urlsplit(url)
    if parts.scheme == "s3":
        return None
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(url)


def _advice(folder: Path | None) -> str:
    if folder:
        return f"see that {folder} is a folder, belongs to the bot's user, and that the disk is not full"
    return (
        "see MEDIA_URL (bucket, ?endpoint=, &region=), AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's rights"
    )
