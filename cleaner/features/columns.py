"""Which columns each part of a model sees, by name: two models of other names are not one."""

from cleaner.document import Label
from cleaner.features.context import ORDER, PLACE, SENTENCE, context_names
from cleaner.features.page import PAGE
from cleaner.features.shape import SHAPE
from cleaner.features.topic import OVERLAP

EVIDENCE = tuple("boilerplate" if label is Label.CONTENT else label.value for label in Label)
_TREES = (*context_names(EVIDENCE), *ORDER)
COLUMNS = {
    "network": (*SHAPE, *OVERLAP, *PLACE),
    "trees": _TREES,
    "sentence_trees": (*_TREES, *SENTENCE),
    "page_trees": PAGE,
}
