"""Cleaner: what is cut follows from strength and choice, and what needs a look is flagged."""

import copy
import gc
import pickle
import sys
import threading
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, CleanerError, Document, Flag, Label, Strength
from cleaner.classify import Classifier
from cleaner.document import Verdict
from cleaner.errors import SetupError, TooLargeError
from cleaner.model import Model
from cleaner.pipeline import parse_labels
from cleaner.sites import Memory, Site, fold
from tests.conftest import ARTICLE, CLEANED, GERMAN, PLUG, STORY, STUB

SCRAPS = [
    *STORY,
    PLUG,
    STUB,
    "Follow us on Facebook",
    "Read more: Ferry timetable to change in June",
    "© 2024 Quay Courier. All rights reserved.",
    "By Maren Lund",
    "Photo: J. Ek",
    "Please support our work with a donation.",
    "“It rains in,” said a trader, “and nobody comes.”",
]
AT = {strength: Cleaner(strength=strength) for strength in Strength}  # in ascending order
SCRAPED = st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=14).map("\n".join)


@pytest.mark.parametrize(
    ("sentences", "lines", "stays"), [(2, 0, False), (6, 0, True), (6, 2, False), (40, 2, True)]
)
def test_a_long_line_is_not_cut_whole_for_its_ends(cleaner, monkeypatch, sentences, lines, stays):
    def first_is_plug(_self, _document, parts, *_):
        first, *rest = parts.units[: parts.count]
        plug = Verdict(first, Label.PRODUCT, 0.9, keep=False, kind=Label.PRODUCT)
        return [plug, *(Verdict(unit, Label.CONTENT, 0.1, keep=True) for unit in rest)]

    monkeypatch.setattr(Classifier, "_whole", first_is_plug)
    told = [f"The {n} boats of the fleet came home on Tuesday." for n in range(sentences)]

    result = cleaner.clean("\n".join([" ".join([*told, PLUG]), *STORY[:lines]]))

    assert (" ".join(told) in result.text) is stays
    assert PLUG not in result.text


@pytest.mark.parametrize(("score", "stays"), [(0.55, True), (0.9, False)])
def test_a_paragraph_mostly_of_plugs_goes_whole_where_they_score_enough_for_one(
    cleaner, monkeypatch, score, stays
):
    def content(_self, _document, parts, *_):
        return [Verdict(unit, Label.CONTENT, 0.1, keep=True) for unit in parts.units[: parts.count]]

    def all_but_the_first(self, read, *_):
        found = scored(self, read, *_)
        boilerplate = np.full(len(found.boilerplate), 0.01)
        boilerplate[1:4] = score
        return replace(found, boilerplate=boilerplate)

    scored = Model.score_sentences
    monkeypatch.setattr(Classifier, "_whole", content)
    monkeypatch.setattr(Model, "score_sentences", all_but_the_first)
    mixed = f"The shop was founded in May. {PLUG} {PLUG} {PLUG}"

    result = cleaner.clean("\n".join([mixed, *STORY]))

    assert (mixed in result.text) is stays
    assert ("founded" in result.text) is stays
    assert result.text.endswith("\n".join(STORY))


def test_the_plug_and_the_stub_go_and_the_story_stays(cleaner):
    result = cleaner.clean(ARTICLE)

    assert result.text == CLEANED
    assert [span.text.strip() for span in result.removed] == [PLUG, STUB]
    assert result.removed[0].label is Label.SUBSCRIBE
    assert result.flags == ()


def test_without_its_source_a_document_is_cleaned_the_same(cleaner):
    document = Document("1", ARTICLE, url="https://www.bbc.co.uk/news/1")
    alone, sourced = cleaner.clean(document, sourced=False), cleaner.clean(document)

    assert sourced.source["publisher"]
    assert (alone.text, alone.verdicts, alone.source) == (sourced.text, sourced.verdicts, {})


def test_what_needs_the_source_has_it():
    document = Document("1", ARTICLE)
    result = Cleaner(require="known").clean(document, sourced=False)

    assert result.text.strip() == ""
    assert result.source["unmet"] == ["known"]


@given(SCRAPED)
def test_a_greater_strength_cuts_what_a_lesser_cuts_and_more(text):
    low, medium, high = ({v.unit for v in c.label(text) if not v.keep} for c in AT.values())

    assert low <= medium <= high


@given(SCRAPED)
def test_labels_and_scores_are_the_same_at_every_strength(text):
    low, medium, high = ([(v.unit, v.label, v.score) for v in c.label(text)] for c in AT.values())

    assert low == medium == high


