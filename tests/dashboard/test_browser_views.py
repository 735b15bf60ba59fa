"""Every view in a real browser: seen by anybody, in both languages, by keyboard, on a phone; and for everybody."""

from __future__ import annotations

import re
import socket

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conftest import DONE, SMALL, Server, open_levers, visit
from narco_door.dashboard.state import VIEWS
from narco_door.show.words import words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
SOCKET = (
    "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "es")])
def test_axe_finds_nothing(page: Page, server: Server, view: str, language: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    visit(page, server, f"lang={language}&view={view}&{SMALL}&outreach=300&courts=-50")
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    page.wait_for_timeout(700)
    found = Axe().run(page)
    faults = [
        f"{fault['impact']} {fault['id']}: {fault['help']}\n  {node['html'][:200]}\n  {node.get('failureSummary', '')}"
        for fault in found.response["violations"]
        for node in fault["nodes"][:3]
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("view", VIEWS)
def test_spanish_has_no_english_left(page: Page, server: Server, view: str) -> None:
    visit(page, server, f"lang=es&view={view}&{SMALL}&outreach=300&courts=-50&lock=courts")
    if view == "evidence":
        page.wait_for_selector(".nd-validation table", timeout=90_000)
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    said = page.evaluate(
        """() => { const page = document.querySelector('.nd-page').cloneNode(true);
        page.querySelectorAll('[lang=en], pre, code, .nd-source').forEach(each => each.remove());
        const said = [...page.querySelectorAll('[aria-label], [title], [aria-valuetext]')].flatMap(
          each => ['aria-label', 'title', 'aria-valuetext'].map(name => each.getAttribute(name)).filter(Boolean));
        return [page.textContent, ...said].join(' | ') }"""
    )
    pairs = [(text, words("es").phrases[key]) for key, text in words("en").phrases.items()]
    english = {text for text, other in pairs if "{" not in text and len(text) > 7 and text != other}
    assert [phrase for phrase in english if re.search(rf"\b{re.escape(phrase)}\b", said)] == []
    assert re.findall(r".{20}\b(?:the|and|with|which|from|people|of)\b.{20}", said) == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_scrolls_down_only(page: Page, server: Server, view: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, server, f"lang=es&view={view}&{SMALL}&outreach=300")
    page.wait_for_timeout(600)
    wide = page.evaluate("[...document.querySelectorAll('.nd-page *')].filter(each => "
                         "each.getBoundingClientRect().right > 392 && !each.closest('.nd-scroll, pre, .nd-hidden, svg *')"
                         ").map(each => each.outerHTML.slice(0, 120))")  # fmt: skip
    assert wide == []
    if view == "doors":
        assert page.locator(".nd-doors .nd-drawing svg").evaluate(
            "svg => svg.viewBox.baseVal.height > svg.viewBox.baseVal.width"
        )


def test_every_control_can_be_reached_and_used_by_keyboard(page: Page, server: Server) -> None:
    visit(page, server, f"lang=en&view=comparison&{SMALL}&outreach=300")
    names = "button, input, select, summary, a[href], [role=button]"
    wanted = page.locator(names).evaluate_all(
        """all => all.filter(each => each.offsetParent !== null || each.closest('svg')).filter(
          each => each.tabIndex >= 0 && each.type !== 'radio' && !each.closest('details:not([open]) :not(summary)'))
          .map(each => { each.dataset.wanted = Math.random().toString(36); return each.dataset.wanted })"""
    )
    page.locator("body").focus()
    reached = set()
    for _ in range(len(wanted) + 25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.wanted"))
    missed = [
        page.locator(f"[data-wanted='{key}']").evaluate("each => each.outerHTML") for key in set(wanted) - reached
    ]
    assert missed == []
    page.locator("[data-pick='08']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-pick='08']")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("tab", name="The comparison").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="The doors")).to_have_attribute("aria-selected", "true")
    open_levers(page)
    page.get_by_role("button", name="Lock Mentors").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Unlock Mentors")).to_be_visible()
    clock = page.get_by_label("Month that the picture shows")
    clock.focus()
    page.keyboard.press("Home")
    expect(clock).to_have_attribute("aria-valuetext", "January 2007")
    page.wait_for_url(re.compile("month=2007-01"))


def test_language_and_colours_change_and_stay(page: Page, server: Server) -> None:
    visit(page, server, f"lang=en&{SMALL}")
    page.get_by_role("button", name="Cambiar a español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La puerta del narco")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.get_by_role("button", name="Cambiar a colores oscuros").click()
    expect(page.locator("#app")).to_have_class(re.compile("theme--dark"))
    page.wait_for_url(re.compile("lang=es"))
    page.reload()
    page.wait_for_selector(DONE, timeout=60_000)
    expect(page.locator("#app")).to_have_class(re.compile("theme--dark"))
    expect(page.get_by_role("heading", level=1)).to_have_text("La puerta del narco")


# --- for everybody ---


def test_the_public_page_works_under_its_own_policy(page: Page, public: Server) -> None:
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    visit(page, public, f"lang=en&{SMALL}&outreach=300&runs=16")
    page.get_by_text("More: mechanisms, luck, horizon").click()
    expect(page.get_by_label("Lucks tried")).to_have_value("8")
    assert [fault for fault in faults if "Content Security Policy" in fault] == []


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", ("Host: evil.example",), 421),
        ("/resourcez", ("Host: {own}",), 404),
        ("/_solara/cdn/vega@5.21.0/", ("Host: {own}",), 404),  # a folder, which the framework would delete
        ("/_solara/cdn/lodash@4.17.21/lodash.js", ("Host: {own}",), 404),  # not installed: it would be fetched
        ("/_solara/cdn/vega@5.21.0/build/vega.js", ("Host: {own}",), 200),
        ("/jupyter/api/kernels/x/channels?session_id=1", ("Host: {own}", "Origin: https://evil.example", *SOCKET), 403),
        ("/jupyter/api/kernels/x/channels?session_id=1", ("Host: {own}", *SOCKET), 403),
        ("/jupyter/api/kernels/x/channels?session_id=1", ("Host: {own}", "Origin: http://{own}", *SOCKET), 101),
    ],
)
def test_strangers_are_refused(public: Server, path: str, headers: tuple[str, ...], status: int) -> None:
    lines = [f"GET {path} HTTP/1.1", *(line.format(own=f"127.0.0.1:{public.port}") for line in headers), "", ""]
    with socket.create_connection(("127.0.0.1", public.port), timeout=5) as line:
        line.sendall("\r\n".join(lines).encode())
        assert line.recv(64).split()[1].decode() == str(status)
