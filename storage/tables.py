"""All tables of the record, on one page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
    true,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as microseconds since 1970: the same on both databases, and sorted by number."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        passed = value - EPOCH
        return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return (
            None
            if value is None
            else datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)
        )


class Json(TypeDecorator[Any]):
    """A value as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# What is counted for each agency and month.
TALLIED = (
    *("received", "passed_on", "returned", "answered", "resolved"),
    *("archived", "merged", "reopened", "late", "seconds"),
)

# What is counted for each agency: its open reports, and what reporters said of closed ones.
STANDING = ("open", "held", "late", "bare", "pressing")
SAID = ("rated", "stars", "silent")

# SQLite counts by itself only a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def _ref(name: str, to: str, **more: Any) -> Column[int]:
    return Column(name, Id, ForeignKey(to), **more)


# The only table that knows who a person is: `sealed` holds address, name and phone, `lookup` is a keyed hash.
contacts = Table(
    "contacts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("lookup", LargeBinary(32), nullable=False, unique=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("forum", Boolean, nullable=False),
    Column("language", String(8), nullable=False),
    Column("blocked", Boolean, nullable=False),
    Column("consent", String(16), nullable=False),
    Column("consent_at", Instant),
    Column("created_at", Instant, nullable=False),
    # Accounts of one person share the id of one of them; `into`: the account turned out to be that one.
    Column("person", Id, index=True),
    Column("into", Id),
)

# Second addresses of an account, as keyed hashes: a phone number beside the id that the platform gave.
aliases = Table(
    "aliases",
    metadata,
    Column("lookup", LargeBinary(32), primary_key=True),
    _ref("contact_id", "contacts.id", nullable=False, index=True),
)

# Until when a person may be written to freely from one of our numbers, and when they were last asked to answer.
windows = Table(
    "windows",
    metadata,
    _ref("contact_id", "contacts.id", primary_key=True, autoincrement=False),
    Column("account", String(32), primary_key=True),
    Column("open_until", Instant, nullable=False),
    Column("announced_at", Instant),
)

