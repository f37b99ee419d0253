"""The house is in order: lint, format and types, with the settings of pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "command",
    ["ruff check --no-cache .", "ruff format --no-cache --check .", "mypy"],
)
def test_the_tools_have_nothing_to_say(command):
    ran = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_ci_runs_the_line_that_the_readme_tells_people_to_run():
    readme = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in readme if line.endswith("-m pytest") and "venv .venv" in line]

    assert line in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
