"""The tables. Columns called `sealed` are encrypted; those called `*_ref` hold keyed digests."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

METADATA = MetaData()

NETWORK = Table(
    "network",
    METADATA,
    Column("notice_id", String, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

INSTITUTIONS = Table(
    "institutions",
    METADATA,
    Column("institution_id", String, primary_key=True),
    Column("document", LargeBinary, nullable=False),
)

TOKENS = Table(
    "tokens",
    METADATA,
    Column("token_ref", String, primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

ASSERTIONS = Table(
    "assertions",
    METADATA,
    Column("issuer", String, primary_key=True),
    Column("jti", String, primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
)

IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("client_id", String, primary_key=True),
    Column("operation", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("expires_at", Integer, nullable=False, index=True),
    Column("body_digest", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

AUTHORIZATIONS = Table(
    "authorizations",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("authorization_id", String, nullable=False, unique=True),
    Column("recipient", String, nullable=False, index=True),
    Column("evidence_ref", String, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

AUTHORIZATION_SUBJECTS = Table(
    "authorization_subjects",
    METADATA,
    Column("subject_ref", String, primary_key=True),
    Column("authorization_id", ForeignKey("authorizations.authorization_id"), primary_key=True),
)

BATCHES = Table(
    "batches",
    METADATA,
    Column("batch_id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

OUTCOMES = Table(
    "outcomes",
    METADATA,
    Column("batch_id", ForeignKey("batches.batch_id"), primary_key=True),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("document", LargeBinary, nullable=False),
)

QUERY_BATCHES = Table(
    "query_batches",
    METADATA,
    Column("position", Integer, primary_key=True),
    Column("query_batch_id", String, nullable=False, unique=True),
    Column("client_id", String, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("finished", Integer, nullable=False),
    Column("submitted_at", String, nullable=False),
    Column("kept_until", Integer, nullable=False, index=True),
)

QUERY_LINES = Table(
    "query_lines",
    METADATA,
    Column("query_batch_id", ForeignKey("query_batches.query_batch_id"), primary_key=True),
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("problem", LargeBinary),
)

RECORDS = Table(
    "records",
    METADATA,
    Column("row_id", Integer, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("provider", String, nullable=False),
    Column("item_code", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("record_version", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("key_ref", String),
    Column("withdrawn", Boolean, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("served_until", String),
    Column("timeliness", String),
    Column("collected_at", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("source_channel", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("client_id", "provider", "item_code", "record_id"),
    Index("records_by_key", "client_id", "provider", "item_code", "key_ref"),
)

RECORD_SUBJECTS = Table(
    "record_subjects",
    METADATA,
    Column("subject_ref", String, primary_key=True),
    Column("item_code", String, primary_key=True),
    Column("row_id", ForeignKey("records.row_id"), primary_key=True, index=True),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("hash", String, nullable=False),
    Column("document", LargeBinary, nullable=False),
)
