"""Waves: worlds where history may lie, guesses from all of them, and where they now say that history may lie.

The last wave's points are draws of the posterior by the guesses of the waves before; guesses that know them as well
weigh them anew (importance weights), and sets of the same weight are dealt from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from narco_door.base.arrays import F8
from narco_door.questions.posterior.emulator import Emulator, covered
from narco_door.questions.posterior.likelihood import Likelihood, Scale
from narco_door.questions.posterior.priors import Priors
from narco_door.questions.targets import Target

NEAR = 0.5
"""Width of the box around the fitted point in which the first worlds lie, as a share of the priors'."""
STEPS = 1500
"""Steps of the sampler; points are taken from the last third of them."""


def first_points(priors: Priors, number: int) -> F8:
    """Sobol points in a box around the fitted point, float64[point, number]."""
    from scipy.stats.qmc import Sobol

    spread: F8 = Sobol(len(priors.names), rng=1).random(number) - 0.5
    points: F8 = np.clip(priors.fitted() + NEAR * spread, 0.0, 1.0)
    return points


def sampled(likelihood: Likelihood, start: F8, number: int, *, seed: int, steps: int = STEPS) -> F8:
    """Draws of the posterior, float64[draw, number], by an ensemble of walkers (Goodman and Weare 2010).

    Parameters
    ----------
    start : float64[point, number]
        From the likeliest of these the walkers set out.
    """
    import emcee

    rng, dims = np.random.default_rng(seed), start.shape[1]
    walkers = 2 * dims + 2
    best = start[np.argsort(-likelihood.log(start))[:walkers]]
    begun = np.clip(best[np.arange(walkers) % len(best)] + rng.normal(0, 0.02, (walkers, dims)), 1e-6, 1 - 1e-6)

    def log(cube: F8) -> F8:
        inside = np.all((cube >= 0.0) & (cube <= 1.0), axis=1)
        out = np.full(len(cube), -np.inf)
        if inside.any():
            out[inside] = likelihood.log(cube[inside])
        return out

    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.1), (emcee.moves.StretchMove(), 0.1)]
    sampler = emcee.EnsembleSampler(walkers, dims, log, vectorize=True, moves=moves)
    sampler.random_state = np.random.RandomState(seed).get_state()
    sampler.run_mcmc(begun, steps)
    chain: F8 = sampler.get_chain(discard=steps - steps // 3, flat=True)
    return chain[rng.choice(len(chain), number, replace=False)]


@dataclass(frozen=True)
class Wave:
    """What a wave found.

    Attributes
    ----------
    cube : float64[point, number]
        Its points.
    said : float64[point, target]
        What their worlds said.
    covered : list of float
        By target, the share of them in the 95 % interval of the guesses made before; none for the first wave.
    """

    cube: F8
    said: F8
    covered: list[float]


def known(wanted: Sequence[Target], found: Sequence[Wave], scale: Scale) -> Likelihood:
    """The likelihood by guesses from all waves so far."""
    cube, said = np.concatenate([wave.cube for wave in found]), np.concatenate([wave.said for wave in found])
    return Likelihood([Emulator.of(target, cube, said[:, k]) for k, target in enumerate(wanted)], scale)


def waves(
    ask: Callable[[F8, int], F8],
    priors: Priors,
    wanted: Sequence[Target],
    scale: Scale,
    sizes: Sequence[int],
    tell: Callable[[int, Wave], None] = lambda number, wave: None,
) -> tuple[list[Wave], Likelihood, Likelihood]:
    """Live through the waves.

    Parameters
    ----------
    ask
        Given points and the number of the wave, what their worlds say.
    sizes
        Points of each wave.

    Returns
    -------
    list of Wave, Likelihood, Likelihood
        The likelihood that the last wave was drawn by, and the one that knows it as well.
    """
    cube = first_points(priors, sizes[0])
    found = [Wave(cube, ask(cube, 0), [])]
    tell(0, found[0])
    after = known(wanted, found, scale)
    for number, size in enumerate(sizes[1:], 1):
        before, starts = after, np.concatenate([wave.cube for wave in found])
        cube = sampled(before, starts, size, seed=number)
        said = ask(cube, number)
        found.append(Wave(cube, said, [covered(e, cube, said[:, k]) for k, e in enumerate(before.emulators)]))
        tell(number, found[-1])
        after = known(wanted, found, scale)
    return found, before, after
