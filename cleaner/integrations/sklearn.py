"""A scikit-learn transformer: texts in, cleaned texts out."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags

from cleaner import clean
from cleaner.pipeline import Cleaner


class TextCleaner(TransformerMixin, BaseEstimator):
    """Cleans texts ahead of a vectorizer. Stateless: `fit` learns nothing.

    Parameters as of `Cleaner`; they are checked at the first `fit` or `transform`, as scikit-learn
    wants it.
    """

    def __init__(
        self,
        *,
        model: str | Path | None = None,
        strength: str = "medium",
        strip: str | Collection[str] = "all",
        keep: str | Collection[str] = (),
        any_language: bool = False,
    ) -> None:
        self.model = model
        self.strength = strength
        self.strip = strip
        self.keep = keep
        self.any_language = any_language

    def fit(self, X: Iterable[str], y: object = None) -> Self:  # noqa: ARG002, N803 - its interface
        """Check the parameters.

        Raises:
            SetupError: one is wrong; the message lists what there is.
        """
        Cleaner(**self.get_params())
        return self

    def transform(self, X: Iterable[str]) -> NDArray[Any]:  # noqa: N803 - its interface
        """Clean texts.

        Returns:
            (texts,) an array of str, empty where nothing is left.

        Raises:
            TypeError: a single text, or something among the texts that is no str.
        """
        texts = [X] if isinstance(X, str) else list(X)
        if isinstance(X, str) or not all(isinstance(text, str) for text in texts):
            raise TypeError("TextCleaner takes an iterable of str")
        # Through `cleaner.clean`, which keeps a model once it is loaded.
        cleaned = [clean(text, **self.get_params()).text for text in texts]
        return np.array(cleaned, dtype=object)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        tags.requires_fit = False
        return tags
