"""Settings from the environment and from `.env`. An empty value counts as not set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

TELEGRAM_API_URL = "https://api.telegram.org"
LINE_API_URL = "https://api.line.me"
LINE_DATA_API_URL = "https://api-data.line.me"

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class BadSettings(Exception):
    """The settings do not hold together. The text is one line for the operator and quotes no value."""


def _base(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    try:
        host = urlsplit(url).hostname
    except ValueError:  # a bracket that is not closed, or is none of an address
        host = None
    if not host:
        raise ValueError("must have the name of a server behind ://")
    return url.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(_base)]


class Settings(BaseSettings):
    """What the operator decides. The names are public: other people's tools set them."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True, frozen=True
    )

    telegram_bot_token: SecretStr | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_url: BaseUrl = TELEGRAM_API_URL
    line_channel_secret: SecretStr | None = None
    line_channel_access_token: SecretStr | None = None
    line_api_url: BaseUrl = LINE_API_URL
    line_data_api_url: BaseUrl = LINE_DATA_API_URL
    database_url: SecretStr = SecretStr("sqlite:///mekongwatch.sqlite3")
    media_url: str = "./media"
    public_url: BaseUrl | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    data_key: SecretStr | None = None
    log_level: LogLevel = "INFO"
    served_districts: str = "border"
    rate_limits: bool = True

    @property
    def database(self) -> str:
        """The database's URL in the clear."""
        return self.database_url.get_secret_value()

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        """The file of the embedded database."""
        return Path(self.database.split("?", 1)[0].partition(":///")[2] or "mekongwatch.sqlite3")

    @property
    def telegram_on(self) -> bool:
        """Whether Telegram is used."""
        return self.telegram_bot_token is not None

    @property
    def telegram_polls(self) -> bool:
        """Whether updates are fetched: without a webhook secret nobody can be allowed to bring them."""
        return self.telegram_on and self.telegram_webhook_secret is None

    @property
    def line_on(self) -> bool:
        """Whether LINE is used."""
        return self.line_channel_secret is not None and self.line_channel_access_token is not None


def load(env_file: str | None = ".env") -> Settings:
    """Read the settings. Raises `BadSettings` with one line that names the variable."""
    settings, faults = examine(env_file)
    if faults:
        raise BadSettings(faults[0])
    return settings


def examine(env_file: str | None = ".env") -> tuple[Settings, list[str]]:
    """The settings as far as they can be read, a variable that is wrong at its default; and each fault as one line
    that names its variable and quotes no value."""
    try:
        settings, faults = _read(env_file)
    except (OSError, UnicodeDecodeError) as error:
        settings, faults = _read(None)
        reason = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else "is not written in UTF-8"
        faults.insert(0, f"{env_file}: {reason}")
    return settings, [*faults, *_contradictions(settings)]


def _read(env_file: str | None) -> tuple[Settings, list[str]]:
    try:
        return Settings(_env_file=env_file), []  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = {str(one["loc"][0]): one["msg"] for one in error.errors(include_input=False, include_url=False)}
    usual: dict[str, Any] = {name: Settings.model_fields[name].default for name in wrong}
    rest = Settings(_env_file=env_file, **usual)  # type: ignore[call-arg]
    return rest, [f"{name.upper()}: {reason}" for name, reason in wrong.items()]


def _contradictions(settings: Settings) -> Iterator[str]:
    """What no single variable can tell."""
    if settings.telegram_webhook_secret and not settings.telegram_bot_token:
        yield "TELEGRAM_BOT_TOKEN: is missing, but TELEGRAM_WEBHOOK_SECRET is set"
    if settings.line_channel_secret and not settings.line_channel_access_token:
        yield "LINE_CHANNEL_ACCESS_TOKEN: is missing, but LINE_CHANNEL_SECRET is set"
    if settings.line_channel_access_token and not settings.line_channel_secret:
        yield "LINE_CHANNEL_SECRET: is missing, but LINE_CHANNEL_ACCESS_TOKEN is set"
    if not settings.database.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        yield "DATABASE_URL: must begin with sqlite:/// or postgresql://"
    elif not settings.on_sqlite and settings.data_key is None:
        yield "DATA_KEY: is required with PostgreSQL (32 random bytes in base64)"
