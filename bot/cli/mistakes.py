"""What went wrong, in words for the operator: mistakes in a line, faults of this programme with their place.

Neither ever quotes an exception's text unless that text is ours: a library's may hold a token, a name or a report.
"""

from __future__ import annotations

import traceback
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.config import BadSettings
from bot.i18n import UnusableCatalogue
from bot.reference import BadReference
from storage.engines import fault as database_fault
from storage.vault import Unreadable

WRONG_KEY = "DATA_KEY: is not the key with which the stored data was sealed, or that data is damaged"


def reason(error: BaseException) -> str | None:
    """One line `NAME: reason` for what somebody can put right; None if the programme itself is at fault."""
    if isinstance(error, BadSettings | BadReference | UnusableCatalogue):
        return str(error)
    if isinstance(error, Unreadable):
        return WRONG_KEY
    if isinstance(error, SQLAlchemyError):
        outside = database_fault(error)
        return f"DATABASE_URL: {outside}" if outside else None  # else a statement of ours is to blame
    if isinstance(error, MemoryError):
        return "memory: there is not enough of it"
    if isinstance(error, OSError) and error.strerror:  # set only by the operating system: a file, the disk, the network
        return f"{error.filename or 'system'}: {error.strerror}"
    return None


def fault(error: BaseException) -> str:
    """Class and places of an error, the innermost place last; several lines, no text and no value of it."""
    lines = [f"a fault of the programme, {_name(error)}; please report these lines"]
    while True:
        frames = traceback.extract_tb(error.__traceback__)
        lines += [f"  {f.filename}:{f.lineno} {f.name}" for f in frames if "typer" not in Path(f.filename).parts]
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is None:
            return "\n".join(lines)
        lines.append(f"  after {_name(before)}")
        error = before


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
