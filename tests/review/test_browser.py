"""The page in a real browser: everything by keyboard, nothing of a text ever obeyed."""

import shutil
import signal

import pytest

from cleaner.document import Label
from cleaner.pipeline import Cleaner
from cleaner.review.labels import Act, read, standing
from cleaner.review.session import KEYS
from cleaner.training.corpus import Labelled
from cleaner.training.teach import teach
from tests.review.conftest import HOSTILE

webdriver = pytest.importorskip("selenium.webdriver", reason="needs the extra `test`")
pytest.importorskip("uvicorn", reason="needs the extra `review`")
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs a browser: apt-get install chromium chromium-driver"
)
PATIENCE = 60  # seconds until a test gives up; nothing here waits that long


@pytest.fixture(scope="module")
def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage"):
        options.add_argument(f"--{argument}")
    options.add_argument("--window-size=1280,860")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium):
    """A browser that has nothing to complain about when the test ends."""
    yield chromium
    assert chromium.get_log("browser") == []


def wait(browser, condition):
    return WebDriverWait(browser, PATIENCE, 0.05).until(lambda _: condition())


def text(browser, name):
    return browser.find_element(By.ID, name).text


def answered(browser):
    return text(browser, "counts").partition(" of ")[0]


def press(browser, key, expected):
    """Press a key, and wait until so many are answered."""
    browser.find_element(By.TAG_NAME, "body").send_keys(key)
    wait(browser, lambda: answered(browser) == str(expected))


def open_page(browser, address):
    browser.get("about:blank")
    browser.get(address)
    wait(browser, lambda: text(browser, "counts") != "")


def test_twenty_paragraphs_by_keyboard_undo_kill_and_resume(browser, start, labels, folder):
    process, address = start()
    open_page(browser, address)
    shown = []
    keys = [key for key, _ in KEYS.values()] * 2
    for number, key in enumerate(keys[:20], 1):
        shown.append(text(browser, "asked"))
        press(browser, key, number)
        assert len(read(labels)) == number  # on the disk before the page goes on
    press(browser, "u", 19)
    assert text(browser, "asked") == shown[-1]
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL

    _, address = start()
    open_page(browser, address)
    assert text(browser, "counts").endswith("19 of yours in the file")
    assert text(browser, "asked") == shown[-1]
    while browser.find_element(By.ID, "skip").is_enabled():
        assert text(browser, "asked") not in shown[:19]
        press(browser, "k", int(answered(browser)) + 1)

    stand = standing(read(labels))
    assert len({answer.hash for answer in stand}) == len(stand)
    assert [a.label for a in stand[:19]] == [list(Label)[n % 11] for n in range(19)]
    assert {a.act for a in stand[19:]} == {Act.SKIP}
    # What was labelled by keyboard is what training takes.
    other = Labelled("1", "c", "", "", ("The weir held.",), (Label.CONTENT,))
    taught = teach([other], [labels], Cleaner())
    assert sum(len(r.answered) for r in taught.reviewed) >= 19
    assert taught.talk == []
    assert folder.is_dir()


def test_texts_are_shown_and_never_obeyed(browser, start):
    _, address = start()
    open_page(browser, address)
    number = 0
    while text(browser, "asked") != HOSTILE:
        number += 1
        press(browser, "c", number)

    assert browser.title == "cleaner review"
    assert (
        browser.execute_script("return document.querySelectorAll('#text img, #text script').length")
        == 0
    )


def test_a_note_is_typed_without_giving_labels_and_goes_with_the_next(browser, start, labels):
    _, address = start()
    open_page(browser, address)
    browser.find_element(By.TAG_NAME, "body").send_keys("t")
    note = browser.find_element(By.ID, "note")
    assert browser.switch_to.active_element == note
    note.send_keys("cold soup\ue007")  # Enter
    assert read(labels) == []
    press(browser, "d", 1)

    (answer,) = read(labels)
    assert (answer.label, answer.note) == (Label.DONATE, "cold soup")
    assert note.get_attribute("value") == ""


def test_a_label_can_be_clicked_and_the_verdict_is_told_afterwards_only(browser, start):
    _, address = start()
    open_page(browser, address)
    assert "the model said" not in browser.find_element(By.TAG_NAME, "body").text
    browser.find_element(By.CSS_SELECTOR, "button[aria-keyshortcuts=l]").click()

    wait(browser, lambda: answered(browser) == "1")
    assert text(browser, "last").startswith("You said legal; the model said ")


def test_the_page_says_so_when_the_command_has_ended(chromium, start):
    process, address = start()
    open_page(chromium, address)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 0
    chromium.find_element(By.TAG_NAME, "body").send_keys("c")

    wait(chromium, lambda: "has ended" in text(chromium, "problem"))
    chromium.get_log("browser")  # the refused connection, which is what is tested


def test_the_page_tells_a_fault_of_the_server_from_its_end(browser, start):
    open_page(browser, start()[1])
    browser.execute_script("fetch = async () => new Response('Fault', { status: 500 })")
    browser.find_element(By.TAG_NAME, "body").send_keys("c")

    wait(browser, lambda: text(browser, "problem") == "Fault")
