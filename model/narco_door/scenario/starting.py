"""A first scenario file for a user: commented, runnable as it stands, never written over another."""

import re
from pathlib import Path

from narco_door.base.declared import laws, levers, switches
from narco_door.base.errors import UserError
from narco_door.base.months import month_text
from narco_door.scenario import list_scenarios, load_scenario, scenario_from_toml
from narco_door.scenario.plan import Comparison

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

_TEMPLATE = """\
# {name}: a scenario for narco-door. Lines that begin with # are only remarks; delete the mark to use them.
# See it with `narco-door show {file}`, run it with `narco-door run {file}`.

title = "{title}"
question = "What changes, compared with {parent}?"
argued_by = ""
extends = "{extends}"
sources = []
# without_events = []         # what befell cartels and did not happen here, like ["2010-02:Gulf"]; see below

# [run]                       # what is not said here is as in "{parent}"
# from = "{start}"
# to = "{end}"              # last month, itself included
# seed = {seed}
# replicates = {replicates}
# persons_per_agent = {persons_per_agent}

# [parameters]                # see `narco-door explain parameters`
# NAME = 0.5

# [switches]                  # mechanisms; all are on
{switches}
# What befell cartels stands in dated events; "{parent}" may tell of some, see `narco-door show {parent}`.
#
# [[event]]
# month = "2012-05"
# kind = "capture"            # or killing, escape, extradition; split with new and places; truce, alliance with "with";
#                             # war with "with" and places
# cartel = "Gulf"
# place = "28"
# who = "Who fell"
# source = "Where it is written down"
#
# A phase promises money over a span of months: [phase.add] is more than "{parent}" pays, [phase.set] is
# exactly this much instead. The unit is US$ m a year at 2010 prices. Two phases of a file may not pay the
# same lever in the same month.
#
# [[phase]]
# name = "What it is called"
# from = "2011-04"
# to = "2026-12"              # itself included
# channel = "domestic"        # or "aid", which is paid out slowly
# allocation = "need"         # or "population", "violence", or shares by place: {{ "08" = 0.6, "28" = 0.4 }}
# source = "Where the money is written down, or: assumed"
# [phase.when]                # the phase may wait until a record crosses a threshold
# record = "homicide_rate"    # or a record of `narco-door explain records`
# above = 20
# [phase.earmark]             # share of what the laws `excise` and `security_tax` raise
# policing = 0.5
# [phase.law]                 # costs nothing; here as in 2007, see `narco-door explain laws`
{laws}# [phase.add]
{levers}"""


def new_text(name: str, *, extends: str = "baseline", folder: Path = Path()) -> str:
    """Return the text of a commented scenario file that extends another.

    Raises
    ------
    UserError
        If the name is no name, is taken, or if there is nothing of that kind to extend.
    """
    if not _NAME.fullmatch(name):
        raise UserError(f'"{name}" is not a name: expected letters, digits, "_" and "-"')
    if name in list_scenarios():
        raise UserError(f'"{name}" comes with narco-door already; expected another name')
    parent = load_scenario(extends)
    if isinstance(parent, Comparison):
        raise UserError(f'"{extends}" is a comparison; only a scenario can be extended')
    width = max(map(len, levers()))
    text = _TEMPLATE.format(
        name=name,
        file=(folder / f"{name}.toml").as_posix(),
        title=name.replace("_", " ").replace("-", " ").capitalize(),
        parent=parent.name,
        extends=_extended(extends, folder),
        start=month_text(parent.run.start),
        end=month_text(parent.run.end - 1),
        seed=parent.run.seed,
        replicates=parent.run.replicates,
        persons_per_agent=parent.run.persons_per_agent,
        switches="".join(f"# {switch} = false\n" for switch in switches()),
        laws="".join(f"# {law} = {about.value:g}    # {about.unit}\n" for law, about in laws().items()),
        levers="".join(
            f"# {lever:<{width}} = 0    # US$ m a year, for {about.buys}\n" for lever, about in levers().items()
        ),
    )
    if extends in list_scenarios():
        scenario_from_toml(text, name=name)
    return text


def _extended(extends: str, folder: Path) -> str:
    """Name the parent as the new file must: a path is written from where the file will lie."""
    if extends in list_scenarios():
        return extends
    return Path(extends).resolve().relative_to(folder.resolve(), walk_up=True).as_posix()


def write_new(name: str, *, extends: str = "baseline", folder: Path = Path()) -> Path:
    """Write a commented scenario file and return its path.

    Raises
    ------
    UserError
        As `new_text`; also if the folder is missing or the file exists.
    """
    text = new_text(name, extends=extends, folder=folder)
    path = folder / f"{name}.toml"
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UserError(f"{path} exists already and is left as it is; expected another name") from None
    except OSError as problem:
        raise UserError(f"{path} cannot be written ({problem.strerror})") from None
    return path
