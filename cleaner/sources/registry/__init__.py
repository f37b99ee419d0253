"""The registry: hand-written facts about publishers, owners, platforms, wrappers and wires.

The facts are the TOML files beside this module; docs/sources.md tells how to add one. They hold no
scores. `registry()` reads them once per process, at the first call: about 0.1 s that a run without
URLs does not pay.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from cleaner.sources.registry.entries import Network, Platform, Publisher, Wire, Wrapper

__all__ = [
    "Network",
    "Platform",
    "Publisher",
    "Registry",
    "Wire",
    "Wrapper",
    "read_rows",
    "registry",
]


@dataclass(frozen=True)
class Registry:
    """All facts, with the look-up tables over them.

    Attributes:
        publishers: by id.
        networks: by id.
        hosts: every listed domain of publishers and platforms, to its entry.
        platforms: by main domain.
        wrappers: by host or pattern of hosts.
        wrappers_under: by the domain of a pattern `*.x`.
        wrapper_stems: the `x.` of every pattern `x.*`.
        wires: in file order.
    """

    publishers: Mapping[str, Publisher]
    networks: Mapping[str, Network]
    hosts: Mapping[str, Publisher | Platform]
    platforms: Mapping[str, Platform]
    wrappers: Mapping[str, tuple[Wrapper, ...]]
    wrappers_under: Mapping[str, tuple[Wrapper, ...]]
    wrapper_stems: tuple[str, ...]
    wires: tuple[Wire, ...]

    def owner(self, network: str) -> str:
        """The network at the top of those above a network; itself if there is none."""
        while above := self.networks[network].parent:
            network = above
        return network


_KINDS: Mapping[str, type] = {
    "publisher": Publisher,
    "network": Network,
    "platform": Platform,
    "wrapper": Wrapper,
    "wire": Wire,
}


def read_rows() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every entry as it stands in the files: file name, kind of entry, fields."""
    folder = resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for kind, rows in tomllib.loads(file.read_text(encoding="utf-8")).items():
                for row in rows:
                    yield file.name, kind, row


@cache
def registry() -> Registry:
    """The registry, read at the first call."""
    found: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for _, kind, row in read_rows():
        fields = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
        found[kind].append(_KINDS[kind](**fields))
    wrappers: dict[str, list[Wrapper]] = {}
    for wrapper in found["wrapper"]:
        wrappers.setdefault(wrapper.host, []).append(wrapper)
    return Registry(
        publishers={entry.id: entry for entry in found["publisher"]},
        networks={entry.id: entry for entry in found["network"]},
        hosts=_hosts(found["publisher"], found["platform"]),
        platforms={entry.domain: entry for entry in found["platform"]},
        wrappers={host: tuple(entries) for host, entries in wrappers.items()},
        wrappers_under={
            host[2:]: tuple(entries) for host, entries in wrappers.items() if host[0] == "*"
        },
        wrapper_stems=tuple(host[:-1] for host in wrappers if host[-1] == "*"),
        wires=tuple(found["wire"]),
    )


def _hosts(
    publishers: list[Publisher],
    platforms: list[Platform],
) -> dict[str, Publisher | Platform]:
    # A platform comes first: should a domain stand in both lists, it must not be inherited from.
    hosts: dict[str, Publisher | Platform] = {}
    for platform in platforms:
        for domain in (platform.domain, *platform.aliases, *platform.instances):
            hosts.setdefault(domain, platform)
    for publisher in publishers:
        for domain in publisher.hosts:
            hosts.setdefault(domain, publisher)
    return hosts
