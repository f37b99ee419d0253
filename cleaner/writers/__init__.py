"""Forms of output beyond the two that the batch knows: what `--format` names."""

from functools import partial

from cleaner.batch.writer import JsonlWriter, TextWriter, Writer, WriterFor
from cleaner.document import OutputFormat
from cleaner.readers import RECORD_FORMATS, Format
from cleaner.writers.dolma import DolmaWriter
from cleaner.writers.markdown import MarkdownWriter
from cleaner.writers.parquet import ParquetWriter

__all__ = ["writer_of", "writers"]


_WRITERS: dict[OutputFormat, Writer] = {
    OutputFormat.TEXT: TextWriter(),
    OutputFormat.JSONL: JsonlWriter(),
    OutputFormat.MARKDOWN: MarkdownWriter(),
    OutputFormat.PARQUET: ParquetWriter(),
    OutputFormat.DOLMA: DolmaWriter(),
}


def writers(chosen: OutputFormat | None) -> WriterFor:
    """The writer for each kind of input.

    Args:
        chosen: one for all; None for text from documents, Parquet from Parquet, and JSON lines from
            other records.
    """
    return partial(_writer, chosen)


def writer_of(form: str | None, suffix: str) -> Writer:
    """The writer that wrote an output, by the chosen format if it may have, else by its suffix.

    What a run kept of an earlier one may be of another format than the run's.
    """
    if form in _WRITERS and _WRITERS[OutputFormat(form)].suffix == suffix:
        return _WRITERS[OutputFormat(form)]
    known = {writer.suffix: writer for writer in reversed(_WRITERS.values())}
    return known.get(suffix, TextWriter())


def _writer(chosen: OutputFormat | None, kind: Format | None) -> Writer:
    if chosen is not None:
        return _WRITERS[chosen]
    if kind is Format.PARQUET:
        return _WRITERS[OutputFormat.PARQUET]
    return _WRITERS[OutputFormat.JSONL if kind in RECORD_FORMATS else OutputFormat.TEXT]
