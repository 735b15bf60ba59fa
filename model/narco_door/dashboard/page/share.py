"""Share it, keep it, run it yourself: the link, the commands, the files."""

from __future__ import annotations

import base64
import threading
from html import escape
from typing import Any, Final

import solara

from narco_door.base.errors import UserError
from narco_door.dashboard.address import LONGEST_FILE, holds_file, write
from narco_door.dashboard.downloads import KINDS, File, make
from narco_door.dashboard.page.controls import number
from narco_door.dashboard.page.parts import Code, Files, Upload
from narco_door.dashboard.page.session import Change, Run
from narco_door.dashboard.page.texts import group, html, policy_label
from narco_door.dashboard.policy import Plan, idle_in, uploaded
from narco_door.dashboard.reproduce import command_line, python
from narco_door.dashboard.state import State
from narco_door.show.formats import fixed
from narco_door.show.words import ENGLISH, say

TAKING_SECONDS: Final = 20.0  # that a browser has to take a file; then it is thrown away


@solara.component
def Share(state: State, change: Change, run: Run) -> None:
    """The last part of the page."""
    language = state.language
    with group("section", "nd-card", "nd-share", aria_label=say("share_head", language)):
        html("h2", escape(say("share_head", language)))
        with group("div", "nd-halves"):
            with group("div"):
                Link(state)
                Keep(state, run)
                Open(state, change)
            with group("div"):
                html("h3", escape(say("reproduce_head", language)))
                html("p", escape(say("reproduce_lead", language)), "nd-soft")
                if run.plan is not None and not run.plan.same:
                    Commands(state, run.plan)


@solara.component
def Link(state: State) -> None:
    """The address of the page as it stands."""
    language = state.language
    if not holds_file(state):
        html("p", escape(say("link_long", language)), "nd-soft")
        return
    _code("nd-link", "link_label", f"?{write(state)}", state, url=True)


def _code(name: str, label: str, text: str, state: State, *, url: bool = False) -> None:
    language = state.language
    Code(
        name=name,
        label=say(label, language),
        text=text,
        copy_word=say("copy", language),
        copied=say("copied", language),
        url=url,
    )


@solara.component
def Commands(state: State, plan: Plan) -> None:
    """How to have the same numbers elsewhere."""
    _code("nd-shell", "command_line", command_line(state, plan), state)
    _code("nd-python", "python", python(state, plan), state)


@solara.component
def Keep(state: State, run: Run) -> None:
    """Files, each made when it is asked for and forgotten when it is taken; one at a time for each visit."""
    language = state.language
    answer, set_answer = solara.use_state(_NO_FILE)
    trouble, set_trouble = solara.use_state("")
    making, taken = solara.use_memo(lambda: (threading.Lock(), threading.Event()), [])

    def work(kind: str, plan: Plan) -> None:
        try:
            with _MAKING:
                file = make(kind, state, plan, run.picture.peek(), policy_label(state))
            set_trouble("")
            set_answer(_sent(file))
            taken.wait(TAKING_SECONDS)
            set_answer(_NO_FILE)
        except UserError as problem:
            set_trouble(str(problem))
            set_answer({"name": "", "kind": kind})
        finally:
            making.release()

    def want(kind: Any) -> None:
        if kind not in KINDS or run.plan is None:
            return
        if not making.acquire(blocking=False):
            set_trouble(say("file_busy", language))
            return
        taken.clear()
        threading.Thread(target=work, args=(kind, run.plan), daemon=True).start()

    html("h3", escape(say("downloads", language)))
    Files(
        label=say("downloads", language),
        items=[{"id": kind, "label": say(f"get_{kind}", language)} for kind in KINDS],
        answer=answer,
        event_want=want,
        event_got=lambda _: taken.set(),
    )
    html("p", escape(trouble or say("when_done", language)), "nd-soft")


_NO_FILE: dict[str, str] = {}
_MAKING: Final = threading.Lock()  # one file at a time of all visits: a folder takes some hundred megabytes to make


def _sent(file: File) -> dict[str, str]:
    content = base64.b64encode(file.content).decode()
    return {"name": file.name, "type": file.type, "content": content}


@solara.component
def Open(state: State, change: Change) -> None:
    """A scenario file of the visitor, read as strictly as the command line does."""
    language = state.language
    told, set_told = solara.use_state(("", "", ""))

    def opened(sent: Any) -> None:
        name, size, text = (sent.get(key) if isinstance(sent, dict) else None for key in ("name", "size", "text"))
        label = str(name)[-60:]
        long = number(size)
        if long is None or long > LONGEST_FILE or not isinstance(text, str):
            size_kb = fixed((long or 0) / 1024, 0)
            set_told((say("upload_large", language, name=label, size=size_kb), "", "nd-told"))
            return
        try:
            change(uploaded(text, label, state))
        except UserError as problem:
            set_told((say("upload_bad", language, name=label), str(problem), "nd-error"))
        else:
            set_told((say("upload_done", language, name=label), "\n".join(idle_in(text, label)), "nd-told"))

    Upload(label=say("upload", language), button=say("upload_choose", language), most=LONGEST_FILE, event_opened=opened)
    if told[1]:
        note = "" if language == ENGLISH else say("reader_note", language)
        lines = f"<p>{escape(told[0])}</p><pre lang='en'>{escape(told[1])}</pre><p class='nd-soft'>{escape(note)}</p>"
        html("div", lines, told[2])
    elif told[0]:
        html("p", escape(told[0]), told[2])
