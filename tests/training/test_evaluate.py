"""Scores come from documents whose sites the fit could not see."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from cleaner import model
from cleaner.document import Block, Label, Strength
from cleaner.errors import CleanerError, CorpusError
from cleaner.training import evaluate, picture, report, tables
from cleaner.training.scores import FIGURES


@pytest.fixture
def collections(few):
    """Own documents as if of two collections that share a site."""
    from dataclasses import replace

    parts = [replace(d, collection="ab"[i % 2]) for i, d in enumerate(few)]
    parts[1] = replace(parts[1], site=parts[0].site)
    return parts


def test_every_site_is_held_out_once_and_never_seen(few):
    seen = []

    def fitter(training, held_out):
        assert held_out
        assert held_out.isdisjoint(d.group for d in training)
        seen.append(held_out)
        return model.load()

    jobs = evaluate.folds(few, 3, seed=0)
    (run,) = evaluate.run_jobs(few, jobs, [Strength.MEDIUM], fitter=fitter, workers=1)

    assert sorted(site for held in seen for site in held) == sorted({d.group for d in few})
    assert sorted(d.id for d, _ in run.counts) == sorted(d.id for d in few)


def test_documents_whose_page_is_at_hand_are_measured_with_and_without_it(few):
    paged = [
        replace(d, blocks=(Block(0, len(d.paragraphs[0]), "p", 1.0, ("footer",)),))
        for d in few[::2]
    ]
    jobs = evaluate.folds([*paged, *few[1::2]], 3, seed=0)

    runs = evaluate.run_jobs(
        [*paged, *few[1::2]],
        jobs,
        [Strength.MEDIUM, Strength.LOW],
        fitter=lambda *_: model.load(),
        workers=1,
    )
    pages = [run for run in runs if run.kind == "pages"]

    assert [(run.name, run.strength) for run in pages] == [
        ("the text alone", "medium"),
        ("the text and its page", "medium"),
    ]
    for run in pages:
        assert sorted(d.id for d, _ in run.counts) == sorted(d.id for d in paged)
    text, page = (sum(counts for _, counts in run.counts) for run in pages)
    assert text.tolist() != page.tolist()
    assert "the text and its page" in str(list(report.tables(report.make(few, runs, seed=0))))


def test_what_is_left_out_takes_its_sites_with_it(collections):
    job = evaluate.leave_out(collections, "b")

    assert {collections[i].collection for i in job.test} == {"b"}
    assert 0 not in job.train, "a document of the other collection on a site of this one"
    assert len(job.train) == sum(d.collection == "a" for d in collections) - 1
    with pytest.raises(CorpusError, match="there are: a, b"):
        evaluate.leave_out(collections, "c")


def test_the_curve_trains_on_shares_of_the_same_sites(few):
    whole = evaluate.folds(few, 2, seed=0)
    curve = evaluate.learning_curve(few, whole, seed=0)

    for fold, thin, more in zip(whole, curve[:2], curve[-2:], strict=True):
        sites = [{few[i].group for i in job.train} for job in (thin, more, fold)]
        assert sites[0] < sites[1] < sites[2]
        assert len(sites[1]) == pytest.approx(len(sites[2]) / 2, abs=1)
        assert list(thin.test) == list(more.test) == list(fold.test)


def test_a_killed_worker_ends_in_a_sentence(few):
    def fitter(*_):
        import os
        import signal

        os.kill(os.getpid(), signal.SIGKILL)

    jobs = evaluate.folds(few, 2, seed=0)
    with pytest.raises(CleanerError, match="try --workers 1"):
        evaluate.run_jobs(few, jobs, [Strength.MEDIUM], fitter=fitter, workers=2)


def test_too_few_sites_for_the_folds(few):
    with pytest.raises(CorpusError, match="2 sites can't be split into 3 folds"):
        evaluate.folds(few[:2], 3, seed=0)


def test_strength_trades_loss_for_recall(few):
    runs = evaluate.run_model(few, None, list(Strength))
    figures = [run.to_dict(0)["all"]["figures"] for run in runs]

    for name in ("recall", "words_lost"):
        low, medium, high = (f[name][0] for f in figures)
        assert low <= medium <= high
    assert figures[0]["recall"][0] < figures[2]["recall"][0]


@pytest.fixture(scope="module")
def measured(few):
    runs = evaluate.run_model(few, None, [Strength.MEDIUM])
    return report.make(few, [*runs, *evaluate.run_rules(few)], seed=0)


def test_the_same_data_give_the_same_report_and_it_is_json(few, measured):
    again = evaluate.run_model(few, None, [Strength.MEDIUM])
    twice = report.make(few, [*again, *evaluate.run_rules(few)], seed=0)

    assert json.dumps(twice) == json.dumps(measured)
    assert json.loads(json.dumps(measured)) == measured


def test_a_model_beats_the_rules_that_it_replaces(measured):
    model_run, *rule_runs = measured["runs"]

    best = max(run["all"]["figures"]["f1"][0] for run in rule_runs)
    assert model_run["all"]["figures"]["f1"][0] > best + 0.1
    assert rule_runs[0]["all"]["figures"]["label_accuracy"][0] is None


def test_the_tables_fit_a_terminal_and_hold_every_figure(measured, capsys):
    shown = list(report.tables(measured))
    tables.show(shown)

    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    titles = [row[0] for row in shown[0].rows]
    assert titles == list(FIGURES.values())
    assert [row[0] for row in shown[2].rows] == [label for label in Label if label != "content"]
    for table in shown:
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_a_curve_ends_with_the_run_at_its_own_strength(measured):
    medium = measured["runs"][0]
    half = {name: [0.5, 0.5, 0.5] for name in medium["all"]["figures"]}
    low = {**medium, "strength": "low", "all": {**medium["all"], "figures": half}}
    runs = [{**run, "kind": "folds"} for run in (low, medium)] + [{**low, "kind": "curve"}]

    *_, curve = report.tables({"runs": runs})

    assert (curve.title, curve.rows[-1][:2]) == ("Learning curve", ["100% of sites", "50.0"])


def test_markdown_escapes_what_would_end_a_cell():
    table = tables.Table("t", ["a", "b"], [["x|y", "1"]])

    assert table.markdown() == "| a | b |\n| --- | --: |\n| x\\|y | 1 |\n"


def test_the_picture_is_svg_with_a_dot_for_each_bin(measured):
    part = report.main_run(measured)["all"]
    svg = picture.reliability(part["calibration"], part["figures"]["ece"][0])

    root = ET.fromstring(svg)
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}circle")) == len(part["calibration"]) > 5
    assert "%" in root.find(f"{name}title").text
    assert ET.fromstring(picture.reliability([], None)) is not None
