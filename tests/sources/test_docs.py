"""The examples of docs/sources.md can be used as they stand."""

import re
from pathlib import Path

import pytest

from cleaner.sources.formats import parse_spec
from cleaner.sources.tables import read_table

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
# Each block of TOML begins with a comment: file name, header and a row of the table beside it.
EXAMPLES = re.findall(r"```toml\n(# (\S+)\.toml {3,}(.+?) {3,}(.+)\n(?:.*\n)*?)```", PAGE)


@pytest.mark.parametrize(("toml", "name", "header", "row"), EXAMPLES)
def test_the_declared_tables_are_accepted(tmp_path, toml, name, header, row):
    (tmp_path / name).write_text(f"{header}\n{row}\n", encoding="utf-8")
    (tmp_path / f"{name}.toml").write_text(toml, encoding="utf-8")
    table = read_table(parse_spec(str(tmp_path / name)))

    assert table.ratings
    assert not table.refused


def test_every_kind_of_export_has_an_example():
    assert [name for _, name, _, _ in EXAMPLES] == [
        "mbfc.csv", "newsguard.csv", "iffy.csv", "cred1.csv", "rsp.csv",
    ]  # fmt: skip


def test_the_override_example_is_accepted(tmp_path):
    (csv,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "own.csv").write_text(csv, encoding="utf-8")
    (rating,) = read_table(parse_spec(str(tmp_path / "own.csv"))).ratings

    assert rating.overrides
