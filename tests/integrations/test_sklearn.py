"""TextCleaner: a scikit-learn transformer as scikit-learn wants it."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from cleaner import Cleaner
from cleaner.errors import SetupError
from cleaner.integrations.sklearn import TextCleaner
from tests.conftest import ARTICLE, CLEANED, GERMAN, PLUG, STORY

TEXTS = [ARTICLE, PLUG, GERMAN, "", "\n".join([*STORY, PLUG])]
MATRIX = "transforms a matrix of numbers"
VALIDATES = "wants matrices to be validated and their columns counted; a text has none"
NOT_FOR_TEXTS = dict.fromkeys(
    """check_fit_score_takes_y check_pipeline_consistency check_estimators_pickle
    check_f_contiguous_array_estimator check_transformer_data_not_an_array
    check_transformer_general check_transformer_preserve_dtypes
    check_transformers_unfitted_stateless check_methods_sample_order_invariance
    check_methods_subset_invariance check_dict_unchanged check_fit_idempotent
    check_estimators_dtypes""".split(),
    MATRIX,
) | dict.fromkeys(
    """check_n_features_in_after_fitting check_n_features_in check_complex_data check_dtype_object
    check_estimators_empty_data_messages check_estimators_nan_inf check_estimator_sparse_tag
    check_fit1d check_fit2d_predict1d""".split(),
    VALIDATES,
)


class Asked(TextCleaner):
    """Claims to take matrices: scikit-learn checks little of what takes anything else."""

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.one_d_array = True, False
        return tags


@parametrize_with_checks([Asked()], expected_failed_checks=lambda _: NOT_FOR_TEXTS)
def test_the_estimator_checks_that_apply_are_passed(estimator, check):
    check(estimator)


def test_texts_are_cleaned_as_everywhere(cleaner):
    cleaned = TextCleaner().fit_transform(TEXTS)

    assert cleaned.tolist() == [cleaner.clean(text).text for text in TEXTS]
    assert cleaned[0] == CLEANED


def test_parameters_are_the_cleaner_s():
    kept = TextCleaner(keep=["subscribe"]).transform([ARTICLE])

    assert kept[0] == Cleaner(keep="subscribe").clean(ARTICLE).text != CLEANED


def test_order_and_company_of_texts_change_nothing():
    step = TextCleaner()

    assert [step.transform([text])[0] for text in TEXTS[::-1]] == list(step.transform(TEXTS))[::-1]


def test_clones_and_pickles_do_the_same():
    step = TextCleaner(strength="high", strip="promotional").fit(TEXTS)

    for copy in (clone(step), pickle.loads(pickle.dumps(step))):
        assert copy.get_params() == step.get_params()
        assert copy.transform(TEXTS).tolist() == step.transform(TEXTS).tolist()


def test_it_stands_ahead_of_a_vectorizer():
    pipeline = make_pipeline(TextCleaner(), CountVectorizer())
    counts = pipeline.fit_transform(np.array([ARTICLE, CLEANED]))

    assert (counts[0] != counts[1]).nnz == 0
    assert "newsletter" not in pipeline[-1].vocabulary_


def test_a_wrong_parameter_is_told_by_fit():
    with pytest.raises(SetupError, match="there are: "):
        TextCleaner(strength="brutal").fit(TEXTS)


@pytest.mark.parametrize("wrong", [ARTICLE, [ARTICLE, None], [b"bytes"], np.zeros((2, 2))])
def test_what_is_no_list_of_texts_is_refused(wrong):
    with pytest.raises(TypeError, match="iterable of str"):
        TextCleaner().transform(wrong)
