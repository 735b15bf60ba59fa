"""Whatever a file or an option holds, it is used or answered with one message; never a traceback, never for long."""

from __future__ import annotations

import os
import re
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

import mutations
from narco_door.base.errors import LONGEST_MESSAGE, UserError, listed, shortened
from narco_door.base.tables import Table
from narco_door.base.toml_words import LONGEST_WORD, MOST_DEPTH, MOST_LETTERS, MOST_PARTS
from narco_door.scenario import Comparison, Scenario, load_one, load_scenario, scenario_from_toml
from scenario_texts import HEAD, phase, write

SECONDS = 8
"""Of the processor for one input; a quiet machine needs less than 2."""


def answered(read: Callable[[], Scenario | Comparison]) -> Scenario | Comparison | str:
    """What was read, or the message; anything else that is raised fails the test."""
    began = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answer: Scenario | Comparison | str = read()
    except UserError as problem:
        answer = str(problem)
        assert answer
        assert len(answer) <= LONGEST_MESSAGE
        assert answer.replace("\n", "").isprintable()
    assert time.process_time() - began < SECONDS
    return answer


def put_in(numbers: range, folder: Path) -> int:
    """Read so many mutants and options; return how many were accepted."""
    accepted = 0
    write(folder, HEAD + 'extends = "loop.toml"\n', "loop")
    for number in numbers:
        text = mutations.mutant(number)
        path = folder / "mutant.toml"
        path.write_bytes(text.encode("utf-8"))
        read = answered(lambda path=path: load_scenario(path))  # type: ignore[misc]
        answered(lambda number=number: load_one("baseline", sets=[mutations.option(number)]))  # type: ignore[misc]
        for each in () if isinstance(read, str) else (read,) if isinstance(read, Scenario) else read.scenarios:
            assert scenario_from_toml(each.to_toml(), name=each.name) == each, f"mutant {number}"
            accepted += 1
    return accepted


MUTANTS = int(os.environ.get("NARCO_DOOR_MUTANTS", "300"))
"""Each of the forty kinds of traceback that were found came once in a hundred or a thousand: 12,000 take ten minutes."""


def test_mutants(tmp_path: Path) -> None:
    assert put_in(range(MUTANTS), tmp_path) > MUTANTS / 15


# bounds before anything is built ----------------------------------------------------------------------------------

DEEP = '{"a" = ' * (MOST_DEPTH + 1)
BEYOND = {
    "brackets": ("x = " + "[" * 50_000, f"17 deep; expected {MOST_DEPTH} at most"),
    "braces": ("x = " + "{a=" * 20_000, "17 deep"),
    "a dotted key": ("a." * 16_000 + "a = 1", f"more than {MOST_PARTS} parts between dots"),
    "a dotted key in quotes": ('"a" . ' * 9 + "a = 1", "more than 8 parts"),
    "a dotted header": (f"[{'a.' * 24_000}a]", "more than 8 parts"),
    "a dotted key in braces": ("x = { " + "a." * 9 + "a = 1 }", "more than 8 parts"),
    "a number": ("x = " + "1" * 4_301, f"has 4,301 letters; expected {LONGEST_WORD} at most"),
    "a bare key": ("k" * 101 + " = 1", "has 101 letters"),
    "a key in quotes": (f'"{"k" * 201}" = 1', "a key has 201 letters; expected 200 at most"),
    "all of it": ("#" * MOST_LETTERS, "letters; expected 262,144 at most"),
}


@pytest.mark.parametrize("case", BEYOND)
def test_what_is_beyond_a_bound_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    text, words = BEYOND[case]
    path = write(tmp_path, HEAD + text)
    with pytest.raises(UserError, match=words) as problem:
        load_scenario(path)
    assert str(problem.value).startswith(f"{path}:{1 if case == 'all of it' else 3}: ")
    with pytest.raises(UserError, match=words):
        Table.open(path)