@settings(max_examples=10)  # each loads the model twice
@given(SCRAPED, st.sets(st.sampled_from(sorted(set(Label) - {Label.CONTENT}))))
def test_keeping_labels_is_stripping_the_others(text, labels):
    others = set(Label) - {Label.CONTENT} - labels

    assert Cleaner(keep=labels).clean(text).text == Cleaner(strip=others).clean(text).text


def test_stripping_nothing_keeps_everything():
    assert Cleaner(strip="").clean(ARTICLE).text == ARTICLE


def test_scores_are_written_to_four_decimals_and_are_probabilities(cleaner):
    scores = [verdict.score for verdict in cleaner.label(ARTICLE)]

    assert all(0 <= score <= 1 and round(score, 4) == score for score in scores)


def test_flag_mode_leaves_the_text_whole_and_records_the_verdicts(cleaner):
    result = Cleaner(mode="flag").clean(ARTICLE)

    assert result.text == ARTICLE
    assert result.removed == ()
    assert result.verdicts == cleaner.label(ARTICLE)
    assert [ARTICLE[v.unit.start : v.unit.end] for v in result.verdicts if not v.keep] == [
        PLUG,
        STUB,
    ]


def test_a_language_not_trained_for_is_kept_whole_and_flagged(cleaner):
    result = cleaner.clean(GERMAN)

    assert result.text == GERMAN
    assert result.flags == (Flag.LANGUAGE,)
    assert all(verdict.keep for verdict in result.verdicts)
    assert len(result.verdicts) == 2


def test_any_language_judges_it_all_the_same():
    assert Flag.LANGUAGE not in Cleaner(any_language=True).clean(GERMAN).flags


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "\u2028\n"])
def test_a_document_without_text_is_flagged_empty(cleaner, text):
    result = cleaner.clean(text)

    assert (result.text, result.verdicts, result.flags) == (text, (), (Flag.EMPTY,))


def test_a_document_of_which_nothing_is_left_is_flagged_emptied():
    result = Cleaner(strength="high").clean(f"{PLUG}\n\nFollow us on Facebook\n\n{STUB}")

    assert result.text == ""
    assert Flag.EMPTIED in result.flags


def test_a_document_that_lost_most_of_its_text_is_flagged(cleaner):
    result = cleaner.clean("\n".join([*STORY[:2], *[PLUG] * 9, STUB]))

    assert STORY[0] in result.text
    assert result.flags == (Flag.OVER_CAP,)


def test_a_document_with_too_many_paragraphs_is_refused(cleaner):
    with pytest.raises(TooLargeError, match="paragraphs"):
        cleaner.clean("x\n" * 250_000)


def test_documents_are_cleaned_in_order_and_each_alone(cleaner):
    texts = [ARTICLE, PLUG, "", ARTICLE]

    assert [r.text for r in cleaner.clean_many(texts)] == [cleaner.clean(t).text for t in texts]


def test_a_document_and_its_text_give_the_same(cleaner):
    assert cleaner.clean(Document("a", ARTICLE)).verdicts == cleaner.clean(ARTICLE).verdicts


INSERT = "Ann Mary LeeTraders put off strike Who owns the quay? MORE"


@pytest.mark.parametrize("after", ["’s aide.", ", who left.", " (D) said that it rains in.", "."])
def test_links_behind_a_name_go_at_every_strength_and_their_sentence_stays(after):
    told = "The council told Sen. Ann Lee"
    text = "\n".join([*STORY, f"{told} {INSERT}{after}"])

    for cleaner in AT.values():
        result = cleaner.clean(text)

        assert result.text == "\n".join([*STORY, told + after])
        assert [(span.label, span.score) for span in result.removed] == [(Label.RELATED, 1.0)]
    assert Cleaner(keep="related").clean(text).text == text
    (evidence,) = [e for e in AT[Strength.LOW].explain(text) if "a name" in e[0].evidence]
    assert evidence[0].weight == 10


def test_links_behind_a_name_stay_where_the_user_says_so():
    text = "\n".join([*STORY, f"The council told Sen. Ann Lee {INSERT}, who left."])
    site = Site(20, Counter(), always_keep={fold(INSERT)})
    cleaner = Cleaner(site_memory=Memory({"kite.test": site}))

    assert cleaner.clean(Document("", text, "https://kite.test/1")).text == text


