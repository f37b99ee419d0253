"""Hosts that pass themselves off as a publisher: they are what they are, and get a note."""

from cleaner.sources.registry import Publisher, registry

# Cyrillic, Greek and Latin letters that read like plain ones. Not complete: it only makes a note.
_READS_LIKE = str.maketrans(
    "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u0475\u051d\u0445\u0443"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u0131\u0261\u0251\u043a\u043c\u0442\u043d\u0432\u0491",
    "acdehijlopqsvwxyaopviktigakmthbr",
)


def lookalike(host: str, source: str) -> str:
    """A note if a host the registry doesn't know looks like one it knows, else ""."""
    below = host[: -len(source) - 1]
    if "." in below and (known := _known(below)):
        return f"{known} is only the front of this host; it belongs to {source}"
    if "xn--" in source and (known := _known(_skeleton(source))):
        return f"looks like {known}, written with other letters"
    return ""


def _known(name: str) -> str:
    table = registry().hosts
    while name and not isinstance(table.get(name), Publisher):
        name = name.partition(".")[2]
    return name


def _skeleton(host: str) -> str:
    labels = []
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                label = label[4:].encode("ascii").decode("punycode")  # noqa: PLW2901 - the same label
            except UnicodeError:
                return ""
        labels.append(label.translate(_READS_LIKE))
    return ".".join(labels)
