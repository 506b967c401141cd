"""All families of reports, in the order in which the documentation shows them."""

from footfall.api.family.cohort import COHORTS
from footfall.api.family.engagement import ENGAGEMENT
from footfall.api.family.error import ERROR_DETAIL, ERROR_SERIES, ERRORS
from footfall.api.family.experiment import EXPERIMENT
from footfall.api.family.family import Family
from footfall.api.family.funnel import FUNNEL
from footfall.api.family.goal import GOAL
from footfall.api.family.heatmap import HEATMAP, HEATMAP_PAGES
from footfall.api.family.link import LINKS
from footfall.api.family.path import JOURNEYS, PATHS
from footfall.api.family.retention import RETENTION
from footfall.api.family.scroll import SCROLL
from footfall.api.family.site_search import SEARCHES
from footfall.api.family.vitals import VITALS, VITALS_BY, VITALS_SERIES

FAMILIES: tuple[Family, ...] = (
    VITALS,
    VITALS_BY,
    VITALS_SERIES,
    ERRORS,
    ERROR_DETAIL,
    ERROR_SERIES,
    HEATMAP,
    HEATMAP_PAGES,
    SEARCHES,
    SCROLL,
    ENGAGEMENT,
    LINKS,
    FUNNEL,
    GOAL,
    RETENTION,
    COHORTS,
    PATHS,
    JOURNEYS,
    EXPERIMENT,
)
