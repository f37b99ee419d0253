"""Steps for datatrove pipelines: `Clean`, and the pair `CountSites` and `MergeSites`."""

from cleaner.errors import MissingExtraError

try:
    import datatrove.pipeline.base  # noqa: F401 - only to say what is missing
except ImportError as error:
    raise MissingExtraError("a datatrove step", "datatrove") from error

from cleaner.integrations.datatrove.clean import Clean
from cleaner.integrations.datatrove.sites import CountSites, MergeSites

__all__ = ["Clean", "CountSites", "MergeSites"]
