"""PATHs → the input files, each with the name that its output mirrors."""

import csv
import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cleaner.errors import SetupError
from cleaner.readers import Format, format_of

SPOOL = ".cleaner"


@dataclass(frozen=True, slots=True)
class Input:
    """An input file.

    Attributes:
        path: where it lies.
        name: its path relative to the PATH the user named, with forward slashes.
        format: its kind; None for a file named explicitly whose kind is unknown.
    """

    path: Path
    name: str
    format: Format | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files found, sorted by name, and how many of which suffix a folder walk skipped."""

    files: tuple[Input, ...]
    skipped: Counter[str]


def find(paths: Sequence[str], out: Path | None) -> Inputs:
    """Find the input files behind PATHs: files, folders and globs.

    Args:
        paths: as the user gave them.
        out: the output folder, which is not read where it lies inside an input folder.

    Raises:
        SetupError: a PATH that does not exist, or nothing to read at all.
    """
    skipped: Counter[str] = Counter()
    found: dict[Path, tuple[Path, Input]] = {}
    for path in _expand(paths):
        if path.is_dir():
            root, files = path, _walk(path, out, skipped)
        else:
            root, files = path.parent, iter([path])
        for file in files:
            name = file.relative_to(root).as_posix()
            found.setdefault(_identity(file), (root, Input(file.absolute(), name, format_of(file))))
    if not found:
        others = ", ".join(f"{count} {suffix}" for suffix, count in skipped.most_common(5))
        raise SetupError(
            f"nothing to read in {', '.join(paths)}"
            + (f" (skipped {others})" if others else "")
            + ": cleaner reads .txt .md .html .json .jsonl, each also .gz"
        )
    inputs = _distinct_names(list(found.values()))
    return Inputs(tuple(sorted(inputs, key=lambda i: i.name)), skipped)


def read_urls(path: Path) -> dict[str, str]:
    """Read a csv of path,url: where text files were published. Paths as `Input.name`.

    Raises:
        SetupError: unreadable, or a row without two fields.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [row for row in csv.reader(stream) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(f"--urls {path}: {error}") from error
    if rows and [cell.strip().lower() for cell in rows[0]] == ["path", "url"]:
        rows = rows[1:]
    for number, row in enumerate(rows, 1):
        if len(row) != 2:
            raise SetupError(f"--urls {path}: row {number} has {len(row)} fields, not path,url")
    return {row[0].strip(): row[1].strip() for row in rows}


def _expand(paths: Iterable[str]) -> Iterator[Path]:
    for given in paths:
        if Path(given).exists():
            yield Path(given)
        elif matches := sorted(glob.glob(given, recursive=True)):  # noqa: PTH207 - absolute patterns
            yield from map(Path, matches)
        else:
            raise SetupError(f"no such file or folder: {given}")


def _walk(folder: Path, out: Path | None, skipped: Counter[str]) -> Iterator[Path]:
    # Links to folders are not followed: a loop would never end.
    for base, folders, files in os.walk(folder):
        here = Path(base)
        folders[:] = sorted(
            name for name in folders if name != SPOOL and not (out and _same(here / name, out))
        )
        for name in sorted(files):
            if format_of(here / name):
                yield here / name
            else:
                skipped[(here / name).suffix.lower() or "no suffix"] += 1


def _same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve()


def _identity(path: Path) -> Path:
    return path.parent.resolve() / path.name


def _distinct_names(found: list[tuple[Path, Input]]) -> list[Input]:
    """Give files of one name, from different PATHs, the names of enough of their parents."""
    inputs = []
    counts = Counter(entry.name for _, entry in found)
    for root, entry in found:
        parents = [part for part in root.resolve().parts if part != root.resolve().anchor]
        name, taken = entry.name, 0
        while counts[entry.name] > 1 and taken < len(parents):
            taken += 1
            name = "/".join([*parents[-taken:], entry.name])
            if sum(_tail(r, taken, e.name) == name for r, e in found) == 1:
                break
        inputs.append(replace(entry, name=name))
    return inputs


def _tail(root: Path, count: int, name: str) -> str:
    parts = [part for part in root.resolve().parts if part != root.resolve().anchor]
    return "/".join([*parts[-count:], name])
