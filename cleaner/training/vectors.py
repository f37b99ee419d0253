"""What the n-grams' vectors begin with: a linear copy of a pretrained sentence encoder.

The encoder has read far more than is labelled here, and knows that "chip in" and "donate" are
alike. `scripts/embed.py` asks it about each paragraph; a ridge regression on the paragraphs'
n-grams gives each n-gram its share of the answers. In use the encoder is needed no more.
"""

from collections.abc import Sequence

import numpy as np

from cleaner.errors import CorpusError
from cleaner.features import Floats
from cleaner.training.descent import DIMENSIONS
from cleaner.training.examples import Example
from cleaner.training.linear import matrix_of

_ALPHA, _STEPS = 3.0, 30
# Of the network's inputs. On half of the sites smaller vectors gave less, larger ones made the
# labels worse (docs/classifier.md).
_SCALE = 0.6


def first_vectors(examples: Sequence[Example], grams: int) -> Floats | None:
    """Regress the embeddings of the documents' paragraphs on their n-grams.

    Args:
        examples: documents, embedded or not.
        grams: size of the vocabulary.

    Returns:
        (grams, DIMENSIONS), 0 for what no embedded paragraph holds; None if none is embedded.

    Raises:
        CorpusError: embeddings of another width.
    """
    from sklearn.linear_model import ridge_regression
    from threadpoolctl import threadpool_limits

    known: dict[str, tuple[int, bytes]] = {}  # what recurs has one say
    row = 0
    embedded = [example for example in examples if example.document.embedded]
    for example in embedded:
        for text, embedding in example.document.embeddings:
            if any(embedding):
                known.setdefault(text, (row, embedding))
            row += 1
    if not known:
        return None
    rows, embeddings = zip(*known.values(), strict=True)
    steps = np.frombuffer(b"".join(embeddings), dtype=np.int8)
    targets = steps.reshape(len(rows), -1).astype(np.float32)
    if targets.shape[1] != DIMENSIONS:
        raise CorpusError(
            f"paragraphs are embedded in {targets.shape[1]} numbers, the vectors have "
            f"{DIMENSIONS}; run scripts/embed.py again"
        )
    targets *= _SCALE / targets.std()
    matrix = matrix_of([example.paragraphs.held for example in embedded], grams)[list(rows)]
    with threadpool_limits(1):
        fitted = ridge_regression(
            matrix, targets, alpha=_ALPHA, solver="sparse_cg", max_iter=_STEPS
        )
    return np.ascontiguousarray(fitted.T, dtype=np.float32)
