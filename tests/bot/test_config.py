"""Settings: defaults, empty values, and one-line refusals that quote nothing."""

import os

import pytest

from bot import config

NAMES = [name.upper() for name in config.Settings.model_fields]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests reaches them."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def read(monkeypatch: pytest.MonkeyPatch, **variables: str) -> config.Settings:
    """The settings under these variables and no file."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return config.load(env_file=None)


def test_nothing_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an empty environment everything has a default and both channels are off."""
    settings = read(monkeypatch)
    assert (settings.host, settings.port, settings.media_url) == ("127.0.0.1", 8080, "./media")
    assert settings.on_sqlite and not settings.telegram_on and not settings.line_on


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line `PORT=` in .env means the default."""
    settings = read(monkeypatch, PORT="", TELEGRAM_BOT_TOKEN="", LINE_API_URL="")
    assert settings.port == 8080 and not settings.telegram_on and settings.line_api_url == config.LINE_API_URL


def test_a_token_alone_means_long_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a webhook secret nobody may bring updates, so they are fetched."""
    assert read(monkeypatch, TELEGRAM_BOT_TOKEN="1:a").telegram_polls
    assert not read(monkeypatch, TELEGRAM_WEBHOOK_SECRET="s").telegram_polls


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PORT": "hunter2"}, "PORT"),
        ({"LOG_LEVEL": "hunter2"}, "LOG_LEVEL"),
        ({"PUBLIC_URL": "hunter2"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://[hunter2"}, "PUBLIC_URL"),
        ({"LINE_API_URL": "http://"}, "LINE_API_URL"),
        ({"RATE_LIMITS": "hunter2"}, "RATE_LIMITS"),
        ({"DATABASE_URL": "mysql://root:hunter2@h/d"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hunter2@h/d"}, "DATA_KEY"),
        ({"LINE_CHANNEL_SECRET": "hunter2"}, "LINE_CHANNEL_ACCESS_TOKEN"),
        ({"LINE_CHANNEL_ACCESS_TOKEN": "hunter2"}, "LINE_CHANNEL_SECRET"),
        ({"TELEGRAM_WEBHOOK_SECRET": "hunter2"}, "TELEGRAM_BOT_TOKEN"),
    ],
)
def test_bad_settings_are_one_line(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str) -> None:
    """A refusal names the variable in one line and never shows a value."""
    with pytest.raises(config.BadSettings) as refusal:
        read(monkeypatch, **variables)
    line = str(refusal.value)
    assert line.startswith(named) and "\n" not in line and "hunter2" not in line


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing the settings shows no secret."""
    settings = read(monkeypatch, TELEGRAM_BOT_TOKEN="hunter2", DATABASE_URL="sqlite:///hunter2.db", DATA_KEY="hunter2")
    assert "hunter2" not in repr(settings)


def test_the_example_names_every_variable(pytestconfig: pytest.Config) -> None:
    """`.env.example` explains each variable, and no other."""
    lines = (pytestconfig.rootpath / ".env.example").read_text().splitlines()
    named = [line.split("=")[0] for line in lines if line and not line.startswith("#")]
    assert sorted(named) == sorted(NAMES)
    assert all(name not in os.environ for name in named)
