"""A whole set-up for `doctor` to look at: both platforms, a database, the running app behind an https address.

The address is a name that only this test knows: its own resolver leads it to a TLS front on this machine, with a
certificate made for the occasion.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import config
from bot.channels.line.webhook import set_webhook
from bot.channels.telegram.setup import setup
from bot.clock import RandomIds, SystemClock
from bot.doctor.checkup import Patient, check_up
from bot.doctor.findings import Finding
from storage.chats import ChatKey
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.vault import Vault
from tests.conftest import DATA_KEY
from tests.fakes.line import FakeLine
from tests.fakes.telegram import FakeTelegram
from tests.journeys.app import AheadClock, running, settings_for

NAME = "reports.example"
PUBLIC = f"https://{NAME}"
CENTRE = "3403"
SECRETS = {
    "TELEGRAM_BOT_TOKEN": "123456:FAKE-token_of-a-test",
    "TELEGRAM_WEBHOOK_SECRET": "a-webhook-secret-of-the-journeys",
    "LINE_CHANNEL_SECRET": "line-secret",
    "LINE_CHANNEL_ACCESS_TOKEN": "line-token",
    "DATA_KEY": DATA_KEY,
}


@dataclass
class SetUp:
    """What a test may break before the doctor comes. `variables`: the environment of the programme."""

    line: FakeLine
    telegram: FakeTelegram
    variables: dict[str, str]
    folder: Path
    patch: pytest.MonkeyPatch
    http: aiohttp.ClientSession
    clock: AheadClock = field(default_factory=AheadClock)

    async def findings(self) -> list[Finding]:
        """What the doctor finds, reading the settings as the command does."""
        self.set_environment()
        env_file = self.folder / ".env"
        settings, faults = config.examine(str(env_file))
        return await check_up(Patient(settings, faults, env_file, self.http, self.clock, RandomIds()))

    def set_environment(self) -> None:
        """Put the variables into the environment of this process, in this folder."""
        self.patch.chdir(self.folder)
        for name in config.Settings.model_fields:
            self.patch.delenv(name.upper(), raising=False)
        for name, value in self.variables.items():
            self.patch.setenv(name, value)

    def stored(self, *works: object) -> None:
        """Do something in the database."""
        data = Database(self.variables["DATABASE_URL"], Vault(DATA_KEY))
        try:
            for work in works:
                data.run_now(work)  # type: ignore[arg-type]
        finally:
            data.close()


def link(centre: str, channel: str = "telegram", address: str = "-100200300") -> object:
    """A work: the group of this address is the centre's."""

    def work(uow: UnitOfWork) -> None:
        now = SystemClock().now()
        (chat,) = uow.chats.load([ChatKey(channel, address, True)], now).values()
        uow.centres.link(centre, chat.id, now)

    return work


@asynccontextmanager
async def well(database_url: str, folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[SetUp]:
    """A set-up with which all is well: webhooks set, a group linked, the app running."""
    async with AsyncExitStack() as stack:
        line = await stack.enter_async_context(FakeLine(quota=300))
        telegram = await stack.enter_async_context(FakeTelegram())
        settings = settings_for(database_url, folder, line.url, telegram.url, served_districts=CENTRE)
        app = await stack.enter_async_context(running(settings))
        trusted, port = await stack.enter_async_context(_front(int(app.url.rpartition(":")[2]), folder))
        connector = aiohttp.TCPConnector(ssl=trusted, resolver=_Names(port))
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        line.console.roads[PUBLIC] = app.url
        await set_webhook(line.token, line.url, f"{PUBLIC}/webhooks/line")
        async with setup(telegram.token, telegram.url) as made:
            await made.set_webhook(f"{PUBLIC}/webhooks/telegram", SECRETS["TELEGRAM_WEBHOOK_SECRET"])
        variables = {
            **SECRETS,
            "DATABASE_URL": database_url,
            "MEDIA_URL": str(folder / "media"),
            "PUBLIC_URL": PUBLIC,
            "TELEGRAM_API_URL": telegram.url,
            "LINE_API_URL": line.url,
            "SERVED_DISTRICTS": CENTRE,
        }
        made_up = SetUp(line, telegram, variables, folder, patch, http)
        made_up.stored(link(CENTRE))
        yield made_up


class _Names(AbstractResolver):
    """The one name of this test, and where it really leads."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look a name up."""
        if host != NAME:
            raise OSError(socket.EAI_NONAME, "unknown name")
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def _front(app_port: int, folder: Path) -> AsyncIterator[tuple[ssl.SSLContext, int]]:
    """A TLS front before the app's port; gives what a client must trust, and the front's port."""
    server_side, client_side = _certificate(folder)
    open_ends: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", app_port)
        open_ends.update((writer, inner_writer))
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_side)
    try:
        yield client_side, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for end in open_ends:
            end.close()
        await server.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while block := await reader.read(65536):
            writer.write(block)
            await writer.drain()
    except ConnectionError:
        return  # the other side has gone: so does this one
    finally:
        writer.close()


def _certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "front.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(path)
    return server_side, ssl.create_default_context(cafile=str(path))