def test_brackets_in_texts_and_remarks_are_no_depth(tmp_path: Path) -> None:
    odd = "[{" * 50 + "a." * 50 + "1" * 200
    path = write(tmp_path, f'{HEAD}argued_by = """{odd}\n"{odd}"""\n# {odd}\nsources = ["{odd}", \'{odd}\']\n')
    assert load_one(path).sources == (odd, odd)


def test_no_more_is_read_of_a_file_than_a_scenario_may_be_long(tmp_path: Path) -> None:
    path = write(tmp_path, "#" * (4 * MOST_LETTERS + 1))
    with pytest.raises(UserError, match=r"the file has 1,048,577 bytes; expected 1,048,576 at most"):
        load_scenario(path)


def test_a_chain_of_extends_has_an_end(tmp_path: Path) -> None:
    for k in range(40):
        write(tmp_path, HEAD + (f'extends = "c{k + 1}.toml"\n' if k < 39 else ""), f"c{k}")
    with pytest.raises(UserError, match="stands on more than 32 scenarios"):
        load_scenario(tmp_path / "c0.toml")
    assert load_one(tmp_path / "c10.toml").lineage[-1] == "c10"


# messages ---------------------------------------------------------------------------------------------------------


def test_problems_without_end_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "".join(f"x{k} = 1\n" for k in range(20_000)))
    with pytest.raises(UserError) as problem:
        load_scenario(path)
    told = str(problem.value).splitlines()
    assert told[0].startswith(f'{path}:3: unknown key "x0"')
    assert told[-1] == f"and {20_000 - len(told) + 1:,} more"
    assert len(str(problem.value)) <= LONGEST_MESSAGE


def test_sentences_that_nobody_will_read_are_never_made() -> None:
    made = 0

    def sentences() -> object:
        nonlocal made
        while True:
            made += 1
            yield f"line {made} " + "x" * 90

    text = listed(sentences(), of=1_000_000)  # type: ignore[arg-type]
    assert made < 30
    assert int(re.sub(r"\D", "", text.splitlines()[-1])) + len(text.splitlines()) - 1 == 1_000_000


def test_a_message_is_short_and_steers_no_terminal() -> None:
    said = str(UserError("a.toml:1: \x1b[31mred\x07 \u202e " + "x" * 1_000_000 + " expected less"))
    assert len(said) <= LONGEST_MESSAGE
    assert said.isprintable()
    assert said.startswith("a.toml:1: \\x1b[31mred\\x07 \\u202e ")
    assert said.endswith("x expected less"), "what was expected stands at the end"
    assert str(UserError(said)) == said
    assert shortened("short", 50) == "short"


@pytest.mark.parametrize("odd", ["\\u001b[31mred", "\\u0000", "\\u009b31m", "\\u202e"])
def test_letters_that_steer_a_terminal_are_refused_wherever_they_are_shown(odd: str, tmp_path: Path) -> None:
    for text in (f'title = "a{odd}"\nquestion = "Q"\n', HEAD + phase(name=f"a{odd}"), HEAD + f'sources = ["{odd}"]\n'):
        with pytest.raises(UserError, match=r"the letter \\.* cannot be seen; expected a text without it"):
            load_scenario(write(tmp_path, text))


# options ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ('run.seed=3\nrun.to="2010-12"', "expected one line"),
        ("run.seed=\x1b[31m3", "expected one line of letters that can be seen"),
        ("run.seed=" + "[" * 900, "17 deep"),
        ("run.seed=" + "9" * 900, "has 900 letters; expected 100 at most"),
        ("run." + "a." * 20 + "a=1", "more than 8 parts"),
        ("run.seed=" + "9" * 2_000_000, "2,000,009 letters; expected 1,000 at most"),
    ],
)
def test_an_option_is_one_short_line(option: str, words: str) -> None:
    with pytest.raises(UserError, match=words) as problem:
        load_one("baseline", sets=[option])
    assert str(problem.value).startswith("in --set ")
