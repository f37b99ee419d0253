"""PATHs → the input files, each with the name that its output mirrors."""

import csv
import glob
import os
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, dropwhile, takewhile
from pathlib import Path, PurePosixPath
from typing import TypeAlias
from urllib.parse import urlsplit

from cleaner.batch.ended import has_ended
from cleaner.errors import SetupError
from cleaner.readers import READABLE, Format, format_of, sniff
from cleaner.readers.remote import Location, find_remote, is_remote


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

    def without(self, paths: Collection[str]) -> list[str]:
        """The paths of `read_urls` that no input has: its URL would be missed nowhere else."""
        return sorted(set(paths) - {entry.name for entry in self.files})


# A file, and above its name the folders that tell it from others of that name.
_Found: TypeAlias = tuple[tuple[str, ...], Input]


def find(paths: Sequence[str], out: Path | None) -> Inputs:
    """Find the input files behind PATHs: files, folders and globs.

    Output folders of earlier runs are left out of a walk, and counted. One that is a PATH itself is
    read: whoever names it means it.

    Args:
        paths: as the user gave them.
        out: the output folder or file, which is not read where it lies inside an input folder.

    Raises:
        SetupError: a PATH that does not exist, or nothing to read at all.
    """
    skipped: Counter[str] = Counter()
    found: dict[Path | str, _Found] = {}
    for given in paths:
        for parents, entry in (
            _remote(given, skipped) if is_remote(given) else _local(given, out, skipped)
        ):
            found.setdefault(_identity(entry.path), (parents, entry))
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


def _local(given: str, out: Path | None, skipped: Counter[str]) -> Iterator[_Found]:
    for path in _expand(given, out):
        if out and _same(path, out):
            continue
        if path.is_dir():
            parents = _parents(path)
            for entry in _walk(path, out, skipped):
                yield parents, entry
        else:
            error = "" if path.is_file() else "not a regular file; use - to read a stream"
            kind = format_of(path) or (None if error else sniff(path))
            yield _parents(path.parent), Input(path.absolute(), path.name, kind, error)


def _remote(url: str, skipped: Counter[str]) -> Iterator[_Found]:
    several = False
    for file, name in find_remote(url):
        listed = file.url.rpartition("/")[2] not in url
        several = several or listed
        if any(map(_hidden, name.split("/"))) and (listed or "/" in name):
            skipped["hidden"] += 1
        elif (kind := format_of(file) or sniff(file)) or not several:
            yield _remote_parents(file.url.removesuffix(name)), Input(file, name, kind)
        else:
            skipped[file.suffix.lower() or "no suffix"] += 1


def _expand(given: str, out: Path | None) -> Iterator[Path]:
    if os.path.lexists(given):
        yield Path(given)
    elif matches := sorted(_glob(given)):
        below = out.resolve() if out else None
        for path in map(Path, matches):
            if not (below and (path.parent.resolve() / path.name).is_relative_to(below)):
                yield path
    else:
        raise SetupError(f"no such file or folder: {given}")


def _glob(pattern: str) -> set[str]:
    """What a pattern finds. Its `**` follows no links to folders: two that lead up never end."""
    parts = pattern.replace(os.sep, "/").split("/")
    if "**" not in parts:
        return set(glob.glob(pattern))  # noqa: PTH207 - absolute patterns
    at = parts.index("**")
    rest = list(dropwhile("**".__eq__, parts[at:]))
    found: set[str] = set()
    for top in _glob("/".join([*parts[:at], ""])) if at else ["."]:
        for here, folders, files in os.walk(top):
            folders[:] = [name for name in folders if not _hidden(name)]
            if rest:
                below = _glob("/".join([glob.escape(here), *rest]))
                found.update(path for path in below if not _through_link(path, here))
            else:
                found.update({here} - {"."})
                found.update(str(Path(here, name)) for name in files if not _hidden(name))
    return found


def _through_link(path: str, folder: str) -> bool:
    """Whether a path below a folder is a link to a folder, or lies behind one."""
    steps = takewhile(Path(folder).__ne__, [Path(path), *Path(path).parents])
    return any(step.is_symlink() and step.is_dir() for step in steps)


def _walk(folder: Path, out: Path | None, skipped: Counter[str]) -> Iterator[Input]:
    unlisted: list[OSError] = []
    # Links to folders are not followed: a loop would never end.
    for base, folders, files in os.walk(folder, onerror=unlisted.append):
        here = Path(base)
        skipped.update("hidden" for name in (*folders, *files) if _hidden(name))
        folders[:] = sorted(name for name in folders if not _hidden(name))
        links = {name for name in folders if (here / name).is_symlink()}
        folders[:] = [n for n in folders if n not in links and not (out and _same(here / n, out))]
        # Else whoever cleans a folder again reads each article twice, and each plug that was cut.
        written = {name for name in folders if has_ended(here / name)}
        folders[:] = [name for name in folders if name not in written]
        skipped.update(["links to folders"] * len(links) + ["output folders"] * len(written))
        for name in sorted(name for name in files if not _hidden(name)):
            path = here / name
            if out and name == out.name and _same(path, out):
                continue
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


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve()


def _identity(path: Location) -> Path | str:
    return path.parent.resolve() / path.name if isinstance(path, Path) else path.url


def _parents(folder: Path) -> tuple[str, ...]:
    resolved = folder.resolve()
    return tuple(part for part in resolved.parts if part != resolved.anchor)


def _remote_parents(url: str) -> tuple[str, ...]:
    """The host, without a password, and the folders."""
    place = urlsplit(url)
    parts = (place.netloc.rpartition("@")[2], *place.path.split("/"))
    return tuple(part for part in parts if part not in {"", ".", ".."})


def _distinct_names(found: Sequence[_Found]) -> list[Input]:
    """Give files of one name, from different PATHs, the names of enough of their parents."""
    names = [entry.name for _, entry in found]
    counts = Counter(names)
    alike = [place for place, name in enumerate(names) if counts[name] > 1]
    taken = 0
    while alike:
        taken += 1
        longer = ["/".join([*parents[-taken:], entry.name]) for parents, entry in found]
        counts = Counter(longer)
        for place in alike:
            names[place] = longer[place]
        alike = [p for p in alike if counts[names[p]] > 1 and taken < len(found[p][0])]
    distinct = zip(found, _numbered(names), strict=True)
    return [replace(entry, name=name) for (_, entry), name in distinct]


def _numbered(names: Sequence[str]) -> Iterator[str]:
    """Give what is still equal, such as one page over two protocols, a number."""
    seen: set[str] = set()
    taken = set(names)
    for name in names:
        distinct = name
        if name in seen:
            suffix = PurePosixPath(name).suffix
            numbered = (f"{name.removesuffix(suffix)}.{number}{suffix}" for number in count(2))
            distinct = next(other for other in numbered if other not in taken)
        seen.add(name)
        taken.add(distinct)
        yield distinct
