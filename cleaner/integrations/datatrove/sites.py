"""Site memory in two stages, like datatrove's sentence dedup: any tasks count, shards merge."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

from datatrove.data import Document
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep

from cleaner.integrations import memory, runs
from cleaner.integrations.datatrove.clean import record_of
from cleaner.integrations.records import read


class CountSites(PipelineStep):
    """Stage 1, behind a reader: counts on how many pages of its site each text stands.

    Args:
        counts: folder for the counts, by shard and task; a task that is run again writes the same.
        shards: how many tasks stage 2 has.
    """

    type, name = "🫂 - DEDUPS", "🧹 cleaner site memory, stage 1"

    def __init__(self, counts: DataFolderLike, shards: int = 1) -> None:
        super().__init__()
        self.counts = get_datafolder(counts)
        self.shards = shards

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> None:  # noqa: ARG002 - datatrove's interface
        """Count the documents of a task."""
        for number, run in enumerate(runs.runs(self._rows(data))):
            for shard, rows in enumerate(runs.sharded(run, self.shards)):
                name = f"{shard:05d}/{rank:05d}-{number:05d}.tsv.gz"
                with self.counts.open(name, "wb") as stream:
                    runs.write(rows, stream)

    def _rows(self, data: Iterable[Document]) -> Iterator[runs.Row]:
        for document in data:
            self.stat_update("total")
            with self.track_time():
                yield from memory.rows_of(read(record_of(document)))


class MergeSites(PipelineStep):
    """Stage 2, alone, with as many tasks as shards: merges the counts into `SHARD.txt`.

    Each is a site memory profile; so is what `cat` makes of them.
    """

    type, name = "🫂 - DEDUPS", "🧹 cleaner site memory, stage 2"

    def __init__(self, counts: DataFolderLike, profiles: DataFolderLike) -> None:
        super().__init__()
        self.counts = get_datafolder(counts)
        self.profiles = get_datafolder(profiles)

    def run(self, data: object = None, rank: int = 0, world_size: int = 1) -> None:  # noqa: ARG002 - datatrove's interface
        """Merge a shard."""
        with ExitStack() as stack, self.profiles.open(f"{rank:05d}.txt", "wb") as profile:
            files = [
                stack.enter_context(self.counts.open(name, "rb"))
                for name in self.counts.list_files(f"{rank:05d}")
            ]
            for line in memory.profile(memory.merged(map(runs.read, files))):
                profile.write(f"{line}\n".encode("utf-8", "surrogatepass"))
