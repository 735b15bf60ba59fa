"""The catalogues: nothing that code or tables say is missing, nothing in them is said nowhere."""

from __future__ import annotations

import ast
import datetime
import re
import shutil
import string
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import narco_door
from narco_door.base.declared import Grade, laws, levers, switches
from narco_door.base.errors import UserError
from narco_door.country.facts import parameters
from narco_door.dashboard.policy import presets
from narco_door.questions.claims import claims
from narco_door.questions.targets import targets
from narco_door.questions.trials import trials
from narco_door.scenario import list_scenarios, load_one
from narco_door.show import words as catalogues
from narco_door.show.catalogue import CATALOGUE
from narco_door.show.words import ENGLISH, LANGUAGES, LOCALE, arm_name, marked, month_name, say, translated, words

PHRASES = words(ENGLISH).phrases
OTHERS = LANGUAGES[1:]
THE_SAME = {"no", "python"}
"""Keys of what Spanish says with the same letters."""


def modules() -> Iterator[ast.Module]:
    for path in Path(narco_door.__file__).parent.rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        asks = any(isinstance(node, ast.ImportFrom) and "show.words" in f"{node.module}" for node in ast.walk(module))
        if asks or path == Path(catalogues.__file__):
            yield module


CODE = list(modules())
NODES = [node for module in CODE for node in ast.walk(module)]


