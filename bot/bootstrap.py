"""Builds the programme: the only place where objects are made and joined."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import reference
from bot.asgi import Web
from bot.channels.base import Channel
from bot.clock import Clock, Ids, RandomIds, SystemClock
from bot.config import BadSettings, Settings
from bot.counters import Counters
from bot.delivery import Delivery
from bot.effects import redirect
from bot.i18n import Catalogues
from bot.jobs import Job
from bot.media import Fetcher
from bot.owner import own_name
from bot.parcels import Parcels
from bot.road import Road
from bot.work import Engine, Equipment
from handlers import engine as conversation
from handlers.card import officers_card
from handlers.routing import desks
from handlers.world import Settings as WorldSettings
from storage.database import Database
from storage.engines import fault
from storage.media_store import MediaStore, UnusableUrl
from storage.places.gazetteer import Gazetteer
from storage.schema import NewerDatabase
from storage.vault import Vault

log = structlog.get_logger(__name__)

KEY_FILE = "mekongwatch.key"
KEY_BYTES = 32


def channels(settings: Settings) -> dict[str, Channel]:
    """The channels that have their tokens."""
    made: dict[str, Channel] = {}
    if settings.telegram_bot_token:
        from bot.channels.telegram.channel import TelegramChannel

        secret = settings.telegram_webhook_secret
        made["telegram"] = TelegramChannel(
            settings.telegram_bot_token.get_secret_value(),
            secret.get_secret_value() if secret else "",
            settings.telegram_api_url,
            settings.rate_limits,
        )
    if settings.line_channel_secret and settings.line_channel_access_token:
        from bot.channels.line.channel import LineChannel

        made["line"] = LineChannel(
            settings.line_channel_secret.get_secret_value(),
            settings.line_channel_access_token.get_secret_value(),
            settings.line_api_url,
            settings.line_data_api_url,
            settings.rate_limits,
        )
    return made


def database(settings: Settings, ids: Ids | None = None) -> Database:
    """The database, migrated. Raises `BadSettings` if it cannot be had."""
    try:
        if settings.on_sqlite and settings.sqlite_path.is_dir():
            raise BadSettings("DATABASE_URL: names a folder; it must name a file")
        made = Database(settings.database, _vault(settings, ids or RandomIds()))
        try:
            made.migrate()
        except BaseException:
            made.close()
            raise
    except NewerDatabase:
        raise BadSettings("DATABASE_URL: a newer version of this programme has made the database") from None
    except (SQLAlchemyError, OSError, ValueError) as error:
        reason = fault(error) or f"the database cannot be used ({type(error).__name__})"
        raise BadSettings(f"DATABASE_URL: {reason}") from None
    return made


def kept_vault(settings: Settings) -> Vault:
    """The vault of a key that is there already: none is made. Raises `BadSettings`."""
    path = key_file(settings)
    if settings.data_key is None and not path.exists():
        raise BadSettings(f"DATA_KEY: is not set, and there is no {path}: put the key there first")
    return _vault(settings, RandomIds())


def key_file(settings: Settings) -> Path:
    """Where the key of an SQLite database lies if DATA_KEY is not set."""
    return settings.sqlite_path.parent / KEY_FILE


def gazetteer(settings: Settings) -> Gazetteer:
    """The places with the districts that the settings serve. Raises `BadSettings`."""
    try:
        return Gazetteer.load(settings.served_districts)
    except ValueError as error:
        raise BadSettings(f"SERVED_DISTRICTS: {error}") from None


def road(
    settings: Settings,
    data: Database,
    over: Mapping[str, Channel],
    *,
    clock: Clock | None = None,
    ids: Ids | None = None,
    engine: Engine = conversation,
    world: WorldSettings | None = None,
) -> Road:
    """The road from events to answers over these channels. `world`: other numbers than the deployment's own (a lesson's).
    Raises `BadSettings`.

    Call it in the running event loop; `Road.start` then begins."""
    clock, ids = clock or SystemClock(), ids or RandomIds()
    places, world = gazetteer(settings), world or world_settings()
    store, counters = media_store(settings, data.vault), Counters()
    equipment = Equipment(
        channels=over, engine=engine, card=officers_card, desks=desks, catalogue=_catalogues(), places=places,
        settings=world, clock=clock, ids=ids, owner=own_name(ids),
    )  # fmt: skip
    parcels = Parcels(data, store, data.vault.signer, settings.public_url or "")
    delivery = Delivery(
        data, over, parcels, clock, ids, equipment.owner, counters,
        lambda uow, chat_id, now: redirect(equipment, uow, chat_id, now),
    )  # fmt: skip
    limit = world.max_media_mb * 1024 * 1024
    fetcher = Fetcher(data, store, over, clock, ids, equipment.owner, limit, counters)
    return Road(data, store, over, equipment, counters, delivery, fetcher, places, _quota(settings, over, counters))


def _quota(settings: Settings, over: Mapping[str, Channel], counters: Counters) -> list[Job]:
    """The job that asks LINE how many messages are left."""
    token = settings.line_channel_access_token
    if token is None or "line" not in over:
        return []
    from bot import quota

    ask = partial(quota.ask, token.get_secret_value(), settings.line_api_url, counters)
    return [Job("line_quota", quota.EVERY_S, ask, first_s=quota.FIRST_AFTER_S)]


def world_settings() -> WorldSettings:
    """What the conversation may know of the deployment."""
    return WorldSettings(kinds=reference.kinds(), hotlines=reference.hotlines())


def web(made: Road) -> Web:
    """The web side of a road."""
    return Web(made.channels, made.intake.receive, made.database, made.store, made.equipment.clock, made.counters)


def media_store(settings: Settings, vault: Vault) -> MediaStore:
    """Where media lie. Raises `BadSettings`."""
    try:
        return MediaStore(settings.media_url, vault)
    except UnusableUrl as error:
        raise BadSettings(f"MEDIA_URL: {str(error).removeprefix('MEDIA_URL ')}") from None


@cache
def _catalogues() -> Catalogues:
    """The catalogues, read once: they never change while the programme runs."""
    return Catalogues.load()


def _vault(settings: Settings, ids: Ids) -> Vault:
    try:
        return Vault(settings.data_key.get_secret_value() if settings.data_key else _key_of_file(settings, ids))
    except ValueError as error:
        raise BadSettings(f"DATA_KEY: {str(error).removeprefix('DATA_KEY ')}") from None


def _key_of_file(settings: Settings, ids: Ids) -> str:
    """The key beside an SQLite database. Made together with it, whole or not at all, readable by its owner only."""
    database_file = settings.sqlite_path
    if str(database_file) == ":memory:":
        return ids.token(KEY_BYTES)
    path = key_file(settings)
    if not path.exists():
        if database_file.exists():
            raise BadSettings(
                f"DATA_KEY: is not set, and {path} is missing: without its key the database is unreadable"
            )
        _make_key_file(path, ids)
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadSettings(f"DATA_KEY: the key file {path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadSettings(f"DATA_KEY: {path} is no key file") from None


def _make_key_file(path: Path, ids: Ids) -> None:
    draft = path.with_name(f"{path.name}.{ids.short(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(ids.token(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        log.info("key_file_found")  # another process that starts at the same moment was faster
    except OSError as error:
        raise BadSettings(f"DATABASE_URL: no key file can be made beside it ({type(error).__name__})") from None
    finally:
        draft.unlink(missing_ok=True)
