"""What of its input a run has to do, and what it keeps as an earlier run left it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cleaner.batch.inputs import Input
from cleaner.batch.passes import Passes
from cleaner.batch.resume import Previous
from cleaner.batch.settings import Settings
from cleaner.batch.work import Item
from cleaner.batch.writer import WriterFor
from cleaner.errors import DocumentError
from cleaner.readers import RECORD_FORMATS, file_hash
from cleaner.sites import Memory


class Todo:
    """Sorts input files into those to do and those to keep.

    Attributes:
        kept: the names of those to keep; known when `items` was taken to its end.
    """

    def __init__(
        self,
        entries: Sequence[Input],
        outputs: Mapping[str, str],
        passes: Passes,
        settings: Settings,
        previous: Previous,
        writer_for: WriterFor,
    ) -> None:
        self.kept: set[str] = set()
        self._entries, self._outputs, self._passes = entries, outputs, passes
        self._settings, self._previous = settings, previous
        self._writer_for = writer_for
        # Bytes take half the room of hex digits, and there is one for each file of the run.
        self._digests: dict[str, bytes] = {}

    def items(self) -> Iterator[Item]:
        """The documents to do. Files are compared with what they were once, the first time."""
        for entry in self._entries:
            if entry.name not in self._digests:
                self._compare(entry)
            if entry.name not in self.kept:
                yield from self._passes.items(entry, self._digests[entry.name].hex())

    def widen(self, found: set[str], counted: Memory | None) -> bool:
        """Take to do what is unchanged, but is of a site whose memory is another than before.

        Args:
            found: the sites of the documents that are to do.
            counted: the memory that the last run counted, None if it is lost.

        Returns:
            Whether there is more to do than before.
        """
        known = self._previous.sites
        if counted is None:
            self.kept -= known.keys()
            return bool(known)
        # Sites that a document came to, left, or was changed on.
        touched = found.union(*(known[name] for name in known.keys() - self.kept))
        before = len(self.kept)
        while reached := {name for name in self.kept if not touched.isdisjoint(self._sites(name))}:
            self.kept -= reached
            touched.update(*map(self._sites, reached))
        return len(self.kept) < before

    def remembered(self, counted: Memory | None) -> Memory:
        """Of the memory that the last run counted, the sites of the files that are kept."""
        names = set().union(*map(self._sites, self.kept))
        sites = counted.sites.items() if counted else ()
        return Memory({name: site for name, site in sites if name in names})

    def _sites(self, name: str) -> frozenset[str]:
        return self._previous.sites.get(name, frozenset())

    def _compare(self, entry: Input) -> None:
        settings, previous = self._settings, self._previous
        output, writer = self._outputs[entry.name], self._writer_for(entry.format)
        digest = ""
        if entry.format in RECORD_FORMATS and not entry.error:
            skipped: Counter[str] = Counter()
            same = not settings.redo and previous.unchanged_records(
                entry, settings.column, settings.key(), output, writer, skipped
            )
            self._passes.skipped[entry.name] = skipped
        else:
            digest = _hash(entry)
            key = settings.key(settings.urls.get(entry.name, ""))
            same = not settings.redo and previous.unchanged(entry, digest, key, output, writer)
        self._digests[entry.name] = bytes.fromhex(digest)
        if same:
            self.kept.add(entry.name)


def _hash(entry: Input) -> str:
    """The hash of a file of one document, "" if it can't be had: reading it will say why."""
    if entry.error or entry.format is None:
        return ""
    try:
        return file_hash(entry.path, entry.format)
    except DocumentError:
        return ""
