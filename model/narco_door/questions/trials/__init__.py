"""The model sits the exams that people sat: published trials on simulated youths, ours beside theirs.

What opening a door does to one person can be seen in a trial and not in the totals of a nation.
"""

from narco_door.questions.trials.examining import sit
from narco_door.questions.trials.reading import Trial, trials, trials_named

__all__ = ["Trial", "sit", "trials", "trials_named"]
