"""What a step is: a named function that keeps a signal, changes its draft, or drops it."""

from collections.abc import Callable

from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal

Step = Callable[[Sender, Signal, Draft], DropReason | None]
"""Returns None to keep, the reason to drop. Its `__name__` begins with put_ or drop_."""
