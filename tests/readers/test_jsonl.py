"""Records: JSON lines, arrays and single objects, and every way they are broken."""

import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.errors import RecordError, TooLargeError
from cleaner.readers.jsonl import dump, lines, parse, split_json

LIMIT = 1000
TEXTS = st.text(st.characters() | st.sampled_from("\n\r\x0b\x0c\x1c\x85\u2028\u2029"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
    max_leaves=8,
)


def test_lines_are_numbered_as_in_the_file_and_blank_ones_skipped():
    stream = io.BytesIO(b'\xef\xbb\xbf{"a":1}\r\n\n  \n{"b":2}')

    assert [(n, line.strip()) for n, line in lines(stream, LIMIT)] == [
        (1, b'{"a":1}'),
        (4, b'{"b":2}'),
    ]


def test_a_line_over_the_limit_is_refused_and_the_next_one_read():
    stream = io.BytesIO(b'"' + b"x" * 5000 + b'"\n{"a":1}\n')

    (_, long), (number, good) = lines(stream, LIMIT)

    with pytest.raises(TooLargeError):
        parse(long, LIMIT)
    assert (number, parse(good, LIMIT)) == (2, {"a": 1})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(b"not json", "not JSON", id="prose"),
        pytest.param(b'{"a": 1', "not JSON", id="cut off"),
        pytest.param(b"[1, 2]", "list, not an object", id="array"),
        pytest.param(b'"text"', "str, not an object", id="string"),
        pytest.param(b"null", "NoneType, not an object", id="null"),
        pytest.param(b'{"a": "\xff"}', "not UTF-8", id="broken bytes"),
        pytest.param(b"[" * 900, "not JSON", id="brackets never closed"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "not JSON", id="a number of 5,000 digits"),
    ],
)
def test_a_broken_line_says_what_is_wrong_with_it(line, message):
    with pytest.raises(RecordError, match=message):
        parse(line, 1_000_000)


def test_json_that_is_nested_too_deeply_is_a_record_error():
    with pytest.raises(RecordError):
        parse(b'{"a":' * 200_000, 10_000_000)


def nested(depth):
    """An object with so many arrays and objects in one another, itself among them."""
    return b'{"text": "One.", "x": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


def called_from(depth, function):
    """Call a function from so far down the stack."""
    return called_from(depth - 1, function) if depth else function()


@pytest.mark.parametrize("stack", [0, 400])
def test_how_deep_json_may_be_does_not_depend_on_the_stack(stack):
    def refused(depth):
        with pytest.raises(RecordError, match="nested too deeply"):
            parse(nested(depth), 10_000)
        with pytest.raises(RecordError, match="nested too deeply"):
            parse(nested(depth).decode(), 10_000)

    for depth in (101, 300, 900, 3000):
        called_from(stack, lambda depth=depth: refused(depth))
    record = called_from(stack, lambda: parse(nested(100), 10_000))
    assert json.loads(dump([[record]])) == [[record]]


def test_brackets_beside_one_another_are_not_deep():
    many = json.dumps({"text": "[" * 500, "x": [[{}]] * 500})

    assert parse(many, 10_000) == json.loads(many)


def test_of_an_array_only_the_record_that_is_nested_too_deeply_is_refused():
    array = b"[" + b", ".join([nested(2), nested(300), nested(100)]) + b"]"

    (_, first), (number, deep), (_, last) = split_json(array, LIMIT)

    assert parse(first, LIMIT)["text"] == parse(last, LIMIT)["text"] == "One."
    with pytest.raises(RecordError, match="nested too deeply"):
        parse(deep, LIMIT)
    assert number == 2


def test_a_json_file_holds_an_array_an_object_or_lines():
    one = {"text": "One."}
    both = [one, {"text": "Two."}]

    def records(data: str) -> list[object]:
        return [json.loads(line) for _, line in split_json(data.encode(), LIMIT)]

    assert records(json.dumps(both, indent=1)) == both
    assert records(json.dumps(one, indent=1)) == [one]
    assert records("\n".join(map(json.dumps, both))) == both


@example("One.\u2028Two.\x85")
@given(JSON)
def test_what_is_dumped_is_one_line_of_utf8_that_parses_to_the_same(value):
    line = dump(value)

    assert len(line.splitlines()) == 1
    assert json.loads(line.encode()) == value
