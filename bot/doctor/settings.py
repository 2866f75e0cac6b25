"""The settings: each variable that is wrong, names that nothing reads, and who may read the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from dotenv import dotenv_values

from bot import bootstrap
from bot.config import BadSettings, Settings
from bot.doctor.findings import Finding, fault, ok, warning

CHECK = "settings"
OTHERS = 0o077
"""The rights of everybody but the owner."""
LIKENESS = 0.75
"""How alike (0 to 1) an unknown name must be to a setting's to be taken for a slip of the pen."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What Telegram takes as a webhook's secret (Bot API, setWebhook)."""


def check(settings: Settings, faults: Sequence[str], env_file: Path) -> list[Finding]:
    """Findings about the settings; what is said of DATA_KEY is left to `bot.doctor.key`."""
    found = [
        fault(CHECK, words, _advice(words)) for words in (*faults, *_more(settings)) if not words.startswith("DATA_KEY")
    ]
    if not found:
        source = f"{env_file} and the environment" if env_file.is_file() else f"the environment; there is no {env_file}"
        found.append(ok(CHECK, f"read from {source}"))
    if not settings.telegram_on and not settings.line_on:
        say = "no channel is set up: neither Telegram nor LINE"
        found.append(warning(CHECK, say, "set TELEGRAM_BOT_TOKEN, or both LINE variables"))
    return [*found, *_slips(env_file), *_open_to_others(env_file)]


def _more(settings: Settings) -> Iterator[str]:
    """Faults that only show when a setting is used."""
    try:
        bootstrap.gazetteer(settings)
    except BadSettings as refusal:
        yield str(refusal)
    secret = settings.telegram_webhook_secret
    if secret and not _SECRET.fullmatch(secret.get_secret_value()):
        yield "TELEGRAM_WEBHOOK_SECRET: Telegram takes 1 to 256 of A-Z a-z 0-9 _ and -"


def _advice(words: str) -> str:
    name = words.partition(":")[0]
    if name.isupper():
        return f"mend {name} (.env.example explains it), then restart serve"
    return f"see that {name} is text in UTF-8 and that the bot's user may read it"


def _slips(env_file: Path) -> Iterator[Finding]:
    """Names in the file that nothing reads and that look like a setting's."""
    known = [name.upper() for name in Settings.model_fields]
    try:
        names = dotenv_values(env_file, interpolate=False) if env_file.is_file() else {}
    except (OSError, UnicodeDecodeError):
        return  # said already
    for name in names:
        meant = difflib.get_close_matches(name.upper(), known, n=1, cutoff=LIKENESS)
        if meant and name.upper() not in known:
            yield warning(CHECK, f"{env_file} has {name}, which nothing reads", f"is {meant[0]} meant?")


def _open_to_others(env_file: Path) -> Iterator[Finding]:
    try:
        mode = env_file.stat().st_mode
    except OSError:
        return
    if mode & OTHERS:
        yield warning(CHECK, f"other users of this machine can read {env_file}", f"chmod 600 {env_file}")
