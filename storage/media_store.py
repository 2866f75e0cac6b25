"""Where media lie: a local folder or an S3-compatible store; every object is sealed before it leaves memory.

An object is sealed whole, which is fine for the sizes that platforms hand out (Telegram: 20 MB); its key is bound
in, so objects that are swapped in the store do not open.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from storage.vault import Vault

KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


class TooBig(Exception):
    """The content is longer than the limit."""


class OutOfReach(Exception):
    """The store did not do what was asked; the text is the kind of error, without any name or secret."""


class UnusableUrl(ValueError):
    """MEDIA_URL names no place that we can use."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What was put: size in bytes and SHA-256 (hex) of the plain bytes."""

    key: str
    size: int
    sha256: str


class _Shelf(Protocol):
    """A place for sealed bytes."""

    async def put(self, key: str, sealed: bytes) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def delete(self, key: str) -> None: ...


class _Folder:
    """A local folder. An object is there whole or not at all, and survives a power cut."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, sealed: bytes) -> None:
        await asyncio.to_thread(self._write, self._root / key, sealed)

    async def get(self, key: str) -> bytes | None:
        return await asyncio.to_thread(self._read, self._root / key)

    async def delete(self, key: str) -> None:
        await asyncio.to_thread((self._root / key).unlink, missing_ok=True)

    @staticmethod
    def _write(path: Path, sealed: bytes) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The process id keeps two processes that fetch the same object from writing into one another's file.
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            unfinished.touch(mode=0o600)
            with unfinished.open("wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @staticmethod
    def _read(path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


class _Bucket:
    """An S3-compatible store. Credentials come from the usual AWS_* environment, or from the machine's role."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def put(self, key: str, sealed: bytes) -> None:
        await obstore.put_async(self._store, key, sealed)

    async def get(self, key: str) -> bytes | None:
        try:
            answer = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return None
        return bytes(await answer.bytes_async())

    async def delete(self, key: str) -> None:
        with suppress(NotFoundError, FileNotFoundError):  # gone is gone
            await obstore.delete_async(self._store, key)


def _shelf(url: str) -> _Shelf:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is not closed
        raise UnusableUrl("MEDIA_URL is no path and no URL") from None
    if parts.scheme == "s3":
        return _Bucket(_s3(parts.netloc, parts.path, parts.query))
    if parts.scheme == "file":
        return _Folder(Path(unquote(parts.path)))
    if parts.scheme or not url:
        raise UnusableUrl("MEDIA_URL must be a path, file:///path or s3://bucket/prefix")
    return _Folder(Path(url))


def _s3(bucket: str, path: str, query: str) -> S3Store:
    settings = {name: values[-1] for name, values in parse_qs(query).items()}
    unknown = settings.keys() - {"endpoint", "region"}
    if unknown or not bucket:
        raise UnusableUrl("MEDIA_URL must be s3://bucket/prefix, with ?endpoint= and &region= where needed")
    endpoint = settings.get("endpoint", "")
    region = settings.get("region", "us-east-1")
    prefix = path.strip("/") or None
    if not endpoint:
        return S3Store(bucket, prefix=prefix, region=region)
    plain = endpoint.startswith("http://")  # a store on the same machine or network, said so by the operator
    return S3Store(bucket, prefix=prefix, region=region, endpoint=endpoint, client_options={"allow_http": plain})


class MediaStore:
    """Sealed objects by key. Keys are ours: letters, digits, `_`, `-`, `.` and `/` between parts."""

    def __init__(self, url: str, vault: Vault) -> None:
        """`url`: a path, file:///path, or s3://bucket/prefix?endpoint=http://127.0.0.1:5000&region=ap-southeast-1.

        Raises `UnusableUrl`; nothing is opened or made before the first object.
        """
        self._shelf = _shelf(url)
        self._vault = vault

    async def put(self, key: str, content: bytes | AsyncIterable[bytes], limit: int) -> StoredObject:
        """Seal and store. Raises `TooBig` beyond `limit` bytes; nothing is stored then."""
        place = _place(key)
        plain = content if isinstance(content, bytes) else await _collected(content, limit)
        if len(plain) > limit:
            raise TooBig
        # Big objects take milliseconds to hash and seal: not in the event loop.
        sealed, digest = await asyncio.to_thread(self._sealed, plain, place)
        await self._shelf.put(key, sealed)
        return StoredObject(key, len(plain), digest)

    async def get(self, key: str) -> bytes | None:
        """The plain bytes, or None if there is no such object. Raises `storage.vault.Unreadable`."""
        place = _place(key)
        sealed = await self._shelf.get(key)
        return None if sealed is None else await asyncio.to_thread(self._vault.open, sealed, place)

    async def sealed(self, key: str) -> bytes | None:
        """The bytes as they lie in the store, for a backup; None if there is no such object. Raises `OutOfReach`."""
        _place(key)
        try:
            return await self._shelf.get(key)
        except (OSError, BaseError) as error:
            raise OutOfReach(type(error).__name__) from None

    async def put_sealed(self, key: str, sealed: bytes) -> None:
        """Store bytes that `sealed` gave, under the same key: under another one they do not open. Raises `OutOfReach`."""
        _place(key)
        try:
            await self._shelf.put(key, sealed)
        except (OSError, BaseError) as error:
            raise OutOfReach(type(error).__name__) from None

    async def delete(self, keys: Sequence[str]) -> None:
        """Delete objects; missing ones are no error."""
        for key in keys:
            _place(key)
            await self._shelf.delete(key)

    def _sealed(self, plain: bytes, place: str) -> tuple[bytes, str]:
        return self._vault.seal(plain, place), hashlib.sha256(plain).hexdigest()


def _place(key: str) -> str:
    """Where an object is sealed for; raises `ValueError` for a key that could leave the folder."""
    if not KEY.fullmatch(key):
        raise ValueError("not a media key")
    return f"media_store.object:{key}"


async def _collected(chunks: AsyncIterable[bytes], limit: int) -> bytes:
    whole = bytearray()
    async for chunk in chunks:
        whole += chunk
        if len(whole) > limit:
            raise TooBig
    return bytes(whole)
