"""The reliability model is measured on outlets and networks that it did not see."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.errors import CorpusError
from cleaner.sources.estimate import load
from cleaner.sources.ratings import Ratings
from cleaner.sources.style import NAMES
from cleaner.training import reliability_scores
from cleaner.training.outlets import Outlet, read_outlets, uncut
from cleaner.training.reliability import _folds, fit, train
from cleaner.training.reliability_scores import auc, ece, scores
from tests.conftest import ARTICLE, STORY


@pytest.fixture(autouse=True)
def _few_bootstraps(monkeypatch):
    monkeypatch.setattr(reliability_scores, "_REPEATS", 50)


def outlets(signal, *, count=120, seed=0):
    """Invented outlets: the first feature tells the rating as far as `signal` says."""
    draw = np.random.default_rng(seed)
    made = []
    for number in range(count):
        value = float(draw.uniform(0.2, 1.0))
        rows = draw.normal(size=(int(draw.integers(1, 12)), len(NAMES)))
        rows[:, 0] -= signal * value
        leaning = ("left", "right")[number % 2]
        made.append(Outlet(f"kite{number}.test", value, f"group{number // 2}", leaning, rows))
    return made


def test_a_signal_is_found_and_noise_is_not():
    found, noise = (
        auc(held_out.risk, held_out.low)
        for held_out in (fit(outlets(signal), name="x")[1] for signal in (6, 0))
    )

    assert found > 0.85
    assert 0.3 < noise < 0.7


def test_no_fold_divides_a_group():
    made = outlets(1)
    for inside, outside in _folds(made, seed=0):
        assert not {made[i].group for i in inside} & {made[i].group for i in outside}


def test_a_network_that_repeats_itself_is_no_evidence():
    # Five copies of each outlet: with the copies in other folds, noise would look like skill.
    made = [o for o in outlets(0, count=60, seed=3) for _ in range(5)]
    _, held_out = fit(made, name="x")

    assert auc(held_out.risk, held_out.low) < 0.75


def test_what_is_said_of_held_out_outlets_is_calibrated():
    _, held_out = fit(outlets(4, count=300), name="x")

    assert ece(held_out.p_low, held_out.low) < 0.08


def test_the_same_data_give_the_same_model():
    one, other = (fit(outlets(3), name="x")[0] for _ in range(2))

    assert one.info == other.info
    assert (one.weights == other.weights).all()


def test_scores_hold_intervals_and_the_audit():
    made = outlets(5)
    estimator, held_out = fit(made, name="x")
    measured = scores(made, held_out, estimator)
    middle, low, high = measured["all"]["auc"]

    assert low < middle < high
    assert set(measured["by_leaning"]["leanings"]) == {"left", "right"}
    json.dumps(measured)


def test_too_few_outlets_are_refused():
    with pytest.raises(CorpusError, match="brands"):
        fit(outlets(1, count=12), name="x")
    single = [replace(outlet, rows=outlet.rows[:1]) for outlet in outlets(1)]
    with pytest.raises(CorpusError, match="usable documents"):
        fit(single, name="x")


@pytest.fixture
def corpus(here):
    (here / "table.csv").write_text(
        "domain,pc1\n" + "".join(f"kite{n}.test,{0.3 if n % 3 else 0.9}\n" for n in range(30))
    )
    lines = [
        {
            "id": f"{n}-{k}",
            "site": f"kite{n}.test",
            "url": f"https://kite{n}.test/{k}",
            "title": "Council closes market" + "!" * (n % 3),
            "leaning": "left",
            "text": f"{k} {ARTICLE}" + f"{STORY[n % 4]} Why {n}?\n" * (n % 3),
        }
        for n in range(32)
        for k in range(6)
    ]
    lines += [{**lines[0], "id": "again"}, {**lines[0], "id": "short", "text": "It rained."}]
    (here / "articles.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return here / "articles.jsonl"


def test_outlets_are_rated_sites_with_usable_and_different_documents(corpus):
    ratings = Ratings.load(["table.csv"])
    read = {outlet.site: outlet for outlet in read_outlets(corpus, ratings, uncut)}

    assert set(read) == {f"kite{n}.test" for n in range(30)}
    assert len(read["kite0.test"].rows) == 6
    few = {o.site: o for o in read_outlets(corpus, ratings, uncut, most=2)}
    assert len(few["kite1.test"].rows) == 2


def test_training_writes_a_model_that_loads_and_a_card(corpus, here):
    train(corpus, ["table.csv"], here / "made", clean=Cleaner().clean)
    again = load(here / "made")
    card = (here / "made/README.md").read_text()

    assert again.info["outlets"] == 30
    assert "## By political leaning" in card
    assert "kite" not in card


def test_a_line_that_is_no_article_is_named(here):
    (here / "bad.jsonl").write_text('{"id": 1}\n')
    with pytest.raises(CorpusError, match=r"bad\.jsonl:1"):
        list(read_outlets(here / "bad.jsonl", Ratings(), uncut))
