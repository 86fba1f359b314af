"""The hooks that mypy calls. None of them changes what mypy itself finds, and none lets an exception through."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from mypy.errors import Errors
from mypy.nodes import MypyFile, TypeInfo
from mypy.options import Options
from mypy.plugin import (
    AnalyzeTypeContext,
    ClassDefContext,
    FunctionContext,
    MethodContext,
    Plugin,
    ReportConfigContext,
)
from mypy.types import AnyType, Type, TypeOfAny

from shapetypes._mypy import sentinel, symbol
from shapetypes._mypy.project import Project, is_project
from shapetypes._mypy.report import report

_ANNOTATED: Final = frozenset({"typing.Annotated", "typing_extensions.Annotated"})


class ShapePlugin(Plugin):
    """Judges each module of the project that mypy checks.

    In a batch run that happens when mypy has checked a module, by `get_additional_indirect_deps`. The daemon, and
    mypy before 2.4, get a sentinel into each module instead.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._errors: Errors | None = None
        daemon = options.fine_grained_incremental
        self._in_pass = daemon or not hasattr(Plugin, "get_additional_indirect_deps")
        self._project = Project(options, daemon, _settings())

    def set_modules(self, modules: dict[str, MypyFile]) -> None:
        """Get mypy's module graph."""
        super().set_modules(modules)
        self._project.modules = modules

    # -- when a module has been checked ------------------------------------------------------------------------------

    def get_additional_indirect_deps(self, file: MypyFile) -> set[str]:
        """Judge a module that mypy has just checked; there are no additional dependencies."""
        if not self._in_pass:
            self._guard(self._after, file)
        return set()

    def _after(self, file: MypyFile) -> None:
        if not _judged(file):
            return
        if self.options.cache_fine_grained:
            symbol.depend(file, self._project.facts(file.fullname, file.path).names)
        if self._errors is not None and self._errors.file == file.path:
            self._judge(self._errors, file)

    def _judge(self, errors: Errors, file: MypyFile) -> None:
        if file.path in errors.ignored_files or self._project.excluded(file.path):
            return
        found = self._project.diagnostics(file.fullname, file.path)
        report(errors, found, file.path, file.skipped_lines)

    # -- the sentinel ------------------------------------------------------------------------------------------------

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Put the sentinel into a module that mypy has just parsed; there are no additional dependencies."""
        if self._in_pass and _judged(file):
            self._guard(sentinel.insert, file)
        return []

    def _sentinel(self, ctx: FunctionContext) -> Type:
        if sentinel.is_sentinel(ctx.context):
            checker: Any = ctx.api
            self._guard(self._inside, checker.errors, checker.tree)
        return ctx.default_return_type

    def _inside(self, errors: Errors, file: MypyFile) -> None:
        self._project.refresh()
        symbol.depend(file, self._project.facts(file.fullname, file.path).names)
        self._sign(file)
        self._judge(errors, file)

    # -- what mypy keeps ---------------------------------------------------------------------------------------------

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Engine and settings; and, when mypy is about to keep a module, the symbol for those that import it."""
        if not is_project(ctx.path):
            return None
        if not ctx.is_check:
            self._guard(self._keep, ctx.id)
        return self._project.settings_digest

    def _keep(self, name: str) -> None:
        file = self._project.modules.get(name)
        if file is not None and _judged(file):
            self._sign(file)

    def _sign(self, file: MypyFile) -> None:
        text = self.lookup_fully_qualified("builtins.str")
        if text is not None and isinstance(text.node, TypeInfo):
            facts = self._project.facts(file.fullname, file.path)
            digest = self._project.digest(file.fullname, file.path)
            symbol.write(file, text.node, digest, facts.own, facts.names)

    # -- getting hold of mypy's errors -------------------------------------------------------------------------------
    #
    # The hook after a module is not given them. Any hook that is serves, and the first one called is enough.

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """The sentinel's call, or the first call of all."""
        if self._in_pass:
            return self._sentinel if fullname == sentinel.FUNCTION else None
        return self._from_call if self._errors is None else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:  # noqa: ARG002
        """The first call of a method."""
        return self._from_call if self._errors is None and not self._in_pass else None

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:  # noqa: ARG002
        """The first class."""
        return self._from_class if self._errors is None and not self._in_pass else None

    def get_type_analyze_hook(self, fullname: str) -> Callable[[AnalyzeTypeContext], Type] | None:
        """The first annotation: in a warm run there may be a module that has nothing else."""
        if self._errors is None and not self._in_pass and fullname in _ANNOTATED:
            return self._from_type
        return None

    def _catch(self, api: Any) -> None:
        errors = getattr(api, "errors", None)
        if isinstance(errors, Errors):
            self._errors = errors

    def _from_call(self, ctx: FunctionContext | MethodContext) -> Type:
        self._catch(ctx.api)
        return ctx.default_return_type

    def _from_class(self, ctx: ClassDefContext) -> None:
        self._catch(ctx.api)

    def _from_type(self, ctx: AnalyzeTypeContext) -> Type:
        """What mypy itself does with `Annotated`."""
        analyser: Any = ctx.api
        self._catch(analyser.api)
        if len(ctx.type.args) < 2:
            from mypy.errorcodes import VALID_TYPE

            message = "Annotated[...] must have exactly one type argument and at least one annotation"
            analyser.fail(message, ctx.type, code=VALID_TYPE)
            return AnyType(TypeOfAny.from_error)
        special = getattr(analyser, "allow_typed_dict_special_forms", None)
        options = {} if special is None else {"allow_typed_dict_special_forms": special}
        out: Type = analyser.anal_type(ctx.type.args[0], **options)
        return out

    # -- safety ------------------------------------------------------------------------------------------------------

    def _guard(self, work: Callable[..., None], *args: Any) -> None:
        """A failure here costs the shapes of a module, never the user's run of mypy."""
        try:
            work(*args)
        except Exception as error:
            if os.environ.get("SHAPETYPES_RAISE"):
                raise
            print(f"shapetypes: {type(error).__name__} in the mypy plugin: {error}", file=sys.stderr)


def _judged(file: MypyFile) -> bool:
    return file.path.endswith(".py") and is_project(file.path)


def _settings() -> Any:
    from shapetypes.static.settings import Settings, SettingsError, read_settings

    try:
        return read_settings(Path.cwd())
    except SettingsError as error:
        print(f"shapetypes: {error}", file=sys.stderr)
        return Settings()
