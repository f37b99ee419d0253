"""A regression gate: the shipped model on our own corpus, which is part of what it was trained on.

So the floors say nothing of how good it is on pages it has not seen; docs/evaluation.md does. They
catch a model folder, a feature or a flow that no longer does what it did when it was shipped.

    python tests/test_gate.py --update                      raise the floors to what is measured
    python tests/test_gate.py --update --allow-regression   let them fall, too
"""

import json
import sys
from pathlib import Path

import pytest

from cleaner import model
from cleaner.document import Strength
from cleaner.training import corpus, evaluate

HERE = Path(__file__).parent
BASELINE = HERE / "baseline.json"
FLOORS = ("f1", "precision", "recall", "promotional_recall", "label_accuracy", "plug_f1")
CEILINGS = ("words_lost", "ece")
# Room for another machine's rounding, which may move a paragraph across a threshold.
EPSILON = 0.0005


def measure():
    """What the shipped model does today, in the shape of baseline.json."""
    documents = corpus.load([HERE.parent / "corpus" / "own"])
    runs = evaluate.run_model(documents, None, list(Strength))
    figures = {run.strength: run.to_dict(0)["all"]["figures"] for run in runs}
    return {
        "model": model.load().name,
        "corpus": {
            "sha256": corpus.fingerprint(documents),
            "documents": len(documents),
            "paragraphs": sum(len(d.paragraphs) for d in documents),
        },
        "scores": {
            strength: {name: found[name][0] for name in (*FLOORS, *CEILINGS)}
            for strength, found in figures.items()
        },
    }


def regressions(pinned, today):
    """Sentences on what is worse than it was."""
    return [
        f"{strength} {name}: {now[name]} was {then[name]}"
        for strength, then in pinned["scores"].items()
        for now in [today["scores"][strength]]
        for name in (*FLOORS, *CEILINGS)
        if (now[name] - then[name]) * (-1 if name in FLOORS else 1) > EPSILON
    ]


def update(pinned, today, *, allow_regression):
    """What to write, or the regressions that forbid it."""
    worse = regressions(pinned, today) if pinned else []
    return (today, []) if allow_regression or not worse else (None, worse)


@pytest.fixture(scope="module")
def pinned():
    return json.loads(BASELINE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def today():
    return measure()


def test_the_shipped_model_is_no_worse_than_it_was(pinned, today):
    assert regressions(pinned, today) == []


def test_the_corpus_and_the_model_are_those_that_were_pinned(pinned, today):
    assert (today["model"], today["corpus"]) == (pinned["model"], pinned["corpus"])


@pytest.mark.parametrize(("name", "change"), [("f1", -0.01), ("words_lost", 0.01), ("ece", 0.01)])
def test_the_gate_closes_on_a_worse_score_and_never_falls_in_silence(pinned, name, change):
    worse = json.loads(json.dumps(pinned))
    worse["scores"]["medium"][name] += change

    assert len(regressions(pinned, worse)) == 1
    assert regressions(worse, pinned) == []
    assert update(pinned, worse, allow_regression=False)[0] is None
    assert update(pinned, worse, allow_regression=True)[0] == worse
    assert update(worse, pinned, allow_regression=False)[0] == pinned


def main():
    if "--update" not in sys.argv:
        raise SystemExit(__doc__)
    old = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else None
    new, worse = update(old, measure(), allow_regression="--allow-regression" in sys.argv)
    if new is None:
        raise SystemExit("not updated, worse than pinned:\n" + "\n".join(worse))
    BASELINE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
