"""What ``narco-door documents`` does: the documents know every table, that of the commands included."""

from typing import Any

import typer

from narco_door.cli.printing import complain, say
from narco_door.show import documents
from narco_door.show.catalogue import CATALOGUE
from narco_door.show.sheets import Code, Head, Row, Sheet, joined


def commands() -> Sheet:
    """Every command of ``narco-door`` with its options."""
    from narco_door.cli import app

    found: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    rows: list[Row] = []
    for name, command in found.items():
        if not command.hidden:
            given = [p for p in command.params if p.name != "help"]
            words = [p.opts[0] if p.opts[0].startswith("-") else p.metavar or p.name.upper() for p in given]
            takes = joined(" ", [Code(word) for word in words])
            rows.append((Code(f"narco-door {name}"), (command.help or "").splitlines()[0], takes))
    return Sheet("Commands", (Head("command", whole=True), Head("what it does"), Head("takes")), rows)


TABLES = {**CATALOGUE, "commands": commands}


def rewrite(*, check: bool) -> bool:
    """Rewrite the documents, or only say which are out of date; whether all were as they should be."""
    old = documents.stale(TABLES)
    for path, text in old.items():
        name = path.relative_to(documents.HOME)
        if check:
            complain(f"{name} is out of date; run: narco-door documents")
        else:
            path.write_text(text, encoding="utf-8")
            say(f"{name} is rewritten")
    return not old
