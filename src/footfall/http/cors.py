"""Which foreign pages may read answers, as one rule for each dialect. No rule lets a browser send
its credentials along with '*'."""

from dataclasses import dataclass, field

from footfall.http.asgi import Headers

PREFLIGHT_AGE_S = 86_400
"""A day, the longest any browser remembers a preflight."""


@dataclass(frozen=True, slots=True)
class CorsRule:
    """What a dialect answers to pages of other origins."""

    methods: tuple[str, ...]
    headers: tuple[str, ...]
    exposed: tuple[str, ...] = ()
    """Headers of the answer that a page may read."""
    origins: frozenset[str] | None = None
    """None: every origin."""
    is_told_always: bool = False
    """True: every answer names methods and headers, as preflights do."""
    _any_answer: Headers = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_any_answer", self._build(b"*"))

    @property
    def is_for_any_origin(self) -> bool:
        """Tell whether answers are the same for everybody."""
        return self.origins is None

    def answer_headers(self, origin: bytes | None) -> Headers:
        """Return the headers to add to an answer."""
        if self.origins is None:
            return self._any_answer
        vary = (b"vary", b"Origin")
        if origin is None or origin.decode("latin-1") not in self.origins:
            return (vary,)
        return (*self._build(origin), vary)

    def preflight_headers(self, origin: bytes | None) -> Headers:
        """Return the headers of the answer to OPTIONS."""
        named = () if self.is_told_always else self._name()
        age = (b"access-control-max-age", str(PREFLIGHT_AGE_S).encode())
        return (*self.answer_headers(origin), *named, age)

    def _name(self) -> Headers:
        return (
            (b"access-control-allow-methods", ", ".join(self.methods).encode()),
            (b"access-control-allow-headers", ", ".join(self.headers).encode()),
        )

    def _build(self, origin: bytes) -> Headers:
        named = self._name() if self.is_told_always else ()
        allowed = ((b"access-control-allow-origin", origin), *named)
        if not self.exposed:
            return allowed
        return (*allowed, (b"access-control-expose-headers", ", ".join(self.exposed).encode()))
