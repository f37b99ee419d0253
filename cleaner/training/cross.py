"""What linear models and networks say of documents of sites that they never saw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner import features
from cleaner.features import Floats
from cleaner.model import LABELS, affinity, network_columns
from cleaner.network import Network
from cleaner.training.backprop import Sample
from cleaner.training.descent import fit_network
from cleaner.training.examples import Bag, Example
from cleaner.training.linear import Linear, fit_linear
from cleaner.training.vectors import first_vectors

FOLDS = 5


@dataclass(frozen=True)
class Said:
    """What a linear model and a network say of units.

    Attributes:
        evidence: (units, models) log-odds of the linear models.
        logits: (units, labels) of the network.
        affinity: (units, len(features.AFFINITY)), by the network's vectors.
    """

    evidence: Floats
    logits: Floats
    affinity: Floats

    def paragraph_columns(self, bag: Bag) -> Floats:
        """What the trees for paragraphs see of the units that this was said of."""
        return features.paragraph_columns(
            self.evidence, bag.shapes, bag.overlaps, self.affinity, self.logits
        )

    def sentence_columns(self, bag: Bag) -> Floats:
        """What the trees for sentences see of them."""
        return features.sentence_columns(
            self.evidence, bag.shapes, bag.overlaps, self.affinity, self.logits, bag.line
        )


@dataclass(frozen=True)
class HeldOut:
    """What models that never saw a document's site say of its units.

    Attributes:
        folds: (documents,) which fold each document is in.
        said: of each document and each of its bags.
    """

    folds: NDArray[np.int64]
    said: list[list[Said]]

    @classmethod
    def of(cls, examples: Sequence[Example], grams: int, seed: int) -> "HeldOut":
        """Cross-fit both by site."""
        from joblib import Parallel, delayed
        from sklearn.model_selection import GroupKFold

        groups = [example.document.group for example in examples]
        split = GroupKFold(FOLDS, shuffle=True, random_state=seed).split(groups, groups=groups)
        folds = np.empty(len(examples), dtype=np.int64)
        for fold_, (_, outside) in enumerate(split):
            folds[outside] = fold_
        parts = Parallel(n_jobs=-1)(
            delayed(_say)(
                [e for e, own in zip(examples, folds, strict=True) if own != fold_],
                [e for e, own in zip(examples, folds, strict=True) if own == fold_],
                grams,
                seed,
            )
            for fold_ in range(FOLDS)
        )
        said = [iter(part) for part in parts]
        return cls(folds, [next(said[fold_]) for fold_ in folds])


def _say(
    inside: Sequence[Example], outside: Sequence[Example], grams: int, seed: int
) -> list[list[Said]]:
    linear = fit_linear([example.paragraphs for example in inside], grams)
    network = network_of(inside, grams, seed)
    return [[_said(bag, linear, network) for bag in example.bags] for example in outside]


def _said(bag: Bag, linear: Linear, network: Network) -> Said:
    embedded = network.embed(bag.held)
    logits = network.logits(embedded, columns_of(bag))
    heading = None if bag.heading is None else network.embed(bag.heading)[0]
    alike = affinity(embedded, heading, bag.shapes, logits)
    return Said(linear.evidence(bag), logits, alike)


def network_of(examples: Sequence[Example], grams: int, seed: int) -> Network:
    """Fit the network on paragraphs and sentences alike."""
    samples = [
        Sample(bag.held, columns_of(bag), bag.target)
        for example in examples
        for bag in example.bags
    ]
    first = first_vectors(examples, grams)
    return fit_network(samples, grams=grams, labels=len(LABELS), seed=seed, first=first)


def columns_of(bag: Bag) -> Floats:
    """What the network sees of units beside their n-grams."""
    return network_columns(bag.shapes, bag.overlaps, bag.line)
