"""The page without a browser, its words, and its guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipyvue
import pytest
import solara
import solara.widgets
from typer.testing import CliRunner

from narco_door.base.declared import levers
from narco_door.base.errors import UserError
from narco_door.cli import app
from narco_door.dashboard import page
from narco_door.dashboard.address import is_odd, packed
from narco_door.dashboard.guard import LONGEST_BODY, Guard
from narco_door.dashboard.page import evidence
from narco_door.dashboard.page.controls import MoneyPanel, SettingsPanel
from narco_door.dashboard.page.session import lost_file, opened
from narco_door.dashboard.page.share import Open
from narco_door.dashboard.page.sheets import table
from narco_door.dashboard.policy import checked, opening, preset, preset_of, settled
from narco_door.dashboard.serve import Serving, serve, settings
from narco_door.dashboard.state import State
from narco_door.scenario import load_one
from narco_door.scenario.finding import find
from narco_door.show.catalogue import CATALOGUE
from narco_door.show.words import say


def test_the_evidence_is_told_in_spanish_alone() -> None:
    limits = evidence._limits("es")
    for told in (limits, table(CATALOGUE["validation"](), "", "es"), *evidence.tables("es").values()):
        assert 'lang="en"' not in told
    assert limits.count("<li>") == len(evidence.LIMITS)


# --- parts, rendered without a browser ---


class Asked:
    """A choice that a part of the page changes."""

    def __init__(self, state: State) -> None:
        self.state = state

    def change(self, new: State) -> None:
        self.state = settled(new)


def rendered(component: Callable[..., Any], asked: Asked) -> Iterator[Any]:
    _, context = solara.render(component(asked.state, asked.change), handle_error=False)
    yield context
    context.close()


def send(context: Any, part: str, event: str, data: object) -> None:
    """Send what a browser might send: the one widget of this part gets the event."""
    found = context.find(ipyvue.VueTemplate).widgets
    (widget,) = [each for each in found if hasattr(each, f"vue_{event}")]
    getattr(widget, f"vue_{event}")(data)


@pytest.mark.parametrize("lever", levers())
def test_every_slider_changes_its_own_lever(lever: str) -> None:
    asked = Asked(settled(State(total=2000.0)))
    for context in rendered(MoneyPanel, asked):
        send(context, "money", "move", {"lever": lever, "amount": 120})
    assert asked.state.money == ((lever, 120.0),)


@pytest.mark.parametrize(
    "forged",
    [
        {"lever": "scholarships", "amount": 1e308},
        {"lever": "scholarships", "amount": "12; DROP"},
        {"lever": "scholarships", "amount": None},
        {"lever": ["scholarships"], "amount": 5},
        {"lever": "nobody", "amount": 5},
        {"amount": True},
        "scholarships",
        None,
        [1, 2, 3],
    ],
)
def test_a_forged_slider_moves_nothing_beyond_the_total(forged: object) -> None:
    asked = Asked(settled(State(total=200.0)))
    for context in rendered(MoneyPanel, asked):
        send(context, "money", "move", forged)
    assert sum(amount for _, amount in asked.state.money) <= 200


@pytest.mark.parametrize("sent", [{"name": "seed", "value": 1e99}, {"name": "__class__", "value": 1}, 7, None])
def test_forged_settings_change_nothing(sent: object) -> None:
    asked = Asked(settled(State()))
    for context in rendered(SettingsPanel, asked):
        send(context, "settings", "set", sent)
    assert asked.state == settled(State())


def test_settings_and_plans_are_taken() -> None:
    asked = Asked(settled(State()))
    for context in rendered(SettingsPanel, asked):
        send(context, "settings", "set", {"name": "switch", "value": "fear"})
    assert asked.state.off == {"fear"}
    for context in rendered(MoneyPanel, asked):
        send(context, "money", "preset", "doors_first")
    assert asked.state.given("scholarships") == 250
    for context in rendered(MoneyPanel, asked):
        send(context, "money", "lock", "courts")
    assert asked.state.locked == {"courts"}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "big.toml", "size": 5_000_000, "text": ""}, "big.toml has 4,883 KB; a scenario has at most 64 KB."),
        ({"name": "x.toml", "size": 9, "text": "title = "}, "x.toml was not understood"),
        ({"name": "<b>", "size": 9, "text": "[[[["}, "&lt;b&gt; was not understood"),
        ({"name": "x", "size": None, "text": 5}, "has 0 KB"),
    ],
)
def test_a_bad_file_gets_a_clear_message(sent: dict[str, object], told: str) -> None:
    asked = Asked(settled(State()))
    for context in rendered(Open, asked):
        send(context, "upload", "opened", sent)
        said = " ".join(str(widget.unsafe_innerHTML) for widget in context.find(solara.widgets.HTML).widgets)
        assert told in said
    assert asked.state == settled(State())


# --- a file in the address ---


def with_file(text: str) -> str:
    return f"?base=baseline&courts=50&file={packed(text)}"


@pytest.mark.parametrize(
    "text",
    [
        'title = "x"\nquestion = "x"\nextends = "{secret}"',
        'title = "x"\nquestion = "x"\nextends = "mixed"\n[run]\nto = "2012-12"\nplaces = "medellin"',
        "title = ",
        "x = " + "[" * 5000,
    ],
)
def test_an_address_reads_no_file_of_the_server_and_opens_without_a_bad_one(text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text(load_one("merida_2007").to_toml())  # one that would be opened if it were looked at
    search = with_file(text.replace("{secret}", str(secret)))
    assert opened(search, "en") == opened("?base=baseline&courts=50", "en")
    assert lost_file(search)


def test_an_address_opens_with_a_good_file() -> None:
    text = find("merida_2007").read_text(encoding="utf-8")
    assert opened(with_file(text), "en").file == text
    assert not lost_file(with_file(text))
    assert not lost_file("?base=baseline")


def test_a_page_that_fails_says_so_whatever_it_had_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    @solara.component
    def Failing() -> None:
        solara.use_effect(lambda: None, [])
        solara.use_effect(lambda: None, [])
        raise RuntimeError("a fault")

    monkeypatch.setattr(page, "Visit", Failing)
    _, context = solara.render(page.Page(), handle_error=False)
    said = [widget.unsafe_innerHTML for widget in context.find(solara.widgets.HTML).widgets]
    context.close()
    assert len(said) == 1
    assert say("broken", "en") in str(said[0])


# --- the guard ---


def answered(scope: dict[str, Any], assets: Path = Path("nowhere")) -> list[dict[str, Any]]:
    """What the guard sends for one request; whoever is let in gets 200."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send_: Any) -> None:
        if scope["type"] == "websocket":
            await send_({"type": "websocket.accept"})
        else:
            await send_({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send_(message: Any) -> None:
        sent.append(message)

    answer = Guard(inner, frozenset({"doors.example", "doors.example:8765"}), assets)(scope, receive, send_)
    with pytest.raises(StopIteration):  # nothing here waits, so one push carries it to its end
        answer.send(None)
    return sent


def request(kind: str = "http", path: str = "/", method: str = "GET", **headers: str) -> dict[str, Any]:
    named = {"host": "doors.example", **{name.replace("_", "-"): value for name, value in headers.items()}}
    encoded = [(name.encode(), value.encode()) for name, value in named.items()]
    return {"type": kind, "path": path, "method": method, "headers": encoded, "query_string": b"session_id=x"}


def test_of_the_front_end_only_installed_files_are_there(tmp_path: Path) -> None:
    (tmp_path / "vega@5" / "build").mkdir(parents=True)
    (tmp_path / "vega@5" / "build" / "vega.js").write_text("")
    asked = {"vega@5/build/vega.js": 200}
    asked |= dict.fromkeys(
        ("", "vega@5", "vega@5/", "vega@5/build", "vega@5/build/", "lodash@4/lodash.js", "vega@5/../vega@5/build/vega.js",
         "./vega@5/build/vega.js", "//vega@5/build/vega.js", "vega@5\\build\\vega.js", "a\0b", "x" * 5000), 404
    )  # fmt: skip
    assert {name: answered(request(path=f"/_solara/cdn/{name}"), tmp_path)[0]["status"] for name in asked} == asked
    assert answered(request(path="/_solara/cdn"), tmp_path)[0]["status"] == 404
    assert answered(request(path="/_solara/cdnx"), tmp_path)[0]["status"] == 404


def test_who_asks_for_the_page_gets_it_with_its_policy() -> None:
    (start,) = answered(request())
    assert start["status"] == 200
    headers = dict(start["headers"])
    assert b"default-src 'self'" in headers[b"content-security-policy"]
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == headers[b"cross-origin-opener-policy"] == b"same-origin"
    assert b"camera=()" in headers[b"permissions-policy"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (request(host="evil.example"), 421),
        (request(path="/resourcez"), 404),
        (request(path="/resourcez/"), 404),
        (request(method="POST", path="/_solara/api/close/x", origin="https://evil.example"), 404),
        (request(method="POST", content_length=str(LONGEST_BODY + 1)), 413),
        (request(method="POST", content_length="many"), 413),
        (request(method="POST", transfer_encoding="chunked"), 413),
    ],
)
def test_others_are_turned_away(asked: dict[str, Any], status: int) -> None:
    assert answered(asked)[0]["status"] == status


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://doors.example.evil.example"])
def test_a_socket_of_another_site_is_closed(origin: str) -> None:
    assert answered(request("websocket", origin=origin))[0] == {"type": "websocket.close", "code": 1008}


SOCKET = "/jupyter/api/kernels/a-b.c/channels"


def test_the_page_s_own_socket_is_let_in_and_one_elsewhere_or_of_no_page_is_not() -> None:
    own = request("websocket", SOCKET, origin="https://doors.example")
    assert answered(own)[0]["type"] == "websocket.accept"
    for other in (
        {"path": "/"},
        {"path": SOCKET + "/x"},
        {"path": SOCKET.replace("a-b", "a b")},
        {"query_string": b""},
    ):
        assert answered({**own, **other})[0]["type"] == "websocket.close"
    odd = request("websocket", SOCKET, origin="http://[")
    assert answered(odd)[0]["type"] == "websocket.close"


@pytest.mark.parametrize("host", ["doors.example x", "doors.example,evil", "", "x@doors.example"])
def test_an_odd_host_and_two_of_them_are_turned_away(host: str) -> None:
    assert answered(request(host=host))[0]["status"] == 421
    twice = request()
    twice["headers"].insert(0, (b"host", host.encode()))
    assert answered(twice)[0]["status"] == 421


@pytest.mark.parametrize(
    "path", ["/nowhere", "/evidence", "/_solara/api/evict/x", "/jupyter/api/kernels/x", "/_solara/cdnx"]
)
def test_what_no_page_asks_for_is_not_there(path: str) -> None:
    assert answered(request(path=path))[0]["status"] == 404


def test_an_address_longer_than_any_is_not_read_and_many_fields_break_nothing() -> None:
    assert opened("?base=baseline&courts=50&" + "&".join(f"a{i}=1" for i in range(401)), "en") == opened(
        "?base=baseline&courts=50", "en"
    )
    assert opened("?courts=50&" + "x" * 100_000, "en") == opened("", "en")
    assert is_odd("x" * 100_000)
    assert not lost_file("?file=x&" + "x" * 100_000)


def test_a_key_of_twelve_thousand_parts_is_refused_before_it_is_read() -> None:
    with pytest.raises(UserError, match="x:1: a key has more than 8 parts between dots"):
        checked("a" + ".a" * 12_000 + " = 1", "x")


def test_a_public_page_is_told_what_it_must() -> None:
    told = settings(Serving(public=True, names=("doors.example",)))
    assert told["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert told["NARCO_DOOR_PUBLIC"] == "1"
    assert "127.0.0.1" not in Serving(public=True, names=("doors.example",)).hosts


def test_serving_refuses_what_is_not_safe() -> None:
    with pytest.raises(UserError, match="--host-name"):
        serve(public=True)
    with pytest.raises(UserError, match="--public"):
        serve(host="0.0.0.0")


def test_the_command_says_what_is_missing() -> None:
    answer = CliRunner().invoke(app, ["dashboard", "--public", "--no-browser"])
    assert answer.exit_code == 2
    assert "--host-name" in answer.output


def test_the_page_opens_with_the_question_itself() -> None:
    """Doors instead of kingpins: the same money in the same months, all of it at either end."""
    asked = opening(State())
    doors, kingpins = preset("doors_first", State()), preset("kingpins_first", State())
    assert (preset_of(asked), asked.reference) == ("doors_first", "kingpins_first")
    assert sum(dict(doors.money).values()) == sum(dict(kingpins.money).values()) == 1000
    assert doors.start == kingpins.start
    assert {levers()[name].family for name, _ in doors.money} == {"opens", "narrows"}
    assert {levers()[name].family for name, _ in kingpins.money} == {"state"}
