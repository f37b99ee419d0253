"""The step that cleans."""

from collections.abc import Iterable, Iterator
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from cleaner.integrations.records import clean_record
from cleaner.pipeline import Cleaner


class Clean(PipelineStep):
    """Cleans each document; none is dropped.

    `url`, `title` and the like in the metadata are used. What was done is in `metadata["cleaner"]`,
    as `cleaner clean -` writes it. Stats: documents by status and flag, words cut by label.
    """

    type, name = "✂️ - FORMAT", "🧹 cleaner"

    def __init__(self, cleaner: Cleaner | None = None) -> None:
        super().__init__()
        self.cleaner = cleaner or Cleaner()

    def run(
        self,
        data: Iterable[Document],
        rank: int = 0,  # noqa: ARG002 - datatrove's interface
        world_size: int = 1,  # noqa: ARG002 - as above
    ) -> Iterator[Document]:
        """Clean the documents of a task, one by one."""
        for document in data:
            with self.track_time():
                record = clean_record(record_of(document), self.cleaner)
            document.text, document.metadata["cleaner"] = record["text"], record["cleaner"]
            self._count(record["cleaner"])
            yield document

    def _count(self, done: dict[str, Any]) -> None:
        self.stat_update("total", done["status"], *done["flags"])
        for span in done["removed"] or done.get("flagged", ()):
            self.stat_update(f"words_{span['label']}", value=len(span["text"].split()), unit="doc")


def record_of(document: Document) -> dict[str, Any]:
    """A datatrove document as a record."""
    return {**document.metadata, "id": document.id, "text": document.text}
