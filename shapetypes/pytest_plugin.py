"""`pytest --shapetypes=mypkg,other`: the packages are checked in the whole test run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from shapetypes.import_hook import ImportHook

_OPTION = "--shapetypes"
_KEY: pytest.StashKey[ImportHook] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("shapetypes")
    text = "check the shapes in these packages (separated by commas) at run time"
    group.addoption(_OPTION, metavar="PACKAGES", default="", help=text)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Install the hook before any conftest can import the packages."""
    names = _packages(early_config.known_args_namespace)
    if names:
        from shapetypes.import_hook import install_import_hook

        early_config.stash[_KEY] = install_import_hook(names)


def _packages(options: Any) -> list[str]:
    return [name.strip() for name in (getattr(options, "shapetypes", "") or "").split(",") if name.strip()]


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which packages are checked."""
    hook = config.stash.get(_KEY, None)
    return None if hook is None else f"shapetypes: checks {', '.join(hook.packages)}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the hook out again."""
    hook = config.stash.get(_KEY, None)
    if hook is not None:
        hook.uninstall()
