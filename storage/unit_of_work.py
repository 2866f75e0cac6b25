"""One transaction with its repositories."""

from __future__ import annotations

from sqlalchemy import Connection

from storage import schema
from storage.cases import Cases
from storage.centres import Centres
from storage.chats import Chats
from storage.coordinators import Coordinators
from storage.imports import Imports
from storage.inbox import Inbox
from storage.invitations import Invitations
from storage.leases import Leases
from storage.media import MediaRows
from storage.messages import Messages
from storage.outbox import Outbox
from storage.retention import Retention
from storage.trail import Trail
from storage.vault import Vault


class UnitOfWork:
    """What a work may touch. The database begins and ends the transaction; one object serves many of them."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self.vault = vault
        self.chats = Chats(connection, vault)
        self.inbox = Inbox(connection, vault)
        self.outbox = Outbox(connection, vault)
        self.cases = Cases(connection, vault)
        self.media = MediaRows(connection, vault)
        self.centres = Centres(connection, vault)
        self.invitations = Invitations(connection, vault)
        self.coordinators = Coordinators(connection, vault)
        self.trail = Trail(connection, vault)
        self.messages = Messages(connection, vault)
        self.leases = Leases(connection, vault)
        self.retention = Retention(connection, vault)
        self.imports = Imports(connection, vault)

    def schema_state(self) -> schema.State:
        """How the database's version stands to this programme's: another one may have migrated or restored it."""
        return schema.state(self._connection)
