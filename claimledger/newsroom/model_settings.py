"""The language models that a newsroom has turned on, in the file `models.toml` beside its desk.

Without the file, nothing is sent to a model. The file contains no secret: the key of a server is the name of an
environment variable. Prices are those of the newsroom, for a million tokens.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from pydantic import Field, ValidationError

from claimledger.desk_vocabulary import ModelReach
from claimledger.errors import LedgerError, Problem, ProblemsFound
from claimledger.ledger.validation import validation_problems
from claimledger.ledger.yaml_source import SourceLocation
from claimledger.models.base import CheckedRecord, Record
from claimledger.scalars import Amount, Currency, Ordinal, RecordName, ShortText, VariableName, WebAddress
from claimledger.suggesting.exchange import ModelSettings
from claimledger.suggesting.with_llm import check_model_address

MODELS_FILE = "models.toml"
"""The name of the file."""
_MILLION = 1_000_000


_Price = Annotated[Amount, Field(ge=0)]


class ModelOff(LedgerError):
    """Raised when the newsroom has turned on no model to send a request to."""


class _Model(Record):
    name: ShortText
    reaches: ModelReach
    address: WebAddress
    key: VariableName | None = None
    suggester: RecordName = "llm"
    price_in: _Price | None = None
    price_out: _Price | None = None


class UsageLimits(Record):
    """The most that requests to models may use."""

    tokens_per_article: Ordinal = 60_000
    """The most tokens for one article, of requests and answers together."""
    calls_per_day: Ordinal = 200
    """The most calls on one day (UTC)."""
    cost_per_article: _Price | None = None
    """The highest cost for one article, in the currency of the file; none if only tokens are limited."""


class SendingRules(Record):
    """The newsroom's rules for texts that models outside this computer may get."""

    documents: bool = False
    """True if the texts of documents may be sent, except where an editor forbids it; confidential ones never are."""


class _ModelsFile(CheckedRecord):
    model: Annotated[tuple[_Model, ...], Field(min_length=1, max_length=20)]
    limits: UsageLimits = UsageLimits()
    sending: SendingRules = SendingRules()
    currency: Currency | None = None

    def _faults(self) -> Iterator[Problem]:
        if len({one.name for one in self.model}) < len(self.model):
            yield Problem("model-twice", field="model")
        for number, one in enumerate(self.model, start=1):
            if (one.price_in is None) is not (one.price_out is None):
                yield Problem("model-price-missing", field=f"model.{number}.price_out")
            if self.limits.cost_per_article is not None and one.price_in is None:
                yield Problem("model-price-missing/limit", field=f"model.{number}.price_in")
        if self.currency is None and any(one.price_in is not None for one in self.model):
            yield Problem("model-price-missing/currency", field="currency")


class PricedModel(NamedTuple):
    """A model with its prices."""

    settings: ModelSettings
    """The settings for the call."""
    price_in: Decimal | None
    """The price of a million tokens of a request; None if the newsroom gave none."""
    price_out: Decimal | None
    """The price of a million tokens of an answer."""
    currency: str
    """The currency (ISO 4217); empty without prices."""

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """Return the cost of so many tokens, or None without prices.

        >>> settings = ModelSettings("m", ModelReach.THIS_MACHINE, "http://127.0.0.1:1")
        >>> PricedModel(settings, Decimal("0.15"), Decimal("0.6"), "USD").cost(20_000, 5_000)
        Decimal('0.006')
        """
        if self.price_in is None or self.price_out is None:
            return None
        return (self.price_in * tokens_in + self.price_out * tokens_out).normalize() / _MILLION


class ModelChoices(NamedTuple):
    """The models of a newsroom and their limits."""

    models: tuple[PricedModel, ...]
    """The models, in the order of the file; the first is used if no other is named."""
    limits: UsageLimits
    """The limits."""
    sending: SendingRules
    """The rules for texts that go outside."""

    def find(self, name: str | None) -> PricedModel:
        """Return the model with a name, or the first one.

        Raises:
            ProblemsFound: no model has the name.
        """
        found = [one for one in self.models if name in (None, one.settings.name)]
        if not found:
            names = tuple(one.settings.name for one in self.models)
            raise ProblemsFound([Problem("model-unknown", file=MODELS_FILE, name=name or "", names=names)])
        return found[0]


def read_model_choices(folder: Path) -> ModelChoices:
    """Return the models in `models.toml` of a folder.

    Raises:
        ModelOff: the file does not exist.
        ProblemsFound: every problem of the file.
        AddressRefused: an address is not of the kind that the model needs.
    """
    path = folder / MODELS_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        read = _ModelsFile.model_validate_json(msgspec.json.encode(values))
    except FileNotFoundError:
        raise ModelOff from None
    except ValidationError as error:
        problems = validation_problems(error, _ModelsFile, values, SourceLocation(MODELS_FILE))
        raise ProblemsFound(problems) from None
    except (OSError, ValueError, TypeError) as error:
        raise ProblemsFound([Problem("models-file-unreadable", file=MODELS_FILE, reason=str(error))]) from None
    return ModelChoices(tuple(_priced_models(read.model, read.currency or "")), read.limits, read.sending)


def _priced_models(models: Sequence[_Model], currency: str) -> Iterator[PricedModel]:
    for one in models:
        settings = ModelSettings(one.name, one.reaches, one.address, one.key or "", one.suggester)
        check_model_address(settings)
        prices = [None if price is None else Decimal(price) for price in (one.price_in, one.price_out)]
        yield PricedModel(settings, prices[0], prices[1], "" if one.price_in is None else currency)
