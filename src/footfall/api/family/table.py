"""All families of reports, in the order in which the documentation shows them."""

from footfall.api.family.experiment import EXPERIMENT
from footfall.api.family.family import Family
from footfall.api.family.vitals import VITALS

FAMILIES: tuple[Family, ...] = (VITALS, EXPERIMENT)
