"""The quick `replace` gives what the standard one gives."""

from __future__ import annotations

import dataclasses

import pytest

from handlers.cases import Case
from handlers.messages import Choice, Message, T
from handlers.records import replace
from handlers.session import Draft, Part, Place, Session
from tests.handlers.play import START

CHANGES = [
    (Session(language="lo"), {"step": "kind", "path": ("notice",)}),
    (Draft("d1", START), {"kind": "drugs", "place": Place(district="3403")}),
    (Place(1.0, 2.0), {"certainty": "chosen"}),
    (Part("text", "words"), {"text": "other words"}),
    (Case("C", "drugs", START, "3403", Place()), {"state": "closed"}),
    (Message((T("words"),)), {"choices": (Choice("a", T("b")),)}),
]


@pytest.mark.parametrize(("record", "changes"), CHANGES, ids=lambda value: type(value).__name__)
def test_as_the_standard_one(record: object, changes: dict[str, object]) -> None:
    """Equal, of the same type and hash, and the original unchanged."""
    before = hash(record)
    made = replace(record, **changes)  # type: ignore[type-var]
    assert made == dataclasses.replace(record, **changes)  # type: ignore[type-var]
    assert type(made) is type(record)
    assert hash(made) == hash(dataclasses.replace(record, **changes))  # type: ignore[type-var]
    assert hash(record) == before
