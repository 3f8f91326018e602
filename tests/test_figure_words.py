"""Figures in words: the grammar reads the wording of a page back as the stored number, unit and currency."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from made_ledger import GRAINS, made_entries
from page_reading import got

from claimledger.models import Quantity
from claimledger.publishing import ledger_db
from claimledger.publishing.figure_words import figure_in_words, amount_in_words
from claimledger.publishing.site import LANGUAGES, PageLanguage
from claimledger.quantities import find_figures, format_with_currency
from claimledger.vocabulary import Comparator, Direction

CURRENCIES: dict[str, dict[str, Any]] = tomllib.loads(
    files("claimledger.quantities").joinpath("currencies.toml").read_text(encoding="utf-8")
)


def figure_text(language: PageLanguage, **quantity: Any) -> str:  # noqa: ANN401  fields of a quantity
    """Return a figure in words; `amount`, `low` and `high` are given as text."""
    numbers: dict[str, Any] = {
        name: Decimal(quantity.pop(name)) for name in ("amount", "low", "high") if name in quantity
    }
    return figure_in_words(Quantity(text="–", **numbers, **quantity), language)


@pytest.mark.parametrize(
    ("quantity", "korean", "english"),
    [
        ({"amount": "13000000000", "currency": "USD", "comparator": Comparator.ABOUT},
         "약 130억 달러", "about 13 billion US dollars"),
        ({"amount": "383400000000", "currency": "KRW"}, "3834억 원", "383.4 billion South Korean won"),
        ({"amount": "10000", "unit": "gpu", "comparator": Comparator.MORE_THAN},
         "GPU 1만 개 초과", "more than 10,000 GPUs"),
        ({"amount": "1", "unit": "gpu"}, "GPU 1개", "1 GPU"),
        ({"amount": "175000000000", "unit": "parameter"}, "매개변수 1750억 개", "175 billion parameters"),
        ({"amount": "300000000", "unit": "person"}, "3억 명", "300 million people"),
        ({"low": "1000", "high": "9999", "unit": "person"}, "1,000~9,999명", "1,000 to 9,999 people"),
        ({"amount": "10", "unit": "times", "direction": Direction.ABOVE}, "10배 큼", "10 times as large"),
        ({"amount": "40", "unit": "percent", "comparator": Comparator.ABOUT, "direction": Direction.BELOW},
         "약 40% 낮음", "about 40 percent lower"),
        ({"amount": "2", "unit": "year", "direction": Direction.BELOW}, "2년 짧음", "2 years shorter"),
        ({"amount": "500", "currency": "USD", "direction": Direction.ABOVE}, "500달러 많음", "500 US dollars more"),
        ({"amount": "500", "currency": "USD", "direction": Direction.BELOW}, "500달러 적음", "500 US dollars less"),
        ({"amount": "3", "unit": "person", "direction": Direction.BELOW}, "3명 적음", "3 people fewer"),
        ({"amount": "9" + "0" * 19, "unit": "number"}, "9000경", "90,000,000,000,000,000,000"),
        ({"amount": "9" + "0" * 20, "unit": "number"}, *["900,000,000,000,000,000,000"] * 2),
        ({"amount": "9999" + "0" * 12, "unit": "number"}, "9999조", "9,999 trillion"),
        ({"amount": "-13000000000", "unit": "number"}, *["-13,000,000,000"] * 2),
        ({"amount": "1", "unit": "day"}, "1일", "1 day"),
        ({"amount": "0.6667", "unit": "ratio", "comparator": Comparator.NEARLY},
         "거의 66.67%", "nearly 66.67 percent"),
        ({"low": "5", "unit": "person"}, "5명부터", "from 5 people"),
        ({"high": "20000", "unit": "oil_rig"}, "2만 (oil rig)까지", "up to 20,000 (oil rig)"),
        ({"amount": "70000", "currency": "XAU"}, "7만 XAU", "70,000 XAU"),
        ({"amount": "30000", "unit": "number"}, "3만", "30,000"),
    ],
)  # fmt: skip
def test_figure_is_worded_naturally(quantity: dict[str, Any], korean: str, english: str) -> None:
    assert (figure_text("ko", **quantity), figure_text("en", **quantity)) == (korean, english)


_AMOUNTS = st.integers(0, 12).flatmap(
    lambda zeros: st.integers(1, 99_999_999).map(lambda digits: Decimal(digits).scaleb(zeros - 2))
)
"""Amounts as in articles: a few digits followed by zeros, or with decimals."""


@pytest.mark.slow
@given(_AMOUNTS, st.sampled_from([{"currency": "USD"}, {"currency": "KRW"}, {"unit": "kilogram"}, {"unit": "watt"}]),
       st.sampled_from(LANGUAGES))  # fmt: skip
def test_figure_words_read_back_as_the_same_quantity(
    amount: Decimal, of: dict[str, str], language: PageLanguage
) -> None:
    expected = Quantity(text="–", amount=amount, **of)  # type: ignore[arg-type]
    (found,) = find_figures(f"{figure_in_words(expected, language)}.")
    assert (found.amount, found.currency or found.unit) == (amount, *of.values())


@given(st.decimals(0, Decimal("1e24"), places=4))
def test_amount_words_keep_every_digit(amount: Decimal) -> None:
    sizes = {
        "조": 10**12,
        "경": 10**16,
        "억": 10**8,
        "만": 10**4,
        "trillion": 10**12,
        "billion": 10**9,
        "million": 10**6,
    }
    for language in LANGUAGES:
        total, words = Decimal(0), amount_in_words(amount, language).replace(",", "")
        for size in sizes:
            words = words.replace(f" {size}", size)
        for word in words.split():
            (size,) = [one for one in sizes if word.endswith(one)] or [""]
            total += Decimal(word.removesuffix(size)) * sizes.get(size, 1)
        assert total == amount, words


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_currency_reads_back_as_itself(language: PageLanguage) -> None:
    for code, entry in CURRENCIES.items():
        for number in ("1", "1,200"):
            (found,) = find_figures(f"{format_with_currency(number, code, language)}.")
            has_name = f"printed_{language}" in entry
            assert (found.currency, found.amount) == (code, Decimal(number.replace(",", ""))) or not has_name, code


@pytest.mark.slow
@pytest.mark.datasette_lines
@pytest.mark.asyncio
async def test_claim_page_has_a_figures_section_only_if_it_has_figures(
    serve: Callable[..., Datasette], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("figures") / "ledger.db"
    ledger_db.build_ledger_db(made_entries(), path)
    datasette = serve(path)
    for claim_id, has_figures in ((GRAINS["claim_id"], True), ("cranes-without-drivers-plan-gggg", False)):
        page = (await got(datasette, f"/claims/{claim_id}")).text
        assert ('id="figures"' in page, 'id="topics"' in page) == (has_figures, True), claim_id
