"""What the outputs are called."""

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cleaner.batch.inputs import Input
from cleaner.batch.writer import WriterFor
from cleaner.readers import RECORD_FORMATS


def output_names(
    inputs: Iterable[Input],
    writer_for: WriterFor,
    taken: Iterable[str],
    before: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """The output of each input file: names that end as the output does are kept, others append.

    Records that become files of their own get a folder that is named as their input is. Where two
    would share a name, also on a file system that ignores case, the later one that does not keep
    its name gets a number; but what an earlier run wrote keeps the name that it got then, so that
    no output is left behind. A name that appending makes too long for a file system is cut.

    Args:
        inputs: the files.
        writer_for: the writer for a kind of input.
        taken: names not to use.
        before: an output that an earlier run wrote, by input.
    """
    wanted: dict[str, str] = {}
    for entry in inputs:
        writer = writer_for(entry.format)
        folder = entry.format in RECORD_FORMATS and not writer.lines
        wanted[entry.name] = "" if folder else writer.suffix
    used = {name.lower() for name in taken}
    used |= {parent for name in wanted for parent in _parents(name.lower())}
    outputs = {n: _as_before(n, s, before[n]) for n, s in wanted.items() if n in before}
    outputs = {name: output for name, output in outputs.items() if output}
    used |= {output.lower() for output in outputs.values()}
    new = [name for name in wanted if name not in outputs]
    keepers = [name for name in new if name.lower().endswith(wanted[name])]
    others = [name for name in new if not name.lower().endswith(wanted[name])]
    for name in (*keepers, *others):
        suffix = wanted[name]
        output = name if name.lower().endswith(suffix) else _shortened(name, suffix) + suffix
        stem, number = output.removesuffix(suffix) if suffix else output, 1
        while output.lower() in used:
            number += 1
            output = f"{_shortened(stem, f'.{number}{suffix}')}.{number}{suffix}"
        used.add(output.lower())
        outputs[name] = output
    return outputs


def _as_before(name: str, suffix: str, output: str) -> str:
    """The name of an earlier output, "" if one of this kind is not called so."""
    if not suffix:
        folder = output.rpartition("/")[0]
        return folder if folder.startswith(name) else ""
    here = output.rpartition("/")[0] == name.rpartition("/")[0]
    return output if here and output.lower().endswith(suffix) else ""


def _parents(name: str) -> Iterable[str]:
    while name := name.rpartition("/")[0]:
        yield name


def _shortened(name: str, suffix: str) -> str:
    """The name, cut so that its last part fits into 255 bytes with the suffix."""
    while len(os.fsencode(name.rpartition("/")[2] + suffix)) > 255:
        name = name[:-1]
    return name
