"""What is wrong in a table of a country is said with file, line, column, what was expected and what is near."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from narco_door.base.errors import UserError
from narco_door.country.facts import FACTS, parameters
from narco_door.country.folder import TABLES, countries, country_folder, lender, table_of
from narco_door.country.places import Founder, load_places
from narco_door.country.starting import write_country


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the tables of an invented country."""
    write_country("atlantis", folder=tmp_path)
    return tmp_path / "atlantis"


def change(file: Path, right: str, wrong: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")


MISTAKES = [
    ("places", ",0.40,", ",38.3,", r"atlantis/places.csv:8: deprivation is '38.3'; expected a number from 0 to 1$"),
    ("places", ",0.40,", ",nan,", r"places.csv:8: deprivation is 'nan'; expected a number from 0 to 1"),
    ("places", ",0.40,", ",,", r"places.csv:8: deprivation is ''; expected a number"),
    ("places", ",0.40,", ',"0,40",', r"deprivation is '0,40'; expected a number from 0 to 1; numbers have a decimal point"),
    ("places", ",0.40,", ",0,40,", r"places.csv:8: expected 18 cells, got 19; a decimal comma"),
    ("places", ",0.23,2.0,", ",0,2.0,", r"corruption is '0'; expected a number from 0.001 to 0.999"),
    ("places", ",0.23,2.0,", ",0.23,0,", r"police_per_1000 is '0'; expected a number from 0.001"),
    ("places", ",0.5,0.9,", ",0.6,0.9,", r"corridor_share must sum to 1; it sums to 1.1"),
    ("places", ",informality", ",informalty", r"places.csv:7: unknown column 'informalty'; did you mean 'informality'"),
    ("places", ",informality", "", r"places.csv:7: the column 'informality' is missing"),
    ("places", "name,abbr", "abbr,name", r"places.csv:7: the columns stand in another order; expected the columns code,name"),
    ("places", "urban_share\n", "urban_share,code\n", r"a column stands twice"),
    ("places", "01,Costa", "00,Costa", r"places.csv:8: code is '00', which stands for the nation"),
    ("places", "01,Costa", "0 1,Costa", r"code is '0 1'; expected a code of letters and digits"),
    ("places", "01,Costa", "01, ", r"places.csv:8: name is ' '; expected a text"),
    ("places", "\n02,", "\n01,", r"codes must differ and stand in rising order"),
    ("places", "01,Costa,", '01,"Costa,', r"places.csv:8: a quotation mark is out of place"),
    ("youth", "01,f,1977,", "01,x,1977,", r"youth.csv:4: sex is 'x'; expected f or m"),
    ("youth", "01,f,1977,", "1,f,1977,", r"youth.csv:4: code: '1' is unknown; did you mean '01'"),
    ("youth", "01,f,1978,", "01,f,1977,", r"youth.csv:5: the same row stands in the table already"),
    ("youth", "01,f,1978,3333\n", "", r"youth.csv: 1 rows are missing; every place needs every year"),
    ("youth", "01,f,1977,3333", '"01,f,1977,3333"', r"youth.csv:4: expected 4 cells, got 1; does the whole line stand in quotes"),
    ("youth", "01,f,1977,3333", "01,f,1977,-1", r"persons is '-1'; expected a whole number from 0 to 1000000000"),
    ("population", "01,2000,400000", "01,2000,0.5", r"population.csv:3: population is '0.5'; expected a whole number"),
    ("population", "01,2000,400000", "01,2000,0", r"population is '0'; expected a whole number from 1"),
    ("population", "01,2000,", "01,2001,", r"population.csv:4: the same row"),
    ("neighbours", "01,02", "01,01", r"neighbours.csv:3: a place is not its own neighbour"),
    ("neighbours", "02,03", "02,01", r"neighbours.csv:4: the pair stands in the table already"),
    ("neighbours", "01,02", "01,022", r"b_code: '022' is unknown; did you mean '02'"),
    ("founders", "Costa,01,", "Costa,03,", r"founders.csv:4: the seat 03 is not among the places"),
    ("founders", "01;02", "02;01", r"places must differ and stand in rising order"),
    ("founders", "01;02", "01;9", r"places: '9' is unknown; expected one of 01, 02, 03"),
    ("founders", "0.6,", "0.7,", r"founders.csv: size_share must sum to 1; it sums to 1.1"),
    ("founders", "Banda de la Sierra", "Banda de la Costa", r"founders.csv:5: the cartel 'Banda de la Costa' stands in the table twice"),
    ("founders", ",invented", ",", r"founders.csv:4: source is ''; expected a text"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "right", "wrong", "message"), MISTAKES)
def test_a_mistake_in_a_table_is_named(home: Path, table: str, right: str, wrong: str, message: str) -> None:
    change(home / f"{table}.csv", right, wrong)
    with pytest.raises(UserError, match=message):
        load_places(str(home))


def rewritten(of: Callable[[str], str]) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(of(file.read_text(encoding="utf-8")).encode())


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (rewritten(lambda text: text.replace(",", ";")), r"places.csv:7: cells are set apart by semicolons; expected comm"),
        (rewritten(lambda text: text.replace(",", "\t")), r"places.csv:7: cells are set apart by tabs; expected commas"),
        (rewritten(lambda _: ""), r"places.csv:1: the column 'code' is missing"),
        (rewritten(lambda text: text[: text.index("01,Costa")]), r"places.csv: no rows; expected some below code,name"),
        (lambda file: file.write_bytes("código".encode("latin-1")), r"places.csv: not a UTF-8 text"),
        (Path.unlink, r"places.csv is missing; expected this table, or a country to borrow it from in facts.toml"),
    ],
)  # fmt: skip
def test_a_table_of_another_form_is_named(home: Path, do: Callable[[Path], object], message: str) -> None:
    do(home / "places.csv")
    with pytest.raises(UserError, match=message):
        load_places(str(home))


