"""The name under which a process holds rows, and whether the process of such a name is still alive.

A killed process leaves its rows leased for a while. One that starts on the same machine can tell at once that the other
is dead, so that nobody waits half a minute for an answer after a crash.
"""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path

from bot.clock import Ids


def own_name(ids: Ids) -> str:
    """Machine, process number and some letters: "host pid:[4026531836]/1234/XKCD…"."""
    return f"{machine()}/{os.getpid()}/{ids.short(10)}"


def machine() -> str:
    """Where process numbers mean the same: the host and, in containers, their own numbering."""
    numbering = ""
    with suppress(OSError):  # only Linux tells
        numbering = Path("/proc/self/ns/pid").readlink().name
    return f"{platform.node()} {numbering}".strip()


def is_dead(owner: str, own: str) -> bool:
    """Whether that process is surely gone. Another machine's never is; our own number means an earlier life of ours."""
    where, number, _ = [*owner.split("/"), "", ""][:3]
    if owner == own or where != machine() or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # not ours to signal, hence alive
        return False
    return False
