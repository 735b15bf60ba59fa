"""What the commands have in common: to run something under a bar, print what came of it, say where it is."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from narco_door.questions.claims import Examined
    from narco_door.results import Results
    from narco_door.runs.pool import Hands
    from narco_door.scenario import Comparison
    from narco_door.show.words import Language

FITTED_SCALE = 100
"""Persons for each agent in the runs by which the model was calibrated and is shown against history."""
COARSEST = 400
"""Most persons for each agent at which rates are still those of fine runs; see "Scale" in MODEL_CARD.md."""


def write_claims(examined: "list[Examined]", home: Path, *, scale: int) -> None:
    """Write the tables and the figure of the claims, and say where."""
    from narco_door.cli.printing import say
    from narco_door.questions.claims import write_report

    replicates = max(finding.replicates for each in examined for finding in each.findings)
    for file in write_report(examined, home, about=f"n = {replicates}, 1:{scale}."):
        say(f"written: {file}")


def compare_without(asked: "Comparison", words: str, run: "Callable[..., Results]", out: Path) -> None:
    """Compare with every mechanism and without each, and print which carries the differences."""
    from narco_door.cli.claiming import ablation_sheets
    from narco_door.cli.printing import print_sheets, say
    from narco_door.questions import ablation

    variations = ablation.without(ablation.switches_named(words))

    def one(comparison: "Comparison") -> "Results":
        return watched(comparison.name, functools.partial(run, comparison), out)

    found = ablation.ablate(asked, variations, run=one)
    print_sheets(ablation_sheets(found))
    file = out / f"{asked.name}-ablations.csv"
    found.write_csv(file)
    say(f"written: {file}")


def under_a_bar[Answer](home: Path, name: str, work: "Callable[..., Answer]", **options: Any) -> "Answer":
    """Work under a progress bar; when it is stopped, say where the finished runs are."""
    from narco_door.cli.printing import bar, complain

    try:
        with bar(name) as progress:
            return work(progress=progress, **options)
    except KeyboardInterrupt:
        complain(f"stopped; finished runs are kept in {home} and the same command goes on from there")
        raise typer.Exit(130) from None


def carry_out(
    name: str, experiment: "Callable[..., Results]", out: Path, *, workers: int | None, pictures: "Language | None"
) -> None:
    """Run an experiment, draw it in a language, or not, and print what came of it and where it is."""
    from narco_door.cli.outcomes import failure_lines, headline_sheets, series_sheets
    from narco_door.cli.printing import complain, print_sheets, say
    from narco_door.runs.pool import hired

    with hired(workers) as hands:  # they live the replicates and then draw the pictures
        results = watched(name, functools.partial(experiment, workers=workers, executor=hands), out)
        warn_of_scale(results.manifest["persons_per_agent"])
        print_sheets(headline_sheets(results) if results.reference else series_sheets(results))
        for line in failure_lines(results):
            complain(line)
        say(f"results: {results.folder}")
        if pictures:
            _draw(name, results, pictures, hands)
    if results.failures:
        raise typer.Exit(1)


def get_ready(workers: int | None) -> None:
    """Begin what hands need while this process reads the rest of the program."""
    from narco_door.runs import pool as hands

    if hands.asked_for(workers) > 1:
        hands.get_ready()


def _draw(name: str, results: "Results", language: "Language", hands: "Hands | None") -> None:
    from narco_door.cli.printing import bar, say
    from narco_door.show import words
    from narco_door.show.figures import write_all

    assert results.folder is not None  # commands always keep what they run
    folder = results.folder / words.say("figures_folder", language)
    with bar(f"{name}: pictures", "pictures") as progress:
        write_all(results, folder, language=language, progress=progress, executor=hands)
    say(f"pictures: {folder}")


def warn_of_scale(scale: int) -> None:
    """Say so where agents are too coarse for the cartels of most places."""
    from narco_door.cli.printing import complain
    from narco_door.show.formats import number

    if scale > COARSEST:
        complain(
            f"one agent for {number(scale)} persons: rates hold to 1:{COARSEST}. Coarser runs have fewer members, "
            "entries and homicides (some 5, 15 and 15 % fewer at 1:1,000) and signs may change: for a first look only"
        )


def watched(name: str, experiment: "Callable[..., Results]", out: Path) -> "Results":
    """Run an experiment under a progress bar; when it is stopped, say what is kept and where."""
    from narco_door.cli.outcomes import what_is_kept
    from narco_door.cli.printing import bar, complain

    try:
        with bar(name) as progress:
            return experiment(progress=progress)
    except KeyboardInterrupt:
        complain(what_is_kept(name, out))
        raise typer.Exit(130) from None
