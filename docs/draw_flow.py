"""Draws docs/flow.md from the conversation's own table: `python -m docs.draw_flow`, run from the project's root.

tests/test_docs.py compares, so the picture cannot grow stale.
"""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from handlers.flow import DETOURS, FLOW, STEPS

PATH = Path(__file__).with_name("flow.md")

HEAD = """# The reporter's conversation

Drawn by `make flow` from the table in `handlers/flow.py`; do not edit. An arrow is what an answer leads to. Not drawn:
Back leads to the question before, Cancel to "cancelling", and a part that is edited returns to "review".

```mermaid
stateDiagram-v2
    [*] --> idle
"""


def drawn() -> str:
    """The page as it should be."""
    arrows = [f"    {step} --> {to}: {result}\n" for step, results in FLOW.items() for result, to in results.items()]
    return "".join([HEAD, *arrows, "```\n", *_table("Questions", FLOW), *_table("Small questions in between", DETOURS)])


def _table(title: str, names: Container[str]) -> list[str]:
    rows = [f"| {name} | {_question(name)} |\n" for name in STEPS if name in names]
    return [f"\n## {title}\n\n| step | question |\n|---|---|\n", *rows]


def _question(name: str) -> str:
    return (STEPS[name].__doc__ or "").strip().partition("\n")[0]


if __name__ == "__main__":
    PATH.write_text(drawn(), encoding="utf-8")
