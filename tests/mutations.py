"""Scenario files and options gone wrong by chance, for the tests of what a reader makes of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache

from narco_door.base.declared import laws, levers, switches
from narco_door.country.facts import parameters
from narco_door.scenario import claim_scenarios, list_scenarios, load_one

GIANT = "9" * 5_000
VALUES = (
    "0", "-0.0", "1", "2.5", "1e308", "1e400", "nan", "-inf", "true", '"true"', "[]", "[[1]]", "{}", "{ a = 1 }", '""',
    r'"\u001b[31m"', r'"\u0000"', r'"\u202e"', "'''a\nb'''", "0x10", GIANT, "0." + GIANT, "2007-01-01", "07:00:00",
    '"need"', '"end"', '{ "08" = 0.5 }', '{ "08" = 0.5, "28" = 0.5 }', '{ "99" = 1.0 }', '"../x.toml"', '"~nobody/x"',
    '"' + "a/" * 3_000 + 'x.toml"', '"' + "a" * 300 + '.toml"', '"loop.toml"', '"baseline"', '"merida"', "9" * 90,
)  # fmt: skip
DATES = (
    '"2007-01"',
    '"2026-12"',
    '"2027-01"',
    '"1011-04"',
    '"２００７-01"',
    '"2007-13"',
    '"end"',
    "2007-01",
    '"2011-4"',
)
LETTERS = ("\0", "\x1b", "\x7f", "\u200b", "\u202e", "\ufeff", "\u2028", "\x85", "\r", "\\", '"', "'", '"""', "[", "]", "{",
           "}", "=", "#", ".", "\u0301", "😀", "\t")  # fmt: skip

type Mutation = Callable[[str, random.Random], str]


@cache
def texts() -> tuple[str, ...]:
    """What narco-door comes with, as it stands and written out in full."""
    whole = [load_one(name).to_toml() for name in ("doors_first", "merida_doors", "medellin_war")]
    return (*(path.read_text("utf-8") for path in (list_scenarios() | claim_scenarios()).values()), *whole)


@cache
def names() -> tuple[str, ...]:
    """Words that are known somewhere in a file."""
    tables = ("run", "phase", "set", "add", "law", "earmark", "allocations", "when", "order", "resolved", "compare")
    return (*tables, "title", "extends", "from", "to", "after", *levers(), *laws(), *parameters(), *switches())


def _assigned(text: str, luck: random.Random, change: Callable[[str, str], str]) -> str:
    """Change a line that assigns something."""
    rows = text.split("\n")
    at = [k for k, row in enumerate(rows) if re.match(r"[\w.\"-]+ *=", row)]
    if at:
        key, value = rows[k := luck.choice(at)].split("=", 1)
        rows[k] = change(key.strip(), value.strip())
    return "\n".join(rows)


def value(text: str, luck: random.Random) -> str:
    return _assigned(text, luck, lambda key, _: f"{key} = {luck.choice(VALUES)}")


def month(text: str, luck: random.Random) -> str:
    rows = [row for row in text.split("\n") if re.match(r"(from|to) *=", row)] or ["to ="]
    row = luck.choice(rows)
    return text.replace(row, f"{row.split('=')[0]}= {luck.choice(DATES)}", luck.choice([1, -1]))


def key(text: str, luck: random.Random) -> str:
    odd = (
        luck.choice(names()),
        luck.choice(names()) + ".{}",
        "{}.{}",
        '"{}"',
        '"{}\\u200b"',
        '""',
        "a." * 40 + "{}",
        "k" * 5_000,
    )
    return _assigned(text, luck, lambda key, value: f"{luck.choice(odd).replace('{}', key)} = {value}")


def header(text: str, luck: random.Random) -> str:
    word = luck.choice(names())
    odd = (
        f"[{word}]",
        f"[[{word}]]",
        f"[phase.{word}]",
        "[]",
        "[[a]",
        "[" + "a." * 40 + "a]",
        '["' + "a" * 5_000 + '"]',
    )
    rows = text.split("\n")
    rows.insert(luck.randrange(len(rows) + 1), luck.choice(odd))
    return "\n".join(rows)


