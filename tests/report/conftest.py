"""A run over texts of our own, its page, and a browser to open it in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.report import write_report
from tests.report.folders import clean, made_up, write_inputs

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with files and records of every kind of outcome."""
    return write_inputs(tmp_path_factory.mktemp("inputs"))


@pytest.fixture(scope="session")
def cleaned(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run over it wrote. Tests that change it make a copy."""
    return clean(inputs, tmp_path_factory.mktemp("run") / "cleaned")


@pytest.fixture
def copy(cleaned: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(cleaned, tmp_path / "copy"))


@pytest.fixture(scope="session")
def page(cleaned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of that run."""
    return write_report(cleaned, tmp_path_factory.mktemp("page") / "report.html").path


@pytest.fixture(scope="session")
def large(cleaned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of as many documents as a page holds, few of which are judged again."""
    folder = made_up(tmp_path_factory.mktemp("large") / "run", cleaned, 10_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaner.report.page.MAX_EXPLAINED", 20)
        return write_report(folder).path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium without a window."""
    selenium = pytest.importorskip("selenium", reason="selenium is not installed")
    if not (CHROMIUM and DRIVER):
        pytest.skip("no browser: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--window-size=1280,900"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=selenium.webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def browse(chromium: Any) -> Iterator[Callable[[Path, str], Any]]:
    """Open a page from disk; afterwards nothing may have been logged."""

    def go(path: Path, view: str = "") -> Any:
        chromium.get("about:blank")
        chromium.get(path.as_uri() + view)
        return chromium

    yield go
    assert chromium.get_log("browser") == []
