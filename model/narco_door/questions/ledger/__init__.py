"""The ledger: what was fitted, what was only checked, and what was not fitted, scored against naive forecasts."""

from narco_door.questions.ledger.forecasts import Forecasts, forecasts
from narco_door.questions.ledger.scoring import Ledger, ranked, skill, told, worse_places, worse_years

__all__ = ["Forecasts", "Ledger", "forecasts", "ranked", "skill", "told", "worse_places", "worse_years"]
