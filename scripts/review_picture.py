"""The pictures in docs/review.md: `cleaner review` on the examples, in Chromium.

    python scripts/review_picture.py [dark]

Needs `apt-get install chromium chromium-driver` and the `test` extra. Other paragraphs are
answered first, so the picture shows a document in part labelled.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

ROOT = Path(__file__).parent.parent
SHOWN = "My enamel stockpot"  # how the paragraph begins that the picture is of
SAID = {"Made it?": "o", "You might also like": "r", "Keeps for two days": "c"}


def main(theme: str = "light") -> None:
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", "from cleaner.cli import main; main()", "review"),
                *("examples/scraped/fish-soup.txt", "examples/scraped/allotment-diary.md"),
                *("--labels", f"{folder}/labels.jsonl", "--labeller", "you", "--no-open"),
            ],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            address = next(line.split()[-1] for line in process.stderr if "open http" in line)
            picture(address, theme, ROOT / "docs" / f"review-{theme}.png")
        finally:
            process.terminate()
            process.wait()


def picture(address: str, theme: str, out: Path) -> None:
    options = webdriver.ChromeOptions()
    for argument in ("headless=new", "no-sandbox", "hide-scrollbars", "window-size=1240,820"):
        options.add_argument(f"--{argument}")
    options.binary_location = str(shutil.which("chromium"))
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    browser = webdriver.Chrome(options=options, service=service)
    try:
        feature = {"name": "prefers-color-scheme", "value": theme}
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        browser.get(address)
        time.sleep(2)
        while not (asked := browser.find_element(By.ID, "asked").text).startswith(SHOWN):
            key = next((key for begin, key in SAID.items() if asked.startswith(begin)), "c")
            browser.find_element(By.TAG_NAME, "body").send_keys(key)
            time.sleep(0.7)
        browser.save_screenshot(str(out))
    finally:
        browser.quit()


if __name__ == "__main__":
    main(*sys.argv[1:])