def said(text: str, luck: random.Random) -> str:
    """Add a line somewhere: what is known in a place where it may not belong."""
    rows = text.split("\n")
    rows.insert(luck.randrange(len(rows) + 1), f"{luck.choice(names())} = {luck.choice(VALUES)}")
    return "\n".join(rows)


def lines(text: str, luck: random.Random) -> str:
    """Lose, move or repeat a line."""
    rows = text.split("\n")
    row = rows[k := luck.randrange(len(rows))]
    if luck.random() < 0.7:
        rows.pop(k)
    if luck.random() < 0.7:
        rows.insert(luck.randrange(len(rows) + 1), row)
    return "\n".join(rows)


def letters(text: str, luck: random.Random) -> str:
    at = luck.randrange(len(text) + 1)
    return text[:at] + luck.choice(LETTERS) + text[at + luck.choice([0, 1, 50]) :]


def splice(text: str, luck: random.Random) -> str:
    other = luck.choice(texts())
    return text[: luck.randrange(len(text) + 1)] + other[luck.randrange(len(other)) :]


def extends(text: str, luck: random.Random) -> str:
    rest = "\n".join(row for row in text.split("\n") if not row.startswith("extends"))
    return f"extends = {luck.choice(VALUES)}\n{rest}"


def phase(text: str, luck: random.Random) -> str:
    lever, verb = luck.choice([*levers(), *laws()]), luck.choice(("set", "add", "law", "earmark", "allocations"))
    span = f"from = {luck.choice(DATES)}\nto = {luck.choice(DATES)}"
    return f'{text}\n[[phase]]\nname = "N"\n{span}\nsource = "s"\n[phase.{verb}]\n{lever} = {luck.choice(VALUES)}\n'


def much(text: str, luck: random.Random) -> str:
    """Add more than any file needs: depth, parts, length, unknown keys, phases, lines."""
    n = luck.choice([500, 5_000, 20_000])
    money = '[[phase]]\nname = "p"\nfrom = "{0}-01"\nto = "{0}-01"\nsource = "s"\n[phase.set]\npolicing = 1\n'
    more = (
        "x = " + "[" * n + "]" * n, "x = " + "{a=" * n + "1" + "}" * n, "a." * n + "a = 1", f"[{'a.' * n}a]",
        'x = "' + "é" * n + '"', "k" * n + " = 1", "\n".join(f"x{k} = 1" for k in range(n)), "\n" * n, "#" + "x" * n,
        "\n".join(f"[t{k}]" for k in range(n)), "\n".join(money.format(1900 + k % 300) for k in range(n // 10)),
    )  # fmt: skip
    added = luck.choice(more)
    return luck.choice([f"{added}\n{text}", f"{text}\n{added}\n"])


MUTATIONS: tuple[Mutation, ...] = (value, month, key, header, said, lines, letters, splice, extends, phase)


def mutant(number: int) -> str:
    """Return a text with one to three things wrong; the same number gives the same text."""
    luck = random.Random(number)
    text = luck.choice(texts())
    for change in luck.choices(MUTATIONS, k=luck.choice([1, 1, 2, 3])):
        text = change(text, luck)
    return much(text, luck) if luck.random() < 0.04 else text


def option(number: int) -> str:
    """Return a ``--set`` option that is nearly one."""
    luck = random.Random(number)
    section = luck.choice(("run", "parameters", "switches", "set", "add", "law", "earmark", "phase", ""))
    span = f"@{luck.choice(DATES)}..{luck.choice(DATES)}".replace('"', "")
    name = luck.choice([*names(), "x" * 3_000, "a." * 500])
    value = luck.choice((*VALUES, *DATES, "[" * 900, "{a=" * 300, "1\nrun.seed = 2", "1 # x", "", "\x1b[31m", "1 = 2"))
    text = f"{section}.{name}{luck.choice((span, span, '', '@', '@..'))}={value}"
    return letters(text, luck) if luck.random() < 0.2 else text
