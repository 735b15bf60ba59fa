"""The manifest of a results folder: how it was made, and the checksums of its tables."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from narco_door.base.errors import UserError
from narco_door.base.scarcity import at_work_in
from narco_door.results.durable import write_whole

MANIFEST = "manifest.json"


class _Read(BaseModel):
    """Fields that nobody reads may be anything: a later version may have more."""

    model_config = ConfigDict(strict=True, extra="ignore")


class _Arm(_Read):
    name: str
    toml: str = ""


class _Failure(_Read):
    scenario: str
    replicate: int
    error: str
    traceback: str = ""


class _Manifest(_Read):
    """What is read of a manifest; an older version kept no checksums."""

    name: str
    reference: str | None = None
    seed: int
    replicates: int
    persons_per_agent: int
    first: Annotated[str, Field(alias="from")]
    to: str
    places: str
    scenarios: list[_Arm]
    hash: str = ""
    seconds: dict[str, float] = {}
    failures: list[_Failure] = []
    tables: dict[Literal["series", "events", "careers"], Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = {}


def save_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Replace the manifest whole."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    write_whole(folder / MANIFEST, text.encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a results folder; empty if it was never written.

    Raises
    ------
    UserError
        It is none, or a field is not what it should be.
    """
    file = folder / MANIFEST
    try:
        with at_work_in(folder):
            manifest = json.loads(file.read_bytes())
        _Manifest.model_validate(manifest)
    except FileNotFoundError:
        return {}
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise _spoilt(file, f"{at + ': ' if at else ''}{first['msg']}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise _spoilt(file, f"cannot be read ({str(error).splitlines()[0]})") from None
    return dict(manifest)


def _spoilt(file: Path, what: str) -> UserError:
    """The remedy costs nothing: a run of the same inputs writes it anew and keeps every replicate."""
    return UserError(f"{file}: {what}; expected the file as the run wrote it. Remove {file} and run again.")
