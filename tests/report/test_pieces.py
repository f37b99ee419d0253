"""A document is shown whole: its pieces hold all of its text but the breaks between paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.document import Document, Mode
from cleaner.report import pieces
from cleaner.report.read import Entry
from cleaner.strip import removed_spans
from tests.conftest import PLUG, STORY, STUB

CLEANER = Cleaner()
PARTS = st.lists(
    st.sampled_from([*STORY, PLUG, STUB, f"{STORY[1]} {PLUG}", f"{PLUG} {STORY[0]}", " ", "🦀 é"]),
    max_size=8,
)
TEXTS = st.builds(str.join, st.sampled_from(["\n", "\r\n", "\n\n \n", " "]), PARTS)


def entry_of(text, mode=Mode.DROP):
    verdicts = CLEANER.label(text)
    if mode is Mode.DROP:
        spans = [(s.start, s.end, s.label, s.score) for s in removed_spans(text, verdicts)]
    else:
        spans = [(v.unit.start, v.unit.end, v.cut_as, v.score) for v in verdicts if not v.keep]
    rows = tuple(
        {"start": a, "end": b, "label": str(label), "score": score, "text": text[a:b]}
        for a, b, label, score in spans
    )
    return Entry(0, {"input": "a", "record": None}, rows, text), verdicts


def shown(text, made):
    return [part for line in pieces.as_data(text, made) for part in line]


@given(TEXTS, st.sampled_from(Mode))
def test_all_of_the_text_is_shown_in_order(text, mode):
    entry, verdicts = entry_of(text, mode)

    for made in (pieces.judged(entry, verdicts), pieces.recorded(entry)):
        lines = pieces.as_data(text, made)
        assert ["".join(part[0] for part in line) for line in lines] == [
            stripped for line in text.splitlines() if (stripped := line.strip())
        ]


@given(TEXTS, st.sampled_from(Mode))
def test_what_is_struck_through_is_what_was_cut(text, mode):
    entry, verdicts = entry_of(text, mode)
    cut = [(span["text"].strip(), span["label"], span["score"]) for span in entry.spans]

    for made in (pieces.judged(entry, verdicts), pieces.recorded(entry)):
        struck = [part for part in shown(text, made) if part[1]]
        assert [(p[0].strip(), pieces.LABELS[p[2]], p[3]) for p in struck] == cut


def test_a_piece_has_its_probability_and_reasons():
    document = Document("a", f"{STORY[0]}\n{PLUG}")
    verdicts = CLEANER.label(document)
    explained = CLEANER.explain(document)
    entry, _ = entry_of(document.text)
    judged = [
        type(v)(v.unit, v.label, v.score, v.keep, v.kind, r)
        for v, r in zip(verdicts, explained, strict=True)
    ]
    (kept,), (plug,) = pieces.as_data(document.text, pieces.judged(entry, judged))

    assert (kept[1], pieces.LABELS[kept[2]], kept[3]) == (0, "content", verdicts[0].score)
    assert (plug[1], pieces.LABELS[plug[2]], plug[3]) == (1, "subscribe", verdicts[1].score)
    assert plug[4] == [[reason.evidence, reason.weight] for reason in explained[1]]


def test_of_a_text_that_is_gone_the_record_is_shown():
    entry, _ = entry_of(f"{STORY[0]}\n{PLUG}\n{STORY[1]}\n{STUB}")
    gone = Entry(0, entry.row, entry.spans, problem="its output is gone")

    assert [line[0][0] for line in pieces.spans_as_data(gone)] == [PLUG, STUB]
