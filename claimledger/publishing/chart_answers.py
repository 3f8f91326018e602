"""The sentence below a chart's heading: it answers the question of the heading from the rows of the chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from claimledger.labels import label_text
from claimledger.publishing.charts import Chart, ChartName
from claimledger.publishing.site import PageLanguage
from claimledger.vocabulary import VerificationStatus

_CONFIRMED = 1 + tuple(VerificationStatus).index(VerificationStatus.SUPPORTED)
"""The place of the confirmed claims in a row with a count for each verdict."""
_Values = Mapping[str, str | int]


def chart_answer(chart: Chart, language: PageLanguage) -> str:
    """Return a sentence that answers the question of a chart; an empty string for a chart without rows or question."""
    found = _ANSWERS.get(chart.name)
    if not chart.rows or not found:
        return ""
    key, values = found
    return label_text(f"chart.{key}", language).format(**values(chart))


def _most_confirmed(chart: Chart) -> _Values:
    best = max(chart.rows, key=lambda row: int(row[_CONFIRMED]))
    return {"name": best[0], "count": best[_CONFIRMED], "total": sum(map(int, best[1:]))}


def _largest(chart: Chart) -> _Values:
    first = chart.rows[0]
    return {"name": first[0], "count": first[_CONFIRMED], "total": sum(map(int, first[1:]))}


def _first(chart: Chart) -> _Values:
    return {"name": chart.rows[0][0], "count": chart.rows[0][1]}


def _change(chart: Chart) -> _Values:
    first, last = chart.rows[0], chart.rows[-1]
    return {"first": first[0], "before": first[_CONFIRMED], "last": last[0], "after": last[_CONFIRMED]}


def _most_amounts(chart: Chart) -> _Values:
    counts: Counter[str] = Counter()
    for currency, _, number in chart.rows:
        counts[str(currency)] += int(number)
    name, count = max(sorted(counts.items()), key=lambda found: found[1])
    return {"name": name, "count": count, "total": counts.total()}


_ANSWERS: Mapping[ChartName, tuple[str, Callable[[Chart], _Values]]] = {
    "verdicts-by-topic": ("confirmed", _most_confirmed),
    "verdicts-by-kind": ("confirmed", _most_confirmed),
    "verdicts-by-organization": ("largest", _largest),
    "checks-due": ("due", _first),
    "status-over-time": ("change", _change),
    "claims-per-article": ("most", _first),
    "claims-per-speaker": ("most", _first),
    "amounts-by-currency": ("amounts", _most_amounts),
}
"""The key of the sentence of each chart, and the function that finds its values. Organisations are not ranked."""
