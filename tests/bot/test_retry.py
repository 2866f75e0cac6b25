"""Retry decisions, as arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import SendError
from bot.retry import MAX_ATTEMPTS, UNCLEAR_ATTEMPTS, Call, Decision, Drop, GiveUp, Retry, backoff, decide

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def later(seconds: float) -> Retry:
    """A retry this many seconds from now."""
    return Retry(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [
        (1, 0.0, 1.0),  # 2^0
        (2, 0.0, 2.0),  # 2^1
        (3, 0.0, 4.0),  # 2^2
        (3, 1.0, 4.8),  # 4 x (1 + 0.2)
        (3, 0.5, 4.4),  # 4 x (1 + 0.1)
        (9, 0.0, 256.0),  # 2^8
        (10, 0.0, 300.0),  # 2^9 = 512, capped
        (11, 1.0, 360.0),  # the cap is stretched too, so that capped rows do not march in step
        (0, 0.0, 1.0),  # never less than a second
    ],
)
def test_backoff(attempts: int, jitter: float, seconds: float) -> None:
    """Waits double from one second to five minutes and are stretched by the jitter."""
    assert backoff(attempts, jitter) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("error", "attempts", "call", "decision"),
    [
        (SendError("retry"), 1, Call(), later(1)),  # 2^0
        (SendError("retry"), 4, Call(), later(8)),  # 2^3
        (SendError("retry", retry_after=30), 2, Call(), later(30)),  # the platform's wish is longer than 2
        (SendError("retry", retry_after=3), 5, Call(), later(16)),  # 2^4 is longer than its wish
        (SendError("limited", retry_after=7), 1, Call(), later(7)),
        (SendError("moved", moved_to="x"), 1, Call(), later(0)),  # the new address is known: at once
        (SendError("harmless"), 1, Call(), Drop()),
        (SendError("refused", "400"), 1, Call(alert=True), GiveUp("refused: 400")),
        (SendError("gone"), 1, Call(), GiveUp("gone")),
        (SendError("unclear"), 1, Call(alert=True), later(1)),  # rather twice than lost
        (SendError("unclear"), 1, Call(repeatable=True), later(1)),  # the retry key tells the platform
        (SendError("unclear"), 5, Call(repeatable=True), later(16)),  # 2^4
    ],
)
def test_decisions(error: SendError, attempts: int, call: Call, decision: Decision) -> None:
    """Every kind of error has its answer."""
    assert decide(error, attempts, NOW, 0.0, call) == decision


@pytest.mark.parametrize(("attempts", "call"), [(1, Call()), (UNCLEAR_ATTEMPTS, Call(alert=True))])
def test_an_unclear_call_is_not_repeated_for_ever(attempts: int, call: Call) -> None:
    """Words for a reporter are never doubled, an alert a few times at most."""
    assert isinstance(decide(SendError("unclear"), attempts, NOW, 0.0, call), GiveUp)


@pytest.mark.parametrize("kind", ["retry", "limited", "moved", "unclear"])
def test_the_last_attempt_is_the_last(kind: str) -> None:
    """After twelve attempts (about 28 minutes: 511 s up to the ninth wait, then 300 s each) the row is given up."""
    call = Call(repeatable=True)
    assert isinstance(decide(SendError(kind), MAX_ATTEMPTS - 1, NOW, 0.0, call), Retry)  # type: ignore[arg-type]
    assert isinstance(decide(SendError(kind), MAX_ATTEMPTS, NOW, 0.0, call), GiveUp)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["retry", "limited", "moved"])
def test_an_alert_waits_as_long_as_it_takes(kind: str) -> None:
    """A platform that is down for days, or a quota used up until the month ends, loses no report."""
    assert isinstance(decide(SendError(kind), 1000, NOW, 0.0, Call(alert=True)), Retry)  # type: ignore[arg-type]
