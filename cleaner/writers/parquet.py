"""Parquet: the input's columns with the text cleaned, and a column `cleaner` of what was done."""

import hashlib
import json
import mmap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from cleaner.batch.inputs import Input
from cleaner.batch.rows import clean_record
from cleaner.batch.work import Outcome
from cleaner.batch.writer import Restorable, Row
from cleaner.document import Mode, Status
from cleaner.errors import DocumentError, MissingExtraError, RecordError
from cleaner.readers import Format
from cleaner.readers.jsonl import dump
from cleaner.readers.parquet import holds_text, open_parquet, steps

_OURS = "cleaner"
# Under which a table tells its own hash: that of a line, in the manifest, is taken before there is
# a table, and that of a Parquet input is without the other columns.
_SEAL = b"cleaner_sha256"
# What stands in its place while it is taken.
_BLANK = hashlib.sha256(_SEAL).hexdigest().encode()
# Rows of a group where the input has no groups of its own.
_GROUP = 1000


@dataclass(frozen=True)
class ParquetWriter:
    """A row a document, by row groups as the input has them."""

    suffix: str = ".parquet"
    lines: bool = True

    def body(self, outcome: Outcome, mode: Mode) -> str | None:
        """A JSON object; of Parquet input only what is ours, as its columns are read again."""
        if outcome.result is None and outcome.record is None:
            return None
        record = clean_record(outcome, mode)
        if outcome.format is Format.PARQUET:
            if outcome.document is None and outcome.status is Status.FAILED:
                return None  # it stands for rows that can't be read, and is none of the table
            record = {key: record[key] for key in (outcome.field, _OURS)}
        return dump(record)

    def seal(self, part: Path, source: Input) -> None:
        """Make a table of the lines.

        Raises:
            DocumentError: the input is gone, or another than it was, or can't be a table.
            OSError: the disk is full or broken.
        """
        table = part.with_name(f"{part.name}.parquet.part")
        try:
            with part.open(encoding="utf-8", newline="\n") as stream:
                ours = map(json.loads, stream)
                if source.format is Format.PARQUET:
                    _save(_join(source, ours), table)
                else:
                    _save(_tables(_kinds(part), ours), table)
            with part.open("rb") as stream:
                hashes = (hashlib.sha256(line.removesuffix(b"\n")).hexdigest() for line in stream)
                place, seal = _seal(table, _BLANK, hashes)
            with table.open("r+b") as stream:
                stream.seek(place)
                stream.write(seal)
        except (DocumentError, MissingExtraError, MemoryError):
            raise
        except Exception as error:
            # What the system says of a disk has a number; what pyarrow says of a table has none.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            problem = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise RecordError(f"no table can be made of it: {problem}") from error
        table.replace(part)

    def intact(self, target: Path, rows: Iterable[Row]) -> bool:
        """Whether the table has its hash, and is that of these rows."""
        try:
            with open_parquet(target) as file:
                seal = file.metadata.metadata[_SEAL]
            hashes = (str(row["output_hash"]) for row in rows)
            return bool(seal == _seal(target, seal, hashes)[1])
        except MissingExtraError:
            raise
        except Exception:  # noqa: BLE001 - whatever pyarrow says, it is not intact
            return False

    def texts(self, source: Path, field: str) -> Iterator[str | None]:
        """The column of the texts."""
        with open_parquet(source) as file:
            for batch in file.iter_batches(columns=[field]):
                yield from map(_text, batch.column(0).to_pylist())

    def restore(
        self, source: Path, target: Path, documents: Iterator[Restorable]
    ) -> Iterator[tuple[Row, str]]:
        """The table with the text in its column and without ours."""
        import pyarrow as pa

        with open_parquet(source) as file:
            writer = None
            for group in range(file.num_row_groups):
                table = file.read_row_group(group)
                batch = list(islice(documents, table.num_rows))
                field = batch[0].row["field"]
                texts = []
                for document, kept in zip(batch, table[field].to_pylist(), strict=True):
                    text, problem = document.text(_text(kept) or "")
                    texts.append(text)
                    if problem:
                        yield document.row, problem
                table = _replaced(table, field, pa.array(texts, table.schema.field(field).type))
                table = table.drop_columns([_OURS])
                writer = writer or _writer(target, table.schema)
                writer.write_table(table)
            if writer:
                writer.close()
        for document in documents:  # what stands for rows that could not be read
            yield document.row, document.text("")[1]


def _save(tables: Iterator[Any], target: Path) -> None:
    """Write row groups into a table whose seal is still blank."""
    writer = None
    for table in tables:
        writer = writer or _writer(target, table.schema)
        writer.write_table(table)
    if writer:
        writer.add_key_value_metadata({_SEAL: _BLANK})
        writer.close()


