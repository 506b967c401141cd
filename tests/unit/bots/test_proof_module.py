"""The module that browsers run computes what the server computes, over many seeds and lengths."""

import base64
import json
import shutil
import subprocess

import pytest

from footfall.bots.proof.function import SEED_BYTES, make_function
from footfall.bots.proof.module import make_module

RUNNER = """
const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const answers = cases.map(({ wasm, text }) => {
  const module = new WebAssembly.Module(Buffer.from(wasm, 'base64'));
  const { memory, solve } = new WebAssembly.Instance(module).exports;
  const input = Buffer.from(text, 'base64');
  const run = () => {
    new Uint8Array(memory.buffer).set(input);
    solve(0, input.length, 2048);
    return Buffer.from(memory.buffer, 2048, 16).toString('hex');
  };
  const first = run();
  return [first, run() === first];
});
console.log(JSON.stringify(answers));
"""


def make_seed(number: int) -> bytes:
    return bytes((number * 31 + i * 7 + i * i) % 256 for i in range(SEED_BYTES))


def test_two_seeds_are_two_functions_and_one_bit_changes_half_the_answer() -> None:
    one, other = make_function(make_seed(1)), make_function(make_seed(2))
    assert one.solve(b"text") != other.solve(b"text")
    before = int.from_bytes(one.solve(b"challenge:sid:site"), "big")
    after = int.from_bytes(one.solve(b"challenge:sid:sitf"), "big")
    assert 40 <= (before ^ after).bit_count() <= 88


def test_a_text_is_told_from_the_same_text_with_zeros_behind() -> None:
    function = make_function(make_seed(3))
    answers = {function.solve(b"a" + b"\0" * n) for n in range(20)}
    assert len(answers) == 20


def test_refuses_a_seed_of_another_length() -> None:
    with pytest.raises(ValueError, match="64 bytes, not 3"):
        make_function(b"abc")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_module_gives_the_servers_answer() -> None:
    cases, expected = [], []
    for number in range(40):
        function = make_function(make_seed(number))
        wasm = make_module(function)
        for length in (0, 1, 7, 8, 9, 15, 16, 63, 64, 133, 300 + number):
            text = bytes((i * 13 + number) % 256 for i in range(length))
            cases.append(
                {"wasm": base64.b64encode(wasm).decode(), "text": base64.b64encode(text).decode()}
            )
            expected.append([function.solve(text).hex(), True])
    done = subprocess.run(
        ["node", "-e", RUNNER],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout) == expected


def test_the_module_is_small_and_loads_nothing() -> None:
    wasm = make_module(make_function(make_seed(5)))
    assert len(wasm) < 1_200
    assert wasm.startswith(b"\0asm\x01\0\0\0")
