"""Files that the user named: whole or not there, and nothing else put in their place."""

import os
import threading

import pytest

from cleaner.batch.guard import refuse_input
from cleaner.batch.whole import written
from cleaner.errors import SetupError


def test_a_pipe_is_written_into_and_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()

    with written(pipe) as stream:
        stream.write(b"all of it")

    reader.join(10)
    assert read == [b"all of it"]
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed(tmp_path, there):
    link, target = tmp_path / "link", tmp_path / "folder/target"
    target.parent.mkdir()
    link.symlink_to("folder/target")
    if there:
        target.write_bytes(b"old")

    with written(link) as stream:
        stream.write(b"new")

    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


def test_two_at_once_write_a_whole_file_each_and_take_no_other(tmp_path):
    target, other = tmp_path / "out.jsonl", tmp_path / "out.jsonl.part"
    other.write_bytes(b"of the user")

    with written(target) as one, written(target) as two:
        one.write(b"one")
        two.write(b"two, which is longer")
        one.write(b" and all of it")

    assert target.read_bytes() == b"one and all of it"
    assert other.read_bytes() == b"of the user"
    assert sorted(tmp_path.iterdir()) == [target, other]


def test_what_is_read_is_found_through_links(tmp_path):
    (tmp_path / "read").write_bytes(b"")
    (tmp_path / "link").symlink_to("read")

    refuse_input(tmp_path / "read", [tmp_path / "other"])
    refuse_input(tmp_path / "new", [tmp_path / "read"])
    for path, read in (("link", "read"), ("read", "link")):
        with pytest.raises(SetupError, match=f"{path} is an input"):
            refuse_input(tmp_path / path, [tmp_path / "other", tmp_path / read])
