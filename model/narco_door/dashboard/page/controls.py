"""The panel of choices: money, reference, luck, horizon, mechanisms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import solara

from narco_door.base.declared import Lever, levers, switches
from narco_door.dashboard.budget import FAMILIES, Pot, follow, move, rest, set_total
from narco_door.dashboard.page.parts import Money, Settings
from narco_door.dashboard.page.session import Change, bounds
from narco_door.dashboard.page.texts import scenario_label
from narco_door.dashboard.policy import FEATURED, held, preset, preset_of, presets
from narco_door.dashboard.state import MOST, MOST_SEED, PATH, STEP, State, choices
from narco_door.scenario import load_one
from narco_door.show.formats import about, money
from narco_door.show.words import Language, say, translated

_WHOLE: Mapping[str, Callable[[State, int], State]] = {
    "last": lambda state, n: replace(state, last=n),
    "replicates": lambda state, n: replace(state, replicates=n),
    "persons_per_agent": lambda state, n: replace(state, persons_per_agent=n),
    "seed": lambda state, n: replace(state, seed=n),
}
_SAID = ("money_head", "unit_musd", "presets_label", "presets_more", "more_levers", "total", "keep", "clear_all")


@dataclass(frozen=True)
class Drag:
    """A lever that is being moved, the choice before, and the money after the last move.

    Out and back again must give the others back what it took, so a lever is moved from where all stood at first.
    """

    lever: str
    at_first: State
    money: tuple[tuple[str, float], ...]

    def before(self, lever: str, state: State) -> State:
        """The choice from which to move a lever: that of the drag it belongs to, if nothing else was moved since."""
        same = lever == self.lever and replace(self.at_first, money=state.money) == state
        return self.at_first if same and self.money == state.money else state


_NO_DRAG = Drag("", State(), ())


@solara.component
def MoneyPanel(state: State, change: Change) -> None:
    """Give money to levers: all of it within bounds, whatever the browser says."""
    pots = held(state)
    heard, hear = solara.use_state(0)  # the last word about a slider: the browser sent it, and waits to see it answered
    dragged = solara.use_ref(_NO_DRAG)

    def begin(name: Any) -> None:
        if name in presets():
            change(preset(str(name), state))
        elif name == "":
            change(replace(state, money=(), base=PATH, file=""))

    def hold(keep: Any) -> None:
        change(replace(state, keep=True) if keep else follow(replace(state, keep=False)))

    def lock(name: Any) -> None:
        if isinstance(name, str) and name in levers():
            change(replace(state, locked=state.locked ^ {name}))

    def moved(sent: Any) -> None:
        name, value = word(field(sent, "lever")), number(field(sent, "amount"))
        if name in levers() and value is not None:
            before = dragged.current.before(name, state)
            after = replace(move(before, name, value, pots), locked=state.locked)
            dragged.current = Drag(name, before, after.money)
            change(after)
        hear(int(number(field(sent, "word")) or 0))

    def budget(sent: Any) -> None:
        amount = number(sent)
        if amount is not None:
            change(set_total(state, amount, pots))

    plans = _presets(state)
    sheet = {
        "words": _words(state),
        "presets": [plan for plan in plans if plan["id"] in FEATURED],
        "others": [plan for plan in plans if plan["id"] not in FEATURED],
        "groups": [_family(family, state, pots) for family in FAMILIES],
        "pot": _pot(state),
        "budget": state.total,
        "keep": state.keep,
        "scale": max(state.total, 500.0, *(amount for _, amount in state.money), 0.0),
        "step": STEP,
        "most": MOST,
        "heard": heard,
    }
    Money(
        sheet=json.dumps(sheet),
        event_preset=begin,
        event_total=budget,
        event_hold=hold,
        event_lock=lock,
        event_move=moved,
    )


def field(sent: Any, name: str) -> object:
    """A field of what the browser sent, if it sent any."""
    return sent.get(name) if isinstance(sent, dict) else None


def word(sent: object) -> str:
    """A word from the browser, if it is one."""
    return sent if isinstance(sent, str) else ""


def number(sent: Any) -> float | None:
    """A number from the browser, if it is one."""
    known = isinstance(sent, int | float) and not isinstance(sent, bool) and sent == sent and abs(sent) < 1e12
    return float(sent) if known else None


def _words(state: State) -> dict[str, str]:
    language = state.language
    said = {key: say(key, language) for key in _SAID}
    left, freed = rest(state), -sum(amount for _, amount in state.money if amount < 0)
    said["rest"] = say("rest", language, n=money(left)) if left > 0 else say("rest_none", language)
    if freed:
        said["rest"] += f". {say('rest_freed', language, n=money(freed))}"
    named = say("preset_file", language) if state.file else scenario_label(state.base, language)
    alone = not state.file and state.base == PATH
    own = say("preset_own", language) if not preset_of(state) and not state.file else ""
    said["standing"] = own if alone else say("on_top", language, base=named)
    return said


def _presets(state: State) -> list[dict[str, object]]:
    chosen = "" if state.file or state.off or state.numbers else preset_of(state)
    return [{**_plan(name, state.language), "id": name, "chosen": name == chosen} for name in presets()]


@cache
def _plan(name: str, language: Language) -> dict[str, str]:
    return {
        "label": scenario_label(name, language),
        "question": translated(load_one(name).question, language),
    }


def _family(family: str, state: State, pots: Mapping[str, Pot]) -> dict[str, object]:
    mine = [_lever(lever, state, pots[name]) for name, lever in levers().items() if lever.family == family]
    return {"id": family, "label": say(f"family_{family}", state.language), "levers": mine}


def _lever(lever: Lever, state: State, pot: Pot) -> dict[str, object]:
    language, amount = state.language, state.given(lever.name)
    label = translated(lever.label, language)
    locked = lever.name in state.locked
    bought = about(amount * 1e6 / lever.unit_cost) if amount > 0 else ""
    return {
        "name": lever.name,
        "label": label,
        "amount": amount,
        "low": pot.low,
        "locked": locked,
        "lock_label": say("unlock" if locked else "lock", language, lever=label),
        "told": say("amount_less" if amount < 0 else "amount_text", language, n=money(abs(amount))),
        "meaning": translated(lever.meaning, language),
        "buys": say("buys", language, n=bought, what=translated(lever.buys, language)) if bought else "",
        "already": say("already", language, n=money(pot.mean)) if pot.mean >= STEP else "",
    }


def _pot(state: State) -> list[dict[str, object]]:
    """What each family has of the total, in percent."""
    whole = max(state.total, sum(amount for _, amount in state.money if amount > 0), 1.0)
    shares = {
        family: sum(amount for name, amount in state.money if amount > 0 and levers()[name].family == family)
        for family in FAMILIES
    }
    return [{"id": family, "share": round(100 * share / whole, 2)} for family, share in shares.items()]


@solara.component
def SettingsPanel(state: State, change: Change) -> None:
    """Everything but money."""
    language = state.language

    def put(sent: Any) -> None:
        name, value = word(field(sent, "name")), field(sent, "value")
        if name == "switch" and word(value) in switches():
            change(replace(state, off=state.off ^ {word(value)}))
        elif name == "numbers":
            change(replace(state, numbers=()))
        elif name == "fitted":
            change(replace(state, fitted=value is True))
        elif name in _WHOLE and (whole := number(value)) is not None:
            change(_WHOLE[name](state, int(whole)))

    run = choices().path.run
    said = ("head", "until", "replicates", "scale", "seed", "seed_again", "mechanisms", "fitted")
    names = ", ".join(f"{name} = {value:g}" for name, value in state.numbers)
    sheet = {
        "words": {
            **{key: say(f"settings_{key}", language) for key in said},
            "numbers_changed": say("numbers_changed", language, names=names) if names else "",
            "numbers_reset": say("numbers_reset", language),
        },
        "values": {
            "last": state.last,
            "replicates": state.replicates,
            "persons_per_agent": state.persons_per_agent,
            "seed": state.seed,
            "fitted": state.fitted,
        },
        "ends": [
            {"id": month, "label": str(month // 12)}
            for month in sorted({*range(state.first + 23, run.end, 12), state.last})
        ],
        "replicates": bounds().replicates,
        "scales": bounds().scales,
        "switches": [
            {
                "name": name,
                "label": translated(switch.label, language),
                "meaning": translated(switch.meaning, language),
                "on": name not in state.off,
            }
            for name, switch in switches().items()
        ],
        "most_seed": MOST_SEED,
    }
    Settings(sheet=json.dumps(sheet), event_set=put)
