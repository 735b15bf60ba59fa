"""The narco door: does a country do better by opening doors for its poor youth or by hunting kingpins?

>>> from narco_door import load_scenario, run, compare
>>> results = run(load_scenario("baseline"), replicates=8, seed=1, persons_per_agent=100)
>>> results.series, results.events, results.careers  # polars frames
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from narco_door.base.errors import UserError
    from narco_door.month.model import NarcoDoor
    from narco_door.questions.validation import validate
    from narco_door.results import Results, difference, headline, load_results
    from narco_door.runs.experiment import compare, run
    from narco_door.scenario import Comparison, Scenario, list_scenarios, load_scenario

__version__: str

_HOMES = {
    "Comparison": "scenario",
    "NarcoDoor": "month.model",
    "Results": "results",
    "Scenario": "scenario",
    "UserError": "base.errors",
    "compare": "runs.experiment",
    "difference": "results",
    "headline": "results",
    "list_scenarios": "scenario",
    "load_results": "results",
    "load_scenario": "scenario",
    "run": "runs.experiment",
    "validate": "questions.validation",
}

__all__ = [
    "Comparison", "NarcoDoor", "Results", "Scenario", "UserError", "compare", "difference", "headline",
    "list_scenarios", "load_results", "load_scenario", "run", "validate",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public word when it is first used, so that `narco-door --help` answers at once."""
    if name == "__version__":
        return import_module("importlib.metadata").version("narco-door")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"narco_door.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
