"""Tables of our database. Every change here comes with a migration; a test compares the two."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, MetaData, String, Table

#: Named constraints, so that later migrations can refer to them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Who may call the vendors' routes. Keys are kept as SHA-256 in hex; a withdrawn account keeps its balance.
accounts = Table(
    "accounts",
    metadata,
    Column("email", String(320), primary_key=True),
    Column("user_key_sha256", String(64), nullable=False),
    Column("api_key_sha256", String(64), nullable=False),
    Column("credit", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    CheckConstraint("credit >= 0", name="credit_not_negative"),
)
