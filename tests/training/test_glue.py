"""Lost line breaks: what is learned of sentences, and from which lines."""

from collections import Counter

import numpy as np

from cleaner.document import Label
from cleaner.training import glue
from cleaner.training.glue import Line

NEWS = Line("The ferry is late. It rained.", ((0, 29, Label.CONTENT),))
PLUG = Line("Subscribe now!", ((0, 14, Label.SUBSCRIBE),))


def test_joined_lines_are_one_text_with_the_parts_in_their_places():
    joined = glue.join([NEWS, PLUG, NEWS, PLUG], [False, True, False, False])

    assert [line.text for line in joined] == [f"{NEWS.text} {PLUG.text}", NEWS.text, PLUG.text]
    assert joined[0].parts == ((0, 29, Label.CONTENT), (30, 44, Label.SUBSCRIBE))


def test_sentences_have_the_label_of_what_most_of_them_is():
    (line,) = glue.join([NEWS, PLUG, NEWS], [True] * 3)

    assert list(glue.labelled_sentences(line)) == [
        ("The ferry is late.", Label.CONTENT),
        ("It rained.", Label.CONTENT),
        ("Subscribe now!", Label.SUBSCRIBE),
        ("The ferry is late.", Label.CONTENT),
        ("It rained.", Label.CONTENT),
    ]


def test_a_sentence_of_two_kinds_is_nobodys_example():
    (line,) = glue.join([Line("More on this", ((0, 12, Label.RELATED),)), NEWS], [True] * 2)

    assert next(glue.labelled_sentences(line)) == ("More on this The ferry is late.", None)


def test_which_breaks_are_lost_says_nothing_of_what_is_drawn_before(own):
    seen = Counter()
    for number, document in enumerate(own[:200]):
        rng = np.random.default_rng(number)
        made = glue.variants(document, rng)
        whole = [rng.random() < 0.6 for _ in next(made)]
        glued = {line.text for line in next(made, [])}
        for line, left in zip(glue.lines(document), whole, strict=True):
            if line.text not in glued:
                seen[left] += 1

    assert 0.5 < seen[True] / seen.total() < 0.7
