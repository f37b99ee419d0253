"""Imports point down: a module imports only what stands before it in the design's order."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cleaner"
ORDER = (
    "errors document readers sources.registry segment language trees features network model "
    "reasons sites classify strip sources pipeline batch writers report review terminal training "
    "integrations commands source_commands review_commands cli __main__"
).split()
MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if path.relative_to(PACKAGE).parts[0] != "models"
)


def layer(module: str) -> int:
    """Place in the order of the longest part of the name that stands there."""
    name = module.removesuffix(".__init__")
    while name not in ORDER and "." in name:
        name = name.rpartition(".")[0]
    assert name in ORDER, f"cleaner/{module} has no place in the design's order"
    return ORDER.index(name)


def imports(module: str) -> set[str]:
    """Modules of the package that a module imports, at any depth, except for type checkers."""
    tree = ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body.clear()
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {
        name.removeprefix("cleaner.")
        for name in found
        if name.startswith("cleaner.") and name.split(".")[1] in {m.split(".")[0] for m in MODULES}
    }


@pytest.mark.parametrize("module", [module for module in MODULES if module != "__init__"])
def test_a_module_imports_only_what_stands_before_it(module):
    own = module.split(".")[0]
    upward = {
        name
        for name in imports(module)
        if name.split(".")[0] != own and layer(name) >= layer(module)
    }

    assert upward == set()


def test_the_check_sees_imports():
    assert "errors.CleanerError" in imports("cli")
    assert {name.split(".")[0] for name in imports("pipeline")} >= {"strip", "classify"}


def test_documents_and_errors_import_the_standard_library_only():
    assert imports("errors") == imports("document") == set()
