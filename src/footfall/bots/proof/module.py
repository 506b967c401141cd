"""A proof's function as a WebAssembly module, written byte by byte after the core specification
(W3C, "WebAssembly Core Specification 1.0", section 5, binary format). It exports one page of
`memory` and `solve(in_ptr, in_len, out_ptr)`, and imports nothing."""

from collections.abc import Iterable

from footfall.bots.proof.function import (
    END_MARK,
    ROUNDS_AT_END,
    ROUNDS_PER_BLOCK,
    ProofFunction,
)

_MAGIC = b"\0asm\x01\0\0\0"

_I32, _I64 = 0x7F, 0x7E
_BLOCK, _LOOP, _END, _BR, _BR_IF, _VOID = 0x02, 0x03, 0x0B, 0x0C, 0x0D, 0x40
_GET, _SET = 0x20, 0x21
_I64_LOAD, _I64_LOAD8_U, _I64_STORE = 0x29, 0x31, 0x37
_I32_CONST, _I64_CONST = 0x41, 0x42
_I32_GE_U = 0x4F
_I32_ADD, _I32_SUB, _I32_AND, _I32_SHL = 0x6A, 0x6B, 0x71, 0x74
_I64_ADD, _I64_OR, _I64_XOR, _I64_SHL, _I64_ROTL = 0x7C, 0x84, 0x85, 0x86, 0x89
_I64_EXTEND_I32_U = 0xAD

_IN, _LENGTH, _OUT, _AT, _WHOLE = range(5)
_V0, _V1, _V2, _V3, _WORD = range(5, 10)
"""Locals: the three parameters, two i32 and five i64."""


def make_module(function: ProofFunction) -> bytes:
    """Return the module that computes what `function.solve` computes."""
    code = _make_code(function)
    locals_ = b"\x02" + bytes((2, _I32)) + bytes((5, _I64))
    body = locals_ + code + bytes((_END,))
    return b"".join(
        (
            _MAGIC,
            _make_section(1, b"\x01\x60\x03" + bytes((_I32, _I32, _I32)) + b"\x00"),
            _make_section(3, b"\x01\x00"),
            _make_section(5, b"\x01\x01\x01\x01"),
            _make_section(7, b"\x02" + _make_export("memory", 2) + _make_export("solve", 0)),
            _make_section(10, b"\x01" + _unsigned(len(body)) + body),
        )
    )


def _make_section(number: int, content: bytes) -> bytes:
    return bytes((number,)) + _unsigned(len(content)) + content


def _make_export(name: str, kind: int) -> bytes:
    return bytes((len(name),)) + name.encode() + bytes((kind, 0))


def _make_code(function: ProofFunction) -> bytes:
    parts = [_put(_V0 + i, _constant(word)) for i, word in enumerate(function.start)]
    rounds = b"".join(_make_round(function.rotations) for _ in range(ROUNDS_PER_BLOCK))
    absorb = _put(_V3, _xor(_V3, _WORD)) + rounds + _put(_V0, _xor(_V0, _WORD))
    parts.append(_put(_WHOLE, _get(_LENGTH) + _i32(-8) + bytes((_I32_AND,))))
    parts.append(_make_loop(_WHOLE, step=8, body=_put(_WORD, _load(_I64_LOAD)) + absorb))
    # The last block: what is left, with the length in its top byte.
    size = _get(_LENGTH) + bytes((_I64_EXTEND_I32_U,)) + _constant(56) + bytes((_I64_SHL,))
    parts.append(_put(_WORD, size))
    byte = _load(_I64_LOAD8_U) + _get(_AT) + _get(_WHOLE) + bytes((_I32_SUB,))
    byte += _i32(3) + bytes((_I32_SHL, _I64_EXTEND_I32_U, _I64_SHL))
    gather = _put(_WORD, byte + _get(_WORD) + bytes((_I64_OR,)))
    parts.append(_make_loop(_LENGTH, step=1, body=gather))
    parts.append(absorb)
    parts.append(_put(_V2, _get(_V2) + _constant(END_MARK) + bytes((_I64_XOR,))))
    parts += [_make_round(function.rotations)] * ROUNDS_AT_END
    parts.append(_store(0, _xor(_V0, _V1)))
    parts.append(_store(8, _xor(_V2, _V3)))
    return b"".join(parts)


def _make_loop(until: int, *, step: int, body: bytes) -> bytes:
    """Run `body` while the local `at` is below the local `until`; `at` starts where it stands."""
    check = _get(_AT) + _get(until) + bytes((_I32_GE_U, _BR_IF, 1))
    advance = _put(_AT, _get(_AT) + _i32(step) + bytes((_I32_ADD,)))
    inner = check + body + advance + bytes((_BR, 0))
    return bytes((_BLOCK, _VOID, _LOOP, _VOID)) + inner + bytes((_END, _END))


def _make_round(rotations: Iterable[int]) -> bytes:
    r0, r1, r2, r3, r4 = rotations
    return b"".join(
        (
            _put(_V0, _add(_V0, _V1)),
            _put(_V1, _turn(_V1, r0) + _get(_V0) + bytes((_I64_XOR,))),
            _put(_V0, _turn(_V0, 32)),
            _put(_V2, _add(_V2, _V3)),
            _put(_V3, _turn(_V3, r1) + _get(_V2) + bytes((_I64_XOR,))),
            _put(_V0, _add(_V0, _V3)),
            _put(_V3, _turn(_V3, r2) + _get(_V0) + bytes((_I64_XOR,))),
            _put(_V2, _add(_V2, _V1)),
            _put(_V1, _turn(_V1, r3) + _get(_V2) + bytes((_I64_XOR,))),
            _put(_V2, _turn(_V2, r4)),
        )
    )


def _get(local: int) -> bytes:
    return bytes((_GET, local))


def _put(local: int, value: bytes) -> bytes:
    return value + bytes((_SET, local))


def _add(one: int, other: int) -> bytes:
    return _get(one) + _get(other) + bytes((_I64_ADD,))


def _xor(one: int, other: int) -> bytes:
    return _get(one) + _get(other) + bytes((_I64_XOR,))


def _turn(local: int, bits: int) -> bytes:
    return _get(local) + _constant(bits) + bytes((_I64_ROTL,))


def _load(operation: int) -> bytes:
    """Load from the input, at the local `at`."""
    return _get(_IN) + _get(_AT) + bytes((_I32_ADD, operation, 0, 0))


def _store(offset: int, value: bytes) -> bytes:
    return _get(_OUT) + value + bytes((_I64_STORE, 0, offset))


def _i32(number: int) -> bytes:
    return bytes((_I32_CONST,)) + _signed(number)


def _constant(number: int) -> bytes:
    signed = number - (1 << 64) if number >= 1 << 63 else number
    return bytes((_I64_CONST,)) + _signed(signed)


def _unsigned(number: int) -> bytes:
    """Encode as LEB128 without sign."""
    encoded = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        if number == 0:
            return bytes((*encoded, low))
        encoded.append(low | 0x80)


def _signed(number: int) -> bytes:
    """Encode as LEB128 with sign."""
    encoded = bytearray()
    while True:
        number, low = number >> 7, number & 0x7F
        if (number == 0 and not low & 0x40) or (number == -1 and low & 0x40):
            return bytes((*encoded, low))
        encoded.append(low | 0x80)
