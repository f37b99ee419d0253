"""A corpus and what people said in reviews → the documents to train on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cleaner.errors import CorpusError
from cleaner.pipeline import Cleaner
from cleaner.segment import paragraph_hash
from cleaner.training.corpus import Labelled
from cleaner.training.relabel import relabel
from cleaner.training.reviewed import Reviewed, Vote, decide, gather, votes_in


@dataclass
class Taught:
    """What to train on.

    Attributes:
        corpus: as it was given, but for the labels that were overruled.
        reviewed: the documents of the labels files that are not in the corpus.
        talk: what to tell the user: labels that could not be used, and why.
    """

    corpus: Sequence[Labelled]
    reviewed: list[Reviewed] = field(default_factory=list)
    talk: list[str] = field(default_factory=list)

    @property
    def documents(self) -> list[Labelled]:
        """All of them."""
        return [*self.corpus, *(r.document for r in self.reviewed)]


def teach(corpus: Sequence[Labelled], files: Sequence[Path], used: Cleaner) -> Taught:
    """Bring labels files and a corpus together.

    A label of a paragraph that the corpus has in a document of this id overrules the corpus. Any
    other brings its document along, if the file tells where that lies.

    Args:
        corpus: labelled documents.
        files: labels files, as `cleaner review` writes them.
        used: the model in use; see `gather`.

    Raises:
        CorpusError: a file is none, or no label in them can be used; or one that names no file is
            of no paragraph of the corpus.
    """
    votes = votes_in(files)
    if not votes:
        raise CorpusError("there is no label in these files; `cleaner review` makes some")
    known = _known(corpus, votes)
    ours: list[Vote] = []
    elsewhere: list[Vote] = []
    for vote in votes:
        own = vote.place is None or (vote.document, vote.hash) in known
        (ours if own else elsewhere).append(vote)
    overruling, disputed = decide(ours, lambda vote: (vote.document, vote.hash))
    labels, more = decide(elsewhere, lambda vote: vote.hash)
    taught = Taught(relabel(corpus, overruling))
    gathered = gather(elsewhere, labels, used)
    taught.reviewed = gathered.reviewed
    for name, count, why in gathered.lost:
        taught.talk.append(f"{count} labels can't be used, {name}: {why}")
    if disputed := disputed + more:
        taught.talk.append(
            f"{disputed} paragraphs left out, as many labellers say one thing as another; "
            "`cleaner corpus agree` names them"
        )
    if not overruling and not gathered.reviewed:
        raise CorpusError("no label in these files could be used: " + "; ".join(taught.talk[:1]))
    return taught


def _known(corpus: Sequence[Labelled], votes: Iterable[Vote]) -> set[tuple[str, str]]:
    """The paragraphs of the corpus in documents that a vote names."""
    named = {vote.document for vote in votes}
    return {(d.id, paragraph_hash(t)) for d in corpus if d.id in named for t in d.paragraphs}
