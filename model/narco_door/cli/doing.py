"""What the commands have in common: to run something under a bar, print what came of it, say where it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from narco_door.base.errors import UserError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from narco_door.questions.claims import Examined
    from narco_door.results import Results
    from narco_door.runs.options import RunOptions
    from narco_door.scenario import Comparison, Scenario
    from narco_door.show.words import Language

FITTED_SCALE = 100
"""Persons for each agent in the runs by which the model was calibrated and is shown against history."""
COARSEST = 400
"""Most persons for each agent at which rates are still those of fine runs; see "Scale" in MODEL_CARD.md."""


def write_claims(
    examined: "list[Examined]", home: Path, options: "RunOptions", *, asked_for: str, ablate: str | None
) -> None:
    """Write the tables and the figure of the claims, and say where: a folder for each seed, scale and question."""
    from narco_door.cli.printing import say
    from narco_door.scenario import load_one
    from narco_door.show.figures.claims import write_report

    scale = options.persons_per_agent or FITTED_SCALE
    warn_of_scale(scale)
    seed = load_one("baseline").run.seed if options.seed is None else options.seed
    replicates = max(finding.replicates for each in examined for finding in each.findings)
    sets = options.sets or "best"
    name = f"{asked_for}-n{replicates}-sets_{sets}-1in{scale}-seed{seed}{f'-ablate_{ablate}' if ablate else ''}"
    about = f"n = {replicates}, sets {sets}, 1:{scale}, seed {seed}."
    for file in write_report(examined, home / name, about=about):
        say(f"written: {file}")


def called(asked: "Comparison", name: str | None) -> "Comparison":
    """Return the comparison under the name that the user gives it, if any.

    Raises
    ------
    UserError
        It is no name.
    """
    from narco_door.scenario.schema import A_NAME, is_name

    if name is not None and not is_name(name):
        raise UserError(f'--name: "{name}" is not a name; expected {A_NAME}')
    return asked if name is None else replace(asked, name=name)


def compare_without(asked: "Comparison", words: str, options: "RunOptions", *, csv: Path | None) -> None:
    """Compare with every mechanism and without each, and print which carries the differences."""
    options.get_ready()
    import polars as pl

    from narco_door.cli.claiming import ablation_sheets
    from narco_door.cli.printing import print_sheets, say
    from narco_door.questions import ablation
    from narco_door.results.csv import write_csv
    from narco_door.runs.inputs import Experiment

    switches = ablation.switches_named(words)
    variations = ablation.without(switches)
    with options.with_pool() as pooled:  # one for all variations
        found = ablation.ablate(asked, variations, run=lambda comparison: watched(comparison, pooled))
    print_sheets(ablation_sheets(found))
    whole = Experiment.of(asked, options)  # other seed, scale or months: another folder
    told = found.with_columns(
        seed=pl.lit(whole.run.seed), persons_per_agent=pl.lit(whole.run.persons_per_agent), hash=pl.lit(whole.hash)
    )
    left_out = words if words == "all" else ablation.brief(switches)
    kept = Path(options.out or "") / whole.folder / f"ablations-{left_out}-n{whole.run.replicates}.csv"
    for file in filter(None, (kept, csv)):
        write_csv(file, told)
        say(f"written: {file}")


@contextmanager
def under_a_bar(name: str, options: "RunOptions", home: Path) -> "Iterator[RunOptions]":
    """Run experiments of a home under a progress bar; when stopped, say where the finished ones are."""
    from narco_door.cli.printing import bar, complain

    try:
        with bar(name) as progress:
            yield replace(options, out=home / "runs", progress=progress)
    except KeyboardInterrupt:
        complain(f"stopped; finished runs are kept in {home} and the same command goes on from there")
        raise typer.Exit(130) from None


def carry_out(
    asked: "Scenario | Comparison",
    options: "RunOptions",
    *,
    pictures: "Language | None",
    csv: Path | None = None,
    since: str | None = None,
) -> None:
    """Run an experiment, draw it in a language, or not, and print what came of it and where it is.

    Raises
    ------
    UserError
        `since` is no month, or the experiment has no reference to count against.
    """
    expect_month(asked, options, since)
    options.get_ready()
    from narco_door.cli.outcomes import failure_lines, headline_sheets, series_sheets, spreadsheet
    from narco_door.cli.printing import complain, print_sheets, say
    from narco_door.results.csv import write_csv

    with options.with_pool() as pooled:  # it lives the replicates and then draws the pictures
        results = watched(asked, pooled)
        warn_of_scale(results.manifest["persons_per_agent"])
        print_sheets(headline_sheets(results, since=since) if results.reference else series_sheets(results))
        for line in failure_lines(results):
            complain(line)
        say(f"results: {results.folder}")
        if csv is not None:
            write_csv(csv, spreadsheet(results, since=since))
            say(f"written: {csv}")
        if pictures:
            _draw(asked.name, results, pictures, pooled.executor)
    if results.failures:
        raise typer.Exit(1)


def expect_month(asked: "Scenario | Comparison", options: "RunOptions", since: str | None) -> None:
    """See, before anything is run, that the month from which to count is one of the run's and counts something.

    Raises
    ------
    UserError
        It is not.
    """
    from narco_door.base.months import month_number, month_text
    from narco_door.scenario import Comparison

    if since is None:
        return
    if not isinstance(asked, Comparison):
        raise UserError(f"--since {since}: {asked.name} is compared with nothing; expected a comparison")
    run = options.of(asked.reference).run  # that of every arm, or the experiment is refused
    try:
        month = month_number(since)
    except ValueError as problem:
        raise UserError(f"--since: {problem}") from None
    if not run.start <= month < run.end:
        span = f"{month_text(run.start)} to {month_text(run.end - 1)}"
        raise UserError(f"--since {since}: the run has no such month; expected one of {span}")


def _draw(name: str, results: "Results", language: "Language", executor: "Executor | None") -> None:
    from narco_door.cli.printing import bar, say
    from narco_door.results.manifest import read_manifest
    from narco_door.show import words
    from narco_door.show.figures import write_all

    assert results.folder is not None  # commands always keep what they run
    drawn, held = results.manifest["replicates"], read_manifest(results.folder)["replicates"]
    fewer = f"-n{drawn}" if drawn < held else ""  # those of more stay
    folder = results.folder / f"{words.say('figures_folder', language)}{fewer}"
    with bar(f"{name}: pictures", "pictures") as progress:
        write_all(results, folder, language=language, progress=progress, executor=executor)
    say(f"pictures: {folder}")


def warn_of_scale(scale: int) -> None:
    """Say so where agents are too coarse for the cartels of most places."""
    from narco_door.cli.printing import complain
    from narco_door.show.formats import number

    if scale > COARSEST:
        complain(
            f"one agent for {number(scale)} persons: coarser than 1:{COARSEST}, runs have more members and entries "
            "than finer ones (a third more at 1:1,000 than at 1:100) and signs may change: for a first look only"
        )


def watched(asked: "Scenario | Comparison", options: "RunOptions") -> "Results":
    """Run an experiment under a progress bar; when it is stopped, say what is kept and where."""
    from narco_door.cli.outcomes import what_is_kept
    from narco_door.cli.printing import bar, complain
    from narco_door.runs import experiment as experiments

    try:
        with bar(asked.name) as progress:
            return experiments.run(asked, replace(options, progress=progress, unread=True))
    except KeyboardInterrupt:
        complain(what_is_kept(asked.name, Path(options.out or "")))
        raise typer.Exit(130) from None
