"""Gzip: read through, within a limit, and named when it is broken."""

import gzip

import pytest

from cleaner.errors import TooLargeError, UnreadableError
from cleaner.readers.compression import read_bytes


def test_gz_is_read_through(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"One.") + gzip.compress(b"Two."))

    assert read_bytes(path, 100) == b"One.Two."


def test_a_small_file_that_unpacks_to_a_huge_one_is_refused(tmp_path):
    path = tmp_path / "bomb.html.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000)))

    with pytest.raises(TooLargeError, match="10 MB"):
        read_bytes(path, 10_000_000)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzip.compress(b"One. " * 999)[:-12], id="truncated"),
        pytest.param(b"plain text", id="not gzip at all"),
        pytest.param(b"\x1f\x8b", id="two bytes"),
        pytest.param(gzip.compress(b"One. " * 999)[:30] + b"\xff" * 30, id="corrupt"),
    ],
)
def test_broken_gzip_says_so(tmp_path, data):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(data)

    with pytest.raises(UnreadableError, match="gzip"):
        read_bytes(path, 10_000)


def test_a_missing_file_is_unreadable(tmp_path):
    with pytest.raises(UnreadableError, match="No such file"):
        read_bytes(tmp_path / "none.txt", 10)
