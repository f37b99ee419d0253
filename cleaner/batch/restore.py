"""An output folder → the inputs' text again."""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Any

from cleaner.batch.output import MANIFEST, REMOVED, RUN
from cleaner.batch.rows import text_hash
from cleaner.errors import SetupError
from cleaner.readers.jsonl import dump
from cleaner.readers.text import Decoded
from cleaner.strip import restored_text

Row = dict[str, Any]


def restore_folder(folder: Path, out: Path) -> list[tuple[str, str]]:
    """Write the text that went into an output folder into another one.

    Text files come back byte for byte (decompressed), html as its extracted text, records with
    their original text in its field.

    Returns:
        (input, problem) for each document that could not be restored.

    Raises:
        SetupError: `folder` is not an output folder of `cleaner clean`.
    """
    if not (folder / RUN).is_file():
        raise SetupError(f"{folder} holds no {RUN}: name the folder that `cleaner clean` wrote")
    if out.resolve() == folder.resolve():
        raise SetupError("restore into another folder than the one it reads")
    problems: list[tuple[str, str]] = []
    spans = _Spans(folder / REMOVED)
    for name, group in groupby(_rows(folder / MANIFEST), key=lambda row: str(row["input"])):
        manifest = list(group)
        try:
            problems += _restore_file(folder, out, name, manifest, spans)
        except (OSError, ValueError, KeyError) as error:
            problems.append((name, f"its output can't be read back: {error}"))
    return problems


def _restore_file(
    folder: Path, out: Path, name: str, manifest: list[Row], spans: "_Spans"
) -> Iterator[tuple[str, str]]:
    removed = [spans.take(name, row["record"]) for row in manifest]
    output = next((row["output"] for row in manifest if row["output"]), None)
    if output is None:
        for row in manifest:
            yield _where(row), f"was not cleaned ({row['error']})"
        return
    source = folder / PurePosixPath(output)
    if manifest[0]["record"] is None:
        row = manifest[0]
        text = restored_text(source.read_bytes().decode("utf-8", "surrogatepass"), removed[0])
        target = out / PurePosixPath(
            name if row["encoding"] and not name.endswith(".gz") else output
        )
        data = _encode(text, row)
        _write(target, data)
        if text_hash(text) != row["text_hash"]:
            yield name, "the output was changed since: its text does not match the manifest"
        elif row["encoding"] and hashlib.sha256(data).hexdigest() != row["hash"]:
            yield name, "its bytes do not match the manifest"
        return
    lines = []
    for row, cut, record in zip(manifest, removed, _rows(source), strict=True):
        record.pop("cleaner", None)
        if row["status"] == "ok":
            record["text"] = restored_text(record["text"], cut)
            if text_hash(record["text"]) != row["text_hash"]:
                yield _where(row), "the output was changed since: its text does not match"
        else:
            yield _where(row), f"was not cleaned ({row['error']})"
        lines.append(dump(record) + "\n")
    _write(out / PurePosixPath(output), "".join(lines).encode())


def _encode(text: str, row: Row) -> bytes:
    if not row["encoding"]:
        return text.encode()
    bom = "\ufeff".encode(row["encoding"]) if row["bom"] else b""
    return Decoded(text, row["encoding"], bom).encode(text)


def _where(row: Row) -> str:
    return str(row["input"]) if row["record"] is None else f"{row['input']}:{row['record']}"


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


class _Spans:
    """The removed spans, which lie in the order of the manifest."""

    def __init__(self, path: Path) -> None:
        rows = _rows(path) if path.is_file() else iter(())
        self._groups = groupby(rows, key=lambda row: (row["input"], row["record"]))
        self._next = next(self._groups, None)

    def take(self, name: str, record: int | None) -> list[tuple[int, int, str]]:
        if self._next is None or self._next[0] != (name, record):
            return []
        spans = [(row["start"], row["end"], row["text"]) for row in self._next[1]]
        self._next = next(self._groups, None)
        return spans
