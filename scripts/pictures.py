"""Take the pictures in docs/ again: the report of a run over examples/scraped, in Chromium.

.venv/bin/pip install -e '.[test]' && apt-get install chromium chromium-driver
.venv/bin/python scripts/pictures.py
"""

import base64
import shutil
import tempfile
from pathlib import Path
from typing import Any

from selenium import webdriver

from cleaner import Cleaner
from cleaner.batch import Settings, clean_folder
from cleaner.report import write_report
from cleaner.writers import writers

ROOT = Path(__file__).parent.parent
WIDTH, HEIGHT = 1200, 940
QUALITY = 82
# Name of the picture → view of the page, theme, and what is clicked.
PICTURES = {
    "report-overview": ("#overview", "light", ""),
    "report-document": ("#documents", "dark", "#document .note [data-label=product]"),
}
SHOWN = "Night train"  # the document to open: one with plugs between its paragraphs


def main() -> None:
    """Clean the examples, make their page, and write each picture to docs/."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "examples"
        clean_folder([str(ROOT / "examples/scraped")], out, Settings(Cleaner(), 0), writers(None))
        page = write_report(out).path.as_uri()
        driver = _browser()
        try:
            for name, (view, theme, clicked) in PICTURES.items():
                _open(driver, page + view, theme, clicked)
                (ROOT / f"docs/{name}.webp").write_bytes(_picture(driver))
        finally:
            driver.quit()


def _browser() -> Any:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for argument in ("--headless=new", "--no-sandbox", "--hide-scrollbars"):
        options.add_argument(argument)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    return driver


def _open(driver: Any, address: str, theme: str, clicked: str) -> None:
    driver.get("about:blank")
    driver.get(address)
    while driver.execute_script("return document.documentElement.dataset.theme") != theme:
        driver.find_element("id", "theme").click()
    if clicked:
        link = f"//ol[@id='hits']//a[contains(., '{SHOWN}')]"
        driver.find_element("xpath", link).click()
        driver.implicitly_wait(5)
        driver.find_element("xpath", f"//article//h3[contains(., '{SHOWN}')]")
        driver.find_elements("css selector", clicked)[0].click()


def _picture(driver: Any) -> bytes:
    how = {"format": "webp", "quality": QUALITY}
    return base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", how)["data"])


if __name__ == "__main__":
    main()