def test_what_cannot_be_misread_is_read(home: Path) -> None:
    """A mark of byte order, line ends of another system, blank lines and remarks are no mistakes."""
    before = load_places(str(home))
    for table in TABLES:
        text = (home / table).read_text(encoding="utf-8").replace("\n", "\r\n\r\n# a remark\r\n")
        (home / table).write_bytes(b"\xef\xbb\xbf" + text.encode())
    after = load_places(str(home))
    assert after is not before
    assert (after.cohorts == before.cohorts).all()
    assert (after.name, after.cartels) == (before.name, before.cartels)
    change(home / "places.csv", ",0.40,", ",x,")
    with pytest.raises(UserError, match=r"places.csv:22: deprivation is 'x'"):
        load_places(str(home))


def test_all_mistakes_of_a_table_are_named_but_not_without_end(home: Path) -> None:
    change(home / "places.csv", ",0.40,", ",x,")
    change(home / "places.csv", ",0.45,", ",y,")
    with pytest.raises(UserError, match=r"places.csv:8: .*\n.*places.csv:9: "):
        load_places(str(home))
    rewritten(lambda text: text.replace(",f,", ",w,"))(home / "youth.csv")
    rewritten(lambda text: text.replace(",x,", ",0.4,").replace(",y,", ",0.4,"))(home / "places.csv")
    with pytest.raises(UserError) as problem:
        load_places(str(home))
    assert str(problem.value).splitlines()[-1] == "and 109 more"


def test_a_place_of_nobody_is_named(home: Path) -> None:
    text = (home / "youth.csv").read_text(encoding="utf-8")
    (home / "youth.csv").write_text(re.sub(r"(?m)^(03,.,\d+),\d+$", r"\1,0", text), encoding="utf-8")
    with pytest.raises(UserError, match=r"youth.csv: nobody lives in the place '03'"):
        load_places(str(home))


def test_a_small_country_is_read_as_it_stands(tmp_path: Path) -> None:
    home = tmp_path / "Two_Places"  # capitals and "_" are as good as any
    home.mkdir()
    header = (country_folder("mexico") / "places.csv").read_text(encoding="utf-8").splitlines()[0]
    each = "0.5,0.9,0.6,0.2,0.5,8,200,9,0.5,0.5,0.2,1,1"
    for table, text in {
        "places": f"{header}\na,Alto,A,1,1,{each}\nb,Bajo,B,1,2,{each}\n",
        "youth": "code,sex,birth_year,persons\na,f,1990,5\na,m,1990,6\nb,f,1990,7\nb,m,1990,8\n",
        "population": "code,year,population\na,2007,100\na,2008,124\nb,2007,200\nb,2008,200\n",
        "neighbours": "a_code,b_code\na,b\n",
        "founders": "cartel,seat,dominant,places,size_share,source\nX,b,1,a;b,1,assumed\n",
    }.items():
        (home / f"{table}.csv").write_text(text, encoding="utf-8")
    toy = load_places(str(home))
    assert toy.cohorts.tolist() == [[[5], [6]], [[7], [8]]]
    assert toy.population(2007 * 12 + 6).tolist() == [pytest.approx(101), 200]
    assert toy.neighbours.tolist() == [[False, True], [True, False]]
    assert toy.cartels == (Founder("X", seat=1, dominant=True, places=(0, 1), size_share=1.0),)


# which country, and what it borrows


def test_an_unknown_country_is_named_with_a_near_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert countries() == ("medellin", "mexico")
    for wrong, message in {
        "mexco": 'no country "mexco"; did you mean "mexico"',
        "MEXICO": 'did you mean "mexico"',
        "zzz": "expected one of medellin, mexico",
        "./nowhere": r'no country in the folder "./nowhere"; expected places.csv and facts.toml in it',
    }.items():
        with pytest.raises(UserError, match=message):
            load_places(wrong)
    write_country("My_Land", folder=tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r'did you mean the folder "./My_Land"'):
        load_places("My_Land")
    assert load_places("./My_Land").name[0] == "Costa"


