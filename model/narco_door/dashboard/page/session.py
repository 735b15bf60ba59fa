"""What a visit remembers: the choice, kept in step with the address, and the work that is done for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Final

import solara
import solara.lab

from narco_door.base.errors import UserError
from narco_door.dashboard.address import names_file, read, says_policy, says_reference, write
from narco_door.dashboard.library import library
from narco_door.dashboard.policy import DOORS, Plan, opening, plan, preset, settled
from narco_door.dashboard.state import Bounds, State, clamp
from narco_door.dashboard.work import Picture, Progress, Work
from narco_door.show.words import ENGLISH, LANGUAGES, Language

PUBLIC: Final = "NARCO_DOOR_PUBLIC"
ADDRESS_SECONDS: Final = 0.5

type Change = Callable[[State], None]


@cache
def bounds() -> Bounds:
    """What a visitor may ask of this machine."""
    return Bounds(replicates=(2, 4, 8), scales=(100, 200)) if os.environ.get(PUBLIC) else Bounds()


def browser_language() -> Language:
    """The language that the visitor's browser asks for first."""
    headers = solara.lab.headers.value or {}  # type: ignore[attr-defined]
    asked = headers.get("accept-language", [""])
    return next((each for each in LANGUAGES if asked and asked[0].lower().startswith(each)), ENGLISH)


def opened(search: str | None, language: Language) -> State:
    """The choice of an address, in the browser's language if the address names none; without a file that is refused."""
    state = read(search or "", bounds=bounds())
    if not says_policy(search or ""):
        state = opening(state) if not says_reference(search or "") else preset(DOORS, state)
    state = state if "lang=" in (search or "") else replace(state, language=language)
    try:
        return settled(state)
    except UserError:  # the file: everything else was clamped
        return settled(replace(state, file=""))


def lost_file(search: str | None) -> bool:
    """Whether an address names a file that the page opens without."""
    return names_file(search or "") and not opened(search, ENGLISH).file


def use_choice() -> tuple[State, Change]:
    """The choice and how to change it; the address follows half a second later, and leads when one goes back."""
    router = solara.use_router()
    language = solara.use_memo(browser_language, [])
    first = solara.use_memo(lambda: opened(router.search, language), [])
    state, set_state = solara.use_state(first)
    written = solara.use_ref(router.search)

    def from_address() -> None:
        if router.search != written.current:
            written.current = router.search
            set_state(opened(router.search, language))

    def to_address() -> Callable[[], None] | None:
        if state == opened(router.search, language):
            return None
        cancel, text = threading.Event(), write(state)

        def later() -> None:
            if not cancel.wait(ADDRESS_SECONDS):
                written.current = text
                router.push(f"{router.path}?{text}")

        threading.Thread(target=later, daemon=True).start()
        return cancel.set

    solara.use_effect(from_address, [router.search])
    solara.use_effect(to_address, [state])

    def change(new: State) -> None:
        """Lay what differs from the state that was drawn over the newest one: two quick clicks are both kept."""
        touched = {
            f.name: getattr(new, f.name) for f in fields(State) if getattr(new, f.name) != getattr(state, f.name)
        }
        with library().queue.pause():  # to set it is to draw it
            set_state(lambda newest: settled(clamp(replace(newest, **touched), bounds())))

    return state, change


@dataclass(frozen=True)
class Run:
    """The work of a visit: what it shows, how far it is, and how to stop it and go on."""

    plan: Plan | None
    picture: solara.Reactive[Picture | None]
    progress: solara.Reactive[Progress]
    stopped: bool
    halt: Callable[[bool], None]


def use_run(state: State) -> Run:
    """Do the work for a choice; another choice, a closed page or a halt ends it between two months."""
    asked = solara.use_memo(
        lambda: _asked(state), [replace(state, language=ENGLISH, view="", month=None, record="", claim=0)]
    )
    made = asked if isinstance(asked, Plan) else None
    picture = solara.use_reactive(_NOTHING)
    progress = solara.use_reactive(Progress())
    stopped, halt = solara.use_state(_NOWHERE)
    halted = stopped is not None and stopped == made

    def start() -> Callable[[], None] | None:
        if made is None:
            progress.set(Progress("failed", words=str(asked)))
            return None
        if halted:
            progress.set(replace(progress.peek(), stage="stopped"))
            return None
        cancel = threading.Event()
        work = Work(made, library(), show=picture.set, tell=progress.set, cancel=cancel)
        progress.set(Progress())
        threading.Thread(target=work.run, daemon=True, name="narco-door").start()
        return cancel.set

    solara.use_effect(start, [made, halted])
    return Run(
        made, picture, progress, stopped is not None and stopped == made, lambda yes: halt(made if yes else None)
    )


_NOTHING: Picture | None = None
_NOWHERE: Plan | None = None


def _asked(state: State) -> Plan | str:
    try:
        return plan(state)
    except UserError as problem:
        return str(problem)
