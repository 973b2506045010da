"""Every table of the server, registered by importing the modules that define them."""

from server.catalog import tables as catalog_tables
from server.distribution import tables as distribution_tables
from server.holdings import tables as holdings_tables
from server.kernel import tables as kernel_tables
from server.ledger import tables as ledger_tables
from server.orders import tables as orders_tables
from server.payments import tables as payments_tables
from server.sessions import tables as sessions_tables
from server.staff import tables as staff_tables
from server.stores import tables as stores_tables
from server.tills import tables as tills_tables
from server.vouchers import tables as vouchers_tables

TABLE_MODULES = (
    catalog_tables,
    distribution_tables,
    holdings_tables,
    kernel_tables,
    ledger_tables,
    orders_tables,
    payments_tables,
    sessions_tables,
    staff_tables,
    stores_tables,
    tills_tables,
    vouchers_tables,
)
