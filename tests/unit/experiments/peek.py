"""Experiments without any difference, looked at every day: how often does a test see one?"""

from dataclasses import dataclass

import numpy as np

from footfall.experiments.statistic.rate import Rate, compare_rates
from footfall.experiments.statistic.sample import ALPHA
from footfall.experiments.verdict import compare_always

EXPERIMENTS = 1_000
SEED = 20_261_121


@dataclass(frozen=True)
class Course:
    """How such an experiment goes: visitors a day and variant, their rate, how many days."""

    visitors: int
    rate: float
    days: int


COURSES = (
    Course(visitors=200, rate=0.10, days=28),
    Course(visitors=1_000, rate=0.03, days=28),
    Course(visitors=50, rate=0.30, days=60),
)


def count_false_alarms(course: Course) -> tuple[float, float, float]:
    """Return the share of experiments in which the sequential test ever saw a difference, in
    which the z-test ever did, and in which the z-test did on the last day."""
    rolls = np.random.default_rng(SEED)
    shape = (2, EXPERIMENTS, course.days)
    successes = rolls.binomial(course.visitors, course.rate, shape).cumsum(axis=2)
    sequential = peeked = once = 0
    for index in range(EXPERIMENTS):
        days = range(course.days)
        looks = [_look(course, d, *map(int, successes[:, index, d])) for d in days]
        sequential += any(s for s, _ in looks)
        peeked += any(z for _, z in looks)
        once += looks[-1][1]
    return sequential / EXPERIMENTS, peeked / EXPERIMENTS, once / EXPERIMENTS


def _look(course: Course, day: int, one: int, two: int) -> tuple[bool, bool]:
    count = (day + 1) * course.visitors
    control, other = Rate(one, count), Rate(two, count)
    p = compare_rates(control, other).p
    always = compare_always(control, other)
    return always is not None and always < ALPHA, p is not None and p < ALPHA
