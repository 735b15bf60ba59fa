"""What carries a difference, as a table, as sentences and as a picture, in each language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from narco_door.country.facts import parameters
from narco_door.questions.sensitivity.asking import Sensitivity
from narco_door.questions.sensitivity.turning import Box
from narco_door.results import Results
from narco_door.results.csv import write_csv
from narco_door.show.figures import views
from narco_door.show.figures.paper import save
from narco_door.show.figures.tornado import tornado
from narco_door.show.formats import averted, number, percent
from narco_door.show.sheets import Code, Head, Row, Sheet, markdown
from narco_door.show.words import ENGLISH, LANGUAGES, Language, arm_name, say, translated

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST: Final = 10
"""Numbers that are told; the rest is in the CSV."""
_HEADS: Final = ("rank", "number", "ends", "high", "effect", "share", "chance")


def sensitivity_sheet(found: Sensitivity, *, language: Language = ENGLISH) -> Sheet:
    """One row for each of the numbers that explain most."""
    rows = [_row(row, language) for row in found.numbers.head(MOST).iter_rows(named=True)]
    left = {"number", "high"}
    heads = tuple(
        Head(say(f"sensitivity_head_{name}", language), right=name not in left, whole=name in left) for name in _HEADS
    )
    title = say("sensitivity_table", language, **_about(found, language))
    return Sheet(title, heads, rows, _note(found, language))


def _row(row: dict[str, Any], language: Language) -> Row:
    to = say("measured_range", language, low="{}", high="{}").format
    return [
        f"{row['rank']}\n({to(row['rank_p05'], row['rank_p95'])})",
        Code(row["number"]),
        _ends(row, language),
        say("sensitivity_more" if row["effect"] > 0 else "sensitivity_less", language),
        f"{averted(row['effect'])}\n({to(averted(row['effect_p05']), averted(row['effect_p95']))})",
        percent(row["share"]),
        _chance(row["chance"]),
    ]


def _ends(row: dict[str, Any], language: Language) -> str:
    return say("measured_range", language, low=number(row["low"], 3), high=number(row["high"], 3))


def _chance(chance: float) -> str:
    """How often chance alone does as much."""
    return percent(chance) if chance >= 0.01 else "< 1 %"


def _about(found: Sensitivity, language: Language) -> dict[str, str]:
    return {
        "arm": arm_name(found.scenario, language),
        "reference": arm_name(found.reference, language),
        "measure": say(f"sensitivity_of_{found.measure.record}", language),
    }


def _note(found: Sensitivity, language: Language) -> str:
    points = found.points
    luck = "sensitivity_luck_in" if found.luck_share is None else "sensitivity_luck"
    told = {"sets": len(points.averted), "worlds": int(points.worlds.sum()), "of": len(points.names)}
    return " ".join(
        [
            say("sensitivity_note", language, **told, k=len(found.carriers)),
            say("sensitivity_explained", language, share=percent(max(found.explained, 0.0))),
            say(luck, language, share=percent(found.luck_share or 0.0)),
        ]
    )


def turning_sentences(found: Sensitivity, language: Language) -> list[str]:
    """Say in which box the sign is the other one, or that none is found."""
    turn, measure = found.turning, say(f"sensitivity_of_{found.measure.record}", language)
    if not turn.turned:
        return [say("sensitivity_one_sign", language, sets=turn.sets, measure=measure)]
    usual, other = ("sensitivity_averts", "sensitivity_costs")[:: 1 if turn.averts else -1]
    signs = {"usual": say(usual, language), "other": say(other, language)}
    counted = {"measure": measure, "turned": turn.turned, "sets": turn.sets, **signs}
    if not turn.boxes:
        return [say("sensitivity_no_box", language, **counted)]
    always = percent(1.0 - turn.turned / turn.sets)
    return [
        say("sensitivity_turns", language, **counted, boxes=_either(turn.boxes, language)),
        say("sensitivity_held_out", language, told=percent(turn.told), always=always, chance=percent(turn.chance)),
    ]


def _either(boxes: Sequence[Box], language: Language) -> str:
    return say("sensitivity_or", language).join(
        say("sensitivity_box", language, bounds=_bounds(box, language), sets=box.sets, turned=box.turned,
            share=percent(box.share))
        for box in boxes
    )  # fmt: skip


def _bounds(box: Box, language: Language) -> str:
    return say("sensitivity_and", language).join(_within(name, *ends) for name, ends in box.bounds.items())


def _within(name: str, low: float, high: float) -> str:
    below, above = low > float("-inf"), high < float("inf")
    return (f"{number(low, 3)} < " if below else "") + name + (f" < {number(high, 3)}" if above else "")


def sensitivity_figure(found: Sensitivity, *source: str, language: Language = ENGLISH) -> Figure:
    """The same numbers as a tornado; below the title whether the answer turns, and sentences on where it is from."""
    mean, carriers = float(found.points.averted.mean()), found.carriers
    rows = [_bar(row, mean, language) for row in found.numbers.head(MOST).iter_rows(named=True)]
    key = "sensitivity_title" if carriers else "sensitivity_title_none"
    title = say(key, language, **_about(found, language), carriers=", ".join(carriers), of=len(found.points.names))
    how = say("sensitivity_subtitle", language, **_about(found, language), sets=len(found.points.averted))
    words = ("low", "high", "unsure")
    return tornado(
        pl.DataFrame(rows), mean=mean, title=title, language=language,
        subtitle=" ".join([how, *turning_sentences(found, language), *source]),
        panel=(_about(found, language)["measure"].capitalize(), say("sensitivity_unit", language)),
        beside=[say(f"sensitivity_head_{name}", language) for name in ("share", "chance")],
        key=tuple(say(f"sensitivity_key_{word}", language) for word in words),  # type: ignore[arg-type]
    )  # fmt: skip


def _bar(row: dict[str, Any], mean: float, language: Language) -> dict[str, object]:
    """A row of the tornado; where the number is high moves with the slope."""
    known = parameters()[row["number"]]
    above = (row["at_high"] - mean) / row["effect"] if row["effect"] else 0.0
    moved = {f"at_high_{side}": mean + above * row[f"effect_{side}"] for side in ("p05", "p95")}
    return {
        "name": f"{row['number']}  {_ends(row, language)}", "about": translated(known.meaning, language),
        "at_low": row["at_low"], "at_high": row["at_high"], **moved, "told": row["carries"],
        "beside": [percent(row["share"]), _chance(row["chance"])],
    }  # fmt: skip


def turns_frame(found: Sensitivity) -> pl.DataFrame:
    """The boxes as a table: a row for each number that bounds one; an end that is open is empty."""
    rows = [
        {"box": k, "number": name, "low": low, "high": high, "sets": box.sets, "turned": box.turned, "share": box.share}
        for k, box in enumerate(found.turning.boxes, 1)
        for name, (low, high) in box.bounds.items()
    ]
    schema = {"box": pl.Int64, "number": pl.String, "low": pl.Float64, "high": pl.Float64, "sets": pl.Int64,
              "turned": pl.Int64, "share": pl.Float64}  # fmt: skip
    frame, ends = pl.DataFrame(rows, schema=schema), pl.col("low", "high")
    return frame.with_columns(pl.when(ends.is_infinite()).then(None).otherwise(ends).name.keep())


def write_sensitivity(found: Sensitivity, folder: Path, results: Results) -> list[Path]:
    """Write the numbers and the boxes as CSV, the table and the picture in every language.

    Parameters
    ----------
    folder
        Made if it is not there. Files of the same name are replaced.
    results
        From which it was found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{found.scenario}-{found.measure.name.replace(' ', '_')}-n{found.points.worlds.sum()}"
    written = [folder / f"{stem}.csv", folder / f"{stem}-turns.csv"]
    write_csv(written[0], found.numbers)
    write_csv(written[1], turns_frame(found))
    for language in LANGUAGES:
        name = stem if language == ENGLISH else f"{stem}_{language}"
        table, turns = sensitivity_sheet(found, language=language), turning_sentences(found, language)
        text = "\n".join([markdown(table), *turns, ""])
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
        figure = sensitivity_figure(found, *views.source(results, language), language=language)
        about = f"narco-door results {results.manifest.get('hash', '')}"
        written += [folder / f"{name}.md", save(figure, folder / f"{name}.png", title="sensitivity", about=about)]
    return written
