"""DATA_KEY: whether there is one. Whether it fits what is stored is seen in the database (`bot.doctor.database`)."""

from __future__ import annotations

from bot.bootstrap import KEY_FILE
from bot.config import Settings
from bot.doctor.findings import Finding, fault, ok, skipped, warning
from bot.doctor.settings import OTHERS
from storage.vault import Vault

CHECK = "DATA_KEY"

_MAKE = "set DATA_KEY to 32 random bytes (openssl rand -base64 32) and keep a copy elsewhere"
_PUT_BACK = "put the key back from your copy"


def look(settings: Settings) -> tuple[str, Finding]:
    """The key, "" if there is none, and what is to be said of it. Unlike `bot.bootstrap` this makes no key file."""
    if settings.data_key:
        return _usable(settings.data_key.get_secret_value(), "set", _MAKE)
    if not settings.on_sqlite:
        return "", fault(
            CHECK, "is missing; PostgreSQL needs one", f"{_PUT_BACK}, or, if nothing is stored yet, {_MAKE}"
        )
    return _of_file(settings)


def _of_file(settings: Settings) -> tuple[str, Finding]:
    """The key in the file beside an SQLite database."""
    database = settings.sqlite_path
    path = database.parent / KEY_FILE
    if str(database) == ":memory:":
        return "", skipped(CHECK, "the database is in memory: its key lives and dies with each process")
    try:
        key, mode = path.read_text(encoding="ascii").strip(), path.stat().st_mode
    except FileNotFoundError:
        if not database.exists():
            return "", skipped(CHECK, f"none yet: {path} is made together with the database")
        says = f"is not set, and {path} is missing: nobody can read the database without its key"
        return "", fault(CHECK, says, f"{_PUT_BACK}: the file {path}, or DATA_KEY")
    except (OSError, UnicodeDecodeError) as error:
        says = f"{path} cannot be read ({type(error).__name__})"
        return "", fault(CHECK, says, f"give it to the bot's user: chown, chmod 600 {path}")
    if mode & OTHERS:
        return key, warning(CHECK, f"other users of this machine can read {path}", f"chmod 600 {path}")
    return _usable(key, f"in {path}", _PUT_BACK)


def _usable(key: str, where: str, do: str) -> tuple[str, Finding]:
    try:
        Vault(key)
    except ValueError as refusal:
        return "", fault(CHECK, str(refusal).removeprefix("DATA_KEY "), do)
    return key, ok(CHECK, f"{where}; keep a copy elsewhere")