def _seal(table: Path, now: bytes, hashes: Iterable[str]) -> tuple[int, bytes]:
    """Where the seal of a table stands, and what it is to be.

    Args:
        table: the file.
        now: what stands there.
        hashes: of the lines that the table was made of; "" for what made none.
    """
    digest = hashlib.sha256("".join(hashes).encode())
    with (
        table.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data,
        memoryview(data) as view,
    ):
        place = data.rfind(now)
        digest.update(view[:place])
        digest.update(view[place + len(now) :])
    return place, digest.hexdigest().encode()


def _join(source: Input, ours: Iterator[dict[str, Any]]) -> Iterator[Any]:
    """The input's table, group by group, with the cleaned text in place and our column added.

    A table that breaks off does so here, too.
    """
    with open_parquet(source.path) as file:
        for group in range(file.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            rows = list(islice(ours, size))
            table = file.read_row_group(group) if len(rows) == size else _readable(file, group)
            if len(rows) < table.num_rows:
                raise RecordError("the input has more rows than when it was read")
            if rows:
                yield _joined(table, rows)
            if len(rows) < size:
                break
    if next(ours, None):
        raise RecordError("the input has fewer rows than when it was read")


def _joined(table: Any, rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa

    field = next(key for key in rows[0] if key != _OURS)
    kind = table.schema.field(field).type if field in table.column_names else None
    if kind is None or not holds_text(kind):  # the text is that of a page
        kind = pa.string()
    texts = pa.array([_plain(row[field]) for row in rows], kind)
    table = _replaced(table, field, texts)
    return _replaced(table, _OURS, _ours([row[_OURS] for row in rows]))


def _readable(file: Any, group: int) -> Any:  # noqa: ANN401 - as above
    """A row group that is damaged, as far as it could be read."""
    import pyarrow as pa

    batches: list[Any] = []
    with suppress(Exception):  # the reader stopped there, too, whatever it was
        batches.extend(batch for batch, _ in steps(file, group))
    return pa.Table.from_batches(batches, file.schema_arrow)


def _tables(kinds: Mapping[str, str], ours: Iterator[dict[str, Any]]) -> Iterator[Any]:
    """Row groups of JSON objects; values of no plain kind are kept as JSON."""
    import pyarrow as pa

    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    while rows := list(islice(ours, _GROUP)):
        columns = {
            name: pa.array(
                [_value(row.get(name), kind) for row in rows], types.get(kind, pa.string())
            )
            for name, kind in kinds.items()
        }
        columns[_OURS] = _ours([row[_OURS] for row in rows])
        yield pa.table(columns)


def _kinds(part: Path) -> dict[str, str]:
    """The kind of each field over all lines: of one plain type, or "json"."""
    kinds: dict[str, str] = {}
    with part.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            for name, value in json.loads(line).items():
                if name == _OURS or (value is None and name in kinds):
                    continue
                kind = "" if value is None else _kind(value)
                before = kinds.setdefault(name, kind)
                if kind and before != kind:
                    kinds[name] = "json" if before else kind
    return {name: kind or "str" for name, kind in kinds.items()}


def _kind(value: object) -> str:
    plain = type(value).__name__
    if plain == "int" and not -(1 << 63) <= value < 1 << 63:  # type: ignore[operator] # an int
        return "json"
    return plain if plain in {"str", "int", "float", "bool"} else "json"


def _value(value: Any, kind: str) -> Any:  # noqa: ANN401 - what JSON holds
    return _deep(value if kind != "json" or value is None else dump(value))


def _text(value: str | bytes | None) -> str | None:
    """A text as it stands in its column, which may be one of bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _plain(text: str) -> str:
    """Arrow holds UTF-8 and nothing else: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _ours(values: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - pyarrow ships no types
    import pyarrow as pa

    span = pa.struct(
        [
            *(("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())),
            *(("score", pa.float64()), ("text", pa.string())),
        ]
    )
    kind = pa.struct(
        [
            *(("status", pa.string()), ("flags", pa.list_(pa.string()))),
            *(("removed", pa.list_(span)), ("flagged", pa.list_(span))),
            *(("source", pa.string()), ("error", pa.string())),
        ]
    )
    return pa.array([_deep({**v, "source": dump(v["source"])}) for v in values], kind)


def _deep(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        return {name: _deep(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_deep(part) for part in value]
    return _plain(value) if isinstance(value, str) else value


def _replaced(table: Any, name: str, column: Any) -> Any:  # noqa: ANN401 - as above
    if name not in table.column_names:
        return table.append_column(name, column)
    return table.set_column(table.column_names.index(name), name, column)


def _writer(target: Path, schema: Any) -> Any:  # noqa: ANN401 - as above
    import pyarrow.parquet

    return pyarrow.parquet.ParquetWriter(target, schema, compression="zstd")
