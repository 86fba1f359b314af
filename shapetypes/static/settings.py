"""`[tool.shapetypes]` of `pyproject.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


class SettingsError(Exception):
    """A configuration that cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project says about its checks.

    Attributes:
        exclude: Patterns of files and folders that are not checked.
        stub_path: Folders of the user's own stubs, in order.
        strict: Whether inferred requirements are reported.
    """

    exclude: tuple[str, ...] = ()
    stub_path: tuple[str, ...] = ()
    strict: bool = False


_KEYS: Final = {"exclude", "stub-path", "strict"}


def read_settings(folder: Path) -> Settings:
    """The settings in the `pyproject.toml` of a folder, or of the nearest folder above that has one.

    Raises:
        SettingsError: it is not TOML, or a setting is unknown or of the wrong kind.
    """
    file = next((f / "pyproject.toml" for f in (folder, *folder.parents) if (f / "pyproject.toml").is_file()), None)
    if file is None:
        return Settings()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: {error}") from None
    # Reading TOML costs more than looking whether there is anything to read.
    if "shapetypes" not in text:
        return Settings()
    return _settings(_table(file, text), file)


def _table(file: Path, text: str) -> dict[str, Any]:
    import tomllib

    try:
        tool = tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}") from None
    table = tool.get("shapetypes", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"{file}: tool.shapetypes is not a table")
    return table


def _settings(table: dict[str, Any], file: Path) -> Settings:
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise SettingsError(f"{file}: tool.shapetypes has no setting `{unknown[0]}`, only {', '.join(sorted(_KEYS))}")
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise SettingsError(f"{file}: `strict` is {strict!r}, expected true or false")
    folders = (str(file.parent / folder) for folder in _texts(table, "stub-path", file))
    return Settings(_texts(table, "exclude", file), tuple(folders), strict)


def _texts(table: dict[str, Any], key: str, file: Path) -> tuple[str, ...]:
    """A setting that is a string or a list of strings."""
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise SettingsError(f"{file}: `{key}` is {value!r}, expected a string or a list of strings")
    return tuple(values)
