"""The tree of errors that the docstring draws is the tree there is."""

import pickle
import re

from cleaner import errors


def test_the_tree_in_the_docstring_is_the_tree_of_classes():
    drawn: dict[str, str] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"([│├└─ ]*)([A-Z]\w+Error)\b", line):
            above[len(match[1]) // 4 :] = [match[2]]
            drawn[match[2]] = above[-2] if len(above) > 1 else "Exception"

    real = {
        name: value.__base__.__name__
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }

    assert drawn == real


def test_a_missing_extra_names_the_install_line():
    assert "pip install 'article-cleaner[parquet]'" in str(
        errors.MissingExtraError("reading parquet", "parquet")
    )


def test_a_missing_extra_comes_back_from_a_worker_as_it_was():
    error = errors.MissingExtraError("reading .zst", "zst")

    back = pickle.loads(pickle.dumps(error))

    assert (type(back), str(back)) == (type(error), str(error))
