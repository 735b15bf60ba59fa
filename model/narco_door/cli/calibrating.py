"""``narco-door calibrate``: history in, a posterior out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from narco_door.base.errors import UserError
from narco_door.cli.options import expect_extra

if TYPE_CHECKING:
    from narco_door.questions.posterior.calibrating import Posterior
    from narco_door.questions.posterior.waves import Wave
    from narco_door.questions.targets import Target
    from narco_door.show.sheets import Sheet


def _sizes(words: str) -> list[int]:
    """Points of each wave."""
    sizes = words.split(",")
    if not all(size.strip().isdecimal() and int(size) > 1 for size in sizes):
        raise UserError(f'--waves {words}: expected the points of each wave, like "300,200,200,256"')
    return [int(size) for size in sizes]


def calibrate(
    waves: Annotated[str, typer.Option(metavar="N,N,...", help="Points of each wave.")] = "300,200,200,256,300,400",
    workers: Annotated[int | None, typer.Option(help="Cores to use; default: all.")] = None,
    out: Annotated[Path, typer.Option(help="Where journal and sets are kept.")] = Path("calibration"),
) -> None:
    """Find the sets of numbers that history allows; a run that was stopped goes on where it stood."""
    sizes = _sizes(waves)
    expect_extra("emcee", "sklearn")
    from narco_door.cli.printing import bar, print_sheets, say
    from narco_door.questions.posterior.calibrating import calibrate as found
    from narco_door.questions.posterior.worlds import fitted
    from narco_door.runs.options import RunOptions

    wanted = fitted()

    def tell(number: int, wave: "Wave") -> None:
        print_sheets([_sheet(f"wave {number + 1}, {len(wave.cube)} worlds", wanted, wave)])

    with bar("calibrate", "worlds of a wave") as progress:
        posterior = found(RunOptions(workers=workers, progress=progress), out, sizes=sizes, tell=tell)
    posterior.write(out / "posterior.csv")
    say(_verdict(posterior))
    say(f"written: {out / 'posterior.csv'}")


def _sheet(title: str, wanted: "list[Target]", wave: "Wave") -> "Sheet":
    """What a wave's worlds say of each target, and how many of them the guesses' 95 % intervals held."""
    import numpy as np

    from narco_door.show.formats import fixed
    from narco_door.show.sheets import Head, Sheet

    rows = []
    for k, target in enumerate(wanted):
        said = wave.said[:, k][np.isfinite(wave.said[:, k])]
        digits = 0 if target.high > 100 else 2
        low, middle, high = (fixed(float(x), digits) for x in np.quantile(said, [0.05, 0.5, 0.95]))
        held = f"{wave.covered[k]:.0%}" if wave.covered else ""
        wants = f"{fixed(target.low, digits)} to {fixed(target.high, digits)}"
        rows.append([target.name, wants, middle, f"{low} to {high}", held])
    heads = [Head(""), *(Head(each, right=True) for each in ("history", "median", "9 of 10 worlds", "held"))]
    return Sheet(
        title, tuple(heads), rows, "held: worlds in the 95 % intervals that were guessed before they were lived"
    )


def _verdict(posterior: "Posterior") -> str:
    different = len({tuple(each.values()) for each in posterior.sets})
    return (
        f"{len(posterior.sets)} sets of the same weight, {different} of them different; the last wave is worth "
        f"{posterior.effective:.0f} of its {len(posterior.waves[-1].cube)} draws, tail of its weights "
        f"{posterior.tail:.2f} (above 0.7 it is not to be trusted)"
    )
