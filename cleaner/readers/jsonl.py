"""Records: JSON lines, or a .json file with one object or an array of them."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from cleaner.errors import RecordError, TooLargeError

Record = dict[str, Any]
# How deep Python can read or write depends on what called it. A number far below that is the same
# for every way in, and leaves room for what is put around a record.
_MAX_DEPTH = 100
_TOO_DEEP = b"[" * (_MAX_DEPTH + 1) + b"]" * (_MAX_DEPTH + 1)
# JSON allows these in a string; str.splitlines and JavaScript end a line at them.
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def lines(stream: BinaryIO, limit: int, *, blank: bool = False) -> Iterator[tuple[int, bytes]]:
    """Yield (line number from 1, bytes) of each line that is not blank, or of every line.

    A line over `limit` bytes is cut there, and so refused by `parse`; the rest of it is skipped, so
    memory stays bounded.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) > limit:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(limit)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if blank or line.strip():
            yield number, line


def parse(line: bytes | str, limit: int) -> Record:
    """Parse one line into a record.

    Raises:
        RecordError: not JSON, not an object, or nested too deeply.
        TooLargeError: the line is over `limit` bytes.
    """
    if len(line) > limit:
        raise TooLargeError(f"the record is over the limit of {limit / 1e6:.0f} MB")
    try:
        record = json.loads(line)
    except RecursionError as error:
        raise RecordError("JSON that is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise RecordError(f"not UTF-8 at byte {error.start} of the line") from error
    except ValueError as error:
        raise RecordError(f"not JSON: {error}") from error
    if _may_be_deep(line) and _is_deep(record):
        raise RecordError("JSON that is nested too deeply")
    if not isinstance(record, dict):
        raise RecordError(f"a JSON {type(record).__name__}, not an object with a text field")
    return record


def split_json(data: bytes, limit: int) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, bytes) of each record of a .json file: array, one object, or lines.

    In the place of a record that is nested too deeply stands one that `parse` refuses as such.
    """
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        # Many files named .json hold JSON lines; a line that is broken then fails alone.
        import io

        yield from lines(io.BytesIO(data), limit)
        return
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        yield number, _TOO_DEEP if _is_deep(item) else encode(item)


def encode(value: object, default: Callable[[object], str] | None = None) -> bytes:
    """Serialise for `parse`, as large as in UTF-8, so that limits mean the same in every format.

    Args:
        value: what JSON can hold.
        default: makes a string of what it can't hold.
    """
    text = json.dumps(value, ensure_ascii=False, default=default)
    return text.encode("utf-8", "surrogatepass")


def dump(value: object) -> str:
    """Serialise as one line of JSON, UTF-8 safe: lone surrogates are escaped, not lost."""
    text = json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _may_be_deep(line: bytes | str) -> bool:
    """Whether there are brackets enough; nearly every record has fewer, and need not be walked."""
    if isinstance(line, str):
        return line.count("[") + line.count("{") > _MAX_DEPTH
    return line.count(b"[") + line.count(b"{") > _MAX_DEPTH


def _is_deep(value: object) -> bool:
    """Whether arrays and objects lie in one another too deeply; found without recursion."""
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        level = [item for item in level if isinstance(item, list | dict)]
        if not level:
            return False
        level = [inner for item in level for inner in _inside(item)]
    return True


def _inside(item: object) -> Iterable[object]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()
