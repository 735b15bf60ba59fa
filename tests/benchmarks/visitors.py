"""A hundred visitors at once, each of whom moves a lever every ten seconds: `python tests/benchmarks/visitors.py`.

Prints how many pages opened, how long it took until a first new picture came after a move, how many were dropped, and
what one more visitor is told.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "dashboard")]

from strangers import Page  # noqa: E402

from conftest import serving  # noqa: E402

VISITORS, MOVES, EVERY = 100, 4, 10.0
LEVERS = ("courts", "policing", "school_places", "outreach", "scholarships", "apprenticeships")


class Visitor(Page):
    """Somebody with an address of his own who has opened the page as it comes."""

    def __init__(self, port: int, number: int) -> None:
        super().__init__(port, f"198.18.{number // 200}.{number % 200 + 1}")
        self.luck, self.waits = random.Random(number), list[float]()

    async def stay(self) -> None:
        """Move a lever now and then, and wait for the doors to change."""
        await asyncio.sleep(self.luck.uniform(0, EVERY))
        for word in range(1, MOVES + 1):
            began = time.perf_counter()
            sent = {"lever": self.luck.choice(LEVERS), "amount": 5 * self.luck.randrange(1, 100), "word": word}
            await self.send('\\"presets\\"', "move", sent)
            await self.hear('"comm_msg"', "<svg", "nd-door", seconds=120)
            self.waits.append(time.perf_counter() - began)
            with suppress(TimeoutError):  # goes on listening, as a browser does
                await self.hear("nobody says this", seconds=max(EVERY - self.waits[-1], 0.1))


async def visit(port: int) -> None:
    """Open all pages, two at a time; then let everybody move."""
    visitors, doors = [Visitor(port, number) for number in range(VISITORS)], asyncio.Semaphore(2)

    async def enter(visitor: Visitor) -> float:
        async with doors:
            began = time.perf_counter()
            await visitor.open("lang=en")
            return time.perf_counter() - began

    opened = await asyncio.gather(*map(enter, visitors), return_exceptions=True)
    fine = [each for each in opened if isinstance(each, float)]
    print(f"pages open: {len(fine)} of {VISITORS}, median {statistics.median(fine):.2f} s, worst {max(fine):.2f} s")
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30)
        print("one more visitor: let in")
    except urllib.error.HTTPError as told:
        print(f"one more visitor: {told.code}, {told.read().decode()!r}")
    stayed = await asyncio.gather(*(visitor.stay() for visitor in visitors), return_exceptions=True)
    waits = sorted(wait for visitor in visitors for wait in visitor.waits)
    print(f"moves: {len(waits)}; first new picture after {statistics.median(waits):.2f} s (median), "
          f"{waits[int(0.9 * len(waits))]:.2f} s (nine in ten), {waits[-1]:.2f} s (worst)")  # fmt: skip
    print(f"dropped: {sum(each is not None for each in stayed)}")


def main() -> None:
    """Serve the public page to them."""
    with serving("--public", "--host-name", "127.0.0.1") as server:
        asyncio.run(visit(server.port))
        print(f"memory: {server.resident():.0f} MB")


if __name__ == "__main__":
    main()
