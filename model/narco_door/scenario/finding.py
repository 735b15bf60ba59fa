"""Where the file of a scenario lies, given by name or path, and what it says."""

import os
import unicodedata
from pathlib import Path

from narco_door.base.errors import UserError, nearest
from narco_door.base.toml_lines import KeyPath
from narco_door.base.toml_words import MOST_LETTERS
from narco_door.scenario.reading import Origin
from narco_door.scenario.schema import A_NAME, is_name

_CLAIMS = "claims/"
_MOST_BYTES = 4 * MOST_LETTERS


def scenarios_folder() -> Path:
    """Return the folder of the scenarios: beside the repository's model, or inside the installed package."""
    package = Path(__file__).parent.parent
    beside = package.parent.parent / "scenarios"
    return beside if (beside / "baseline.toml").is_file() else package / "scenarios"


def list_scenarios() -> dict[str, Path]:
    """Return the scenarios and comparisons that come with narco-door: name to file."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.toml"))}


def claim_scenarios() -> dict[str, Path]:
    """Return the scenarios that only the claims of the seminar compare: `claims/NAME` to file."""
    return {f"{_CLAIMS}{path.stem}": path for path in sorted((scenarios_folder() / "claims").glob("*.toml"))}


def find(name: str, *, origin: Origin | None = None, key: KeyPath = (), folder: Path | None = Path()) -> Path:
    """Return the file of a scenario.

    Parameters
    ----------
    name
        A name of those that come with narco-door, or a path.
    origin, key
        Where the name is written, if not by the user himself.
    folder
        From where a path is seen, and where no other file may have the name. None: paths are seen from here, and a
        name means narco-door's own.

    Raises
    ------
    UserError
        If there is none, names one that is near; or if a name may mean a file of the user's too.
    """
    try:
        return _shipped(name, folder) or _own(name, folder or Path())
    except UserError as problem:
        raise problem if origin is None else origin.error(key, str(problem)) from None


def _shipped(name: str, folder: Path | None) -> Path | None:
    """Return the file of a scenario that comes with narco-door, unless another of that name lies here."""
    found = (list_scenarios() | claim_scenarios()).get(name)
    other = (folder or Path()) / f"{name}.toml"
    if (
        found is None
        or folder is None
        or not _is_file(other)
        or other.samefile(found)
        or other.read_bytes() == found.read_bytes()
    ):
        return found
    raise UserError(
        f'"{name}" comes with narco-door, and a file "{name}.toml" that says something else lies here: write '
        f'"./{name}.toml" for it, or give it another name'
    )


def _alike(one: Path, other: Path) -> bool:
    return one.samefile(other) or one.read_bytes() == other.read_bytes()


def _own(name: str, folder: Path) -> Path:
    is_path = name.lower().endswith(".toml") or "/" in name or "\\" in name
    path = folder / name
    if is_path and (found := _as_written(path)):
        return found
    inside = {key.removeprefix(_CLAIMS): key for key in claim_scenarios()}
    if name in inside:
        raise UserError(f'there is no scenario "{name}"; did you mean "{inside[name]}"?')
    known = claim_scenarios() if name.startswith(_CLAIMS) else list_scenarios()
    hint = nearest(Path(name).stem, known) or f"; known are {', '.join(known)}"
    if _is_file(folder / f"{name}.toml"):
        hint = f'; did you mean the file "{name}.toml"?'
    raise UserError(f'there is no file "{path}"{hint}' if is_path else f'there is no scenario "{name}"{hint}')


def _as_written(path: Path) -> Path | None:
    """Return the file, or the one beside it whose name is written with the same letters, composed otherwise."""
    if _is_file(path):
        return path
    try:
        beside = list(path.parent.iterdir()) if not path.name.isascii() else []
    except OSError:
        return None
    return next((each for each in beside if _composed(each.name) == _composed(path.name) and _is_file(each)), None)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _is_file(path: Path) -> bool:
    """Whether there is a file; a path that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def name_of(path: Path) -> str:
    """Return what the scenario of a file is called, accents composed in one way."""
    return _composed(path.stem)


def read_file(path: Path, label: str) -> str:
    """Return the text of a scenario's file.

    Raises
    ------
    UserError
        If its name is none for a scenario, or it cannot be read, or is no text, or is longer than any may be.
    """
    if not is_name(name_of(path)):
        raise UserError(f'{label}: "{name_of(path)}" is not a name for a scenario; expected {A_NAME}')
    try:
        with path.open("rb") as file:
            held = file.read(_MOST_BYTES + 1)
        if len(held) > _MOST_BYTES:
            size = os.path.getsize(path)
            raise UserError(f"{label}:1: the file has {size:,} bytes; expected {_MOST_BYTES:,} at most")
        return held.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        raise UserError(f"{label}:1: not a UTF-8 text ({problem.reason})") from None
    except OSError as problem:
        raise UserError(f"{label}: cannot be read ({problem.strerror})") from None
