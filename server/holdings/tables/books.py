"""The books: where every use is, what became of every intention, what a person has to settle."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from server.kernel.schema import METADATA, Bytes, Fen64, Id, Moment, append_only

NAME_LENGTH = 24
"""Longest name of a state, kind or lane."""

HOLDING = Table(
    "holding",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("voucher", Bytes, primary_key=True),
    Column("sold", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("out", Integer, nullable=False),
    Column("redeemed", Integer, nullable=False),
    Column("refunded", Integer, nullable=False),
    Column("value_fen", Fen64, nullable=False),
    Column("value_left_fen", Fen64, nullable=False),
    Column("refunded_fen", Fen64, nullable=False),
    Column("refund_state", String(NAME_LENGTH), nullable=False),
    Column("pending", Integer, nullable=False),
    CheckConstraint("sold = held + out + redeemed + refunded", name="uses_conserved"),
    CheckConstraint(
        "sold >= 1 AND held >= 0 AND out >= 0 AND redeemed >= 0 AND refunded >= 0",
        name="uses_not_negative",
    ),
    CheckConstraint(
        "value_left_fen >= 0 AND refunded_fen >= 0 AND value_left_fen + refunded_fen <= value_fen",
        name="value_not_negative",
    ),
    CheckConstraint("held + out > 0 OR value_left_fen = 0", name="no_value_without_uses"),
    CheckConstraint("refund_state IN ('none', 'asked', 'done')", name="refund_state"),
    CheckConstraint("pending >= 0", name="pending_not_negative"),
)
"""Where the uses of one voucher are; conservation holds within the row."""

TENURE = Table(
    "tenure",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("store", Id, nullable=False),
    Column("till", Id, nullable=False),
    Column("state", String(NAME_LENGTH), nullable=False),
    Column("since", Moment, nullable=False),
    Column("last_seen", Moment),
    Column("offline_until", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("halted", Boolean, nullable=False),
    Column("risk_fen", Fen64, nullable=False),
    CheckConstraint("state IN ('active', 'ending', 'done', 'lost', 'forked')", name="known_state"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("risk_fen >= 0", name="risk_not_negative"),
    Index(
        "uq_tenure_active_store",
        "merchant",
        "store",
        unique=True,
        sqlite_where=text("state = 'active'"),
        postgresql_where=text("state = 'active'"),
    ),
    Index(
        "uq_tenure_active_till",
        "merchant",
        "till",
        unique=True,
        sqlite_where=text("state = 'active'"),
        postgresql_where=text("state = 'active'"),
    ),
)
"""One till's time as keeper of one store; `halted` keeps new grants away until a person looked."""

GRANT = Table(
    "grant_",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("tenure", Integer, primary_key=True, autoincrement=False),
    Column("feed_no", Integer, primary_key=True, autoincrement=False),
    Column("voucher", Bytes, nullable=False),
    Column("k", Integer, nullable=False),
    Column("out", Integer, nullable=False),
    Column("state", String(NAME_LENGTH), nullable=False),
    Column("random_bits", Integer, nullable=False),
    Column("granted_at", Moment, nullable=False),
    CheckConstraint("0 <= out AND out <= k AND k >= 1", name="uses"),
    CheckConstraint("state IN ('open', 'recalled', 'closed', 'lost')", name="known_state"),
    CheckConstraint("state IN ('open', 'recalled') OR out = 0", name="nothing_out_when_over"),
    Index("ix_grant__voucher", "merchant", "voucher"),
    Index(
        "uq_grant__live",
        "merchant",
        "voucher",
        "tenure",
        unique=True,
        sqlite_where=text("state IN ('open', 'recalled')"),
        postgresql_where=text("state IN ('open', 'recalled')"),
    ),
)
"""A move of k uses to a tenure, of which `out` are not yet reported as redeemed or released."""

EVENT = Table(
    "event",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("eid", Id, primary_key=True),
    Column("intent_hash", Bytes, nullable=False),
    Column("voucher", Bytes, nullable=False),
    Column("n", Integer, nullable=False),
    Column("value_fen", Fen64, nullable=False),
    Column("status", String(NAME_LENGTH), nullable=False),
    Column("reason", String(NAME_LENGTH), nullable=False),
    Column("facts", Bytes),
    Column("lane", String(NAME_LENGTH), nullable=False),
    Column("charge", String(NAME_LENGTH), nullable=False),
    Column("charge_tenure", Integer),
    Column("charge_feed_no", Integer),
    Column("maker", Id, nullable=False),
    Column("till", Id, nullable=False),
    Column("store", Id, nullable=False),
    Column("clerk", Text),
    Column("happened_at", Moment, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("news_no", Fen64, nullable=False),
    CheckConstraint(
        "status IN ('accepted', 'undone', 'void', 'refused', 'pending', 'case')",
        name="known_status",
    ),
    CheckConstraint("n >= 1", name="uses"),
    CheckConstraint("value_fen >= 0", name="value_not_negative"),
    CheckConstraint("charge IN ('none', 'server', 'grant')", name="known_charge"),
    CheckConstraint("status <> 'accepted' OR charge <> 'none'", name="somebody_paid"),
    CheckConstraint(
        "(charge = 'grant') = (charge_tenure IS NOT NULL)"
        " AND (charge = 'grant') = (charge_feed_no IS NOT NULL)",
        name="charge_names_grant",
    ),
    UniqueConstraint("merchant", "news_no"),
    Index("ix_event_voucher", "merchant", "voucher"),
    Index("ix_event_store_time", "merchant", "store", "happened_at"),
)
"""One customer intention, in whichever lanes it came; `news_no` is renewed by every change."""

EVENT_CHARGE = append_only(
    Table(
        "event_charge",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("eid", Id, primary_key=True),
        Column("tenure", Integer, primary_key=True, autoincrement=False),
        Column("feed_no", Integer, primary_key=True, autoincrement=False),
    )
)
"""Every pair of event and grant ever charged: what makes charging again do nothing."""

PENDING_PROVISIONAL = Table(
    "pending_provisional",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("voucher", Bytes, primary_key=True),
    Column("arrival_no", Integer, primary_key=True, autoincrement=False),
    Column("eid", Id, nullable=False),
    UniqueConstraint("merchant", "eid"),
)
"""Redemptions accepted by tills without holding, in the order in which they are decided."""

CASE = Table(
    "case_",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("id", Id, primary_key=True),
    Column("eid", Id, nullable=False),
    Column("kind", String(NAME_LENGTH), nullable=False),
    Column("owner", Id),
    Column("opened", Moment, nullable=False),
    Column("closed", Moment),
    Column("ledger_entry", Id),
    UniqueConstraint("merchant", "eid"),
)
"""A conflict that a person has to settle."""

REFUND = append_only(
    Table(
        "holding_refund",
        METADATA,
        Column("merchant", Id, primary_key=True),
        Column("id", Id, primary_key=True),
        Column("voucher", Bytes, nullable=False),
        Column("n", Integer, nullable=False),
        Column("value_fen", Fen64, nullable=False),
        Column("refunded_at", Moment, nullable=False),
        CheckConstraint("n >= 1 AND value_fen >= 0", name="amounts"),
        Index("ix_holding_refund_voucher", "merchant", "voucher"),
    )
)
"""Every time uses went back to the buyer's side; the orders pay it out."""

COUNTER = Table(
    "counter",
    METADATA,
    Column("merchant", Id, primary_key=True),
    Column("name", String(NAME_LENGTH), primary_key=True),
    Column("value", Fen64, nullable=False),
)
"""Numbers of a merchant that are handed out in commit order: tenures and news."""
