"""Files that the user named: whole or not there, and nothing else put in their place."""

import os
import threading

import pytest

from cleaner.batch.whole import written


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
