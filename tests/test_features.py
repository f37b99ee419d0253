"""Features: the linear score equals scikit-learn's, and nothing depends on chance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaner import features
from cleaner.document import Block, Label, Unit

CHARACTERS = st.characters(exclude_categories=())  # halves of surrogate pairs, too
LINES = st.lists(
    st.text(CHARACTERS, min_size=1).map(str.strip).filter(bool), min_size=1, max_size=12
)
CORPUS = [
    ("the council met on tuesday", 0),
    ("the mayor said the harbour would close", 0),
    ("traders asked for a survey of the roof", 0),
    ("sign up for our newsletter", 1),
    ("sign up today and get our app", 1),
    ("get our stories in your inbox", 1),
]


def read(texts):
    characters = features.Characters.of(texts)
    return characters, features.Words.of(characters)


def test_the_linear_score_equals_that_of_scikit_learn():
    texts = [text for text, _ in CORPUS]
    grams = list(map(features.ngrams, features.tokens(texts)))
    vocabulary = features.Vocabulary.of(sorted(set().union(*grams[:-1])))
    held = vocabulary.held(read(texts)[1])
    matrix = csr_matrix(
        (
            np.repeat(1 / np.sqrt(held.counts), held.counts),
            held.index,
            np.concatenate([[0], np.cumsum(held.counts)]),
        ),
        shape=(len(CORPUS), len(vocabulary)),
    )
    linear = LogisticRegression().fit(matrix, [label for _, label in CORPUS])

    ours = features.weighted_sum(linear.coef_.T.astype(np.float32)[held.index], held)[:, 0]

    expected = linear.decision_function(matrix)
    np.testing.assert_allclose(ours + linear.intercept_[0], expected, rtol=0, atol=1e-6)


def test_a_unit_without_known_ngrams_scores_zero():
    held = features.Vocabulary.of(["a", "known", "z"]).held(read(["unheard", "known", "***"])[1])

    np.testing.assert_array_equal(held.counts, [0, 1, 0])
    rows = np.ones((len(held.index), 2), dtype=np.float32)
    np.testing.assert_array_equal(features.weighted_sum(rows, held), [[0, 0], [1, 1], [0, 0]])


@given(LINES, LINES)
def test_ngrams_are_found_by_their_hashes_as_they_are_spelt(texts, others):
    spelt = list(map(features.ngrams, features.tokens(texts)))
    known = sorted(set().union(*spelt[::2], *map(features.ngrams, features.tokens(others))))

    vocabulary = features.Vocabulary.of(known)
    held = vocabulary.held(read(texts)[1])

    assert sorted(vocabulary.grams) == known
    found = np.split(held.index, held.starts[1:])
    assert [sorted(vocabulary.grams[i] for i in unit) for unit in found] == [
        sorted(set(unit) & set(known)) for unit in spelt
    ]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don’t miss it: it's FREE!", ["don’t", "miss", "it", ":", "it's", "free", "!"]),
        ("1,234 copies at 6:30, for $3.50", ["0,000", "copies", "at", "0:00", "for", "$", "0.00"]),
        ("snake_case and covid19", ["snake", "case", "and", "covid", "00"]),
        ("'quoted' '' 4:", ["quoted", "0", ":"]),
        ("🔥Subscribe ✉mail to\ufeffday", ["🔥", "subscribe", "✉", "mail", "to", "day"]),
        ("...", []),
    ],
)
def test_words_numbers_and_some_signs_are_tokens(text, tokens):
    assert features.tokens([text]) == [tokens]


@given(LINES, st.data())
def test_units_can_be_taken_and_joined_without_reading_them_again(texts, data):
    chosen = data.draw(st.lists(st.integers(0, len(texts) - 1), min_size=1))
    first = data.draw(st.integers(0, len(texts) - 1))
    words = read(texts)[1]

    taken = features.Words.joined([words.take(chosen), words, words.between(first, len(texts))])

    again = read([*(texts[i] for i in chosen), *texts, *texts[first:]])[1]
    for name in ("hashes", "unit", "lengths", "names", "capitals", "counts", "sequences"):
        np.testing.assert_array_equal(getattr(taken, name), getattr(again, name))


@given(LINES)
def test_a_unit_looks_the_same_among_others_as_alone(texts):
    together = features.shape(*read(texts))

    alone = [features.shape(*read([text]))[0] for text in texts]

    np.testing.assert_array_equal(together, alone)


@given(LINES)
def test_every_feature_of_any_text_is_a_finite_number(texts):
    characters, words = read(texts)
    shapes = features.shape(characters, words)
    evidence = np.zeros((len(texts), len(features.EVIDENCE)), np.float32)
    overlaps = features.overlap(words, words.take([0]))

    affinity = features.affinity(
        evidence, evidence[0], features.token_counts(shapes), evidence[:, 0]
    )
    columns = features.paragraph_columns(evidence, shapes, overlaps, affinity, evidence)

    assert columns.shape == (len(texts), len(features.COLUMNS["trees"]))
    assert np.isfinite(columns).all()
    assert shapes.shape[1] == len(features.SHAPE)


def test_a_unit_is_like_those_of_its_subject_and_of_its_kind():
    harbour, recipe = np.float32([3, 0]), np.float32([0, 2])
    embedded = np.stack([harbour, recipe, harbour, 0 * harbour])
    tokens, odds = np.float32([30, 30, 30, 0]), np.float32([-40, 40, -40, 0])

    columns = features.affinity(embedded, harbour, tokens, odds)

    seen = dict(zip(features.AFFINITY, columns.T, strict=True))
    assert seen["vector_length"].tolist() == [3, 2, 3, 0]
    assert seen["like_title"].tolist() == [1, 0, 1, 0]
    assert seen["like_before"].tolist() == [-1, 0, 0, 0]
    assert seen["like_after"].tolist() == [0, 0, 0, -1]
    np.testing.assert_allclose(seen["like_content"], [1, 0, 1, 0], atol=1e-6)
    # Itself it is not compared with: there is no other boilerplate than the recipe.
    np.testing.assert_allclose(seen["like_boilerplate"], [0, 0, 0, 0], atol=1e-6)
    assert (features.affinity(embedded, None, tokens, odds)[:, 1] == -1).all()


LOOKS = {
    "ends_stop": ["He left.", "“He left.”"],
    "ends_ellipsis": ["He left...", "He left…"],
    "ends_question": ["Who?", "(Who?)"],
    "headline": ["Harbour Vote Put Off Until May"],
    "sentences": ["He left. She stayed.", "“Go.” “Why?”", "He left.  (She stayed.)"],
    "bracketed": ["(Photo by a reader)", "[Read the rest.]"],
    "numbered": ["3. Stir it", "[12] Smith, J."],
    "called": ["Mary Lee: Yes.", "Mary Lee:\u00a0Yes."],
    "pipe": ["Home | News"],
    "arrow": ["More »", "Next >>"],
    "code": ["window.x = 3;"],
    "url": ["See https://a.example/b"],
    "domain": ["Visit harbour.com today"],
    "email": ["Write to desk@a.example now"],
    "handle": ["Follow @harbour"],
    "hashtag": ["Tweet #harbour"],
    "phone": ["Call 555-123-4567"],
    "price": ["Only $5", "Now £ 3"],
    "year": ["In 2016 it shut"],
    "clock": ["At 6:30", "At 6 pm"],
    "opens_imperative": ["Subscribe now"],
    "credit": ["By Mary Lee"],
    "bullet": ["• One more"],
}


@pytest.mark.parametrize("name", LOOKS)
def test_each_look_is_seen_where_it_is_and_only_there(name):
    plain = "the council put its vote off and went home"
    texts = [plain, *LOOKS[name], plain]

    seen = features.shape(*read(texts))[:, features.COLUMN[name]]

    np.testing.assert_array_equal(seen > 0, [False, *(True for _ in LOOKS[name]), False])


def test_what_units_share_is_told_by_unit():
    texts = [
        "The harbour council met with Mary Lee.",
        "A vote on the harbour, said Mary Jones.",
        "Sign up now.",
        "Sign up NOW.",
    ]

    shared = features.overlap(read(texts)[1], read(["Harbour council meets"])[1])

    by_name = dict(zip(features.OVERLAP, shared.T, strict=True))
    np.testing.assert_allclose(by_name["shared_words"], [2 / 3, 2 / 5, 1, 1], rtol=1e-6)
    np.testing.assert_array_equal(by_name["shared_names"], [0.5, 0.5, -1, -1])
    np.testing.assert_allclose(by_name["in_title"], [2 / 3, 1 / 5, 0, 0], rtol=1e-6)
    np.testing.assert_array_equal(by_name["is_title"], [0, 0, 0, 0])
    np.testing.assert_array_equal(by_name["repeats"], [0, 0, 0, 1])


@given(st.integers(1, 12))
def test_what_the_network_says_is_seen_around_each_unit(count):
    logits = np.random.default_rng(count).standard_normal((count, 11)).astype(np.float32)

    seen = features.order(logits)

    share = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    odds = np.log((1 - share[:, 0]) / share[:, 0])
    assert seen.shape == (count, len(features.ORDER))
    np.testing.assert_allclose(seen[:, 0], odds, atol=1e-4)
    np.testing.assert_allclose(seen[1:, features.ORDER.index("network[-1]")], odds[:-1], atol=1e-4)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30))
def test_the_place_of_any_unit_is_told_in_finite_numbers(breaks):
    line = np.cumsum(breaks)

    places = features.place(np.arange(len(line), dtype=np.float32), line)

    assert places.shape == (len(line), len(features.PLACE))
    assert np.isfinite(places).all()
    alone = features.PLACE.index("whole_line")
    sizes = np.bincount(line)[line]
    np.testing.assert_array_equal(places[:, alone] == 1, sizes == 1)


def test_a_page_tells_of_each_unit_its_element_and_whether_it_names_the_site():
    texts = ["Traders move in May.", "More from the Quay-Courier's desk", "The quay couriers wait."]
    ends = np.cumsum([0, *(len(text) + 1 for text in texts)]).tolist()
    units = [Unit(start, start + len(text)) for start, text in zip(ends, texts, strict=False)]
    blocks = [
        Block(units[0].start, units[0].end, "p", 0.25, ("article",), (), 0.2, (0, 1, 0)),
        Block(units[1].start, units[1].end, "h3", 1.0, ("aside",), ("teaser",), 0.9, (1, 1, 1)),
    ]

    seen = features.published(blocks, "https://www.quaycourier.example/a", units, texts)

    assert seen is not None
    assert seen.groups.tolist() == [[0, 1, 0], [1, 1, 1], [-1, -1, -1]]
    by_name = dict(zip(features.PUBLISHED, seen.columns.T, strict=True))
    assert by_name["found"].tolist() == [1, 1, 0]
    assert by_name["link_share"].tolist() == [0.25, 1, -1]
    assert by_name["paragraph"].tolist() == [1, 0, -1]
    assert by_name["heading"].tolist() == [0, 1, -1]
    assert by_name["in_aside"].tolist() == [0, 1, -1]
    assert by_name["called_teaser"].tolist() == [0, 1, -1]
    sizes = np.array([len(text) for text in texts]) / sum(map(len, texts))
    np.testing.assert_allclose(by_name["share_of_parent"], [*sizes[:2], -1], rtol=1e-6)
    np.testing.assert_allclose(by_name["share_of_around"], [*[sizes[:2].sum()] * 2, -1], rtol=1e-6)
    assert by_name["names_site"].tolist() == [0, 1, 1]
    np.testing.assert_allclose(by_name["share_naming_site"], 2 / 3, rtol=1e-6)


def test_of_a_text_no_page_says_anything_and_of_some_pages_not_the_site():
    block = Block(0, 4, "p", 0.0)

    assert features.published([], "https://quaycourier.example/", [Unit(0, 4)], ["Hall"]) is None
    for url in ("", "https://ap.example/1", "http://[broken", "quaycourier.example"):
        seen = features.published([block], url, [Unit(0, 4)], ["Hall"])
        assert seen is not None
        assert seen.columns[0, features.PUBLISHED.index("names_site")] == -1


def test_a_line_of_a_page_knows_how_those_beside_it_in_their_element_read():
    odds = np.array([2.0, 9.0, -1.0, 4.0], dtype=np.float32)
    groups = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [-1, -1, -1]])
    columns = np.zeros((4, len(features.PUBLISHED)), dtype=np.float32)
    logits = np.zeros((4, len(Label)), dtype=np.float32)
    shapes = np.zeros((4, len(features.SHAPE)), dtype=np.float32)

    seen = features.page_columns(odds, logits, shapes, features.Published(columns, groups))

    by_name = dict(zip(features.COLUMNS["page_trees"], seen.T, strict=True))
    # The surest count as 6; who has nobody beside it is told so.
    assert by_name["odds_of_parent"].tolist() == [2.5, 0.5, 4.0, -9.0]
    assert by_name["odds_of_around"].tolist() == [6.0, 2.0, -9.0, -9.0]
    assert by_name["odds_of_alike"].tolist() == [-1.0, -9.0, 2.0, -9.0]


@pytest.mark.parametrize("words", [10, 1_000, 50_000])
def test_a_long_unit_costs_no_more_tokens_than_a_short_one(words):
    assert len(features.tokens(["so it goes " * words])[0]) <= features.READ_CHARS / 3
