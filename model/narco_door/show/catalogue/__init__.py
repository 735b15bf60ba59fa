"""What there is to look up: each table once, for `narco-door explain`, for the documents and for the page.

Whoever asks for a table reads only what that table needs: the order of a month the model, the places a file.
"""

from collections.abc import Callable, Mapping
from typing import Final

from narco_door.show.catalogue import evidence, inputs, ledger, model
from narco_door.show.sheets import Sheet

CATALOGUE: Final[Mapping[str, Callable[[], Sheet]]] = {
    maker.__name__: maker
    for maker in (
        model.scales, model.entities, model.order, model.decisions, model.parameters, model.levers, model.effects,
        model.laws, model.switches, model.records, inputs.inputs, inputs.founders, inputs.events, inputs.places,
        inputs.scenarios,
        evidence.targets, evidence.grades, evidence.calibration, evidence.validation,
        ledger.skill, ledger.ledger, ledger.scores,
    )
}  # fmt: skip

__all__ = ["CATALOGUE"]
