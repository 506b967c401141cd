"""What the routes of modules take and answer."""

import msgspec


class ModulePatch(msgspec.Struct):
    """What to set of a module; what is missing stays."""

    enabled: bool | None = None
    access: str | None = None


class NamedModulePatch(ModulePatch, kw_only=True):
    """The same, with the module's name or alias."""

    name: str


class ChangeModules(msgspec.Struct):
    """Several modules at once, as a list or by name; all are set or none."""

    modules: list[NamedModulePatch] | dict[str, ModulePatch]


class SetAccess(msgspec.Struct):
    """What an enabled module allows: read, write or all."""

    access: str


class ModuleBody(msgspec.Struct):
    """One module of a project."""

    name: str
    enabled: bool
    access: str


class ModuleList(msgspec.Struct):
    """All modules of a project, in the documented order."""

    modules: list[ModuleBody]
