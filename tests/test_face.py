"""`import cleaner`: few names, all of them there, and nothing heavy loaded."""

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import cleaner
from cleaner.errors import TooLargeError
from cleaner.readers import MAX_HTML_BYTES, from_record
from cleaner.sources.exports import chunks
from tests.conftest import ARTICLE, CLEANED, PAGE, PLUG

ROOT = Path(__file__).parent.parent
HEAVY = {"joblib", "lxml", "numpy", "py3langid", "rich", "scipy", "sklearn", "trafilatura"}


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after running `code`."""
    report = f"{code}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    ran = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(ran.stdout.splitlines()[-1].split())


def test_clean_takes_a_text_and_gives_what_was_kept_and_what_was_cut():
    result = cleaner.clean(ARTICLE)

    assert result.text == CLEANED
    assert [span.label for span in result.removed][:1] == ["subscribe"]
    assert all(ARTICLE[span.start : span.end] == span.text for span in result.removed)


def test_clean_takes_the_settings_of_cleaner():
    assert cleaner.clean(ARTICLE, strip="").text == ARTICLE
    assert cleaner.clean(ARTICLE, mode="flag").text == ARTICLE
    assert cleaner.clean(ARTICLE, keep=["subscribe", "social"]).text != CLEANED


def test_a_page_becomes_the_document_that_a_record_of_it_does():
    url = "https://quaycourier.example/given"
    document = cleaner.read_html(PAGE, url)
    record = from_record({"html": PAGE, "url": url}, "", 1)
    result = cleaner.Cleaner().clean(document)

    assert document == replace(record, id=url, meta={})
    assert cleaner.read_html(PAGE.encode()).url.startswith("https://quaycourier.example/")
    assert PLUG in document.text
    assert PLUG not in result.text
    assert [chunk["url"] for chunk in chunks(result)]
    with pytest.raises(TooLargeError):
        cleaner.read_html(b"<p>" * MAX_HTML_BYTES)


def test_all_is_sorted_whole_and_importable():
    public = {
        name
        for name, value in vars(cleaner).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("cleaner")
    }

    assert list(cleaner.__all__) == sorted(cleaner.__all__)
    assert set(cleaner.__all__) == public | {"Cleaner"}
    assert all(getattr(cleaner, name) for name in cleaner.__all__)
    assert len(cleaner.__all__) <= 15


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = cleaner.no_such_name


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_after("import cleaner") & HEAVY == set()


def test_help_loads_nothing_heavy():
    for arguments in (["--help"], ["clean", "--help"], ["--version"]):
        code = (
            f"import sys; sys.argv = ['cleaner', *{arguments}]\n"
            "from cleaner.cli import main\n"
            "try: main()\nexcept SystemExit as end: assert not end.code"
        )
        assert loaded_after(code) & HEAVY == set()


def test_cleaning_text_loads_neither_scikit_learn_nor_trafilatura():
    loaded = loaded_after(f"import cleaner; cleaner.clean({ARTICLE!r})")

    assert loaded & {"sklearn", "trafilatura", "scipy", "lxml", "joblib"} == set()


def test_one_file_on_the_terminal_reads_no_registry_and_starts_no_batch(tmp_path):
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    code = (
        f"import sys; sys.argv = ['cleaner', 'clean', {str(tmp_path / 'a.txt')!r}]\n"
        "from cleaner.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "heavy = ['cleaner.sources', 'cleaner.batch.run', 'trafilatura', 'joblib']\n"
        "print(*[name for name in heavy if name in sys.modules], 'of these', sep=' | ')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert ran.stdout.splitlines()[-1] == "of these"


def test_the_package_is_typed_and_its_version_is_in_the_changelog():
    assert (ROOT / "cleaner/py.typed").is_file()
    assert f"## {cleaner.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_model_goes_into_the_wheel_beside_the_code():
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]

    assert "models" in hatch["targets"]["wheel"]["only-include"]
    assert hatch["targets"]["wheel"]["sources"]["models"] == "cleaner/models"
