"""How a batch runs, and which of it decides a result."""

import hashlib
import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cleaner import __version__
from cleaner.batch.pool import Limits
from cleaner.document import OutputFormat
from cleaner.pipeline import Cleaner
from cleaner.readers.html import EXTRACTION

# Called with (stage, documents done, documents known so far, of these failed).
Progress = Callable[[str, int, int, int], None]


@dataclass(frozen=True)
class Settings:
    """How a batch runs.

    Attributes:
        cleaner: the flow with its settings.
        workers: processes; None for one a core, or none at all for a little input.
        urls: where text files were published, by `Input.name`.
        progress: told how far it is.
        column: the field or column that holds the text; None to go by the usual names.
        form: the chosen format of the outputs, for run.json; None for the usual ones.
        redo: do everything again, whatever an earlier run left.
        limits: what one document may take.
        files: what is read beside the PATHs, and so not written over.
    """

    cleaner: Cleaner
    workers: int | None = None
    urls: Mapping[str, str] = field(default_factory=dict)
    progress: Progress | None = None
    column: str | None = None
    form: OutputFormat | None = None
    redo: bool = False
    limits: Limits = field(default_factory=Limits)
    files: tuple[Path, ...] = ()

    @property
    def counting(self) -> bool:
        """Whether a run counts what recurs on its sites: not if it is given a site memory."""
        return self.cleaner.site_memory is None

    @cached_property
    def deciding(self) -> dict[str, Any]:
        """Everything beside the input that decides a result, for run.json and `key`.

        Raises:
            ModelError: there is no such model.
            ProfileError: the site memory can't be read.
        """
        model = self.cleaner.classifier.model
        return {
            "model": model.info["name"],
            "model_sha256": model.info["weights_sha256"],
            "model_info_sha256": _hash(dict(model.info)),
            "strength": self.cleaner.strength,
            "cut": sorted(self.cleaner.classifier.cut),
            "mode": self.cleaner.mode,
            "any_language": self.cleaner.any_language,
            "ratings": self.cleaner.tables.describe(),
            "require": [requirement.text for requirement in self.cleaner.requirements],
            "site_memory": "counted" if self.counting else self.cleaner.memory.fingerprint,
            "text_column": self.column,
            "format": self.form,
            "version": __version__,
            "extraction": self._extraction,
        }

    @cached_property
    def reading_key(self) -> str:
        """Names the settings that decide what is read."""
        about = {"version": __version__, "extraction": self._extraction, "count": self.counting}
        return _hash(about)

    def key(self, url: str = "") -> str:
        """Names the settings that decide a result."""
        return _hash({"settings": self._key, "url": url}) if url else self._key

    @cached_property
    def _key(self) -> str:
        return _hash(self.deciding)

    @cached_property
    def _extraction(self) -> dict[str, Any]:
        from importlib.metadata import version

        return {"trafilatura": version("trafilatura"), **EXTRACTION}

    def about(self) -> dict[str, Any]:
        """What run.json says of settings, and of what decides nothing."""
        return {
            "settings": self.deciding,
            "paths": {
                "model": _path(self.cleaner.model),
                "site_memory": None if self.counting else _path(self.cleaner.site_memory),
            },
            "version": __version__,
            "machine": {
                "host": platform.node(),
                "python": platform.python_version(),
                "workers": self.workers or os.cpu_count(),
            },
        }


def _path(given: object) -> str | None:
    """Where a file or folder that was named lies; a shipped model's name as it is."""
    if not isinstance(given, str | Path):
        return None
    return str(Path(given).absolute()) if Path(given).exists() else str(given)


def _hash(value: object) -> str:
    """The first 16 hex digits of SHA-256 over the value as JSON."""
    plain = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]