# Codes that join two accounts of one person, kept as keyed hashes.
pairings = Table(
    "pairings",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),
    _ref("contact_id", "contacts.id", nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

talks = Table(
    "talks",
    metadata,
    _ref("contact_id", "contacts.id", primary_key=True, autoincrement=False),
    Column("room_id", Id, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("nudged", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
_going_on = talks.c.open.is_(true())
Index("ix_talks_going_on", talks.c.nudged, talks.c.updated_at, sqlite_where=_going_on, postgresql_where=_going_on)

inbox = Table(
    "inbox",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("event_id", String(128), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(24), nullable=False, unique=True),
    _ref("reporter", "contacts.id", nullable=False),
    Column("state", String(20), nullable=False),
    Column("report_type", String(24), nullable=False),
    Column("category", String(40), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("area", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("story", Text, nullable=False),
    Column("place", Json, nullable=False),
    Column("happened", Date, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("secret", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    _ref("officer", "contacts.id"),
    Column("clock", String(20), nullable=False),
    Column("due_at", Instant),
    Column("forwarded_at", Instant),
    Column("closed_at", Instant),
    Column("rating", Integer),
    Column("policy", String(24), nullable=False),
    Column("why", String(40), nullable=False),
    # The clocks that run, each with its start, its length and how far its ladder was climbed.
    Column("runs", Json, nullable=False, server_default="[]"),
    # When the clock has to look at this ticket again.
    Column("wakes_at", Instant),
    Column("klass", String(24), nullable=False, server_default=text("''")),
    # The competent agency, while another stands in because nobody can be reached there.
    Column("meant", String(40), nullable=False, server_default=text("''")),
    # The highest agency that heard of a deadline that lapsed.
    Column("risen", String(40), nullable=False, server_default=text("''")),
    # The ticket that is handled for this one too.
    Column("merged_into", Id, index=True),
    Column("source", String(16), nullable=False, server_default="chat"),
    Column("received_on", Date),
    # The number in the national system.
    Column("sp4n_id", String(24), nullable=False, server_default=text("''"), index=True),
    Column("outcome", String(16), nullable=False, server_default=text("''")),
    # What the program guessed the report to be about, and by what.
    Column("guesses", Json, nullable=False, server_default="{}"),
    # The square of the map in which the place lies, where it was shared as a point.
    Column("square", BigInteger),
    # First follow-ups of the agency that holds it, but for those that were taken back.
    Column("followed", Integer, nullable=False, server_default="0"),
    # When its deadline passes; nothing once it is counted as late, and where nobody works towards one.
    Column("lapses_at", Instant),
    Index(None, "reporter", "id"),
)
_open = tickets.c.closed_at.is_(None)
Index("ix_tickets_open", tickets.c.agency, tickets.c.due_at, sqlite_where=_open, postgresql_where=_open)
Index("ix_tickets_square", tickets.c.square, sqlite_where=_open, postgresql_where=_open)
Index("ix_tickets_area", tickets.c.area, tickets.c.category, sqlite_where=_open, postgresql_where=_open)
_received = (tickets.c.agency, tickets.c.received_on, tickets.c.created_at)
Index("ix_tickets_received", *_received, sqlite_where=_open, postgresql_where=_open)
_lapses = tickets.c.lapses_at.is_not(None)
Index("ix_tickets_lapses", tickets.c.lapses_at, sqlite_where=_lapses, postgresql_where=_lapses)
_wakes = tickets.c.wakes_at.is_not(None)
Index("ix_tickets_wakes", tickets.c.wakes_at, sqlite_where=_wakes, postgresql_where=_wakes)
# Word for word the same wherever it is asked: a value that is bound does not lead to the index.
STANDS_IN = (tickets.c.meant != text("''")) & _open
Index("ix_tickets_stands_in", tickets.c.meant, sqlite_where=STANDS_IN, postgresql_where=STANDS_IN)
_claimed = tickets.c.officer.is_not(None) & _open
Index("ix_tickets_claimed", tickets.c.officer, sqlite_where=_claimed, postgresql_where=_claimed)

# Append-only: nothing in the program changes or removes a row.
history = Table(
    "history",
    metadata,
    Column("id", Id, primary_key=True),
    _ref("ticket", "tickets.id", nullable=False),
    Column("at", Instant, nullable=False),
    _ref("actor", "contacts.id"),
    Column("role", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("state", String(20), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("data", Json, nullable=False),
    Index(None, "ticket", "id"),
)

# No file names: a name such as a scanned letter's can say who the reporter is.
attachments = Table(
    "attachments",
    metadata,
    Column("id", Id, primary_key=True),
    _ref("ticket", "tickets.id", nullable=False, index=True),
    Column("role", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("ref", Text, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("mime", String(128), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("blob", String(80), nullable=False, index=True),
)

rooms = Table(
    "rooms",
    metadata,
    _ref("contact_id", "contacts.id", primary_key=True, autoincrement=False),
    Column("agency", String(40), nullable=False, index=True),
    Column("bound_at", Instant, nullable=False),
)

# Letters of appointment (SK): who signed what until when; `blob` is the scanned letter.
decrees = Table(
    "decrees",
    metadata,
    Column("id", Id, primary_key=True),
    Column("agency", String(40), nullable=False, index=True),
    Column("number", Text, nullable=False),
    Column("issued_on", Date),
    Column("valid_until", Date),
    Column("blob", String(80), nullable=False),
    Column("at", Instant, nullable=False),
)

officers = Table(
    "officers",
    metadata,
    _ref("contact_id", "contacts.id", primary_key=True, autoincrement=False),
    Column("agency", String(40), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("valid_until", Date),
    Column("joined_at", Instant, nullable=False),
    Column("removed_at", Instant),
    Column("decree", Id),
    # The end of the decree that the agency has been told of, once it had come.
    Column("warned_of", Date),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code_hash", LargeBinary(32), nullable=False, unique=True),
    Column("agency", String(40), nullable=False),
    Column("role", String(16), nullable=False),
    Column("decree", Text, nullable=False),
    Column("valid_until", Date),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    _ref("used_by", "contacts.id"),
    Column("decree_id", Id),
)

# Agencies that help the one that holds a ticket.
partners = Table(
    "partners",
    metadata,
    _ref("ticket", "tickets.id", primary_key=True, autoincrement=False),
    Column("agency", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "agency"),
)

# What a coordinator declared a disaster, and when its agency was last told of new reports.
disasters = Table(
    "disasters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("area", String(16), nullable=False),
    Column("agency", String(40), nullable=False),
    _ref("declared_by", "contacts.id", nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("told_at", Instant),
)

# The reports of a disaster; `told_at`: when its agency read of one together with others.
disaster_reports = Table(
    "disaster_reports",
    metadata,
    _ref("ticket", "tickets.id", primary_key=True, autoincrement=False),
    _ref("disaster", "disasters.id", nullable=False, index=True),
    Column("urgent", Boolean, nullable=False),
    Column("told_at", Instant),
)
_untold = disaster_reports.c.told_at.is_(None)
Index("ix_disaster_reports_untold", disaster_reports.c.disaster, sqlite_where=_untold, postgresql_where=_untold)

# What happened at an agency in a month, as sums; on PostgreSQL over several parts, on SQLite in one.
tallies = Table(
    "tallies",
    metadata,
    Column("month", Date, primary_key=True),
    Column("agency", String(40), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    *(Column(name, BigInteger, nullable=False) for name in TALLIED),
)

# How an agency stands, by the year of receipt of its open reports, as sums in parts.
standings = Table(
    "standings",
    metadata,
    Column("agency", String(40), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Integer, nullable=False) for name in STANDING),
)

# What reporters said of an agency's reports, by the day (UTC) on which these were closed.
ratings = Table(
    "ratings",
    metadata,
    Column("agency", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in SAID),
)

# The last day on which an agency was told of its open tickets.
digests = Table(
    "digests",
    metadata,
    Column("agency", String(40), primary_key=True),
    Column("day", Date, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Id, primary_key=True),
    _ref("ticket", "tickets.id", nullable=False),
    _ref("author", "contacts.id", nullable=False),
    _ref("room", "contacts.id", nullable=False),
    Column("action", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("files", Json, nullable=False),
    Column("source", String(128), nullable=False),
    Column("sent", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    # Waits for the word of the agency's head.
    Column("awaits", Boolean, nullable=False, server_default=false()),
    Index(None, "room", "source"),
    sqlite_autoincrement=True,
)

# Where a ticket lives in a group: its topic, and its one card.
threads = Table(
    "threads",
    metadata,
    _ref("room_id", "contacts.id", primary_key=True, autoincrement=False),
    _ref("ticket", "tickets.id", primary_key=True, autoincrement=False, index=True),
    Column("topic", String(64), nullable=False),
    Column("card", String(64), nullable=False),
    Column("edited_at", Instant),
)

# What was delivered about a ticket: replies are bound by (contact, message).
sent = Table(
    "sent",
    metadata,
    Column("id", Id, primary_key=True),
    _ref("contact_id", "contacts.id", nullable=False),
    Column("message", String(128), nullable=False),
    _ref("ticket", "tickets.id", nullable=False),
    Column("part", String(16), nullable=False),
    Column("draft", Id),
    Column("failed", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    # How far it came: 0 sent, 1 delivered, 2 read; where the platform says so.
    Column("rank", Integer, nullable=False, server_default="0"),
    Index(None, "contact_id", "message"),
    Index(None, "ticket", "contact_id"),
)

# What a platform took and has not confirmed: some say only later that a letter did not arrive, and why.
accepted = Table(
    "accepted",
    metadata,
    Column("message", String(128), primary_key=True),
    Column("letter", Id, nullable=False, index=True),
    _ref("contact_id", "contacts.id", nullable=False),
    Column("priority", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    Column("ticket", Id),
    Column("part", String(16), nullable=False),
    Column("draft", Id),
    Column("body", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

# Receipts that came before the message they speak of was written down.
receipts = Table(
    "receipts",
    metadata,
    Column("message", String(128), primary_key=True),
    Column("rank", Integer, primary_key=True, autoincrement=False),
    Column("code", Integer, nullable=False),
    Column("fate", String(16), nullable=False),
    Column("at", Instant, nullable=False, index=True),
)

# Files that a platform keeps for days only: fetched after the commit that put them on record.
fetches = Table(
    "fetches",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("ref", String(255), primary_key=True),
    _ref("contact_id", "contacts.id", nullable=False),
    Column("kind", String(16), nullable=False),
    Column("mime", String(128), nullable=False),
    Column("blob", String(80), nullable=False),
    Column("problem", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, index=True),
    Column("at", Instant, nullable=False, index=True),
)

# `due_at` is schedule, backoff and lease in one, as it was laid down at `planned_at`; what is delivered is removed.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    _ref("contact_id", "contacts.id", nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("key", String(64), nullable=False),
    _ref("ticket", "tickets.id"),
    Column("part", String(16), nullable=False),
    Column("draft", Id),
    Column("body", Text, nullable=False),
    # Waits until the person writes: the platform takes nothing else from us until then.
    Column("held", Boolean, nullable=False, server_default=false()),
    Column("planned_at", Instant, nullable=False, server_default="0"),
    Index(None, "contact_id", "id"),
    # What is due, by its urgency.
    Index(None, "held", "priority", "due_at"),
    sqlite_autoincrement=True,
)

# Events that a fault of ours kept from being handled; sealed, because they are a citizen's words.
poison = Table(
    "poison",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("event_id", String(128), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("trace", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", Instant, nullable=False),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

agencies = Table(
    "agencies",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", String(40), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("area", String(16), nullable=False),
    Column("zone", String(40), nullable=False),
    Column("short", String(40), nullable=False),
    Column("position", Integer, nullable=False),
    Column("approval", Boolean, nullable=False, server_default=false()),
)

categories = Table(
    "categories",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", String(40), nullable=False),
    Column("keywords", Json, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("evidence_required", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    # What a report of this kind must tell besides where and when.
    Column("asks", Json, nullable=False, server_default="[]"),
)

routes = Table(
    "routes",
    metadata,
    Column("order", Integer, primary_key=True, autoincrement=False),
    Column("category", String(40), nullable=False),
    Column("area", String(16), nullable=False),
    Column("agency", String(40), nullable=False),
)

areas = Table(
    "areas",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("parent", String(16), nullable=False),
)

# Where areas lie; the rings are packed as whole steps.
boundaries = Table(
    "boundaries",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("rings", LargeBinary, nullable=False),
)

holidays = Table(
    "holidays",
    metadata,
    Column("date", Date, primary_key=True),
    Column("area", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", String(24), nullable=False),
    Column("seeded", Boolean, nullable=False, server_default=false()),
)

templates = Table(
    "templates",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("category", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("position", Integer, nullable=False),
)

clocks = Table(
    "clocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("policy", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("report_type", String(24), nullable=False),
    Column("klass", String(24), nullable=False),
    Column("days", Integer, nullable=False),
    Column("unit", String(24), nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    UniqueConstraint("policy", "step", "report_type", "klass"),
)
