"""The registry's files keep to their schema, and hold facts only."""

import re
from collections import Counter
from dataclasses import MISSING, fields

import pytest

from cleaner.sources import suffixes
from cleaner.sources.registry import (
    Network,
    Platform,
    Publisher,
    Wire,
    Wrapper,
    read_rows,
    registry,
)

TYPES = {
    "publisher": Publisher,
    "network": Network,
    "platform": Platform,
    "wrapper": Wrapper,
    "wire": Wire,
}
ROWS = list(read_rows())
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# What a publisher is, never how good it is.
PUBLISHER_TYPES = {
    "academic", "advocacy", "aggregator", "alternative", "blog", "broadcaster", "digital",
    "fact-checker", "forum", "government", "local", "magazine", "newspaper", "press-release-wire",
    "public-media",
    "reference", "satire", "science-journal", "state-media", "trade", "wiki", "wire",
}  # fmt: skip


def rows(kind):
    return [row for _, name, row in ROWS if name == kind]


def domains_of(row):
    return [
        *row["domains"],
        *row.get("former_domains", ()),
        *row.get("short_domains", ()),
    ]


def duplicates(values):
    return sorted(value for value, count in Counter(values).items() if count > 1)


def test_enough_is_in_it():
    assert len(registry().publishers) >= 400
    assert len(registry().networks) >= 60
    assert len(registry().platforms) >= 150
    assert len(registry().wrappers) >= 25
    assert len(registry().wires) >= 15


@pytest.mark.parametrize("kind", TYPES)
def test_fields_are_those_of_the_schema(kind):
    known = {field.name: field for field in fields(TYPES[kind]) if field.init}
    needed = {
        name
        for name, field in known.items()
        if field.default is MISSING and field.default_factory is MISSING
    }
    for row in rows(kind):
        assert set(row) <= set(known), row
        assert needed <= set(row), row


def test_every_fact_has_a_source_and_a_date():
    for file, _, row in ROWS:
        assert re.fullmatch(r"https?://\S+", row["source"]), (file, row)
        assert re.fullmatch(r"20\d\d-\d\d(-\d\d)?", row["as_of"]), (file, row)


def test_there_are_no_scores():
    for file, _, row in ROWS:
        numbers = [key for key, value in row.items() if isinstance(value, int | float)]
        assert not numbers, (file, row)
        assert not re.search(r"score|rating|reliab|credib|bias", " ".join(row)), (file, row)


@pytest.mark.parametrize("kind", ["publisher", "network"])
def test_ids_are_unique_and_well_formed(kind):
    ids = [row["id"] for row in rows(kind)]

    assert not duplicates(ids)
    assert [id_ for id_ in ids if not ID.fullmatch(id_)] == []


def test_publishers_have_a_known_type_country_and_languages():
    for row in rows("publisher"):
        assert row["type"] in PUBLISHER_TYPES, row["id"]
        assert re.fullmatch(r"[A-Z]{2}", row["country"]), row["id"]
        assert row["languages"], row["id"]
        assert all(re.fullmatch(r"[a-z]{2,3}", code) for code in row["languages"]), row["id"]
        assert row["domains"], row["id"]


def test_networks_that_are_named_exist():
    known = {row["id"] for row in rows("network")}
    named = {row["network"] for row in rows("publisher") if row.get("network")}
    named |= {row["parent"] for row in rows("network") if row.get("parent")}

    assert sorted(named - known) == []


def test_no_network_is_above_itself():
    above = {row["id"]: row.get("parent", "") for row in rows("network")}
    for name in above:
        seen = [name]
        while parent := above[seen[-1]]:
            assert parent not in seen
            seen.append(parent)


def test_domains_are_plain_and_below_a_public_suffix():
    domains = [domain for row in rows("publisher") for domain in domains_of(row)]
    for row in rows("platform"):
        domains += [row["domain"], *row.get("aliases", ()), *row.get("instances", ())]

    assert [name for name in domains if not DOMAIN.fullmatch(name)] == []
    assert [name for name in domains if name.startswith("www.")] == []
    assert [name for name in domains if not suffixes.split(name).known] == []


def test_no_domain_belongs_to_two_publishers():
    assert not duplicates(domain for row in rows("publisher") for domain in domains_of(row))


def test_no_domain_belongs_to_two_platforms():
    domains = [
        domain
        for row in rows("platform")
        for domain in (row["domain"], *row.get("aliases", ()), *row.get("instances", ()))
    ]

    assert not duplicates(domains)


def test_no_domain_is_a_publisher_and_a_platform():
    publishers = {domain for row in rows("publisher") for domain in domains_of(row)}
    platforms = {
        domain
        for row in rows("platform")
        for domain in (row["domain"], *row.get("aliases", ()), *row.get("instances", ()))
    }

    assert sorted(publishers & platforms) == []


def test_platforms_say_where_the_account_stands():
    for row in rows("platform"):
        assert row["account"], row["domain"]
        assert set(row["account"]) <= {"subdomain", "path", "path-at", "path-2", "none"}, row
        assert ("none" in row["account"]) == (row["account"] == ["none"]), row["domain"]
        if "path-2" in row["account"]:
            assert row.get("path_prefixes"), row["domain"]


def test_wrappers_can_be_read():
    for row in rows("wrapper"):
        assert row["kind"] in {
            "archive", "cache", "amp", "redirect", "shortener", "translate", "proxy",
        }, row  # fmt: skip
        assert row["target"] in {"path", "query", "host", "opaque"}, row
        wrapper = Wrapper(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
        if wrapper.target in {"path", "query"}:
            assert wrapper.param or (wrapper.regex and "url" in wrapper.regex.groupindex), row


def test_wires_are_publishers_and_their_patterns_compile():
    for row in rows("wire"):
        assert row["publisher"] in registry().publishers, row
        assert row["kind"] in {"wire", "press-release"}, row
        assert row["patterns"], row
        for pattern in row["patterns"]:
            assert not re.compile(pattern).match(""), row


def test_names_offers_and_credits_are_written_as_they_are_read():
    for row in rows("publisher"):
        for key in ("name", "names", "offers", "credits"):
            values = row.get(key, [])
            for value in [values] if isinstance(values, str) else values:
                assert value == value.strip(), (row["id"], value)
                assert value, row["id"]
                assert "\n" not in value, (row["id"], value)
