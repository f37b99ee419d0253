"""docs/evaluation.md shows what was measured and nothing else."""

import json

from benchmarks import quality


def test_the_page_is_that_of_its_figures():
    figures = json.loads(quality.FIGURES.read_text(encoding="utf-8"))

    assert quality.PAGE.read_text(encoding="utf-8") == quality.page(figures)


def test_a_part_measured_again_replaces_itself_only_and_only_on_the_same_documents():
    def figures(sha, *runs):
        return {
            "corpus": {"sha256": sha},
            "runs": [{"kind": kind, "name": name} for kind, name in runs],
        }

    old = figures("a", ("folds", "then"), ("rules", "then"))
    again = quality.merged(old, figures("a", ("folds", "now")))

    assert [run["name"] for run in again["runs"]] == ["now", "then"]
    other = figures("b", ("folds", "now"))
    assert quality.merged(old, other) == other
    assert quality.merged(None, other) == other
