"""Glued plugs and site memory, on sites that the model has not seen.

    python benchmarks/heldout.py ARTICLES.jsonl.gz CORPUS... [--model DIR]

Fits a model without one fold of the sites, the one with beforeitsnews.com (or reads it from DIR,
where it was kept), and measures on that fold:

- plugs glued to the content before them: how much of them is cut, and of the text around them;
- whole sites with and without what recurs on them: F1 and content words lost, for outlets of
  ARTICLES (all articles counted, the labelled ones measured) and for beforeitsnews.com.
"""

import argparse
import gzip
import json
from collections import defaultdict
from pathlib import Path

import numpy as np

from cleaner import sites
from cleaner.document import PROMOTIONAL, Document, Label
from cleaner.pipeline import Cleaner
from cleaner.strip import removed_spans
from cleaner.training import corpus, evaluate, glue, measure, scores, train

BLOG = "beforeitsnews.com"


def held_out(documents):
    """The fold that the blog is in."""
    jobs = evaluate.folds(documents, 5, 0)
    (job,) = [j for j in jobs if any(documents[i].site == BLOG for i in j.test)]
    return [documents[i] for i in job.train], [documents[i] for i in job.test]


def counted(articles, documents):
    """What recurs on the sites, each counted whole."""
    pages = []
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            pages.append((found["site"], Document(found["id"], found["text"])))
    blog = [d for d in documents if d.site == BLOG]
    pages += [(BLOG, Document(d.id, d.text)) for d in blog]
    return sites.count(pages)


def glued(cleaner, documents):
    """What is cut of promotional paragraphs glued to content, and of the rest."""
    plug = plug_cut = rest = rest_cut = 0
    for d in documents:
        lines = glue.lines(d)
        pure = [{label for _, _, label in line.parts} for line in lines]
        onto = [
            i > 0 and len(pure[i]) == 1 and pure[i] <= PROMOTIONAL and Label.CONTENT in pure[i - 1]
            for i in range(len(lines))
        ]
        if not any(onto):
            continue
        joined = glue.join(lines, onto)
        text = "\n".join(line.text for line in joined)
        cut = np.zeros(len(text) + 1, dtype=bool)
        for span in cleaner.clean(Document(d.id, text, title=d.title), sourced=False).removed:
            cut[span.start : span.end] = True
        offset = 0
        for line in joined:
            labels = {label for _, _, label in line.parts}
            for start, end, label in line.parts:
                part = cut[offset + start : offset + end]
                if Label.CONTENT in labels and label in PROMOTIONAL:
                    plug, plug_cut = plug + len(part), plug_cut + part.sum()
                elif label is Label.CONTENT:
                    rest, rest_cut = rest + len(part), rest_cut + part.sum()
            offset += len(line.text) + 1
    return plug_cut / plug, rest_cut / rest, plug


def remembered(cleaner, documents, memory):
    """F1 and content words lost without and with memory."""
    found = []
    for known in (None, memory):
        total = np.zeros(measure.SIZE)
        for d in documents:
            document = Document(d.id, d.text, title=d.title)
            site = known.site(d.site) if known else None
            verdicts = cleaner.classifier.verdicts(document, site)
            removed = removed_spans(document.text, verdicts)
            total += measure.count(d, removed, verdicts)
        figures = scores.figures(total)
        found.append((float(figures["f1"]), float(figures["words_lost"])))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    chosen = parser.parse_args()
    documents = corpus.load(chosen.corpus)
    training, test = held_out(documents)
    memory = counted(chosen.articles, documents)
    if chosen.model is None or not chosen.model.exists():
        seen = {d.site for d in training}
        known = sites.Memory({k: v for k, v in memory.sites.items() if k in seen})
        model = train.fit_documents(training, name="heldout", seed=0, memory=known)
        chosen.model = chosen.model or Path("heldout")
        model.save(chosen.model, "")
    for strength in ("low", "medium", "high"):
        cleaner = Cleaner(model=chosen.model, strength=strength)
        cut, lost, size = glued(cleaner, [d for d in test if d.collection != corpus.OWN])
        print(f"glued, {strength}: {cut:.1%} of {size:,} characters, {lost:.2%} of the rest")
    cleaner = Cleaner(model=chosen.model)
    parts = defaultdict(list)
    for d in test:
        if d.collection == "allsides" or d.site == BLOG:
            parts[BLOG if d.site == BLOG else "allsides"].append(d)
    for name, part in parts.items():
        (f1, lost), (with_f1, with_lost) = remembered(cleaner, part, memory)
        print(
            f"{name}, {len(part)} documents: F1 {f1:.3f} without memory, {with_f1:.3f} with; "
            f"content words lost {lost:.2%}, {with_lost:.2%}"
        )


if __name__ == "__main__":
    main()
