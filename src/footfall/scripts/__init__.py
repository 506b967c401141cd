"""The scripts that web pages load. `built/` holds what `client/` compiles to; it is committed, so
that serving needs no Node. Nothing here reads a request's body or knows a project."""

from footfall.scripts.handler import ScriptFiles, load_script_files

__all__ = ["ScriptFiles", "load_script_files"]
