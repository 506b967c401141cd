"""The SDK as its users get it: built, packed, installed from the tarball into an empty folder.
Needs Node 20 and the client's build tools; machines without them do not collect its tests."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / "client"
LEAST_NODE = 20
NAME = "@footfall/sdk"


def has_node() -> bool:
    """Tell whether this machine can build and run the SDK."""
    if not (shutil.which("npm") and (CLIENT / "node_modules" / "esbuild").exists()):
        return False
    version = run(["node", "--version"], CLIENT)
    return int(version.lstrip("v").partition(".")[0]) >= LEAST_NODE


def run(command: list[str], folder: Path, *, timeout_s: float = 120) -> str:
    """Run a program to its end and return what it wrote; fail with its complaint."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


def install_package(folder: Path) -> Path:
    """Install the SDK into a new application in `folder`; return the installed package."""
    built = folder / "built"
    application = folder / "application"
    application.mkdir(parents=True)
    run(["node", "build/sdk.mjs", f"{built}/"], CLIENT)
    run(["npm", "pack", "--pack-destination", str(folder)], built)
    (tarball,) = folder.glob("*.tgz")
    manifest = {"name": "application", "private": True, "type": "module"}
    (application / "package.json").write_text(json.dumps(manifest))
    quiet = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"]
    run(["npm", "install", *quiet, str(tarball)], application)
    return application / "node_modules" / NAME


def run_program(package: Path, program: str, **words: Any) -> Any:
    """Run an ES module beside the installed package; `words` are its constants; what it writes is
    JSON, and is returned."""
    path = package.parents[2] / f"program-{abs(hash(program))}.mjs"
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in words.items())
    path.write_text(constants + program)
    return json.loads(run(["node", str(path)], path.parent))
