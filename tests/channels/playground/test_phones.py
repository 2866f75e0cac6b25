"""The phones' journal."""

import signal
import sys
from pathlib import Path

import pytest

from bot.channels.playground.phones import Entry, Phones
from tests.fixed import FixedClock


def said(chat: str, words: str) -> dict[str, object]:
    """A message of the bot."""
    return {"is": "message", "chat": chat, "from": "bot", "text": words}


async def seen(phones: Phones, after: int = 0) -> list[Entry]:
    """What a page that comes now is given, up to where it is up to date."""
    entries: list[Entry] = []
    async for entry in phones.follow(after, 60):
        assert entry is not None
        if entry["is"] == "caught-up":
            break
        entries.append(entry)
    return entries


async def test_what_was_shown_is_shown_again(tmp_path: Path, clock: FixedClock) -> None:
    """A playground that is opened again shows the same phones and messages, with their numbers and times."""
    phones = Phones(tmp_path, clock)
    phone = phones.add_phone("villager", "line", language="lo")
    phones.add(said(phone.chat, "ສະບາຍດີ"))
    clock.advance(60)
    again = Phones(tmp_path, clock)
    assert await seen(again) == await seen(phones) and again.phones == {phone.chat: phone}
    assert again.add(said(phone.chat, "more")) == 3
    assert (tmp_path / "phones.jsonl").stat().st_mode & 0o077 == 0


async def test_a_line_cut_short_is_dropped(tmp_path: Path, clock: FixedClock) -> None:
    """A crash in the middle of a line costs that line only."""
    phones = Phones(tmp_path, clock)
    phones.add_phone("villager", "line")
    with (tmp_path / "phones.jsonl").open("ab") as file:
        file.write(b'{"n":2,"is":"mess')
    again = Phones(tmp_path, clock)
    again.add(said("villager-1", "after"))
    assert [entry["n"] for entry in await seen(Phones(tmp_path, clock))] == [1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on a file's size there")
async def test_a_full_disk(tmp_path: Path, clock: FixedClock) -> None:
    """An entry that does not fit is refused as a whole, and what fits later is kept."""
    import resource

    phones = Phones(tmp_path, clock)
    phones.add_phone("villager", "line")
    free = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "phones.jsonl").stat().st_size + 50, free[1]))
        for _ in range(2):
            with pytest.raises(OSError):
                phones.add(said("villager-1", "too much " * 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, free)
        signal.signal(signal.SIGXFSZ, before)
    assert phones.add(said("villager-1", "after")) == 2
    assert await seen(Phones(tmp_path, clock)) == await seen(phones)


async def test_a_page_follows(tmp_path: Path, clock: FixedClock) -> None:
    """A page gets what there is, a sign that this was all, what comes, and the end."""
    phones = Phones(tmp_path, clock)
    phones.add_phone("villager", "line")
    stream = phones.follow(0, 60)
    assert [(await anext(stream) or {})["is"] for _ in range(2)] == ["chat", "caught-up"]
    phones.add(said("villager-1", "one"))
    phones.add(said("villager-1", "two"))
    assert [(await anext(stream) or {})["text"] for _ in range(2)] == ["one", "two"]
    phones.close()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_quiet_stream_shows_that_it_lives(tmp_path: Path, clock: FixedClock) -> None:
    """Where nothing happens, a page hears of that, so that a dead connection is noticed."""
    stream = Phones(tmp_path, clock).follow(0, 0.01)
    assert [await anext(stream), await anext(stream)] == [{"is": "caught-up"}, None]


async def test_a_page_that_was_away_gets_the_rest(tmp_path: Path, clock: FixedClock) -> None:
    """A page that comes back gets what it has not seen; one with numbers of another journal begins anew."""
    phones = Phones(tmp_path, clock)
    phones.add_phone("villager", "line")
    phones.add(said("villager-1", "one"))
    assert [entry["n"] for entry in await seen(phones, 1)] == [2]
    assert [entry["is"] for entry in await seen(phones, 99)] == ["wiped", "chat", "message"]


async def test_wiping(tmp_path: Path, clock: FixedClock) -> None:
    """Nothing is left on the disk, numbers go on, and a page that was there is told to forget."""
    phones = Phones(tmp_path, clock)
    phones.add_phone("villager", "line")
    phones.add(said("villager-1", "NEEDLE"))
    kept = phones.keep("photo", "image/jpeg", b"NEEDLE")
    phones.wipe()
    phones.add_phone("villager", "telegram")
    assert [(entry["n"], entry["is"]) for entry in await seen(phones, 2)] == [(3, "wiped"), (4, "chat")]
    assert await seen(phones) == await seen(Phones(tmp_path, clock))
    assert not (tmp_path / "files" / kept).exists() and b"NEEDLE" not in (tmp_path / "phones.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("mime", "shown"),
    [
        ("image/jpeg", "image/jpeg"),
        ("audio/webm;codecs=opus", "audio/webm"),
        ("text/html", ""),
        ("image/svg+xml", ""),
        ("", ""),
    ],
)
def test_what_a_page_may_show(tmp_path: Path, clock: FixedClock, mime: str, shown: str) -> None:
    """Pictures, films and sounds have a type; what could run as a page has none."""
    phones = Phones(tmp_path, clock)
    name = phones.keep("x", mime, b"content")
    assert (phones.mime(name), phones.read(name)) == (shown, b"content")


def test_only_its_own_files(tmp_path: Path, clock: FixedClock) -> None:
    """A made-up name leads nowhere."""
    phones = Phones(tmp_path, clock)
    phones.add_phone("villager", "line")
    assert phones.read("../phones.jsonl") is None and phones.read("") is None
