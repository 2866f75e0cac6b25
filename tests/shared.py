"""Where the development reference lies, and how tests behave without it."""

from pathlib import Path

import pytest

_candidate = Path(__file__).resolve().parent.parent.parent / "shared"
SHARED: Path | None = _candidate if (_candidate / "tools" / "check_contract.py").is_file() else None
needs_shared = pytest.mark.skipif(SHARED is None, reason="skipped: no ../shared")