def test_reasons_are_given_for_every_verdict_strongest_first(cleaner):
    reasons = cleaner.explain(ARTICLE)

    assert len(reasons) == len(cleaner.label(ARTICLE))
    for evidence in reasons:
        weights = [abs(reason.weight) for reason in evidence]
        assert weights
        assert weights == sorted(weights, reverse=True)


def test_a_rule_that_decided_is_the_first_reason_and_the_site_memory_is_one():
    recurring = "From the harbour, every Friday."  # its words alone say little
    site = Site(20, Counter({fold(recurring): 18}), always_cut={fold(STORY[1])})
    document = Document(
        *("", "\n".join(["Fish market closes", *STORY[:2], recurring]), "https://kite.test/1"),
        title="Fish market closes | The Kite",
        from_html=True,
    )
    reasons = Cleaner(site_memory=Memory({"kite.test": site})).explain(document)
    told = [[reason.evidence for reason in evidence] for evidence in reasons]

    assert told[0][0] == "repeats the title"
    assert told[2][0] == "site memory: always cut this paragraph"
    assert "site memory: on 18 of 20 pages" in told[3]
    assert not any("site memory" in evidence for evidence in told[0] + told[1])


def test_a_cleaner_is_cheap_to_send_to_a_worker(cleaner):
    cleaner.clean(ARTICLE)
    sent = pickle.dumps(cleaner)

    assert len(sent) < 2_000
    assert pickle.loads(sent).clean(ARTICLE) == cleaner.clean(ARTICLE)


def test_a_result_can_be_sent_copied_and_taken_apart_and_stays_read_only(cleaner):
    record = MappingProxyType({"topic": ["fish"]})
    for result in (cleaner.clean(ARTICLE), cleaner.clean(Document("x", ARTICLE, meta=record))):
        assert asdict(result)["document"]["meta"] == result.document.meta
        for other in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert other == result
            with pytest.raises(TypeError):
                other.document.meta["topic"] = []


def test_making_a_cleaner_loads_nothing():
    assert "classifier" not in vars(Cleaner(model="nowhere", strength="low"))


def test_threads_may_share_a_cleaner_even_at_its_first_document(cleaner):
    texts = [ARTICLE, GERMAN, PLUG, "\n".join(SCRAPS)] * 8
    expected = [cleaner.clean(text) for text in texts]
    fresh, together = Cleaner(), threading.Barrier(8)

    def work(_: int) -> list:
        together.wait()
        return [fresh.clean(text) for text in texts]

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(work, range(8))) == [expected] * 8
    finally:
        sys.setswitchinterval(interval)


def test_many_documents_are_read_one_by_one_as_results_are_taken(cleaner):
    read = []
    results = cleaner.clean_many(read.append(n) or PLUG for n in range(5))

    assert read == []
    assert [next(results).text, list(read)] == [cleaner.clean(PLUG).text, [0]]


def test_memory_does_not_grow_with_the_number_of_documents(cleaner):
    def peak(documents: int) -> int:
        tracemalloc.start()
        for _ in cleaner.clean_many(f"{n} {ARTICLE}" for n in range(documents)):
            gc.collect()  # what is held, not what is waiting to be collected
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    peak(2)

    assert peak(60) < 1.5 * peak(6)


def test_a_choice_of_labels_is_names_or_groups():
    assert parse_labels("all") == frozenset(Label) - {Label.CONTENT}
    assert parse_labels("promotional") == set("subscribe donate product social related".split())
    assert parse_labels(" Byline, legal,") == {"byline", "legal"}
    assert parse_labels(["promotional", "byline"]) == parse_labels("promotional,byline")


@pytest.mark.parametrize(
    "wrong",
    [
        {"strip": "adverts"},
        {"keep": "content"},
        {"strength": "brutal"},
        {"mode": "erase"},
    ],
)
def test_a_wrong_setting_is_refused_and_the_message_lists_what_there_is(wrong):
    with pytest.raises(SetupError, match="there are: ") as error:
        Cleaner(**wrong)

    assert isinstance(error.value, CleanerError)


def test_a_model_that_is_not_there_is_told_at_the_first_document():
    with pytest.raises(SetupError, match="no model"):
        Cleaner(model="nowhere").clean(ARTICLE)


def test_judging_alone_asks_for_no_source(monkeypatch):
    cleaner = Cleaner()
    whole = cleaner.clean(ARTICLE)
    reasons = cleaner.reasons(whole)

    def source(*_):
        raise AssertionError

    monkeypatch.setattr(Cleaner, "_source_and_site", source)

    assert cleaner.label(ARTICLE) == whole.verdicts
    assert cleaner.explain(ARTICLE) == reasons