def patterns(nodes: list[ast.AST]) -> set[str]:
    """F-strings that may be keys, as regular expressions: each begins with letters of its own."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]
            if re.fullmatch(r"[a-z]+_[a-z_]*", str(node.values[0].value)):
                found.add("".join(parts))
    return found


def asked() -> tuple[set[str], set[str]]:
    """Keys that `say` is asked for, and patterns of keys."""
    calls = [node for node in NODES if isinstance(node, ast.Call) and node.args]
    keys = [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "say"]
    inside = [node for key in keys for node in ast.walk(key) if not isinstance(key, ast.Call)]
    plain = {
        node.value
        for key in keys
        for node in (key, *((key.body, key.orelse) if isinstance(key, ast.IfExp) else ()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return plain, patterns(inside)


def test_every_phrase_that_code_asks_for_is_there() -> None:
    plain, made = asked()
    assert len(plain) > 100
    assert plain <= set(PHRASES)
    assert {pattern for pattern in made if not any(re.fullmatch(pattern, key) for key in PHRASES)} == set()


def test_every_phrase_is_asked_for() -> None:
    """A key stands in the code, or what code makes keys from can make it."""
    spelled = {node.value for node in NODES if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    made = patterns(NODES)
    assert [key for key in PHRASES if key not in spelled and not any(re.fullmatch(p, key) for p in made)] == []
    assert {key.removeprefix("arm_") for key in PHRASES if key.startswith("arm_")} <= set(list_scenarios())


@pytest.mark.parametrize("language", OTHERS)
def test_the_texts_of_the_tables_are_all_there_and_no_others(language: str) -> None:
    said = [text for p in parameters().values() for text in (p.meaning, p.unit, p.source)]
    said += [text for lever in levers().values() for text in (lever.label, lever.meaning, lever.buys, lever.source)]
    said += [law.label for law in laws().values()]
    said += [text for switch in switches().values() for text in (switch.label, switch.meaning)]
    said += [text for target in targets() for text in (target.name, target.unit, target.study)]
    said += [load_one(name).question for name in presets()]
    said += [text for t in trials().values() for text in (t.name, t.unit, t.interval, t.mapped)]
    said += [text for claim in claims().values() for text in (claim.says, *(test.measure for test in claim.test))]
    shown = [CATALOGUE[name]() for name in ("parameters", "levers", "switches", "validation")]  # on the page
    said += [head.text for sheet in shown for head in sheet.heads[sheet.grouped :] if head.text]
    cells = [cell for sheet in shown for row in sheet.rows for cell in row[sheet.grouped :]]
    said += get_args(Grade.__value__)
    said += [cell for cell in cells if isinstance(cell, str) and any(map(str.isalpha, cell))]
    texts = words(language).texts
    assert [text for text in dict.fromkeys(said) if text not in texts] == [], f"add them to show/locale/{language}.po"
    assert sorted(set(texts) - set(said)) == [], "no table says these any more"


@pytest.mark.parametrize("language", OTHERS)
def test_every_entry_says_the_same_in_another_language(language: str) -> None:
    """Both are there, differ, and have the same fields; no key stands twice and nothing waits for a second look."""
    entries = [entry for entry in catalogues.catalogue(LOCALE / f"{language}.po") if entry.id]
    keys = [entry.context for entry in entries if entry.context]
    assert len(keys) == len(set(keys)) == len(PHRASES)
    for entry in entries:
        english, other = str(entry.id), str(entry.string)
        assert other, english
        assert not entry.fuzzy, english
        if entry.context:
            fields = [sorted(f for _, f, _, _ in string.Formatter().parse(text) if f) for text in (english, other)]
            assert fields[0] == fields[1], entry.context
            assert english != other or entry.context in THE_SAME, entry.context


def test_catalogues_stand_in_their_order() -> None:
    assert catalogues.main(["--check"]) == 0


def test_a_text_added_anywhere_is_put_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(shutil.copy(LOCALE / "es.po", tmp_path))
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    before = file.read_text(encoding="utf-8")
    added = '\nmsgctxt "a"\nmsgid "At {n} %"\nmsgstr "Al {n} %"\n'
    file.write_text(before + added, encoding="utf-8")
    assert catalogues.main(["--check"]) == 1
    assert "es.po is out of order" in capsys.readouterr().err
    assert catalogues.main([]) == 0
    assert catalogues.main(["--check"]) == 0
    head, entry, rest = file.read_text(encoding="utf-8").split("\n\n", 2)
    assert f"{head}\n\n{rest}" == before
    assert f"\n{entry}\n" == added
    with pytest.raises(UserError, match="expected --check"):
        catalogues.main(["--chek"])


def test_another_language_is_one_more_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it has not said yet stays English."""
    head = 'msgid ""\nmsgstr ""\n"Language: pt_BR\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    school = '\nmsgctxt "school"\nmsgid "School"\nmsgstr "Escola"\n\nmsgctxt "idle"\nmsgid "No door"\nmsgstr ""\n'
    (tmp_path / "pt.po").write_text(f'{head}{school}\nmsgid "persons"\nmsgstr "pessoas"\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogues, "words", catalogues.words.__wrapped__)
    monkeypatch.setattr(catalogues, "month_name", catalogues.month_name.__wrapped__)
    assert [say(key, "pt") for key in ("school", "idle")] == ["Escola", "No door"]
    assert [translated(text, "pt") for text in ("persons", "years")] == ["pessoas", "years"]
    assert catalogues.month_name(datetime.date(2012, 6, 1), "pt", long=True) == "junho de 2012"


def test_what_nobody_translated_is_marked_as_english() -> None:
    assert marked("a new <text>", "es") == '<span lang="en">a new &lt;text&gt;</span>'
    assert marked("a new <text>", "en") == "a new &lt;text&gt;"
    assert marked("persons", "es") == "personas"


def test_unknown_scenarios_are_named_by_their_files() -> None:
    """A user's own scenario needs no translation."""
    assert arm_name("my_own-idea", "es") == "My own idea"
    assert arm_name("mixed", "es") == "Mixto"


@pytest.mark.parametrize(
    ("language", "short", "long"),
    [("en", "Sep 2012", "September 2012"), ("es", "sep 2012", "septiembre de 2012")],
)
def test_months_have_the_names_of_mexico(language: str, short: str, long: str) -> None:
    day = datetime.date(2012, 9, 1)
    assert (month_name(day, language), month_name(day, language, long=True)) == (short, long)
