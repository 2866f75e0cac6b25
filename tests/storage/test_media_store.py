"""The media store: sealed objects in a folder and in an S3-compatible store."""

from __future__ import annotations

import asyncio
import hashlib
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import obstore
import pytest
from obstore.store import S3Store

from storage.media_store import MediaStore, OutOfReach, TooBig, UnusableUrl
from storage.vault import Unreadable, Vault

NEEDLE = b"needle in a picture"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """A server that speaks S3, on a free port of this machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from moto.server import ThreadedMotoServer
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each form of MEDIA_URL."""
    if request.param == "folder":
        return str(tmp_path / "media")
    if request.param == "file":
        return f"file://{tmp_path / 'media'}"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    endpoint = request.getfixturevalue("s3_endpoint")
    _make_bucket(endpoint)
    return f"s3://media/some/prefix?endpoint={endpoint}&region=ap-southeast-1"


def _make_bucket(endpoint: str) -> None:
    from urllib.request import Request, urlopen

    urlopen(Request(f"{endpoint}/media", method="PUT")).close()


async def _chunks(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_objects_come_back(url: str, vault: Vault) -> None:
    """Whole or in chunks, with their size and hash; overwritten; deleted, and deleted again."""
    store = MediaStore(url, vault)
    put = await store.put("2026/a-b_c.jpg", NEEDLE, 100)
    assert (put.key, put.size, put.sha256) == ("2026/a-b_c.jpg", len(NEEDLE), hashlib.sha256(NEEDLE).hexdigest())
    assert await store.get("2026/a-b_c.jpg") == NEEDLE
    assert (await store.put("2026/a-b_c.jpg", _chunks(b"new ", b"", b"picture"), 100)).size == 11
    assert await store.get("2026/a-b_c.jpg") == b"new picture"
    await store.put("empty", b"", 0)
    assert await store.get("empty") == b""
    await store.delete(["2026/a-b_c.jpg", "empty", "never"])
    assert await store.get("2026/a-b_c.jpg") is None
    await store.delete(["2026/a-b_c.jpg"])


async def test_sealed_bytes_travel_as_they_are(url: str, vault: Vault, tmp_path: Path) -> None:
    """Into another store, where they open under their own key and under no other."""
    store, other = MediaStore(url, vault), MediaStore(str(tmp_path / "other"), vault)
    await store.put("a.copy", NEEDLE, 100)
    sealed = await store.sealed("a.copy")
    assert sealed and NEEDLE not in sealed and await store.sealed("never") is None
    await other.put_sealed("a.copy", sealed)
    await other.put_sealed("b", sealed)
    assert await other.get("a.copy") == NEEDLE and await other.sealed("a.copy") == sealed
    with pytest.raises(Unreadable):
        await other.get("b")
    with pytest.raises(ValueError, match="media key"):
        await store.put_sealed("../a", sealed)


async def test_a_store_out_of_reach(
    s3_endpoint: str, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bucket or a folder that cannot be had is told by the kind of error alone."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    (tmp_path / "file").write_bytes(b"")
    for url in (f"s3://nobodys-bucket?endpoint={s3_endpoint}", str(tmp_path / "file")):
        with pytest.raises(OutOfReach, match=r"^\w+$"):
            await MediaStore(url, vault).put_sealed("a", b"x")


async def test_too_much_is_refused(url: str, vault: Vault) -> None:
    """At the first byte beyond the limit, and nothing is stored."""
    store = MediaStore(url, vault)
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 10

    with pytest.raises(TooBig):
        await store.put("big", endless(), 25)
    with pytest.raises(TooBig):
        await store.put("big", b"x" * 26, 25)
    assert len(read) == 3
    assert await store.get("big") is None
    assert (await store.put("fits", b"x" * 25, 25)).size == 25


async def test_a_picture_of_twenty_megabytes(url: str, vault: Vault) -> None:
    """The most that Telegram hands out."""
    store = MediaStore(url, vault)
    picture = bytes(range(256)) * (20 * 4096)
    await store.put("large", picture, len(picture))
    assert await store.get("large") == picture


def test_nothing_readable_lies_in_the_folder(tmp_path: Path, vault: Vault) -> None:
    """Only sealed files, for our own user alone, and no half-written ones."""
    store = MediaStore(str(tmp_path), vault)
    asyncio.run(store.put("a", NEEDLE, 100))
    (file,) = tmp_path.iterdir()
    assert NEEDLE not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


async def test_nothing_readable_lies_in_the_bucket(
    s3_endpoint: str, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's operator sees sealed bytes under the prefix."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    _make_bucket(s3_endpoint)
    await MediaStore(f"s3://media/p?endpoint={s3_endpoint}", vault).put("a", NEEDLE, 100)
    plain = S3Store("media", endpoint=s3_endpoint, region="us-east-1", client_options={"allow_http": True})
    raw = bytes(await (await obstore.get_async(plain, "p/a")).bytes_async())
    assert len(raw) > len(NEEDLE)
    assert NEEDLE not in raw


async def test_swapped_files_do_not_open(tmp_path: Path, vault: Vault) -> None:
    """An object is bound to its key."""
    store = MediaStore(str(tmp_path), vault)
    await store.put("a", b"1", 9)
    await store.put("b", b"2", 9)
    (tmp_path / "a").replace(tmp_path / "b")
    with pytest.raises(Unreadable):
        await store.get("b")


@pytest.mark.parametrize("key", ["", "../a", "/a", "a/../b", "a//b", ".hidden", "a b", "ก", "a/"])
async def test_no_key_leaves_the_folder(tmp_path: Path, vault: Vault, key: str) -> None:
    """Keys are made by us; anything else is a mistake."""
    store = MediaStore(str(tmp_path), vault)
    with pytest.raises(ValueError, match="media key"):
        await store.put(key, b"", 9)
    with pytest.raises(ValueError, match="media key"):
        await store.get(key)
    with pytest.raises(ValueError, match="media key"):
        await store.delete([key])


@pytest.mark.parametrize("url", ["", "ftp://x/y", "s3://", "s3://bucket?secret=x", "file://["])
def test_a_useless_url_is_refused(url: str, vault: Vault) -> None:
    """With a line that says what is expected."""
    with pytest.raises(UnusableUrl, match="MEDIA_URL"):
        MediaStore(url, vault)
