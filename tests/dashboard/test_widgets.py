"""A part of the page must not name a field as its widget names a method: one that cannot open never comes."""

from __future__ import annotations

import ast
from pathlib import Path

import ipyvue
import pytest

from narco_door.dashboard.page import parts

TREE = ast.parse(Path(parts.__file__).read_text(encoding="utf-8"))
PARTS = {node.name: [each.arg for each in node.args.args] for node in TREE.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", PARTS)
def test_no_field_hides_a_method_of_its_widget(name: str) -> None:
    assert PARTS[name]
    assert [field for field in PARTS[name] if callable(getattr(ipyvue.VueTemplate, field, None))] == []
