"""Everything that cleaner raises on purpose.

CleanerError
├── SetupError            wrong use or set-up: the command line ends with exit code 2
│   ├── ModelError        a model folder is missing, damaged or of another format
│   ├── ProfileError      a site memory profile can't be read
│   ├── RatingsError      a rating table can't be read
│   ├── CorpusError       labelled data can't be used
│   └── MissingExtraError an optional library is not installed; the message names the install line
└── DocumentError         one document can't be used; a batch records it and goes on
    ├── UnreadableError   missing, not permitted, truncated or corrupt
    ├── BinaryError       not text
    ├── EncodingError     no encoding gives the bytes back
    ├── RecordError       a line or row that holds no document
    └── TooLargeError     over a size limit; refused, not failed
"""


class CleanerError(Exception):
    """Base of every error that cleaner raises on purpose."""


class SetupError(CleanerError):
    """Wrong use or set-up: nothing was done, the message says what to change."""


class ModelError(SetupError):
    """A model folder is missing, damaged or of a format this version can't read."""


class ProfileError(SetupError):
    """A site memory profile can't be read."""


class RatingsError(SetupError):
    """A rating table or overrides file can't be read."""


class CorpusError(SetupError):
    """Labelled data is missing, inconsistent or can't be rebuilt."""


class MissingExtraError(SetupError):
    """An optional library is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        # As they were given: an error that comes from a worker is made again from these.
        super().__init__(what, extra)

    def __str__(self) -> str:
        what, extra = self.args
        return f"{what} needs an extra: pip install 'article-cleaner[{extra}]'"


class DocumentError(CleanerError):
    """One document can't be used. In a batch this becomes a row of the manifest."""


class UnreadableError(DocumentError):
    """The bytes can't be had: missing, not permitted, truncated or corrupt."""


class BinaryError(DocumentError):
    """The bytes are not text."""


class EncodingError(DocumentError):
    """No encoding we know decodes the bytes and encodes back to the same bytes."""


class RecordError(DocumentError):
    """A line or row holds no document: broken JSON, no text."""


class TooLargeError(DocumentError):
    """The document is over a size limit. Its status is `refused`."""
