"""The 30 minutes rule written down plainly, as an oracle: it keeps every event."""

TIMEOUT = 30 * 60 * 1_000_000


class NaiveSessions:
    """Every session as the list of its events' times."""

    def __init__(self) -> None:
        self.sessions: list[list[int]] = []

    def touch(self, ts: int) -> int:
        reached = [
            (number, times)
            for number, times in enumerate(self.sessions)
            if min(times) - TIMEOUT <= ts <= max(times) + TIMEOUT
        ]
        earlier = [pair for pair in reached if min(pair[1]) <= ts]
        if earlier:
            number, times = max(earlier, key=lambda pair: min(pair[1]))
        elif reached:
            number, times = min(reached, key=lambda pair: min(pair[1]))
        else:
            number, times = len(self.sessions), []
            self.sessions.append(times)
        times.append(ts)
        return number
