"""Outcomes → the lines that are written: manifest, removed spans, cleaned records, verdicts."""

import hashlib
from typing import Any

from cleaner.batch.work import Outcome
from cleaner.document import CleanResult, Document, Mode
from cleaner.sites import site_of


def given_id(outcome: Outcome) -> object:
    """The id as the input gave it, which need not be a string; else the path and `:RECORD`."""
    given = outcome.document.meta.get("id") if outcome.document else None
    if given is not None:
        return given
    return outcome.name if outcome.record is None else f"{outcome.name}:{outcome.record}"


def source(outcome: Outcome) -> dict[str, Any]:
    """Who published the document; of one that failed, what its URL tells, without ratings."""
    if outcome.result:
        return dict(outcome.result.source)
    from cleaner.sources.assess import assess

    url = outcome.document.url if outcome.document else ""
    return assess(Document(id="", text="", url=url))


def manifest_row(outcome: Outcome) -> dict[str, Any]:
    """The document's row of the manifest, without the output's path: who writes one names it."""
    document, result = outcome.document, outcome.result
    return {
        "input": outcome.name,
        "record": outcome.record,
        "output": None,
        "status": outcome.status,
        "flags": list(result.flags) if result else [],
        "title": document.title if document else "",
        "url": document.url if document else "",
        "counts": counts(result) if result else {},
        "hash": outcome.hash,
        "text_hash": text_hash(document.text) if document and result else "",
        "encoding": outcome.encoding,
        "bom": outcome.bom,
        "field": outcome.field,
        "source": source(outcome),
        "site": _site(outcome),
        "always": list(result.always) if result else [],
        "error": outcome.error or None,
        # What the verdicts on a page depend on beside its text, so that they can be explained.
        "blocks": [block.row() for block in document.blocks] if document else [],
        "from_html": bool(document and document.from_html),
    }


def _site(outcome: Outcome) -> str:
    """The site whose memory has a say on the document, "" if there is none."""
    if outcome.site or outcome.document is None or outcome.result is None:
        return outcome.site
    return site_of(outcome.document, outcome.result.source["source"])


def counts(result: CleanResult) -> dict[str, Any]:
    """Units and words of a document, and the words cut by label."""
    cut: dict[str, int] = {}
    for span in result.removed:
        cut[span.label] = cut.get(span.label, 0) + len(span.text.split())
    return {
        "units": len(result.verdicts),
        "units_cut": len(result.removed),
        "words": len(result.document.text.split()),
        "words_cut": dict(sorted(cut.items())),
    }


def span_rows(result: CleanResult, mode: Mode) -> list[dict[str, Any]]:
    """What was removed; in flag mode, what would have been."""
    if mode is Mode.DROP:
        return [
            {"start": s.start, "end": s.end, "label": s.label, "score": s.score, "text": s.text}
            for s in result.removed
        ]
    return [
        {
            "start": v.unit.start,
            "end": v.unit.end,
            "label": v.cut_as,
            "score": v.score,
            "text": result.document.text[v.unit.start : v.unit.end],
        }
        for v in result.verdicts
        if not v.keep
    ]


def clean_record(outcome: Outcome, mode: Mode) -> dict[str, Any]:
    """The record with its text cleaned, and what was done in a field `cleaner`.

    A field `cleaner` of the record's own is in there, as `before`.
    """
    document, result = outcome.document, outcome.result
    record = dict(document.meta) if document else {}
    record.pop("html", None)
    record["id"] = given_id(outcome)
    if document and outcome.record is None:
        known = {key: getattr(document, key) for key in ("url", "title", "date", "author")}
        record.update({key: value for key, value in known.items() if value})
    spans = span_rows(result, mode) if result else []
    record[outcome.field] = result.text if result else ""
    record["cleaner"] = {
        "status": outcome.status,
        "flags": list(result.flags) if result else [],
        "removed": spans if mode is Mode.DROP else [],
        **({"flagged": spans} if mode is Mode.FLAG else {}),
        "source": source(outcome),
        "error": outcome.error or None,
        # A record that was cleaned before keeps what was said, and cut, then.
        **({"before": record["cleaner"]} if "cleaner" in record else {}),
    }
    return record


def label_record(outcome: Outcome) -> dict[str, Any]:
    """The document's verdicts, as `cleaner label` writes them."""
    document, result = outcome.document, outcome.result
    record: dict[str, Any] = {
        "id": given_id(outcome),
        "url": document.url if document else "",
        "status": outcome.status,
        "paragraphs": [
            {
                "start": v.unit.start,
                "end": v.unit.end,
                "label": v.label,
                "score": v.score,
                "keep": v.keep,
            }
            for v in (result.verdicts if result else ())
        ],
        "source": source(outcome),
    }
    if result and result.flags:
        record["flags"] = list(result.flags)
    if document and document.from_html:
        record["text"] = document.text
    if outcome.error:
        record["error"] = outcome.error
    return record


def text_hash(text: str) -> str:
    """SHA-256 of a document's text, so that restore can check any of them."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
