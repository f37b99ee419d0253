"""What a cut did, counted by hand on documents of a few words."""

import numpy as np
import pytest

from cleaner.document import Label, Removed, Unit, Verdict
from cleaner.training import measure, rules, scores
from cleaner.training.corpus import Labelled, Span
from cleaner.training.measure import LABELS, UNNAMED

PARAGRAPHS = ("The weir held.", "Join us now! The men went home.", "Read more here")
LABELS_OF = (Label.CONTENT, Label.CONTENT, Label.RELATED)


def document(*, read=True):
    spans = (Span(1, 0, 12, Label.SUBSCRIBE),) if read else ()
    unread = frozenset() if read else frozenset({1})
    return Labelled("1", "c", "a.example", "", PARAGRAPHS, LABELS_OF, spans, frozenset({1}), unread)


def cut(*pieces, label=Label.RELATED):
    text = "\n".join(PARAGRAPHS)
    starts = [text.index(piece) for piece in pieces]
    return [
        Removed(start, start + len(piece), label, 0.9, piece)
        for start, piece in zip(starts, pieces, strict=True)
    ]


def table(counts):
    return counts[measure.CONFUSION].reshape(len(LABELS), -1)


def figures(counts):
    return {name: float(value) for name, value in scores.figures(counts).items()}


def test_nothing_cut_is_nothing_lost_and_nothing_found():
    counts = measure.count(document(), [])

    assert counts[measure.WORDS] == 7
    assert counts[measure.WORDS_LOST] == counts[measure.CHARS_LOST] == 0
    assert table(counts)[0, 0] == 2
    assert figures(counts)["recall"] == 0
    assert np.isnan(figures(counts)["precision"])


def test_a_plug_inside_content_is_no_loss_and_its_neighbour_is():
    counts = measure.count(document(), cut("Join us now! The"))

    assert counts[measure.WORDS_LOST] == 1
    assert counts[measure.CHARS_LOST] == 3
    assert counts[measure.PLUG] == counts[measure.PLUG_CUT] == len("Joinusnow!")
    assert counts[measure.MIXED_CUT] == len("Joinusnow!The")
    assert table(counts)[0, 0] == 2, "most of the paragraph's own words stay"


@pytest.mark.parametrize(("piece", "is_cut"), [("Read mo", True), ("Read m", False)])
def test_boilerplate_is_cut_when_half_of_its_characters_are(piece, is_cut):
    counts = measure.count(document(), cut(piece))

    related = LABELS.index(Label.RELATED)
    assert table(counts)[related, related] == is_cut
    assert table(counts)[related, 0] == (not is_cut)


def test_where_the_plug_is_unknown_nothing_is_said_of_content_lost():
    counts = measure.count(document(read=False), cut(PARAGRAPHS[1]))

    assert counts[measure.WORDS] == 3
    assert counts[measure.WORDS_LOST] == counts[measure.PLUG] == counts[measure.MIXED_CUT] == 0
    assert table(counts)[0, LABELS.index(Label.RELATED)] == 1, "but all of it was too much"


def test_the_label_is_that_of_most_characters_and_content_is_none():
    wrong = measure.count(document(), cut(PARAGRAPHS[2], label=Label.SOCIAL))
    none = measure.count(document(), cut(PARAGRAPHS[2], label=Label.CONTENT))

    related = LABELS.index(Label.RELATED)
    assert table(wrong)[related, LABELS.index(Label.SOCIAL)] == 1
    assert table(none)[related, UNNAMED] == 1
    assert figures(wrong)["label_accuracy"] == 0
    assert figures(wrong)["recall"] == figures(wrong)["promotional_recall"] == 1


def test_scores_are_held_against_the_truth_of_units():
    text = "\n".join(PARAGRAPHS)
    units = [Unit(0, 14), Unit(15, 27), Unit(28, 46), Unit(47, len(text))]
    verdicts = [
        Verdict(unit, Label.CONTENT, score, keep=True)
        for unit, score in zip(units, (0.0, 1.0, 0.25, 0.5), strict=True)
    ]

    counts = measure.count(document(), [], verdicts)

    assert counts[measure.UNITS].sum() == 4
    assert counts[measure.POSITIVES].sum() == 2
    assert figures(counts)["ece"] == pytest.approx((0 + 0 + 0.25 + 0.5) / 4)
    assert measure.count(document(read=False), [], verdicts)[measure.UNITS].sum() == 2


def test_perfect_cuts_score_one():
    counts = measure.count(
        document(), [*cut("Join us now!", label=Label.SUBSCRIBE), *cut(PARAGRAPHS[2])]
    )

    found = figures(counts)
    ones = ("f1", "precision", "recall", "label_accuracy", "label_accuracy_cut", "plug_f1")
    assert {found[name] for name in ones} == {1.0}
    assert found["words_lost"] == 0
    assert found["related.f1"] == 1


def test_counts_of_documents_add_up():
    parts = [measure.count(document(), cut("The")), measure.count(document(), cut(PARAGRAPHS[2]))]

    summed = scores.by_site(["a", "a"], parts)

    assert figures(summed["a"])["words_lost"] == pytest.approx(1 / 14)
    assert figures(summed["a"])["recall"] == 0.5


def test_the_interval_is_over_sites_and_a_lone_site_has_none():
    good = measure.count(document(), cut(PARAGRAPHS[2]))
    bad = measure.count(document(), [])

    many = scores.summary({str(i): good if i % 2 else bad for i in range(40)})["figures"]["recall"]
    few = scores.summary({str(i): good if i % 2 else bad for i in range(4)})["figures"]["recall"]
    lone = scores.summary({"a": good})["figures"]["recall"]

    assert many[0] == few[0] == 0.5
    assert 0 <= few[1] < many[1] < 0.5 < many[2] < few[2] <= 1
    assert lone == [1.0, None, None]


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(7)
    hit = 0
    for seed in range(100):
        sites = {}
        for i in range(60):
            part = np.zeros(measure.SIZE)
            part[measure.WORDS], part[measure.WORDS_LOST] = 100, rng.binomial(100, 0.1)
            sites[str(i)] = part
        _, low, high = scores.summary(sites, seed)["figures"]["words_lost"]
        hit += low <= 0.1 <= high

    assert 88 <= hit <= 99


@pytest.mark.parametrize(
    ("rule", "line", "is_cut"),
    [
        (rules.keywords, "Sign up for our letter", True),
        (rules.keywords, "The dam held.", False),
        (rules.c4, "The dam held through the night.", False),
        (rules.c4, "The dam held through the night", True),
        (rules.c4, "The dam held.", True),
        (rules.c4, "Please enable JavaScript to read the whole story.", True),
        (rules.c4, "He left, and the story trails off ...", True),
        (rules.refinedweb, "TERMS AND CONDITIONS apply", True),
        (rules.refinedweb, "3 likes", True),
        (rules.refinedweb, "2019", True),
        (rules.refinedweb, "Home", True),
        (rules.refinedweb, "Sign in to read on", True),
        (rules.refinedweb, "The dam held through the night", False),
    ],
)
def test_rules_cut_lines(rule, line, is_cut):
    d = Labelled("1", "c", "", "", ("First.", line), (Label.CONTENT, Label.CONTENT))

    assert rule(line) is is_cut
    assert [r.text for r in rules.removed(d, lambda text: text == line)] == [line]
