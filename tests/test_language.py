"""The language of a text, or none where there is too little to tell."""

import pytest

from cleaner.language import detect
from tests.conftest import ARTICLE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ARTICLE, "en"),
        (
            "Le conseil du port a voté mardi la fermeture du vieux marché aux poissons.",
            "fr",
        ),
        (
            "Совет гавани решил во вторник закрыть старый рыбный рынок и перевезти торговцев.",
            "ru",
        ),
        (
            "港务委员会周二决定关闭自一九一一年以来一直位于码头上的旧鱼市场，并将十一名商贩迁往火车站后面的大厅，商贩们表示将向法院提起诉讼，要求撤销这一决定。"
            * 3,
            "zh",
        ),
        ("", None),
        ("Ja.", None),
        ("12:30 – 14:45", None),
    ],
)
def test_the_language_of_a_text(text, code):
    assert detect(text) == code


def test_a_list_of_names_and_numbers_is_not_called_another_language():
    assert detect("Holm 3, Ek 2, Lund 1\n" * 3) in {None, "en"}
