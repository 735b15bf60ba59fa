"""What modules declare beside themselves: every entry a whole sentence, read strictly, and read by who owns it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from narco_door.base.declared import (
    HOME,
    KINDS,
    ROOMS,
    Declared,
    Law,
    Lever,
    Parameter,
    Record,
    Switch,
    declared,
    laws,
    levers,
    model_parameters,
    records,
    switches,
)
from narco_door.base.errors import UserError
from narco_door.country.facts import parameters

WHOLE = {
    "parameter": {
        "value": "0.3", "unit": '"share"', "low": "0", "high": "1", "meaning": '"How much of the risk a youth sees."',
        "source": '"Assumed."', "grade": '"assumed"', "kind": '"uncertainty"',
    },
    "lever": {
        "family": '"opens"', "label": '"Seats"', "buys": '"seat-years"', "per": '"year"',
        "unit_cost": "9", "low": "3", "high": "10", "lag_months": "4", "meaning": '"A seat."', "source": '"Assumed."',
        "grade": '"assumed"',
        "does": '"Seats `peers`."', "at_most": '"No limit."',
    },
    "switch": {"label": '"Peers"', "meaning": '"They pull; off: they do not."'},
    "law": {
        "mechanism": '"peers"', "label": '"Guns"', "value": "1", "unit": '"ratio"', "low": "0",
        "high": "2", "meaning": '"Guns."', "source": '"Assumed."', "grade": '"assumed"',
    },
    "record": {"kind": '"stock"', "unit": '"persons"', "meaning": '"youths"'},
}  # fmt: skip
LEVERS = [
    "scholarships",
    "school_places",
    "apprenticeships",
    "cash_transfers",
    "public_transport",
    "public_space",
    "mentoring",
    "outreach",
    "exit_reintegration",
    "kingpin_operations",
    "policing",
    "police_pay",
    "courts",
    "army",
    "border",
]
MECHANISMS = [
    "perception",
    "myopia",
    "peers",
    "forced_recruitment",
    "contest",
    "splits",
    "corruption",
    "fear",
    "inequality",
    "transfer_extortion",
    "local_rackets",
    "rising_pay",
    "vacancy_chain",
    "us_market",
    "legalisation",
    "displacement",
    "gun_law",
    "army",
    "purge",
    "minors",
    "forfeiture",
    "diversification",
    "technology",
    "formality",
    "security_tax",
    "demography",
    "involvement",
    "truce",
    "young_sought",
    "school_year",
    "trends",
    "school_seats",
    "balanced_start",
    "war_and_peace",
    "disorder",
    "capacity",
    "history",
    "rent_sources",
    "referral",
    "exits",
]


def entry(name: str, **changes: str | None) -> str:
    """Write one entry like ``parameter.myopia``, with fields changed or (None) left out."""
    fields = WHOLE[name.partition(".")[0]] | changes
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items() if value is not None)


def write(home: Path, text: str, module: str = "street.choice") -> Path:
    """Put a table beside a module of a house of its own."""
    room, name = module.split(".")
    (home / room).mkdir(exist_ok=True, parents=True)
    (home / room / f"{name}.toml").write_text(text, encoding="utf-8")
    return home


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    found = declared(Parameter, write(tmp_path, entry("parameter.myopia_weight")))["myopia_weight"]
    assert (found.group, found.room, found.value, found.low, found.high) == ("street.choice", "street", 0.3, 0, 1)
    assert (found.unit, found.grade, found.kind) == ("share", "assumed", "uncertainty")


@pytest.mark.parametrize("kind", WHOLE)
def test_every_field_but_its_place_is_wanted(kind: str, tmp_path: Path) -> None:
    for field in WHOLE[kind]:
        text = entry("switch.peers") * (kind == "law") + entry(f"{kind}.mine", **{field: None})
        line = text.count("\n", 0, text.index(f"[{kind}.mine]")) + 1
        with pytest.raises(UserError) as error:
            declared(KINDS[kind], write(tmp_path / field, text))
        assert f'choice.toml:{line}: [{kind}.mine] the field "{field}" is missing' in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (entry("parameter.x", unit='""'), ':3: [parameter.x] "unit" is a text and may not be empty'),
        (entry("parameter.x", soruce='"x"'), ':10: [parameter.x] unknown field "soruce"; did you mean "source"?'),
        (entry("parameter.x", value="2"), ":1: [parameter.x] 2 lies outside its own bounds, 0 to 1"),
        (entry("parameter.x", value="true"), '"value" is a number; got True'),
        (entry("parameter.x", value='"0.3"'), "\"value\" is a number; got '0.3'"),
        (entry("parameter.x", grade='"asumed"'), 'did you mean "assumed"?'),
        (entry("parameter.x", kind='"lever"'), '"kind" is one of fact, uncertainty, constant'),
        (entry("lever.x", unit_cost="11"), "11 lies outside its own bounds, 3 to 10"),
        (entry("lever.x", lag_months="0"), "a unit cost and a lag are greater than 0"),
        (entry("lever.x", per='"week"'), '"per" is one of month, year'),
        (entry("lever.x", lasting="1"), '"lasting" is true or false; got 1'),
        (entry("switch.peers") + entry("law.x", value="3"), "3 lies outside its own bounds, 0 to 2"),
        (entry("switch.peers") + entry("law.x", mechanism='"pers"'), 'no switch "pers"; did you mean "peers"?'),
        (entry("record.x", kind='"level"'), "a level has a weight, a stock or a flow has none"),
        (
            entry("record.n_a") + entry("record.x", kind='"level"', weight='"n_b"'),
            'no record "n_b"; did you mean "n_a"?',
        ),
        ("[paramter.x]\nvalue = 1\n", ':1: [paramter] no such kind; did you mean "parameter"?'),
        ("[parameter]\nmyopia_weight = 0.3\n", ":2: [parameter.myopia_weight] expected a table of named entries"),
        ("[parameter.x\n", "choice.toml"),
    ],
)
def test_anything_less_is_an_error_that_says_where(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError) as error:
        declared(Declared, write(tmp_path, text))
    assert words in str(error.value)


def test_no_two_declare_the_same_name(tmp_path: Path) -> None:
    write(tmp_path, entry("parameter.myopia"))
    write(tmp_path, entry("switch.peers") + entry("parameter.myopia"), "state.police")
    with pytest.raises(UserError, match=r"police.toml:4: \[parameter.myopia\] is already declared in street.choice"):
        declared(Declared, tmp_path)
    write(tmp_path, entry("switch.myopia"), "state.police")  # a switch and a parameter may share a name
    assert len(declared(Declared, tmp_path)) == 1
    assert [*declared(Parameter, tmp_path), *declared(Switch, tmp_path)] == ["myopia", "myopia"]


def test_a_record_that_names_lever_is_there_for_each(tmp_path: Path) -> None:
    text = "".join(
        entry(f"record.{word}_LEVER", meaning=f'"{word} for LEVER"', order="2") for word in ("spent", "lost")
    )
    levers = "".join(entry(f"lever.{name}") for name in ("seats", "courts"))
    found = declared(Record, write(tmp_path, entry("record.n") + text + levers + entry("record.m", order="1")))
    assert list(found) == ["m", "spent_seats", "lost_seats", "spent_courts", "lost_courts", "n"]
    assert (found["lost_courts"].meaning, found["lost_courts"].lever) == ("lost for courts", "courts")


def test_the_order_is_that_of_the_rooms_whatever_the_folder_says(tmp_path: Path) -> None:
    for module in ("state.a", "street.b", "street.a", "country.z"):
        name = module.replace(".", "_")
        write(
            tmp_path,
            entry(f"switch.{name}_1") + entry(f"switch.{name}_0") + entry(f"switch.{name}_x", order="1"),
            module,
        )
    modules = ["country_z", "street_a", "street_b", "state_a"]
    first, then = [f"{m}_x" for m in modules], [f"{m}_{k}" for m in modules for k in (1, 0)]
    assert list(declared(Switch, tmp_path)) == [*first, *then]


# what the package declares ------------------------------------------------------------------------------------------


def test_the_levers_begin_with_the_fifteen_in_order() -> None:
    assert list(levers())[: len(LEVERS)] == LEVERS  # rows of kept results; a new one comes after them
    assert {lever.family for lever in levers().values()} == {"opens", "narrows", "state"}
    assert {name for name in LEVERS if levers()[name].lasting} == {"public_transport", "public_space"}
    assert all((lever.per == "year") == ("-year" in lever.buys) for lever in levers().values())


def test_a_lever_without_published_cost_says_that_it_is_assumed() -> None:
    operation = levers()["kingpin_operations"]
    assert operation.grade == "assumed"
    assert operation.high / operation.low > 10


def test_the_switches_begin_with_these_in_order() -> None:
    assert list(switches())[: len(MECHANISMS)] == MECHANISMS


def test_what_was_fitted_is_no_fact() -> None:
    for parameter in parameters().values():
        assert parameter.kind != "fact" or parameter.grade != "calibrated", parameter.name


@cache
def spoken(module: Path) -> re.Pattern[str]:
    """Match every name that a module says in quotes, with whatever it puts into them."""
    said = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if any(part and len(part) > 4 for part in parts):
                said.add("".join(re.escape(part) if part else r"\w+" for part in parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            said.add(node.value)
    return re.compile("|".join(sorted(said)))


def readers(entry: Parameter | Switch | Law | Lever) -> Iterator[Path]:
    """The modules of its room, and the beats of the month, where the rooms meet."""
    yield from sorted((HOME / entry.room).glob("*.py"))
    yield from sorted((HOME / "month").glob("*.py"))


def test_every_table_stands_beside_its_module() -> None:
    tables = [path for room in ROOMS for path in (HOME / room).glob("*.toml")]
    assert not [path for path in tables if not path.with_suffix(".py").is_file()]
    assert {f"{path.parent.name}.{path.stem}" for path in tables} >= {entry.group for entry in records().values()}


@pytest.mark.parametrize("kind", [model_parameters, switches, laws, levers])
def test_every_entry_is_read_in_its_room_or_by_a_beat(kind: object) -> None:
    through = {(law.group, law.mechanism) for law in laws().values()}  # a law is read, and its switch with it
    entries = kind().values()  # type: ignore[operator]
    lost = {
        entry.name
        for entry in entries
        if (entry.group, entry.name) not in through
        and not any(spoken(module).fullmatch(entry.name) for module in readers(entry))
    }
    assert lost == set()
