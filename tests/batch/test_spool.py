"""The spool: what is read in one pass is the same in the next."""

import json
from dataclasses import dataclass, fields

from cleaner.batch import spool
from cleaner.batch.work import Outcome
from cleaner.document import Block, Document, Status
from cleaner.readers.jsonl import dump


@dataclass(frozen=True, slots=True)
class Wider(Document):
    """With something that documents may come to have."""

    more: str = ""


def test_all_that_is_known_of_a_document_goes_through():
    block = Block(0, 4, "p", 0.25, ("li",))
    document = Wider("a", "Text", meta={"lang": "en"}, blocks=(block,), links=("b",), more="x")

    frozen = json.loads(dump(spool._freeze(Outcome("a.txt", None, Status.OK, document=document))))

    assert frozen["document"].pop("more") == "x"
    known = {field.name: getattr(document, field.name) for field in fields(Document)}
    assert spool._thaw(frozen).document == Document(**known)
