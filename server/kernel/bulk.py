"""Many rows in one statement, on both databases.

PostgreSQL gets one array for each column, so that a statement's text, and with it its plan, is the
same for any number of rows; SQLite, which has no round trips to save, gets one execution a row.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Table,
    TableValuedAlias,
    Update,
    any_,
    bindparam,
    column,
    func,
    insert,
    select,
    update,
)

from shared.errors import BugError

Rows = Sequence[Mapping[str, Any]]


def among(connection: Connection, of: Column[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column's value is one of `values`; on PostgreSQL one array, however many."""
    if connection.dialect.name == "sqlite":
        return of.in_(values)
    return of == any_(bindparam(None, list(values), type_=ARRAY(of.type), unique=True))


def insert_rows(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), [dict(row) for row in rows])
        return
    names = tuple(rows[0])
    connection.execute(_insert_from_arrays(table, names), _arrays(rows, names))


def update_rows(
    connection: Connection, table: Table, keys: tuple[str, ...], guards: tuple[str, ...], rows: Rows
) -> None:
    """Update rows by their keys, each of them exactly once.

    Args:
        connection: in a transaction that has locked the rows.
        table: to update.
        keys: columns that name a row.
        guards: columns whose value must still be the one under `before_NAME`.
        rows: keys, `before_` values, and the new value of every other column named.

    Raises:
        BugError: a row was not there as it was read, although it was locked.
    """
    if not rows:
        return
    names = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        parameters = [{f"to_{name}": value for name, value in row.items()} for row in rows]
        result = connection.execute(_update_by_row(table, keys, guards, names), parameters)
    else:
        statement = _update_from_arrays(table, keys, guards, names)
        result = connection.execute(statement, _arrays(rows, names))
    if result.rowcount != len(rows):
        raise BugError(
            f"{table.name}: {result.rowcount} of {len(rows)} rows were as they were read"
        )


def _arrays(rows: Rows, names: tuple[str, ...]) -> dict[str, list[Any]]:
    return {f"to_{name}": [row[name] for row in rows] for name in names}


def _column_of(table: Table, name: str) -> Column[Any]:
    return table.c[name.removeprefix("before_")]


def _array_bind(table: Table, name: str) -> BindParameter[Any]:
    return bindparam(f"to_{name}", type_=ARRAY(_column_of(table, name).type))


def _data(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    columns = [column(name, _column_of(table, name).type) for name in names]
    binds = [_array_bind(table, name) for name in names]
    return func.unnest(*binds).table_valued(*columns, name="data").render_derived()


@cache
def _insert_from_arrays(table: Table, names: tuple[str, ...]) -> Insert:
    data = _data(table, names)
    return insert(table).from_select(names, select(*(data.c[name] for name in names)))


@cache
def _update_from_arrays(
    table: Table, keys: tuple[str, ...], guards: tuple[str, ...], names: tuple[str, ...]
) -> Update:
    data = _data(table, names)
    conditions = [table.c[key] == data.c[key] for key in keys]
    conditions += [table.c[guard] == data.c[f"before_{guard}"] for guard in guards]
    return (
        update(table)
        .where(*conditions)
        .values({name: data.c[name] for name in _changed(keys, names)})
    )


@cache
def _update_by_row(
    table: Table, keys: tuple[str, ...], guards: tuple[str, ...], names: tuple[str, ...]
) -> Update:
    conditions = [table.c[key] == bindparam(f"to_{key}") for key in keys]
    conditions += [table.c[guard] == bindparam(f"to_before_{guard}") for guard in guards]
    return (
        update(table)
        .where(*conditions)
        .values({name: bindparam(f"to_{name}") for name in _changed(keys, names)})
    )


def _changed(keys: tuple[str, ...], names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name not in keys and not name.startswith("before_")]
