"""The folder of a new country: commented, invented, runnable as it stands, never written over another."""

import re
from importlib.resources import files
from pathlib import Path

from narco_door.base.errors import UserError
from narco_door.country.folder import FACTS, TABLES, countries

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def write_country(name: str, *, folder: Path = Path()) -> Path:
    """Write the folder of a country, and beside it a scenario in which nothing new is paid; return the scenario's path.

    Raises
    ------
    UserError
        If the name is no name or that of a country that comes with narco-door, if there is no such folder, or if
        anything of that name is there already: nothing is overwritten.
    """
    if not _NAME.fullmatch(name):
        raise UserError(f'"{name}" is not a name: expected letters, digits, "_" and "-"')
    if name in countries():
        raise UserError(f'"{name}" comes with narco-door already; expected another name')
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}")
    home, scenario = folder / name, folder / f"{name}.toml"
    for path in (home, scenario):
        if path.exists():
            raise UserError(f"{path} exists already and is left as it is; expected another name")
    template = files("narco_door") / "country" / "template"
    try:
        home.mkdir()
        for table in (*TABLES, FACTS):
            text = (template / table).read_text(encoding="utf-8")
            (home / table).write_text(text.replace("{name}", name), encoding="utf-8")
        text = (template / "scenario.toml").read_text(encoding="utf-8")
        scenario.write_text(text.format(name=name, file=scenario.as_posix()), encoding="utf-8")
    except OSError as problem:
        raise UserError(f"{home} cannot be written ({problem.strerror})") from None
    return scenario
