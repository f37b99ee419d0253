"""PATHs → the input files, each with the name that its output mirrors."""

import csv
import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from cleaner.errors import SetupError
from cleaner.readers import READABLE, Format, format_of, sniff
from cleaner.readers.remote import Location, find_remote, is_remote

SPOOL = ".cleaner"


@dataclass(frozen=True, slots=True)
class Input:
    """An input file.

    Attributes:
        path: where it lies.
        name: its path relative to the PATH the user named, with forward slashes.
        format: its kind; None for a file named explicitly whose kind is unknown.
        error: why nothing can be read from it, for a folder that can't be listed.
    """

    path: Location
    name: str
    format: Format | None
    error: str = ""


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
    found: dict[Path | str, tuple[Path, Input]] = {}
    for given in paths:
        for root, entry in (
            _remote(given, skipped) if is_remote(given) else _local(given, out, skipped)
        ):
            found.setdefault(_identity(entry.path), (root, entry))
    if not found and out and all(_same(Path(given), out) for given in paths):
        raise SetupError(f"{out} is the input and the output; name another output folder")
    if not found:
        others = ", ".join(f"{count} {suffix}" for suffix, count in skipped.most_common(5))
        raise SetupError(
            f"nothing to read in {', '.join(paths)}"
            + (f" (skipped {others})" if others else "")
            + f": cleaner reads {READABLE}"
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
        reason = getattr(error, "strerror", None) or error
        raise SetupError(f"--urls: {path} can't be read: {reason}") from error
    if rows and [cell.strip().lower() for cell in rows[0]] == ["path", "url"]:
        rows = rows[1:]
    for number, row in enumerate(rows, 1):
        if len(row) != 2:
            raise SetupError(f"--urls {path}: row {number} has {len(row)} fields, not path,url")
    return {row[0].strip(): row[1].strip() for row in rows}


def _local(given: str, out: Path | None, skipped: Counter[str]) -> Iterator[tuple[Path, Input]]:
    for path in _expand(given):
        if path.is_dir() and out and _same(path, out):
            continue
        if path.is_dir():
            for entry in _walk(path, out, skipped):
                yield path, entry
        else:
            error = "" if path.is_file() else "not a regular file; use - to read a stream"
            kind = format_of(path) or (None if error else sniff(path))
            yield path.parent, Input(path.absolute(), path.name, kind, error)


def _remote(url: str, skipped: Counter[str]) -> Iterator[tuple[Path, Input]]:
    several = False
    for file, name in find_remote(url):
        several = several or file.url.rpartition("/")[2] not in url
        if (kind := format_of(file) or sniff(file)) or not several:
            yield Path("/", *Path(urlsplit(url).path).parts[1:-1]), Input(file, name, kind)
        else:
            skipped[file.suffix.lower() or "no suffix"] += 1


def _expand(given: str) -> Iterator[Path]:
    if os.path.lexists(given):
        yield Path(given)
    elif matches := sorted(glob.glob(given, recursive=True)):  # noqa: PTH207 - absolute patterns
        yield from map(Path, matches)
    else:
        raise SetupError(f"no such file or folder: {given}")


def _walk(folder: Path, out: Path | None, skipped: Counter[str]) -> Iterator[Input]:
    unlisted: list[OSError] = []
    # Links to folders are not followed: a loop would never end.
    for base, folders, files in os.walk(folder, onerror=unlisted.append):
        here = Path(base)
        links = [name for name in folders if (here / name).is_symlink()]
        skipped.update({"links to folders": len(links)} if links else {})
        folders[:] = sorted(
            name for name in folders if name != SPOOL and not (out and _same(here / name, out))
        )
        for name in sorted(files):
            path = here / name
            if path.is_file() and (kind := format_of(path) or sniff(path)):
                yield Input(path.absolute(), path.relative_to(folder).as_posix(), kind)
            elif path.is_symlink() and not path.exists():
                broken = "a link that leads nowhere"
                yield Input(path.absolute(), path.relative_to(folder).as_posix(), None, broken)
            else:
                skipped[path.suffix.lower() or "no suffix"] += 1
    for error in unlisted:
        path = Path(os.fsdecode(error.filename))
        problem = f"the folder can't be listed: {error.strerror}"
        yield Input(path.absolute(), path.relative_to(folder).as_posix(), None, problem)


def _same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve()


def _identity(path: Location) -> Path | str:
    return path.parent.resolve() / path.name if isinstance(path, Path) else path.url


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
