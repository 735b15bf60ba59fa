"""What is done for one visitor's choice: a first look at once, then a closer one, until another choice is made."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from narco_door.base.errors import UserError
from narco_door.dashboard.library import Library, Life, key_of
from narco_door.dashboard.policy import Plan
from narco_door.dashboard.run_queue import CancelledError

if TYPE_CHECKING:
    from narco_door.book.book import Book
    from narco_door.scenario import Run, Scenario

PREVIEW: Final = 200  # persons whom one agent of the first look stands for; coarser ones are hardly faster
DEBOUNCE_SECONDS: Final = 0.03
FRAME_SECONDS: Final = 0.1
DRAWING_SHARE: Final = 6.0  # a run that goes on is lived at least this many times as long as it is drawn

Stage = Literal["waiting", "preview", "refining", "done", "stopped", "failed"]


@dataclass(frozen=True)
class Track:
    """One replicate as far as it was lived when somebody looked: later months of the book are not read."""

    book: Book
    months: int
    life: Life | None = None
    replicate: int = 0


@dataclass(frozen=True)
class Picture:
    """What is known of a plan.

    Attributes
    ----------
    policy, reference
        Replicates of both worlds; those at the same place share their luck.
    refined
        Whether these are the replicates that were asked for, and not the first look.
    complete
        Whether none is missing.
    """

    plan: Plan
    policy: tuple[Track, ...]
    reference: tuple[Track, ...]
    refined: bool = False
    complete: bool = False

    @property
    def months(self) -> int:
        """Months that every replicate shown has lived."""
        return min((track.months for track in (*self.policy, *self.reference)), default=0)

    @property
    def run(self) -> Run:
        """The run as far as it is in the picture.

        A first look is one coarse replicate of the fitted numbers, whatever was asked for.
        """
        run = replace(self.plan.policy.run, replicates=len(self.reference))
        return run if self.refined else replace(run, persons_per_agent=coarse(self.plan), sets=0)


def coarse(plan: Plan) -> int:
    """Persons whom one agent of the first look stands for."""
    return max(PREVIEW, plan.policy.run.persons_per_agent)


@dataclass(frozen=True)
class Progress:
    """How far the work is: share done (0-1), how many wait ahead, words for what went wrong."""

    stage: Stage = "waiting"
    share: float = 0.0
    ahead: int = 0
    words: str = ""


class Work:
    """The work for one plan; `run` it in a thread of its own.

    Parameters
    ----------
    show
        Handed each new picture.
    tell
        Handed each new progress.
    cancel
        Ends the work between two months.
    """

    def __init__(
        self,
        plan: Plan,
        library: Library,
        *,
        show: Callable[[Picture], None],
        tell: Callable[[Progress], None],
        cancel: threading.Event,
    ) -> None:
        self.plan, self.library, self.cancel = plan, library, cancel
        self._show, self._tell = show, tell
        self._next, self._told = 0.0, Progress()

    def run(self) -> None:
        """First look, closer look, until cancelled. What goes wrong is told, never raised."""
        if self.cancel.wait(DEBOUNCE_SECONDS):
            return
        try:
            if not self._known():
                self.first_look()
            self._closer_look()
            self._say(Progress("done", 1.0))
        except CancelledError:
            return
        except UserError as problem:
            self._say(Progress("failed", words=str(problem)))
        except Exception as problem:
            self._say(Progress("failed", words=f"{type(problem).__name__}: {problem}"))
            raise

    def show(self, picture: Picture) -> None:
        """Hand on a picture unless nobody waits for it."""
        if not self.cancel.is_set():
            began = time.perf_counter()
            self._show(picture)
            ended = time.perf_counter()
            self._next = ended + max(FRAME_SECONDS, DRAWING_SHARE * (ended - began))

    def _say(self, progress: Progress) -> None:
        if not self.cancel.is_set() and progress != self._told:
            self._told = progress
            self._tell(progress)

    def _known(self) -> bool:
        """Whether the first pair of the closer look is there already."""
        both = self.plan.reference, self.plan.policy
        return all(self.library.find(key_of(world.in_set(0), 0)) is not None for world in both)

    # the first look ------------------------------------------------------------------------------------------------

    def first_look(self) -> None:
        """Live both worlds once at the coarse scale."""
        scale = coarse(self.plan)
        reference = self._preview(self.plan.reference.replace(persons_per_agent=scale), ())
        policy = self._preview(self.plan.policy.replace(persons_per_agent=scale), (reference,))
        self.show(Picture(self.plan, (policy,), (reference,)))

    def _preview(self, world: Scenario, reference: tuple[Track, ...]) -> Track:
        """Live one world at the coarse scale, and show it as it goes."""

        def watch(book: Book, months: int) -> None:
            one = months <= self.plan.apart  # until the money begins both worlds are the same
            if (reference and one) or time.perf_counter() < self._next:
                return
            track = (Track(book, months),)
            self.show(Picture(self.plan, track if reference or one else (), reference or track))
            self._say(Progress("preview", (bool(reference) + months / world.run.months) / 2))

        life = self.library.live(
            world, 0, urgent=True, apart=self.plan.apart, cancel=self.cancel, watch=watch,
            tell=lambda n: self._say(Progress(ahead=n)),
        )  # fmt: skip
        return Track(life.book, world.run.months, life)

    # the closer look -----------------------------------------------------------------------------------------------

    def _closer_look(self) -> None:
        replicates = range(self.plan.policy.run.replicates)
        jobs = [(world, i) for i in replicates for world in ("reference", "policy")]
        done: dict[tuple[str, int], Life] = {}
        lived: dict[tuple[str, int], int] = {}
        ahead: dict[tuple[str, int], int] = {}
        with ThreadPoolExecutor(min(self.library.queue.slots, len(jobs))) as threads:
            flying = {threads.submit(self._refine, job, lived, ahead): job for job in jobs}
            try:
                while flying:
                    ready = wait(flying, timeout=FRAME_SECONDS, return_when=FIRST_COMPLETED).done
                    self._land(ready, flying, done)
                    self._report(lived, ahead, len(jobs))
                    if self.cancel.is_set():
                        raise CancelledError
            finally:
                for future in flying:
                    future.cancel()

    def _refine(
        self, job: tuple[str, int], lived: dict[tuple[str, int], int], ahead: dict[tuple[str, int], int]
    ) -> Life:
        world, replicate = job

        def watch(_: Book, months: int) -> None:
            lived[job] = months

        def tell(places: int) -> None:
            ahead[job] = places

        scenario: Scenario = getattr(self.plan, world).in_set(replicate)
        life = self.library.live(scenario, replicate, urgent=False, cancel=self.cancel, watch=watch, tell=tell)
        lived[job] = scenario.run.months
        return life

    def _land(
        self,
        ready: set[Future[Life]],
        flying: dict[Future[Life], tuple[str, int]],
        done: dict[tuple[str, int], Life],
    ) -> None:
        """Take in what is finished; show a picture when a pair is complete."""
        before = self._pairs(done)
        for future in ready:
            done[flying.pop(future)] = future.result()
        pairs = self._pairs(done)
        if len(pairs) > len(before):
            policy, reference = (tuple(self._track(done, world, i) for i in pairs) for world in ("policy", "reference"))
            self.show(Picture(self.plan, policy, reference, refined=True, complete=not flying))

    def _pairs(self, done: dict[tuple[str, int], Life]) -> list[int]:
        """Replicates that both worlds have finished, by number, in whatever order they ended."""
        return sorted(i for world, i in done if world == "policy" and ("reference", i) in done)

    def _track(self, done: dict[tuple[str, int], Life], world: str, replicate: int) -> Track:
        life = done[world, replicate]
        return Track(life.book, self.plan.policy.run.months, life, replicate)

    def _report(self, lived: dict[tuple[str, int], int], ahead: dict[tuple[str, int], int], jobs: int) -> None:
        share = sum(lived.values()) / (jobs * self.plan.policy.run.months)
        waiting = 0 if lived else max(ahead.values(), default=0)
        self._say(Progress("refining", round(share, 3), waiting))
