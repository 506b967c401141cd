"""The keyed function behind a proof. It is of SipHash's family (Aumasson and Bernstein, "SipHash:
a fast short-input PRF", 2012, public domain): four words of 64 bits that are added, rotated and
xored. Its start and its rotations come from a seed, so that every seed is a function of its own."""

from dataclasses import dataclass

SEED_BYTES = 64
"""32 for the four words it starts from, 5 for its rotations; the rest is to spare."""

ROUNDS_PER_BLOCK = 2
ROUNDS_AT_END = 4
"""As in SipHash-2-4."""

ROTATIONS = 5
LEAST_ROTATION = 7
ROTATION_SPAN = 47
"""Rotations of 7 to 53 bits: none leaves a word nearly as it was."""

END_MARK = 0xFF

_MASK = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class ProofFunction:
    """One function of the family."""

    start: tuple[int, int, int, int]
    rotations: tuple[int, int, int, int, int]

    def solve(self, text: bytes) -> bytes:
        """Return the 16 bytes that the function makes of a text of any length."""
        v0, v1, v2, v3 = self.start
        whole = len(text) & ~7
        blocks = [int.from_bytes(text[i : i + 8], "little") for i in range(0, whole, 8)]
        tail = int.from_bytes(text[whole:], "little")
        for block in (*blocks, tail | (len(text) & 0xFF) << 56):
            v3 ^= block
            v0, v1, v2, v3 = self._mix(v0, v1, v2, v3, ROUNDS_PER_BLOCK)
            v0 ^= block
        v0, v1, v2, v3 = self._mix(v0, v1, v2 ^ END_MARK, v3, ROUNDS_AT_END)
        return (v0 ^ v1).to_bytes(8, "little") + (v2 ^ v3).to_bytes(8, "little")

    def _mix(self, v0: int, v1: int, v2: int, v3: int, rounds: int) -> tuple[int, int, int, int]:
        r0, r1, r2, r3, r4 = self.rotations
        for _ in range(rounds):
            v0 = (v0 + v1) & _MASK
            v1 = (v1 << r0 & _MASK | v1 >> 64 - r0) ^ v0
            v0 = v0 << 32 & _MASK | v0 >> 32
            v2 = (v2 + v3) & _MASK
            v3 = (v3 << r1 & _MASK | v3 >> 64 - r1) ^ v2
            v0 = (v0 + v3) & _MASK
            v3 = (v3 << r2 & _MASK | v3 >> 64 - r2) ^ v0
            v2 = (v2 + v1) & _MASK
            v1 = (v1 << r3 & _MASK | v1 >> 64 - r3) ^ v2
            v2 = v2 << r4 & _MASK | v2 >> 64 - r4
        return v0, v1, v2, v3


def make_function(seed: bytes) -> ProofFunction:
    """Return the function of a seed of SEED_BYTES bytes.

    Raises ValueError for a seed of another length.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    words = [int.from_bytes(seed[i : i + 8], "little") for i in range(0, 32, 8)]
    turns = [LEAST_ROTATION + seed[32 + i] % ROTATION_SPAN for i in range(ROTATIONS)]
    return ProofFunction(
        (words[0], words[1], words[2], words[3]),
        (turns[0], turns[1], turns[2], turns[3], turns[4]),
    )
