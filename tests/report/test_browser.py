"""The page in a real browser, opened from disk. Skipped where there is none."""

import json
import os
from pathlib import Path

import pytest

from cleaner.report import write_report
from tests.conftest import PLUG, STORY
from tests.report.folders import ATTACKS, clean, write_attacks

# Where `npm install axe-core` puts it; AXE_CORE names another place.
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
INDEX = "JSON.parse(document.getElementById('index').textContent)"
VIEWS = ["overview", "sources", "templates", "documents", "document=5"]


class Page:
    """What a reader sees and does."""

    def __init__(self, driver):
        self.driver = driver

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def seen(self, selector):
        """The texts of what is shown, all asked for at once, as the page may be changing."""
        return self.script(
            "return [...document.querySelectorAll(arguments[0])]"
            ".filter((node) => node.checkVisibility()).map((node) => node.innerText)",
            selector,
        )

    def click(self, selector, number=0):
        self.all(selector)[number].click()

    def press(self, *keys):
        from selenium.webdriver import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()
            self.script("return new Promise((done) => setTimeout(done))")  # for what it set off

    def type(self, selector, text):
        self.all(selector)[0].send_keys(text)

    def choose(self, selector, value):
        self.click(f'{selector} option[value="{value}"]')

    def wait(self, condition):
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, 30, 0.05).until(lambda _: condition())

    def sees(self, selector, *texts):
        """Wait until just these texts are shown, each at least in part."""

        def shown():
            found = self.seen(selector)
            return len(found) == len(texts) and all(map(str.__contains__, found, texts))

        return self.wait(shown)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def light(self):
        paper = self.script("return getComputedStyle(document.body).backgroundColor")
        return sum(json.loads(f"[{paper[4:-1]}]")) > 3 * 128


@pytest.fixture
def opened(browse, page):
    return lambda view="": Page(browse(page, view))


def test_the_overview_shows_the_figures_and_leads_to_a_document(opened):
    reader = opened()

    assert reader.seen("h2")[0] == "What was cut"
    assert "13" in reader.seen(".figures")[0]
    assert reader.seen(".chart tbody th")[:2] == ["kept", "subscribe"]
    link = reader.all(".columns li a")[0]
    title = link.text.splitlines()[0]
    link.click()
    reader.sees("#document h3", title)
    reader.sees("[aria-current=page]", "Documents")


def test_what_was_cut_is_struck_through_in_its_place(opened):
    reader = opened("#documents")
    reader.type("#find", "line.txt")
    reader.sees("#document h3", "line.txt")
    (struck,) = reader.all("#document del")

    assert PLUG in struck.text
    assert struck.value_of_css_property("text-decoration-line") == "line-through"
    assert STORY[0] in reader.seen("#document .text")[0]
    assert "[cut as subscribe: " in struck.get_attribute("textContent")  # for who can't see it
    assert "subscribe" in reader.seen("#document .notes .tag")


def test_the_reasons_come_on_demand(opened):
    reader = opened("#document=5")
    reader.press("w")
    assert "is not content with a probability of" in reader.seen(".why")[0]
    assert len(reader.seen(".why td.number")) > 3
    loud = len(reader.seen(".why"))
    reader.press("w")
    assert len(reader.seen(".why")) > loud > 0
    reader.press("w")
    assert reader.seen(".why") == []
    reader.click("button.note")
    assert reader.all("button.note")[0].get_attribute("aria-expanded") == "true"
    assert len(reader.seen(".why")) == 1


def test_the_cleaned_text_alone(opened):
    reader = opened("#document=5")
    reader.click("#clean")
    assert reader.seen("#document del") == []
    assert reader.all("#clean")[0].get_attribute("aria-pressed") == "true"
    reader.press("c")
    assert reader.seen("#document del") != []


def test_search_label_source_and_state_narrow_the_list(opened):
    reader = opened("#documents")

    def shown():
        return reader.seen("#count")[0]

    assert shown() == "13 documents"
    reader.type("#find", "HERRING at this counter")
    reader.wait(lambda: shown() == "5 of 13 documents")
    assert len(reader.seen("#hits li")) == 5
    assert "herring" in reader.seen("#document")[0].lower()
    assert reader.script("return CSS.highlights.get('found').size") == 1
    reader.choose("#source", "=quay.example")
    reader.wait(lambda: shown() == "2 of 13 documents")
    reader.script("document.getElementById('filters').reset()")
    reader.choose("#state", "failed")
    reader.wait(lambda: "broken.txt" in reader.seen("#hits")[0])
    assert len(reader.seen("#hits li")) == 2
    reader.choose("#state", "")
    reader.click("[name=label][value=subscribe]")
    reader.wait(lambda: 2 < len(reader.seen("#hits li")) < 13)
    assert PLUG in reader.seen("#document del")[0]
    reader.type("#find", "no such words anywhere")
    reader.wait(lambda: shown() == "0 of 13 documents")
    assert reader.seen("#document") == ["No document to show."]


