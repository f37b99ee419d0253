"""Several labellers: kappa, and the paragraphs on which they differ."""

import pytest

from cleaner.document import Label
from cleaner.errors import CorpusError
from cleaner.review.labels import Answer
from cleaner.segment import paragraph_hash
from cleaner.training.agree import agree, kappa, lines

TEXTS = ("The weir held.", "Give\x1b now!", "Share this.", "Said who?")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    said = {
        "anna": (Label.CONTENT, Label.DONATE, Label.SOCIAL),
        "bo": (Label.CONTENT, Label.PRODUCT, Label.SOCIAL, Label.COMMENTS),
    }
    found = []
    for name, labels in said.items():
        path = tmp_path / f"{name}.jsonl"
        answers = [
            Answer(paragraph_hash(t), v, name, document="a.txt", path="a.txt", note="hm")
            for t, v in zip(TEXTS, labels, strict=False)
        ]
        path.write_bytes(b"".join(answer.line() for answer in answers))
        found.append(path)
    return found


def test_kappa_is_agreement_beyond_chance():
    assert kappa([(1, 1), (0, 0)] * 5) == 1
    assert kappa([(1, 0), (0, 1)]) == -1
    assert kappa([(1, 1), (1, 0), (0, 1), (0, 0)]) == 0
    assert kappa([(1, 1)]) == 1


def test_pairs_are_compared_on_what_both_labelled(files):
    (table,), conflicts = agree(files)

    assert table.rows == [["anna, bo", "3", "66.7 %", "0.571", "1.000"]]
    assert [[a.label for a in c.answers] for c in conflicts] == [[Label.DONATE, Label.PRODUCT]]
    assert list(lines(conflicts)) == [
        "a.txt  “Give\\x1b now!”  anna: donate (hm) · bo: product (hm)"
    ]


def test_a_conflict_whose_text_is_gone_is_named_by_its_hash(files, tmp_path):
    (tmp_path / "a.txt").unlink()

    (line,) = lines(agree(files)[1])

    assert line == f"a.txt  {paragraph_hash(TEXTS[1])}  anna: donate (hm) · bo: product (hm)"


def test_a_file_that_names_no_labeller_is_called_by_its_name(files):
    files[1].write_bytes(files[1].read_bytes().replace(b'"bo"', b'""'))
    files[1].rename(files[1].with_name("hand.jsonl"))

    (table,), conflicts = agree([files[0], files[1].with_name("hand.jsonl")])

    assert table.rows[0][0] == "anna, hand"
    assert next(lines(conflicts)).endswith("anna: donate (hm) · hand: product (hm)")


def test_one_labeller_agrees_with_nobody(files):
    with pytest.raises(CorpusError, match="no two labellers"):
        agree(files[:1])


def test_the_command_prints_and_fails_on_conflicts(run, files):
    ran = run("corpus", "agree", *files)

    assert ran.code == 1
    assert "0.571" in ran.out.decode()
    assert ran.out.decode().splitlines()[-1].startswith("a.txt  “Give")
    assert ran.err == "cleaner: 1 conflicts\n"
