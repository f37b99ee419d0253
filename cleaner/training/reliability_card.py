"""The model card of a reliability model, written from its numbers."""

from typing import Any

from cleaner.sources.estimate import Estimator
from cleaner.sources.style import NAMES

_CARD = """# {name}

A first look at news sources that no rating table knows: how they write, over at least five English
articles. Data only: `model.json` and {features} weights in `weights.npz`. It knows no names, no
domains and no topics.

**What it says.** The probability that raters would put the source under {low} on their scale of
domain quality, in three bands: `look_closer` from {look_closer}, `no_warning` up to {no_warning},
`inconclusive` between. A band means "look" or "nothing unusual", never "unreliable" or "reliable",
and never that an article is false. It abstains on fewer than five usable documents, on accounts on
platforms, on sources that are no news outlets, and on styles unlike any it was trained on.

**Trained on** {outlets} outlets of the Article-Bias-Prediction corpus (Baly et al. 2020), English,
US politics above all, 2012 to 2020, at most 40 articles each, boilerplate cut; rated by the first
principal component of domain quality of Lin et al. 2023 (partly imputed). Neither texts nor ratings
are part of the model. Ridge regression on standardised means, shrunk by n / (n + {shrinkage:.1f}),
then logistic calibration.

## On outlets it never saw

Folds by brand and network (10 folds, 5 times); calibration is cross-fitted, too. Intervals: 95 %
bootstrap over brands and networks. The two thresholds were fixed on these same outlets.

| | 5 and more documents | all |
|---|---|---|
{table}

| documents | outlets | low-rated | AUC |
|---|---|---|---|
{sizes}

## By political leaning

The leaning (as the corpus says) is no input. But these raters rate by leaning, too: knowing nothing
else gives an AUC of {alone}. So part of what the style shows may be leaning; what counts is
whether the model still ranks within a leaning, and whether it errs to one side. All outlets:

| leaning | outlets | mean rating | rated low | mean p_low | rank correlation | AUC |
|---|---|---|---|---|---|---|
{leanings}

Rank correlation within leanings, weighted by outlets: {within}. Where the mean p_low is above the
share that is rated low, the model warns too much of that side; where below, too little.

## Limits

- {low_rated} low-rated outlets with five documents: differences under 0.05 are noise.
- US politics before 2021. On other corpora the same kind of model ranked worse (AUC 0.59 to 0.74),
  and the base rate ({base_rate}) is that of this corpus: elsewhere the probability is off by it.
- The ratings disagree with other raters, and change over the years.
- A change of style changes the estimate; the record of a source does not change with it.
- Not trained for other languages, broadcasts' transcripts, science, satire, government, forums.

Train again:
`python -m cleaner.training.reliability ARTICLES.jsonl.gz lin=lin2023_pc1.csv --out models/{name}`
"""


def card(estimator: Estimator) -> str:
    """Write the card."""
    info = estimator.info
    measured = info["scores"]
    both = (measured["enough_documents"], measured["all"])
    audit = measured["by_leaning"]
    return _CARD.format(
        **{key: info[key] for key in ("name", "low", "outlets", "shrinkage", "base_rate")},
        **info["bands"],
        features=len(NAMES),
        low_rated=both[0]["low_rated"],
        table="\n".join(_rows(*both)),
        sizes="\n".join(
            f"| {size} | {m['outlets']} | {m['low_rated']} | {_text(m['auc'])} |"
            for size, m in measured["by_documents"].items()
        ),
        leanings="\n".join(
            f"| {name} | {m['outlets']} | {m['mean_rating']} | {m['low_rated']:.0%} "
            f"| {m['mean_p_low']:.0%} | {m['rank_correlation']} | {_text(m['auc'])} |"
            for name, m in audit["leanings"].items()
        ),
        within=audit["rank_correlation_within"],
        alone=audit["auc_of_leaning_alone"],
    )


def _rows(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    def row(name: str, *path: str) -> str:
        cells = []
        for measured in (one, other):
            value: Any = measured
            for key in path:
                value = value[key]
            cells.append(_text(value))
        return f"| {name} | {cells[0]} | {cells[1]} |"

    return [
        row("outlets", "outlets"),
        row("rated low", "base_rate"),
        row("AUC for low-rated", "auc"),
        row("rank correlation with the rating", "rank_correlation"),
        row("expected calibration error", "ece"),
        row("`look_closer`: share of outlets", "look_closer", "share"),
        row("`look_closer`: rated low", "look_closer", "precision"),
        row("`look_closer`: times the base rate", "look_closer", "times_base_rate"),
        row("`look_closer`: share of the low-rated found", "look_closer", "recall"),
        row("`no_warning`: share of outlets", "no_warning", "share"),
        row("`no_warning`: rated low after all", "no_warning", "missed"),
        row("`inconclusive`: share of outlets", "inconclusive"),
    ]


def _text(value: object) -> str:
    if isinstance(value, list):
        return f"{value[0]} [{value[1]}, {value[2]}]"
    return "-" if value is None else str(value)
