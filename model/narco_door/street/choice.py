"""From the state of the world to what a youth sees: the tables of `Rule` and the `Street` of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narco_door.base import doors as known
from narco_door.base.ages import BANDS, LAST_AGE, SCHOOL_UNTIL, STAGE_ENDS, YEAR
from narco_door.base.arrays import F8
from narco_door.base.doors import CARTEL, FORMAL, HOME, IDLE, INFORMAL, SCHOOL
from narco_door.country.roll import QUANTILE_Z
from narco_door.street import minors, plain
from narco_door.street.crossroads import Rule, Street

if TYPE_CHECKING:
    from collections.abc import Mapping

    from narco_door.base.remembered import Numbers
    from narco_door.country.places import Places
    from narco_door.street.doors import Doors

YEARS = np.arange(256) / 2.0  # schooling in years
DEPRIVATION = np.arange(256) / 255.0


def make_rule(numbers: Numbers, switches: Mapping[str, bool]) -> Rule:
    """Tables over a person's bytes; what utility adds is a product here."""
    n, school_year = numbers, switches["school_year"]
    weight, years = n["income_weight"], YEARS - 9.0
    return Rule(
        barrier=np.exp(-n["school_barrier"] * DEPRIVATION),
        barrier_half=np.exp(-n["school_barrier"] * (1.0 - n["transfer_relief"]) * DEPRIVATION),
        resist=np.exp(-n["moral_cost_sd"] * QUANTILE_Z),
        learn_formal=np.exp(weight * n["return_formal"] * years),
        learn_informal=np.exp(weight * n["return_informal"] * years),
        chance_formal=np.clip(1.0 + n["hiring_by_year"] * years, n["hiring_least"], n["hiring_most"]),
        like_home=np.exp(np.array([n["value_home_women"], n["value_home_men"]])),
        offers_by_sex=np.array([n["offers_to_women"], 1.0]),
        offers_minor=1.0,
        keep_formal=np.ones(256),
        like_under15=float(np.exp(n["value_under15"])),
        like_staying=float(np.exp(n["value_staying"])),
        like_returning=float(np.exp(n["value_returning"])),
        like_informal_minor=float(np.exp(n["value_informal_minor"])),
        record_penalty=n["record_penalty"],
        mentor_resist=float(np.exp(-n["mentor_moral_cost"])),
        mentor_belief=n["mentor_belief"],
        poor_line=round(255 * n["poor_line"]),
        call_dropout=np.array([n[f"dropout_{band}"] for band in BANDS]),
        call_dropout_poor=np.array([n[f"dropout_poor_{band}"] for band in BANDS]),
        call=_calls(n),
        plain=np.array(known.plain(), np.int64),
        ages=np.array([door.ages for door in known.doors()]),
        like_school=np.exp(np.array([n["value_school_women"], 0.0])),
        like_home_minor=float(np.exp(n["value_home_minor"])),
        offers_by_age=minors.sought(n, switches),
        offers_stage_end=1.0 - n["stage_end_shelter"] * school_year,
        stages=np.array(STAGE_ENDS[:3] if school_year else STAGE_ENDS),
        stage_months=YEAR if school_year else 1,
        school_until=LAST_AGE if school_year else SCHOOL_UNTIL,
    )


def _calls(numbers: Numbers) -> F8:
    """Hazards to come to a crossroads, float64[door]: pupils have one by age and need instead."""
    calls = np.zeros(len(known.doors()))
    for door in (FORMAL, INFORMAL, HOME, IDLE):
        calls[door] = numbers[f"call_{known.names()[door]}"]
    for door in known.plain():
        calls[door] = plain.call(numbers, door)
    return calls


def narco_liking(numbers: Numbers, switches: Mapping[str, bool], *, pay: F8, promise: F8, risk: F8, peers: F8) -> F8:
    """How much a youth with no moral cost likes the narco door: the first room's pay, the hope of rising, the pull
    of peers, less the share of the risk that is seen.

    Parameters
    ----------
    pay : float64[place]
        First-room pay over mean youth pay of the place.
    promise : float64[place]
        Believed promotions per member and year.
    risk : float64[place]
        Death and arrest per member and year.
    peers : float64[place]
        Members per young man.
    """
    n = numbers
    seen = 1.0 - n["myopia"] if switches["myopia"] else 1.0
    utility = n["value_narco"] + n["income_weight"] * np.log(pay) + n["promise_weight"] * promise
    utility = utility - n["risk_weight"] * seen * risk - n["moral_cost"]
    if switches["peers"]:
        utility = utility + n["peer_weight"] * peers
    liking: F8 = np.exp(utility)
    return liking


def make_street(
    places: Places, doors: Doors, *, width_narco: F8, force: F8, like_narco: F8,
    coverage: Mapping[str, F8], prevented: F8, lean: F8, felt: F8,
) -> Street:  # fmt: skip
    """What a youth sees from the crossroads of each place, where outreach has `prevented` a share of the offers."""
    n = doors.numbers
    shape = len(places), len(known.doors())
    width, like, call = doors.width.copy(), np.ones(shape), np.ones(shape)
    relative = (places.pay / places.pay.mean()) ** n["income_weight"]
    for door in (SCHOOL, FORMAL, INFORMAL):
        like[:, door] = np.exp(n[f"value_{known.names()[door]}"])
    for door in known.plain():
        like[:, door] = np.exp(plain.value(n, door))
    like[:, FORMAL] *= relative
    like[:, INFORMAL] *= relative
    width[:, CARTEL], like[:, CARTEL] = width_narco, like_narco
    calls = n["fear_calls_least"], n["fear_calls_most"]
    call[:, SCHOOL] = np.clip(1.0 + n["fear_dropout"] * felt, *calls)
    call[:, FORMAL] = np.clip(1.0 + n["fear_layoffs"] * felt, *calls)
    return Street(
        width=width, belief=doors.believed(), like=like, call=call, force=force,
        scholarships=coverage["scholarships"], transfers=coverage["cash_transfers"], mentors=coverage["mentoring"],
        apprentices=coverage["apprenticeships"], outreach=prevented / (1.0 - prevented), lean=lean,
    )  # fmt: skip
