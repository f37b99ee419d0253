"""Every URL leads to the one who published it, and to nobody where that can't be known."""

import json
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.sources import suffixes
from cleaner.sources.assess import resolve_lines
from cleaner.sources.hosts import locate
from cleaner.sources.identity import Match, resolve
from cleaner.sources.registry import registry

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "urls.jsonl").read_text(encoding="utf-8").splitlines()
]
FIELDS = ["url", "unwrapped", "host", "source", "publisher", "match", "notes"]
PIECES = [
    "http://", "https://", "https:", "//", "/", "\\", "@", ":", "?", "#", "%", ".", "..", "[", "]",
    "cnn.com", "www.", "m.", "web.archive.org/web/2020/", "google.com/url?q=", "medium.com/@", "x",
    "archive.ph/", "t.co/", "12ft.io/", "%2F", "%3A", "xn--", "ü", "。", " ", "facebook.com/",
    "co.uk", "'", "<", "hxxp", "[.]", "view-source:", "_", "-", "127.0.0.1", "substack.com", "&",
]  # fmt: skip
SLOPPY = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12).map("".join)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def closed(*_args, **_kwargs):
        raise AssertionError("the resolver went to the network")

    for name in ("socket", "create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, closed)


def test_hand_made_urls_are_resolved():
    wrong = [
        (case["url"], case["source"], found)
        for case in CASES
        if (found := resolve(case["url"]).source) != case["source"]
    ]

    assert len(CASES) >= 300
    assert len(wrong) <= 0.01 * len(CASES), wrong


def test_a_publisher_is_named_exactly_for_its_main_domain():
    mains = {publisher.main: publisher.id for publisher in registry().publishers.values()}
    for case in CASES:
        ref = resolve(case["url"])

        assert ref.publisher == (mains.get(ref.source) if ref.source else None), case


def test_no_platform_is_ever_a_source():
    for case in CASES:
        assert resolve(case["url"]).source not in registry().platforms, case
    for domain in registry().platforms:
        for url in (f"https://{domain}/", f"https://www.{domain}/about", f"https://{domain}/?a=b"):
            assert resolve(url).source != domain, url


def test_account_names_do_not_inherit():
    for domain, platform in registry().platforms.items():
        if "subdomain" in platform.account:
            ref = resolve(f"https://kite.{domain}/story")

            assert (ref.source, ref.match) == (f"kite.{domain}", Match.PLATFORM_ACCOUNT)


def test_every_listed_domain_leads_to_its_publisher():
    for publisher in registry().publishers.values():
        # An aggregator's links lead elsewhere; that they hide it is the right answer.
        for domain in set(publisher.hosts) - set(registry().wrappers):
            ref = resolve(f"https://www.{domain}/story")

            assert (ref.source, ref.publisher) == (publisher.main, publisher.id), domain


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("https://www.cnn.com/", Match.EXACT),
        ("https://cnn.it/abc", Match.ALIAS),
        ("https://money.cnn.com/", Match.PARENT),
        ("https://kite.substack.com/", Match.PLATFORM_ACCOUNT),
        ("https://www.kite-herald.example/", Match.REGISTRABLE),
        ("https://www.youtube.com/watch?v=abc", Match.PLATFORM),
        ("https://archive.ph/AbC12", Match.ARCHIVE_UNRESOLVED),
        ("https://bit.ly/abc", Match.UNRESOLVED),
        ("http://127.0.0.1/", Match.NONE),
    ],
)
def test_match_says_how(url, match):
    assert resolve(url).match is match


def test_the_target_is_given_as_the_wrapper_holds_it():
    ref = resolve("https://web.archive.org/web/2020/https://WWW.CNN.com/a?b=c")

    assert ref.unwrapped == "https://WWW.CNN.com/a?b=c"
    assert ref.host == "cnn.com"


def test_the_page_is_asked_only_where_the_url_cannot_tell():
    page = "https://www.cnn.com/story"

    assert resolve("https://archive.ph/AbC12", page_url=page).source == "cnn.com"
    assert resolve("", page_url=page).source == "cnn.com"
    assert resolve("https://kite.example/", page_url=page).source == "kite.example"
    assert "by what the page says is its address" in resolve("", page_url=page).notes


def test_lookalikes_get_a_note():
    assert "nytimes.com is only the front" in resolve("https://nytimes.com.evil.example/").notes[0]
    assert "looks like cnn.com" in resolve("https://\u0441nn.com/").notes[0]


def test_a_line_has_exactly_the_fields_of_the_contract():
    lines = list(resolve_lines(["https://www.cnn.com/", "\udc80 \u2028", ""]))

    assert [list(json.loads(line)) for line in lines] == [FIELDS] * 3
    assert all(line.isascii() and "\n" not in line for line in lines)


def test_deep_nesting_and_long_urls_end():
    assert resolve("https://12ft.io/" * 1000 + "https://cnn.com/").source is None
    assert resolve("https://cnn.com/" + "a" * 1_000_000).source == "cnn.com"
    assert resolve("%25" * 100_000).source is None
    assert locate("https%25" + "25" * 1_000_000 + "3a").host == ""


def test_a_name_too_long_for_a_host_is_never_put_in_punycode(monkeypatch):
    monkeypatch.setattr(suffixes, "to_ascii", lambda _: pytest.fail("was put in punycode"))
    name = "".join(map(chr, range(0x4E00, 0x4E00 + 8000)))

    assert locate(f"https://{name}.com/").trouble == "no valid host"


@given(SLOPPY | st.text())
def test_resolving_never_raises_and_is_idempotent(url):
    once = resolve(url)
    again = resolve(once.unwrapped)

    assert again.unwrapped == once.unwrapped
    assert (again.host, again.source, again.publisher) == (once.host, once.source, once.publisher)
    assert again.match is once.match


@given(SLOPPY)
def test_a_source_needs_a_host_or_a_publisher(url):
    ref = resolve(url)

    assert ref.source or ref.publisher is None
    assert ref.source != ""
    assert bool(ref.source) == (ref.match not in set(Match) - _FOUND)


_FOUND = {Match.EXACT, Match.ALIAS, Match.PARENT, Match.PLATFORM_ACCOUNT, Match.REGISTRABLE}
