"""The expressions behind `retention`. They are asked at a desk whose range is all time, as only
that tells which visit was a visitor's first; the range of the question is a condition on it."""

from dataclasses import dataclass

from footfall.model.time_range import TimeRange
from footfall.reports.bucket import Buckets
from footfall.reports.expression import Relation
from footfall.reports.family import Desk


@dataclass(frozen=True, slots=True)
class Retention:
    """The visitors who came first within a span, and all their visits."""

    desk: Desk
    """Its range is all time up to the last day that matters."""
    span: TimeRange
    days: Buckets
    """Days from the span's start to the last possible return."""

    def make_cohorts(self, buckets: Buckets) -> Relation:
        """Return a row for each cohort: its bucket, its visitors, the day of the last of them."""
        newcomers = self._make_newcomers()
        newcomers = newcomers.mutate(
            cohort=self.desk.bucket_of(newcomers.first_us, buckets),
            day=self.desk.bucket_of(newcomers.first_us, self.days),
        )
        cohorts = newcomers.group_by("cohort").agg(
            visitors=newcomers.count(), last_day=newcomers.day.max()
        )
        return cohorts.order_by("cohort")

    def make_returns(self, buckets: Buckets, days: tuple[int, ...]) -> Relation:
        """Return for each cohort and day after the first visit how many began a visit then."""
        newcomers = self._make_newcomers()
        visits = self._make_visits()
        visits = visits.select(comer=visits.visitor, us=self.desk.words.epoch_us(visits.start))
        both = newcomers.join(visits, newcomers.visitor == visits.comer)
        both = both.mutate(
            cohort=self.desk.bucket_of(both.first_us, buckets),
            day=self.desk.bucket_of(both.us, self.days)
            - self.desk.bucket_of(both.first_us, self.days),
        )
        both = both.filter(both.day.isin(list(days)))
        returns = both.group_by("cohort", "day").agg(
            visitors=self.desk.words.distinct(both.visitor, None)
        )
        return returns.order_by(["cohort", "day"])

    def _make_newcomers(self) -> Relation:
        """Return the visitors whose first visit ever lies in the range, with its instant."""
        words, span = self.desk.words, self.span
        visits = self._make_visits()
        firsts = visits.group_by("visitor").agg(first_us=words.epoch_us(visits.start.min()))
        newcomers = firsts.filter(firsts.first_us >= span.start_us, firsts.first_us < span.end_us)
        if self.desk.scope.filter is None:
            return newcomers
        kept = self.desk.sessions()
        kept = kept.select(comer=kept.visitor, us=words.epoch_us(kept.start)).distinct()
        same = [newcomers.visitor == kept.comer, newcomers.first_us == kept.us]
        return newcomers.join(kept, same).select("visitor", "first_us")

    def _make_visits(self) -> Relation:
        """Return all visits, whatever the filter says."""
        return self.desk.without_filter().sessions()
