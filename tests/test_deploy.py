"""What lies in deploy/ fits the programme: its commands, paths, settings and the time it takes to come to rest."""

from __future__ import annotations

import re
import shlex
from configparser import RawConfigParser
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import config
from bot.asgi import WEBHOOKS
from bot.backup.new_file import ENDING
from bot.cli import running, serving
from tests.command_line import refusal

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in config.Settings.model_fields}
FOR_THIS_MACHINE = {"/readyz", "/metrics"}
"""Pages that are not for the internet: they tell how much is reported."""
REST_WITHIN_S = serving.CLOSE_WITHIN_S + running.REST_WITHIN_S
"""What the programme takes at most to finish what it holds."""
SERVICES = sorted(path.name for path in DEPLOY.glob("*.service"))


def unit(name: str) -> RawConfigParser:
    """A unit file. systemd allows a key twice; here the last one counts."""
    read = RawConfigParser(strict=False, delimiters="=", comment_prefixes="#")
    read.optionxform = str
    read.read(DEPLOY / name, encoding="utf-8")
    return read


def compose() -> dict[str, Any]:
    """The compose file."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return read


def dockerfile() -> list[tuple[str, str]]:
    """Instructions of the Dockerfile with what follows them, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def routes() -> set[str]:
    """The pages that the programme serves, up to the part that differs: "/media/"."""
    source = (ROOT / "bot" / "asgi.py").read_text(encoding="utf-8")
    return {WEBHOOKS, *re.findall(r'Route\("(/[^"{]*)', source)}


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_starts_a_command_that_exists(name: str) -> None:
    """systemd starts our programme, from where INSTALL.md puts it, with words that it takes."""
    service = unit(name)["Service"]
    line = service["ExecStart"].replace("$$(", "$(").replace("%%", "%")
    if line.startswith("/bin/sh -c "):
        line = shlex.split(line)[2].removeprefix("exec ")
    python, words = line.split(" -m bot ")
    assert python in (".venv/bin/python", "/srv/mekongwatch/.venv/bin/python")
    assert (refusal(words), service["WorkingDirectory"]) == ("", "/srv/mekongwatch")


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_may_do_little(name: str) -> None:
    """Each unit runs as its own user, gains no rights, and writes to its own folders only."""
    service = unit(name)["Service"]
    wanted = {"User": "mekongwatch", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
              "PrivateTmp": "yes", "StateDirectory": "mekongwatch", "UMask": "0077", "LimitCORE": "0"}  # fmt: skip
    assert {key: service.get(key) for key in wanted} == wanted
    assert service.get("ReadWritePaths", "/var/backups/mekongwatch") == "/var/backups/mekongwatch"


def test_the_timer_names_a_unit() -> None:
    """The nightly timer starts the backup unit, which ends by itself, and deletes old files only after a good one."""
    started = unit("mekongwatch-backup.timer")["Timer"]["Unit"]
    backup = unit(started)["Service"]
    folder = re.search(r'backup "(.+?)/\$', backup["ExecStart"])
    assert folder and backup["Type"] == "oneshot"
    cleaning = shlex.split(backup["ExecStartPost"])
    assert cleaning[1] == folder[1] == backup["ReadWritePaths"]
    pattern = cleaning[cleaning.index("-name") + 1]
    assert all(fnmatch(name, pattern) for name in ("monday.tar", f"monday.tar{ENDING}")), "a killed one leaves a part"


def test_nobody_is_cut_off() -> None:
    """systemd and Docker wait longer than the programme takes to finish the calls that it holds."""
    assert int(unit("mekongwatch.service")["Service"]["TimeoutStopSec"]) > REST_WITHIN_S
    assert int(compose()["services"]["bot"]["stop_grace_period"].removesuffix("s")) > REST_WITHIN_S