FACT_MISTAKES = [
    ("value = 442", 'value = "460"', r'facts.toml:17: \[members_first.value\] "value" is a number'),
    ("value = 442", "value = 4", r"facts.toml:16: \[members_first\] 4 lies outside its own bounds, 50 to 20000"),
    ("[members_first]", "[member_first]", r'\[member_first\] no such fact; did you mean "members_first"'),
    ("[members_first]", "[zzz]", r"\[zzz\] no such fact; expected one of members_first, prisoners_first"),
    ('unit = "persons"\n', "", r'\[members_first\] the field "unit" is missing'),
    ("[members_first]", "borrows = 3\n[members_first]", r"\"borrows\" is the name of a country in quotes; got 3"),
    ("[members_first]", 'borrows = "mexco"\n[members_first]', r'facts.toml:16: \[borrows\] no country "mexco"; did you mean "mexico"'),
    ("[members_first]", 'borrows = "medellin"\n[members_first]', r'"medellin" borrows from "mexico" itself'),
    ("[members_first]", 'borrows = "../atlantis"\n[members_first]', r"borrows from .* itself"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "message"), FACT_MISTAKES)
def test_a_mistake_in_the_facts_is_named(home: Path, right: str, wrong: str, message: str) -> None:
    change(home / "facts.toml", right, wrong)
    with pytest.raises(UserError, match=message):
        parameters(str(home))


def test_a_fact_or_table_that_is_missing_is_borrowed_only_if_the_country_says_so(home: Path) -> None:
    text = (home / "facts.toml").read_text(encoding="utf-8")
    lacking = text[: text.index("[officer_pay]")] + text[text.index("[neet_women_first]") :]
    (home / "facts.toml").write_text(lacking, encoding="utf-8")
    with pytest.raises(UserError, match='the fact "officer_pay" is missing; expected it, or a country'):
        parameters(str(home))
    (home / "facts.toml").write_text(f'borrows = "mexico"\n{lacking}', encoding="utf-8")
    assert lender(str(home)) == "mexico"
    assert parameters(str(home))["officer_pay"] == parameters("mexico")["officer_pay"]
    assert parameters(str(home))["members_first"].value == 442
    (home / "founders.csv").unlink()
    assert table_of(str(home), "founders.csv") == country_folder("mexico") / "founders.csv"
    with pytest.raises(UserError, match=r"mexico/founders.csv:2: .*is unknown"):
        load_places(str(home))


def test_a_country_may_lend_to_one_beside_it(home: Path) -> None:
    later = home.parent / "later"
    later.mkdir()
    for table in TABLES:
        if table != "founders.csv":
            shutil.copy(home / table, later)
    (later / "facts.toml").write_text('borrows = "../atlantis"\n', encoding="utf-8")
    assert {name: parameters(str(later))[name].value for name in FACTS} == {
        name: parameters(str(home))[name].value for name in FACTS
    }
    assert load_places(str(later)).cartels == load_places(str(home)).cartels


def test_a_table_that_was_changed_is_read_again(home: Path) -> None:
    assert load_places(str(home)) is load_places(str(home))
    change(home / "places.csv", "Costa", "Playa")
    change(home / "facts.toml", "value = 442", "value = 443")
    assert load_places(str(home)).name[0] == "Playa"
    assert parameters(str(home))["members_first"].value == 443


def test_facts_that_were_changed_lend_anew(home: Path) -> None:
    """Who lends is asked a thousand times and read once, but for a change."""
    facts = home / "facts.toml"
    text = facts.read_text(encoding="utf-8")
    assert lender(str(home)) is None
    facts.write_text(f'borrows = "mexico"\n{text}', encoding="utf-8")
    assert lender(str(home)) == "mexico"
    facts.write_text(f'borrows = "medellin"\n{text}', encoding="utf-8")
    with pytest.raises(UserError, match='"medellin" borrows from "mexico" itself'):
        lender(str(home))
    facts.write_text(text.replace("value = 442", "value = 443"), encoding="utf-8")
    assert lender(str(home)) is None
    facts.unlink()
    assert lender(str(home)) is None


def test_facts_of_the_same_length_are_read_again_by_their_time(home: Path) -> None:
    facts = home / "facts.toml"
    text = facts.read_text(encoding="utf-8")
    for name in ("mexico", "nowher"):
        facts.write_text(f'borrows = "{name}"\n{text}', encoding="utf-8")
        os.utime(facts, ns=(len(name), ord(name[0])))
        if name == "mexico":
            assert lender(str(home)) == "mexico"
    with pytest.raises(UserError, match="nowher"):
        lender(str(home))
