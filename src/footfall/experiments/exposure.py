"""The exposure: the event that says which variant a visitor saw. Every door that learns of one
sends it through the same intake; reports keep the first of each visitor."""

import msgspec

from footfall.experiments.experiment import Experiment, Variant
from footfall.ingest.request import Signal

KIND = "exposure"

EXPERIMENT_PROPERTY = "experiment_id"
VARIANT_PROPERTY = "variant_id"
"""On an exposure: what was seen. Both on any other event: which variant it is to be counted for,
whoever sent it."""


def make_exposure(experiment: Experiment, variant: Variant, *, client_id: str = "") -> Signal:
    """Return the signal of an exposure; doors add visitor, session, page and time.

    Equal client ids are one event.
    """
    return Signal(
        kind=KIND,
        name=experiment.id,
        props=msgspec.json.encode({VARIANT_PROPERTY: variant.id}),
        client_id=client_id,
    )


def attribute(props: bytes, experiment: Experiment, variant: Variant) -> bytes:
    """Return properties (a JSON object, or b'') that count an event for a variant, whoever sent
    it: for conversions that a server reports."""
    given = msgspec.json.decode(props, type=dict[str, msgspec.Raw]) if props else {}
    pair = {EXPERIMENT_PROPERTY: experiment.id, VARIANT_PROPERTY: variant.id}
    return msgspec.json.encode({**given, **pair})
