"""The experiment: several variants of something, compared on the visitors who saw them. One type
stands behind all doors; a flag is an experiment without a hypothesis. Nothing here touches a
store or knows a door's words."""

from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal["draft", "running", "paused", "completed", "archived"]
Kind = Literal["", "copy", "css", "layout", "flag"]
UrlMatch = Literal["all", "exact", "contains", "starts_with"]
ChangeType = Literal["text", "html", "style", "class", "css"]

STATUSES: tuple[Status, ...] = get_args(Status)
KINDS: tuple[Kind, ...] = get_args(Kind)
URL_MATCHES: tuple[UrlMatch, ...] = get_args(UrlMatch)
CHANGE_TYPES: tuple[ChangeType, ...] = get_args(ChangeType)

Ranges = tuple[tuple[int, int], ...]
"""Buckets that belong to a variant: half-open, ascending, none touching the next."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a page: what a variant looks like."""

    selector: str
    type: ChangeType
    value: str
    property: str = ""
    """The CSS property of a `style`; `remove` takes a `class` away."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the versions that an experiment compares."""

    id: str
    name: str
    weight: float
    """Above 0; only its share of the sum matters."""
    is_control: bool = False
    changes: tuple[Change, ...] = ()
    config: str = ""
    """A JSON value for the code that reads it; '' for none."""


@dataclass(frozen=True, slots=True)
class Split:
    """Who gets what from an instant on. A change appends a split, so that old visitors can be
    told from new ones and the check of sample ratios knows the weights in force."""

    since_us: int
    traffic_percent: float
    """Share of the visitors that take part, 0 to 100."""
    weights: tuple[float, ...]
    """In the order of the variants."""
    ranges: tuple[Ranges, ...]
    """Buckets of each variant, in the order of the variants; together they are all buckets."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person decides about an experiment before it exists."""

    name: str
    variants: tuple[Variant, ...]
    """A variant with id '' is given one; without a control the first becomes it."""
    id: str = ""
    """The id that the person chose; '' makes a UUID."""
    description: str = ""
    kind: Kind = ""
    goal_id: str = ""
    """The goal whose conversions count; '' for none."""
    metric: str = ""
    """The event whose senders convert: its kind or its name; used when there is no goal."""
    target_url: str = ""
    url_match: UrlMatch = "all"
    traffic_percent: float = 100.0
    status: Status = "draft"


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment of a project."""

    number: int
    project: int
    """Number of the project."""
    id: str
    """Public, unique within the project; a bare UUID unless a person chose it."""
    name: str
    description: str
    kind: Kind
    status: Status
    variants: tuple[Variant, ...]
    """Weights are those in force; exactly one is the control."""
    goal_id: str
    metric: str
    target_url: str
    url_match: UrlMatch
    salt: str
    """Keeps its assignment independent of every other experiment's."""
    splits: tuple[Split, ...]
    """Oldest first; the last is in force."""
    created_at_us: int
    updated_at_us: int
    started_at_us: int | None
    """When it first ran."""
    ended_at_us: int | None
    """When it was completed; None again once it is resumed."""

    @property
    def split(self) -> Split:
        """The split in force."""
        return self.splits[-1]

    @property
    def traffic_percent(self) -> float:
        """Share of the visitors that take part now, 0 to 100."""
        return self.split.traffic_percent

    @property
    def control(self) -> Variant:
        """The variant that the others are compared with."""
        return next(variant for variant in self.variants if variant.is_control)

    def find_variant(self, reference: str) -> Variant | None:
        """Return the variant with this id, else the one with this name."""
        for variant in self.variants:
            if variant.id == reference:
                return variant
        return next((v for v in self.variants if v.name == reference), None)
