"""The model folder: data only, verified before use, found wherever it is installed."""

import io
import json
import pickle
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cleaner import Label, Strength, features, model
from cleaner.errors import ModelError
from tests.conftest import ARTICLE

SHIPPED = model.find()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped model to damage."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def change(folder: Path, **fields: object) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def replace_weights(folder: Path, weights: bytes) -> None:
    """Put other weights in the folder, with the hash that belongs to them."""
    import hashlib

    (folder / "weights.npz").write_bytes(weights)
    change(folder, weights_sha256=hashlib.sha256(weights).hexdigest())


def test_the_shipped_model_loads_and_says_what_it_is():
    shipped = model.load()

    assert shipped.name == SHIPPED.name
    assert shipped.info["labels"] == [label.value for label in Label]
    words = np.array([1, 20, 500])
    low, medium, high = (shipped.thresholds(strength, words) for strength in Strength)
    assert (low >= medium).all()
    assert (medium >= high).all()
    assert (np.diff(medium) >= 0).all(), "a long paragraph has more to lose"
    assert 0 < high.min() < low.max() <= 1
    assert (SHIPPED / "README.md").is_file()


def test_a_model_is_found_by_name_and_by_path(folder):
    assert model.find(SHIPPED.name) == SHIPPED
    assert model.find(folder) == folder
    assert model.load(str(folder)).name == SHIPPED.name


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelError, match="no model at 'news-xx'"):
        model.load("news-xx")


def test_the_files_hold_data_and_nothing_else():
    assert {path.name for path in SHIPPED.iterdir()} == {"model.json", "weights.npz", "README.md"}
    with zipfile.ZipFile(SHIPPED / "weights.npz") as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
    with np.load(SHIPPED / "weights.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fiu" for name in arrays.files)


def test_damaged_weights_are_refused(folder):
    path = folder / "weights.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(ModelError, match="hash"):
        model.load(folder)


def test_a_wrong_hash_is_refused(folder):
    change(folder, weights_sha256="0" * 64)

    with pytest.raises(ModelError, match="hash"):
        model.load(folder)


def test_another_format_is_refused_and_the_message_says_what_to_do(folder):
    change(folder, format=999)

    with pytest.raises(ModelError, match=r"format 999.*upgrade"):
        model.load(folder)


class Bomb:
    """Unpickled, it would leave a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_a_pickle_in_the_weights_is_never_loaded(folder, tmp_path):
    mark = tmp_path / "executed"
    with np.load(folder / "weights.npz") as archive:
        arrays = {name: archive[name] for name in archive.files}
    arrays["bias"] = np.array([Bomb(mark)], dtype=object)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    replace_weights(folder, buffer.getvalue())

    with pytest.raises(ModelError):
        model.load(folder)
    replace_weights(folder, pickle.dumps(Bomb(mark)))
    with pytest.raises(ModelError):
        model.load(folder)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("model.json", b"{", id="broken json"),
        pytest.param("model.json", b"[]", id="json of another shape"),
        pytest.param("model.json", b"{}", id="empty json"),
        pytest.param("model.json", b"\xff\xfe", id="json that is not text"),
        pytest.param("weights.npz", b"", id="empty weights"),
    ],
)
def test_files_that_are_no_model_are_one_clear_error(folder, name, content):
    (folder / name).write_bytes(content)

    with pytest.raises(ModelError, match="model"):
        model.load(folder)


def test_weights_that_are_missing_arrays_are_one_clear_error(folder):
    buffer = io.BytesIO()
    np.savez(buffer, table=np.zeros((1, 1)))
    replace_weights(folder, buffer.getvalue())

    with pytest.raises(ModelError):
        model.load(folder)
    (folder / "weights.npz").unlink()
    with pytest.raises(ModelError):
        model.load(folder)


def test_a_saved_model_is_the_same_model_and_the_same_bytes(tmp_path):
    shipped = model.load()
    texts = ARTICLE.split("\n\n")

    shipped.save(tmp_path / "one", "card")
    shipped.save(tmp_path / "two", "card")
    again = model.load(tmp_path / "one")

    for name in ("model.json", "weights.npz", "README.md"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    rng = np.random.default_rng(0)
    page = features.Published(
        rng.uniform(-1, 1, (len(texts), len(features.PUBLISHED))).astype(np.float32),
        rng.integers(-1, 2, (len(texts), 3)),
    )
    for published in (None, page):
        np.testing.assert_array_equal(
            again.score(again.read(texts), published).boilerplate,
            shipped.score(shipped.read(texts), published).boilerplate,
        )


def test_a_model_that_knows_no_pages_judges_them_by_their_text(tmp_path):
    shipped = model.load()
    calibration = {of: by for of, by in shipped.info["calibration"].items() if of != "page"}
    bare = replace(shipped, info={**shipped.info, "calibration": calibration}, page_trees=None)
    texts = ARTICLE.split("\n\n")
    page = np.ones((len(texts), len(features.PUBLISHED)), dtype=np.float32)

    bare.save(tmp_path / "bare", "card")
    again = model.load(tmp_path / "bare")

    assert again.page_trees is None
    np.testing.assert_array_equal(
        again.score(again.read(texts), page).boilerplate,
        shipped.score(shipped.read(texts)).boilerplate,
    )


@pytest.mark.parametrize("part", features.COLUMNS)
def test_a_model_of_other_features_is_refused(folder, part):
    info = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    info["features"][part].reverse()
    (folder / "model.json").write_text(json.dumps(info), encoding="utf-8")

    with pytest.raises(ModelError, match="other features"):
        model.load(folder)


def test_a_model_of_other_labels_is_refused(folder):
    change(folder, labels=[label.value for label in reversed(Label)])

    with pytest.raises(ModelError, match="other features"):
        model.load(folder)


def test_scores_are_probabilities():
    shipped = model.load()
    scores = shipped.score(shipped.read(ARTICLE.split("\n\n")))

    assert ((scores.boilerplate >= 0) & (scores.boilerplate <= 1)).all()
    np.testing.assert_allclose(scores.labels.sum(axis=1), 1, atol=1e-6)
