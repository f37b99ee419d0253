"""The ways into other tools stand apart: the core knows none, and each says what it needs."""

import subprocess
import sys

import pytest

from tests.conftest import STORY
from tests.test_layers import MODULES, imports

OURS = [module for module in MODULES if module.startswith("integrations.")]
NEEDS = {
    "arrow": ("pyarrow", "parquet"),
    "datatrove": ("datatrove", "datatrove"),
    "ray": ("ray", "ray"),
}


def test_nothing_else_imports_them():
    others = [m for m in MODULES if m != "__init__" and not m.startswith("integrations.")]

    assert OURS
    assert not [m for m in others if any(name.startswith("integrations") for name in imports(m))]


@pytest.mark.parametrize("name", NEEDS)
def test_without_its_library_it_says_what_to_install(name):
    library, extra = NEEDS[name]
    code = f"import sys; sys.modules[{library!r}] = None; from cleaner.integrations.{name} import *"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.stderr.splitlines()[-1].startswith("cleaner.errors.MissingExtraError: ")
    assert ran.stderr.splitlines()[-1].endswith(f"pip install 'article-cleaner[{extra}]'")


def test_the_entry_point_says_it_in_one_line_and_shows_its_help(tmp_path):
    code = "import runpy, sys; sys.modules['ray'] = None; sys.argv = ['x', *sys.argv[1:]]; " + (
        "runpy.run_module('cleaner.integrations.ray', run_name='__main__')"
    )

    def ran(*args):
        command = [sys.executable, "-c", code, *args]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    trouble = ran(str(tmp_path), str(tmp_path / "out"))

    assert trouble.returncode == 2, trouble.stderr
    assert trouble.stderr.startswith("cleaner: cleaning on a Ray cluster needs an extra: ")
    assert trouble.stderr.count("\n") == 1
    assert ran("--help").returncode == 0


def test_the_core_runs_without_any_of_their_libraries():
    libraries = [*(library for library, _ in NEEDS.values()), "sklearn"]
    blocked = "".join(f"sys.modules[{name!r}] = None; " for name in libraries)
    code = f"import sys; {blocked}import cleaner; print(cleaner.clean({STORY[0]!r}).text)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.stdout == f"{STORY[0]}\n", ran.stderr
