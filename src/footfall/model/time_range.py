"""Time ranges. A range is half-open, so that an event on a boundary is counted once."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(moment: datetime) -> int:
    """Return an aware datetime as microseconds since the epoch, exactly."""
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_us(us: int) -> datetime:
    """Return microseconds since the epoch as an aware UTC datetime, exactly."""
    return _EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The instants from `start_us` (included) to `end_us` (excluded), microseconds UTC."""

    start_us: int
    end_us: int

    def __post_init__(self) -> None:
        if self.end_us < self.start_us:
            raise ValueError(f"range ends at {self.end_us} before it starts at {self.start_us}")

    @property
    def length_us(self) -> int:
        """Length in microseconds."""
        return self.end_us - self.start_us

    def contains(self, us: int) -> bool:
        """Tell whether the instant lies in the range."""
        return self.start_us <= us < self.end_us

    def previous(self) -> "TimeRange":
        """Return the range of equal length that ends where this one starts."""
        return TimeRange(self.start_us - self.length_us, self.start_us)