def test_the_door_opens_for_the_public_pages_only() -> None:
    """Caddy passes on exactly the pages that are for the internet; all else, also a page made later, is a 404."""
    text = re.sub(r"#.*", "", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))
    matched = re.findall(r"(?:handle|path) (/.*?)\s*(?:\{|\n)", text)
    passed = {path.removesuffix("*") for paths in matched for path in paths.split()}
    assert passed == routes() - FOR_THIS_MACHINE
    assert routes() > FOR_THIS_MACHINE
    assert re.search(r"handle \{\s*respond 404\s*\}", text) and "max_size 1MiB" in text


def test_the_door_writes_down_nobody() -> None:
    """No access log: the only `log` is the global one, and it drops the request from its errors."""
    text = re.sub(r"#.*", "", (DEPLOY / "Caddyfile").read_text(encoding="utf-8"))
    assert len(re.findall(r"^\s*log\b", text, re.MULTILINE)) == 1 and "request delete" in text


def test_compose_publishes_the_door_only() -> None:
    """Three services that come back after a crash; ports 80 and 443 of Caddy are all that is reached from outside."""
    read = compose()
    services = read["services"]
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert set(services) == {"bot", "database", "caddy"}
    assert ports == {"caddy": ["80:80", "443:443", "443:443/udp"]}
    assert read["networks"]["inside"] == {"internal": True} and services["database"]["networks"] == ["inside"]
    assert all(service["restart"] == "unless-stopped" for service in services.values())
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert {volume for volume in named if not volume.startswith(".")} == set(read["volumes"])


def test_compose_sets_known_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name in compose.yml is a setting, or explained beside them; the bot takes what it is given."""
    read = compose()["services"]
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    filled_in = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yml").read_text(encoding="utf-8")))
    assert filled_in <= set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    assert set(read["bot"]["environment"]) <= SETTINGS | {"MEKONGWATCH_CALLED"}  # bot/called.py
    in_caddyfile = set(re.findall(r"\{\$([A-Z_]+)", (DEPLOY / "Caddyfile").read_text(encoding="utf-8")))
    assert set(read["caddy"]["environment"]) == in_caddyfile
    for name, value in read["bot"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{.*?\}", "secret", value))
    monkeypatch.setenv("DATA_KEY", "0123456789abcdef")
    assert config.load(None).database == "postgresql://mekongwatch:secret@database/mekongwatch"


def test_the_image_holds_the_programme() -> None:
    """What is copied exists and is let into the build; all our packages are there, and nothing else is let in."""
    copied = [words.split()[0] for name, words in dockerfile() if name == "COPY" and "--from" not in words]
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line[1:] for line in lines if line.startswith("!")]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "docs", "bench"}
    assert packages | {"requirements.txt"} <= set(copied) == set(let_in)
    assert all((ROOT / name).exists() for name in copied)
    assert "*" in lines and any(fnmatch("locales/__pycache__", line) for line in lines)


def test_the_image_starts_the_programme() -> None:
    """Pinned packages with their hashes, from no named index; a user without rights; a command and a page that exist."""
    steps = dockerfile()
    text = " ".join(words for _, words in steps)
    started = {name: yaml.safe_load(words) for name, words in steps if name in ("ENTRYPOINT", "CMD")}
    assert started["ENTRYPOINT"] == ["python", "-m", "bot"] and refusal(" ".join(started["CMD"])) == ""
    assert [words for name, words in steps if name == "USER"] == ["mekongwatch"]
    assert "--require-hashes" in text and "index" not in text
    assert re.findall(r"https?://([^/:\s]+)", text) == ["127.0.0.1"]
    probed = re.search(r"127\.0\.0\.1:8080(/\w+)", text)
    assert probed and probed[1] in routes()
    set_there = set(re.findall(r"\b([A-Z_]{4,})=", text)) - {"PATH", "PYTHONUNBUFFERED"}
    assert {name for name in set_there if not name.startswith("PIP_")} <= SETTINGS