def test_keys_lead_through_the_page(opened):
    reader = opened()
    for key, heading in (("2", "Sources"), ("3", "Recurring templates"), ("4", "Documents")):
        reader.press(key)
        reader.sees("h2", heading)
    titles = [row["title"] or row["name"] for row in reader.script("return " + INDEX)]
    for key, place in zip("jjjkj", (1, 2, 3, 2, 3), strict=True):
        reader.press(key)
        reader.sees("#document h3", titles[place])
    reader.press("/")
    reader.wait(lambda: reader.driver.switch_to.active_element.get_attribute("id") == "find")
    reader.press("j")  # a letter to search for
    assert reader.script("return document.getElementById('find').value") == "j"
    reader.press("\ue00c", "?")  # Escape
    assert "next and previous document" in reader.seen("dialog")[0]


def test_the_next_stretch_is_marked(opened):
    reader = opened("#documents")
    reader.type("#find", "fish-market.txt")
    reader.sees("#document h3", "fish-market.txt")
    reader.press("\ue00c")
    reader.press("n")
    reader.sees("del.here", PLUG)
    reader.press("n")
    reader.sees("del.here", "Add comment")
    reader.press("p")
    reader.sees("del.here", PLUG)


def test_tables_are_sorted_by_any_column(opened):
    reader = opened("#sources")

    def column(number):
        cells = reader.all(f"#sources tbody td:nth-child({number})")
        return [cell.get_attribute("data-value") for cell in cells]

    reader.click("#sources th button", 4)
    words = [int(value) for value in column(5)]
    assert words == sorted(words, reverse=True)
    assert len(set(words)) > 2
    reader.click("#sources th button", 4)
    assert [int(value) for value in column(5)] == sorted(words)
    assert reader.all("#sources th")[4].get_attribute("aria-sort") == "ascending"
    reader.click("#sources th button", 0)
    assert column(1) == sorted(column(1))


def test_a_source_and_a_template_lead_to_their_documents(opened):
    reader = opened("#sources")
    reader.click('button[data-source="quay.example"]')
    reader.sees("#count", "3 of 13 documents")
    reader.press("3")
    reader.sees("h2", "Recurring templates")
    reader.click("#templates tbody button")
    reader.sees("h2", "Documents")
    reader.sees("#count", "3 of 13 documents")
    reader.wait(lambda: PLUG in reader.seen("#document del")[0])


def test_it_follows_the_systems_theme_and_can_be_set(opened):
    reader = opened()
    command, feature = "Emulation.setEmulatedMedia", "prefers-color-scheme"
    seen = []
    for value in ("light", "dark"):
        reader.driver.execute_cdp_cmd(command, {"features": [{"name": feature, "value": value}]})
        seen.append(reader.light())
    assert seen == [True, False]
    reader.click("#theme")
    assert reader.light()
    reader.click("#theme")
    assert not reader.light()
    reader.driver.execute_cdp_cmd(command, {"features": []})


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_wider_than_a_phone(opened, view):
    reader = opened("#" + view)
    metrics = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    reader.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        assert reader.script("return document.documentElement.scrollWidth") <= 360
    finally:
        reader.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_attacks_do_nothing(browse, tmp_path):
    out = clean(write_attacks(tmp_path / "in", ATTACKS), tmp_path / "out")
    reader = Page(browse(write_report(out).path))
    for key in "1234":
        reader.press(key)
    for _ in ATTACKS:
        reader.press("w", "w", "j")
        links = reader.script("return [...document.querySelectorAll('#document a')].map(String)")
        assert all(link.startswith("https://x/") for link in links)
    reader.press("2")
    reader.sees("h2", "Sources")
    reader.click("#sources tbody button")
    reader.sees("h2", "Documents")

    assert reader.script("return window.owned ?? null") is None
    assert len(reader.all("h1")) == 1
    assert reader.seen("h1")[0].endswith("report")
    reader.script("document.getElementById('filters').reset()")
    reader.type("#find", ATTACKS[0])
    reader.sees("#document h3", ATTACKS[0])


def test_ten_thousand_documents_are_searched(browse, large):
    reader = Page(browse(large, "#documents"))
    assert reader.seen("#count") == ["10,000 documents"]
    reader.type("#find", "edition 9871.")
    reader.wait(lambda: reader.seen("#count") == ["1 of 10,000 documents"])
    reader.sees("#document h3", "Story 9871")


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: npm install axe-core")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(opened, view, theme):
    reader = opened("#" + view)
    reader.script("document.documentElement.dataset.theme = arguments[0]", theme)
    if view.startswith("document="):
        reader.press("w", "w")
    reader.script(AXE.read_text(encoding="utf-8"))
    found = reader.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(r.violations), (e) => done(e + ''))"
    )

    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
