"""What the two engines name differently, as functions of the query library. This module, `plan`
and `condition` import that library; `run` imports them at the first report."""

import re
from typing import Any

import ibis
import ibis.expr.datatypes as dt

from footfall.reports.expression import Expression, Relation, Words
from footfall.reports.shape import END_MARK, START_MARK
from footfall.store.warehouse import Engine, Scan


def _one(value: Any) -> Any: ...


def _two(first: Any, second: Any) -> Any: ...


def _scalar(name: str, arguments: tuple[Any, ...], answer: Any) -> Any:
    stub = _one if len(arguments) == 1 else _two
    return ibis.udf.scalar.builtin(stub, name=name, signature=(arguments, answer))


def _make_pointer(key: str) -> str:
    """Return the JSON pointer of a property."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


_CALLED = f"{START_MARK} to {END_MARK}: "
"""Before the name of a table function that stands where a table stands: no table's name and
nobody's text begins like this."""

_CALL = re.compile(f'"{_CALLED}([a-z_]+)"')


def put_calls(sql: str) -> str:
    """Put calls of table functions where `scan` has left their names."""
    return _CALL.sub(rf"\1({START_MARK}, {END_MARK})", sql)


class DuckDBWords:
    """DuckDB's names."""

    def __init__(self) -> None:
        self._instant = _scalar("make_timestamp", (dt.int64,), dt.Timestamp(scale=6))
        self._epoch_us = _scalar("epoch_us", (dt.Timestamp(scale=6),), dt.int64)
        self._divide = _scalar("divide", (dt.int64, dt.int64), dt.int64)
        self._text = _scalar("json_extract_string", (dt.string, dt.string), dt.string)
        self._type = _scalar("json_type", (dt.string, dt.string), dt.string)

    def instant(self, us: int) -> Expression:
        """See Words."""
        return self._instant(us)

    def scan(self, scan: Scan, table: Relation) -> Relation:
        """See Words. The query library knows no functions that give tables: the name stands for
        the call until `put_calls`."""
        return ibis.table(table.schema(), name=_CALLED + scan.name)

    def epoch_us(self, moment: Expression) -> Expression:
        """See Words."""
        return self._epoch_us(moment)

    def divide(self, number: Expression, by: int) -> Expression:
        """See Words."""
        return self._divide(number, by)

    def distinct(self, column: Expression, where: Expression | None) -> Expression:
        """See Words."""
        return column.nunique(where=where)

    def quantile(self, column: Expression, level: float, where: Expression | None) -> Expression:
        """See Words."""
        return column.quantile(level, where=where)

    def signed(self, number: Expression) -> Expression:
        """See Words."""
        return number

    def property(self, props: Expression, key: str) -> Expression:
        """See Words."""
        pointer = _make_pointer(key)
        # '' is no JSON document; DuckDB refuses it.
        document = props.nullif("")
        text = self._text(document, pointer).fill_null("")
        # DuckDB writes the number 1.0 as '1.0', ClickHouse as '1'; the string "1.0" stays.
        is_whole = text.endswith(".0") & (self._type(document, pointer) == "DOUBLE")
        return is_whole.ifelse(text.substr(0, text.length() - 2), text)

    def number(self, props: Expression, key: str) -> Expression:
        """See Words."""
        document, pointer = props.nullif(""), _make_pointer(key)
        is_number = self._type(document, pointer).isin(["DOUBLE", "UBIGINT", "BIGINT"])
        number = self._text(document, pointer).try_cast("float64")
        return is_number.fill_null(False).ifelse(number, ibis.null(dt.float64))


class ClickHouseWords:
    """ClickHouse's names."""

    def __init__(self) -> None:
        self._instant = _scalar("fromUnixTimestamp64Micro", (dt.int64,), dt.Timestamp(scale=6))
        self._epoch_us = _scalar("toUnixTimestamp64Micro", (dt.Timestamp(scale=6),), dt.int64)
        self._divide = _scalar("intDiv", (dt.int64, dt.int64), dt.int64)
        self._text = _scalar("JSONExtractString", (dt.string, dt.string), dt.string)
        self._number = _scalar("JSONExtractFloat", (dt.string, dt.string), dt.float64)
        self._type = _scalar("JSONType", (dt.string, dt.string), dt.string)
        self._signed = _scalar("toInt64", (dt.int64,), dt.int64)
        self._distinct = ibis.udf.agg.builtin(
            _one, name="uniqExact", signature=((dt.int64,), dt.int64)
        )
        self._distinct_if = ibis.udf.agg.builtin(
            _two, name="uniqExactIf", signature=((dt.int64, dt.boolean), dt.int64)
        )
        self._reduce = _scalar("arrayReduce", (dt.string, dt.Array(dt.float64)), dt.float64)

    def instant(self, us: int) -> Expression:
        """See Words."""
        return self._instant(us)

    def scan(self, scan: Scan, table: Relation) -> Relation:
        """See Words."""
        from_, to = self.instant(START_MARK), self.instant(END_MARK)
        return table.filter(table[scan.low] >= from_, table[scan.high] < to)

    def epoch_us(self, moment: Expression) -> Expression:
        """See Words."""
        return self._epoch_us(moment)

    def divide(self, number: Expression, by: int) -> Expression:
        """See Words."""
        return self._divide(number, by)

    def distinct(self, column: Expression, where: Expression | None) -> Expression:
        """See Words."""
        # Ibis would compile nunique() to `uniq`, which estimates.
        return self._distinct(column) if where is None else self._distinct_if(column, where)

    def quantile(self, column: Expression, level: float, where: Expression | None) -> Expression:
        """See Words."""
        # Ibis would compile quantile() to `quantile`, which samples.
        values = column.collect(where=where)
        answer = self._reduce(f"quantileExactInclusive({level!r})", values)
        return (values.length() > 0).ifelse(answer, ibis.null(dt.float64))

    def signed(self, number: Expression) -> Expression:
        """See Words."""
        # A count is UInt64 here and has no common type with the nulls of a union.
        return self._signed(number)

    def property(self, props: Expression, key: str) -> Expression:
        """See Words."""
        return self._text(props, key)

    def number(self, props: Expression, key: str) -> Expression:
        """See Words."""
        # Not by way of the text: ClickHouse reads decimals less exactly than it reads JSON.
        is_number = self._type(props, key).isin(["Double", "Int64", "UInt64"])
        return is_number.ifelse(self._number(props, key), ibis.null(dt.float64))


_WORDS: dict[Engine, Words] = {}


def find_words(engine: Engine) -> Words:
    """Return the words of an engine."""
    if engine not in _WORDS:
        made = DuckDBWords() if engine == "duckdb" else ClickHouseWords()
        _WORDS[engine] = made
    return _WORDS[engine]
