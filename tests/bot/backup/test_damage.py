"""A file that is not a whole backup, by accident or by design: one line, and nothing is made of it."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.backup import manifest
from bot.backup import restore as restoring
from bot.backup.archive import Damaged
from storage.vault import Vault
from tests.bot.backup.places import (
    is_empty,
    on_sqlite,
    refused,
)
from tests.bot.conftest import Run


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    """A tar with these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for info, content in members:
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    """A member's header."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, 0o600
    return info


def with_member(content: bytes, info: tarfile.TarInfo, body: bytes = b"x") -> bytes:
    """A backup with one more member in front."""
    return tar_of((info, body))[: 512 + (512 if body else 0)] + content


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda whole: b"",
    "some text": lambda whole: b"Dear operator,\n" * 100,
    "zeros": lambda whole: bytes(10240),
    "half": lambda whole: whole[: len(whole) // 2],
    "the end is missing": lambda whole: whole[:-1024],
    "the last byte is missing": lambda whole: whole[:-1],
    "manifest cut off": lambda whole: whole[: whole.rindex(b"manifest.json")] + bytes(1024),
    "something behind": lambda whole: whole + b"x",
    "a member behind": lambda whole: whole[:-1024] + tar_of((member("media/zzz"), b"x")),
    "foreign tar": lambda whole: tar_of((member("hello.txt"), b"hello")),
    "path that leads out": lambda whole: with_member(whole, member("media/../../evil")),
    "absolute path": lambda whole: with_member(whole, member("/etc/evil")),
    "table that leads out": lambda whole: with_member(whole, member("tables/../evil.jsonl")),
    "link": lambda whole: with_member(whole, member("media/evil", tarfile.SYMTYPE, "/etc/passwd"), b""),
    "hard link": lambda whole: with_member(whole, member("media/evil", tarfile.LNKTYPE, "manifest.json"), b""),
    "folder": lambda whole: with_member(whole, member("media/evil", tarfile.DIRTYPE), b""),
    "device": lambda whole: with_member(whole, member("media/evil", tarfile.CHRTYPE), b""),
    "one more medium": lambda whole: with_member(whole, member("media/evil")),
    "one more table": lambda whole: with_member(whole, member("tables/evil.jsonl")),
    "a table twice": lambda whole: with_member(whole, member("tables/cases.jsonl"), b"[]"),
    "a table renamed": lambda whole: whole.replace(b"tables/centres.jsonl", b"tables/centrez.jsonl", 1),
    "a byte of a row": lambda whole: whole.replace(b"Khong Chiam", b"Khong Chian", 1),
    "a byte of the manifest": lambda whole: whole.replace(b'"rows": 1', b'"rows": 2', 1),
    "another group is a centre's": lambda whole: whole.replace(b'["3403",', b'["3405",', 1),
}


@on_sqlite
@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_is_not_whole_is_refused(
    run: Run, file: Path, empty: dict[str, str], tmp_path: Path, what: str
) -> None:
    """One line, exit code 1, and nothing is made of it, inside or outside of the new place."""
    file.write_bytes(BROKEN[what](file.read_bytes()))
    before = sorted(p.name for p in tmp_path.iterdir())
    refused(run("restore", "backup.tar", **empty), "backup.tar: ")
    assert is_empty(empty) and sorted(p.name for p in tmp_path.iterdir()) == before
    refused(run("restore", "--check", "backup.tar", **empty), "backup.tar: ")


@on_sqlite
def test_any_changed_byte_is_noticed(file: Path, vault: Vault, tmp_path: Path) -> None:
    """All over the file: headers, rows, media, what fills the blocks, the manifest, its stamp, the end."""
    whole = bytearray(file.read_bytes())
    changed = tmp_path / "changed.tar"
    for position in range(0, len(whole), 97):
        whole[position] ^= 4
        changed.write_bytes(whole)
        with pytest.raises((Damaged, manifest.WrongKey)), restoring.checked(changed, vault):
            raise AssertionError(f"byte {position} may be anything")
        whole[position] ^= 4
    changed.write_bytes(whole)
    with restoring.checked(changed, vault) as backup:
        assert backup.manifest.media.objects == 4
