"""For users of Mesa: the doors and the lines of one model, as components of `SolaraViz`.

It needs ``mesa[viz]``, and this package's own versions of ``ipyvue`` and ``ipyvuetify``. Then, in a file of your own
(``solara run mine.py``)::

    from mesa.visualization import SolaraViz

    from narco_door import NarcoDoor, load_scenario
    from narco_door.dashboard.mesa_view import DoorsOf, LinesOf

    scenario = load_scenario("mixed").replace(persons_per_agent=200)
    page = SolaraViz(NarcoDoor(scenario), components=[DoorsOf, LinesOf], model_params={"scenario": scenario})

`SolaraViz` shares one model between all who look: use it for yourself, and the dashboard for others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import solara

from narco_door.base.arrays import F8
from narco_door.base.months import as_date
from narco_door.base.nation import NATION
from narco_door.dashboard import charts
from narco_door.dashboard.measures import LINES, Lines
from narco_door.results.intervals import band
from narco_door.results.measures import Read
from narco_door.show.picture import DoorNumbers, doors_svg
from narco_door.show.words import ENGLISH, about, kin, say

if TYPE_CHECKING:
    from narco_door.month.model import NarcoDoor

_STYLE = (
    ".nd-chart{max-width:420px;font:12px sans-serif}.nd-line{fill:none;stroke:#0067a3;stroke-width:2}"
    ".nd-grid,.nd-year{stroke:#ccc;fill:none}.nd-tick{fill:#555}.nd-dot{fill:#0067a3}.nd-start{display:none}"
)


def doors_of(model: NarcoDoor) -> str:
    """The doors of the last month that a model has lived, as SVG; empty before its first."""
    if not model.records.written:
        return ""
    month = as_date(model.records.start + model.records.written - 1)

    def read(record: str) -> F8:
        return model.records.nation(record)[None, :]

    numbers = DoorNumbers.of(read, scenario="model", month=month, place=NATION, world=model.world.plan.run.places)
    return doors_svg(numbers)


def lines_of(model: NarcoDoor) -> str:
    """The dashboard's line charts of the months that a model has lived, as HTML."""
    months = model.records.written
    if months < 2:
        return ""
    read: Read = model.records.nation
    frame = charts.Frame(model.world.start, model.world.months, model.world.start + months - 1, model.world.start)
    drawn = []
    for measure in LINES:
        what = about(f"line_{measure.name}", measure.name, ENGLISH)
        unit = say(f"line_unit_{kin(measure.name)}", ENGLISH)
        name = f"{what}, {unit}"
        lines = Lines(measure, band([measure.drawn(read)]), None, None)
        chart = charts.chart(lines, frame, gap=False, label=name)
        drawn.append(f"<figure><figcaption>{name}</figcaption>{chart}</figure>")
    return f"<style>{_STYLE}</style>{''.join(drawn)}"


def _follow() -> None:
    """Be drawn anew at every step of a model that `SolaraViz` shows."""
    try:
        from mesa.visualization.utils import update_counter
    except ImportError:  # drawn without SolaraViz: once
        return
    update_counter.get()


@solara.component
def DoorsOf(model: NarcoDoor) -> None:
    """Fajardo's doors in the month that the model has reached."""
    _follow()
    solara.HTML(tag="div", unsafe_innerHTML=doors_of(model))  # type: ignore[no-untyped-call]


@solara.component
def LinesOf(model: NarcoDoor) -> None:
    """What has happened so far: entries, members, homicides, youths behind each door."""
    _follow()
    solara.HTML(tag="div", unsafe_innerHTML=lines_of(model))  # type: ignore[no-untyped-call]
