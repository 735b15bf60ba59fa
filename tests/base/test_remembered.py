"""Numbers that remember who read them."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narco_door.base.errors import nearest
from narco_door.base.remembered import Numbers, Switches


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
