"""Markdown: what is known of the document as YAML front matter, and the same text below."""

import json
import re
from dataclasses import dataclass
from typing import ClassVar

from cleaner.batch.rows import given_id
from cleaner.batch.work import Outcome
from cleaner.batch.writer import TextWriter
from cleaner.document import Mode

_FENCE = "---\n"
# A JSON string is one of YAML but for the line ends and controls that YAML knows and JSON does not.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


@dataclass(frozen=True)
class MarkdownWriter(TextWriter):
    """Front matter and the cleaned text."""

    suffix: str = ".md"
    fields: ClassVar[tuple[str, ...]] = ("title", "url", "date", "author")

    def body(self, outcome: Outcome, mode: Mode) -> str | None:  # noqa: ARG002 - the text says it
        """The front matter, always there so that it can be taken away again, and the text."""
        document, result = outcome.document, outcome.result
        if document is None or result is None:
            return None
        known = {"id": given_id(outcome)}
        known |= {name: value for name in self.fields if (value := getattr(document, name))}
        lines = "".join(f"{name}: {_yaml(value)}\n" for name, value in known.items())
        return f"{_FENCE}{lines}{_FENCE}\n{result.text}"

    def kept(self, content: str) -> str:
        """The text below the front matter."""
        return content.partition(f"\n{_FENCE}\n")[2]


def _yaml(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_IN_YAML.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
