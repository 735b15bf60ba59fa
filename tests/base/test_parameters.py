"""The tables of numbers: every entry a whole sentence, read strictly; numbers that remember who read them."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narco_door.base.errors import UserError
from narco_door.base.parameters import Numbers, Switches, levers, nearest, switches
from narco_door.country.facts import parameters

WHOLE = {
    "value": "0.3",
    "unit": '"share"',
    "low": "0",
    "high": "1",
    "meaning": '"How much of the risk a youth sees."',
    "source": '"Assumed."',
    "grade": '"assumed"',
    "kind": '"uncertainty"',
}
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
]


def entry(name: str = "choice.myopia_weight", **changes: str | None) -> str:
    """Write one entry, with fields changed or (None) left out."""
    fields = WHOLE | changes
    return f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items() if value is not None)


def write(folder: Path, text: str) -> Path:
    path = folder / "parameters.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    found = parameters(write(tmp_path, entry()))["myopia_weight"]
    assert (found.group, found.value, found.low, found.high) == ("choice", 0.3, 0, 1)
    assert (found.unit, found.grade, found.kind) == ("share", "assumed", "uncertainty")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (entry(source=None), ':1: [choice.myopia_weight] the field "source" is missing'),
        (entry(unit='""'), ':3: [choice.myopia_weight] "unit" is a text and may not be empty'),
        (entry(soruce='"x"'), 'unknown field "soruce"; did you mean "source"?'),
        (entry(value="2"), "2 lies outside its own bounds, 0 to 1"),
        (entry(value="true"), '"value" is a number; got True'),
        (entry(value='"0.3"'), "\"value\" is a number; got '0.3'"),
        (entry(grade='"asumed"'), 'did you mean "assumed"?'),
        (entry(kind='"lever"'), '"kind" is one of fact, uncertainty, constant'),
        (entry() + entry("other.myopia_weight"), '"myopia_weight" is already in the group "choice"'),
        ("[choice]\nmyopia_weight = 0.3\n", "expected a table of named entries"),
        ("[choice.x\n", "parameters.toml"),
    ],
)
def test_anything_less_is_an_error_that_says_where(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UserError) as error:
        parameters(write(tmp_path, text))
    assert words in str(error.value)


def test_a_missing_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is missing"):
        levers(tmp_path / "levers.toml")


def test_the_levers_are_the_fifteen_in_order() -> None:
    assert list(levers()) == LEVERS
    assert {lever.family for lever in levers().values()} == {"opens", "narrows", "state"}
    assert all(0 < lever.low <= lever.unit_cost <= lever.high for lever in levers().values())


def test_a_lever_without_published_cost_says_that_it_is_assumed() -> None:
    operation = levers()["kingpin_operations"]
    assert operation.grade == "assumed"
    assert operation.high / operation.low > 10


def test_the_switches_are_these_in_order() -> None:
    assert list(switches()) == MECHANISMS


def test_every_parameter_has_its_kind_and_bounds() -> None:
    for parameter in parameters().values():
        assert parameter.low <= parameter.value <= parameter.high
        assert parameter.kind != "fact" or parameter.grade != "calibrated", parameter.name


@given(st.dictionaries(st.text(min_size=1), st.floats(allow_nan=False), min_size=1), st.data())
def test_numbers_remember_exactly_what_was_read(values: dict[str, float], data: st.DataObject) -> None:
    numbers = Numbers(values)
    read = data.draw(st.sets(st.sampled_from(sorted(values))))
    assert all(numbers[name] == values[name] for name in read)
    assert numbers.unread() == set(values) - read


def test_looking_at_numbers_whole_is_not_reading_them() -> None:
    numbers = Numbers({"a": 1.0, "b": 2.0})
    assert numbers.plain() == {"a": 1.0, "b": 2.0}
    assert numbers == Numbers({"b": 2.0, "a": 1.0})
    assert {numbers, Numbers(numbers)} == {numbers}
    assert "a" in numbers
    assert numbers.unread() == {"a", "b"}


def test_numbers_travel_to_another_process() -> None:
    numbers = Numbers({"a": 1.0, "b": 2.0})
    _ = numbers["a"]
    arrived = pickle.loads(pickle.dumps(numbers))
    assert arrived == numbers
    assert arrived.unread() == {"b"}
    assert pickle.loads(pickle.dumps(Switches({"peers": True})))["peers"] is True


def test_a_wrong_name_finds_the_near_one() -> None:
    with pytest.raises(KeyError, match='did you mean "myopia"'):
        Numbers({"myopia": 1.0})["myopa"]
    assert nearest("xyz", ["policing"]) == ""
