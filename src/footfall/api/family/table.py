"""All families of reports, in the order in which the documentation shows them."""

from footfall.api.family.cohort import COHORTS
from footfall.api.family.experiment import EXPERIMENT
from footfall.api.family.family import Family
from footfall.api.family.funnel import FUNNEL
from footfall.api.family.goal import GOAL
from footfall.api.family.path import JOURNEYS, PATHS
from footfall.api.family.retention import RETENTION
from footfall.api.family.vitals import VITALS

FAMILIES: tuple[Family, ...] = (
    FUNNEL,
    GOAL,
    RETENTION,
    COHORTS,
    PATHS,
    JOURNEYS,
    VITALS,
    EXPERIMENT,
)
