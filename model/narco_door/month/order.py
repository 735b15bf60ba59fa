"""The order of a month: that of `NarcoDoor.step`, read off its own text."""

from __future__ import annotations

import ast
import inspect
import textwrap

from narco_door.month.beat import BEATS, Beat
from narco_door.month.model import NarcoDoor


def order() -> list[Beat]:
    """The beats in the order in which a month calls them."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(NarcoDoor.step)))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    called = [call.func.id for call in sorted(calls, key=lambda call: call.lineno)]  # type: ignore[attr-defined]
    return [BEATS[name] for name in called if name in BEATS]
