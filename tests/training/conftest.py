"""Labelled documents of our own, small enough to count by hand."""

import json
from pathlib import Path

import pytest

from cleaner.training import corpus
from cleaner.training.corpus import Labelled

OWN = Path(__file__).parents[2] / "corpus" / "own"


@pytest.fixture(scope="session")
def own() -> list[Labelled]:
    """The corpus that we wrote."""
    return corpus.load([OWN])


@pytest.fixture(scope="session")
def few(own) -> list[Labelled]:
    """A part of it that a model can be fitted on in seconds."""
    return own[::8]


@pytest.fixture(scope="session")
def public() -> list[Path]:
    """The labels of public collections."""
    return corpus.files(OWN.parent / "public")


@pytest.fixture(scope="session")
def small_fits():
    """Grow few trees: what is tested of a fit here doesn't depend on how good it is."""
    from sklearn.ensemble import HistGradientBoostingClassifier as Boosting

    whole = Boosting.fit

    def fit(self, *args, **kwargs):
        return whole(self.set_params(max_iter=2), *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Boosting, "fit", fit)
        yield


@pytest.fixture
def write(tmp_path):
    """Write records as JSON lines into a file of this name."""

    def call(name: str, *records: object) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
        return path

    return call


@pytest.fixture
def record():
    """A corpus line: an article with a plug paragraph, and one with a plug inside."""
    return {
        "id": "d1",
        "collection": "mill",
        "site": "www.millpost.example",
        "kind": "local",
        "title": "The weir holds",
        "text": "The weir held all night.\n\n  Join us! Engineers left at six.\nSubscribe now.",
        "labels": ["content", "content", "content", "subscribe"],
        "spans": [{"paragraph": 2, "start": 2, "end": 10, "label": "subscribe"}],
    }
