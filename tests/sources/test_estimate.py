"""An estimate is a band with reasons, or an abstention with reasons; the model is only data."""

import json
import shutil

import numpy as np
import pytest

from cleaner import model
from cleaner.errors import ModelError
from cleaner.sources.estimate import MIN_DOCUMENTS, Band, Estimator, load, rows_of
from cleaner.sources.style import NAMES

MEAN, SCALE = np.zeros(len(NAMES)), np.ones(len(NAMES))
WEIGHTS = np.zeros(len(NAMES))
WEIGHTS[:2] = 1.0, -0.5
INFO = {
    "name": "made-up",
    "base_rate": 0.2,
    "shrinkage": 5.0,
    "farthest": 2.0,
    "calibration": {"slope": 2.0, "intercept": -1.5},
    "bands": {"look_closer": 0.4, "no_warning": 0.06},
}
MADE = Estimator(INFO, WEIGHTS, MEAN, SCALE)


def rows(count, first=0.0, second=0.0):
    made = np.zeros((count, len(NAMES)))
    made[:, 0], made[:, 1] = first, second
    return made


def test_signals_add_up_to_the_probability():
    estimate = MADE.estimate(rows(10, 1.0, -2.0), 12)
    odds = sum(signal.weight for signal in estimate.signals) - 1.5

    assert estimate.p_low == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-3)
    assert [s.signal for s in estimate.signals[:2]] == [NAMES[0], NAMES[1]]
    assert (estimate.documents, estimate.used, estimate.base_rate) == (12, 10, 0.2)


@pytest.mark.parametrize(
    ("first", "band"),
    [(3.0, Band.LOOK_CLOSER), (0.0, Band.INCONCLUSIVE), (-3.0, Band.NO_WARNING)],
)
def test_the_band_follows_from_the_probability(first, band):
    assert MADE.estimate(rows(10, first), 10).band is band


def test_few_documents_move_less():
    few, many = MADE.estimate(rows(5, 2.0), 5), MADE.estimate(rows(50, 2.0), 50)

    assert MADE.estimate(rows(5), 5).p_low < few.p_low < many.p_low


def test_one_wild_feature_does_not_decide():
    assert MADE.estimate(rows(9, 4.0), 9).p_low == MADE.estimate(rows(9, 9.0), 9).p_low


@pytest.mark.parametrize(
    ("count", "value", "barred", "why"),
    [
        (MIN_DOCUMENTS - 1, 0.0, (), "fewer than 5"),
        (0, 0.0, (), "fewer than 5"),
        (9, 99.0, (), "unlike any outlet"),
        (9, 0.0, ("an account on a platform",), "an account on a platform"),
    ],
)
def test_thin_evidence_gives_no_number(count, value, barred, why):
    estimate = MADE.estimate(rows(count, value), count, barred)

    assert (estimate.band, estimate.p_low, estimate.signals) == (None, None, ())
    assert why in " ".join(estimate.abstained)


def test_missing_headlines_count_as_usual():
    some = rows(8, 1.0)
    some[:, -1] = np.nan
    some[:4, 0] = np.nan

    assert MADE.estimate(some, 8).p_low == MADE.estimate(rows(8, 1.0), 8).p_low


def test_rows_of_reads_what_json_wrote():
    made = rows_of([[None, *[1.0] * (len(NAMES) - 1)]])

    assert made.shape == (1, len(NAMES))
    assert np.isnan(made[0, 0])
    assert rows_of([]).shape == (0, len(NAMES))


def test_a_saved_model_says_the_same(tmp_path):
    MADE.save(tmp_path / "made-up", "# made-up\n")
    again = load(tmp_path / "made-up")

    assert again.estimate(rows(7, 1.5), 7) == MADE.estimate(rows(7, 1.5), 7)
    first = (tmp_path / "made-up" / "weights.npz").read_bytes()
    MADE.save(tmp_path / "made-up", "# made-up\n")
    assert (tmp_path / "made-up" / "weights.npz").read_bytes() == first


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("weights_sha256", "0" * 64, "does not match its hash"),
        ("features", ["length"], "other features"),
        ("kind", "labels", "no reliability model"),
        ("format", 99, "no reliability model"),
    ],
)
def test_a_damaged_or_foreign_model_is_refused(tmp_path, key, value, message):
    folder = tmp_path / key
    shutil.copytree(model.find("reliability-en-1"), folder)
    info = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**info, key: value}))

    with pytest.raises(ModelError, match=message):
        load(folder)


def test_the_two_kinds_of_model_are_not_mistaken_for_each_other():
    with pytest.raises(ModelError):
        load("news-en-11")
    with pytest.raises(ModelError):
        model.load("reliability-en-1")


def test_the_shipped_model_met_its_targets_on_outlets_it_had_not_seen():
    scores = load().info["scores"]["enough_documents"]

    assert scores["auc"][0] >= 0.78
    assert scores["auc"][1] >= 0.70  # lower end of the interval
    assert scores["ece"] <= 0.05
    assert scores["no_warning"]["missed"] <= 0.05
    assert scores["look_closer"]["times_base_rate"] >= 2.5


def test_the_shipped_model_knows_no_names_and_stays_small():
    shipped = load()

    assert shipped.info["features"] == list(NAMES)
    assert shipped.weights.shape == (len(NAMES),)
    assert not [name for name in NAMES if "." in name]
