"""Files that are not Python: one diagnostic, at the place where reading stopped."""

from __future__ import annotations

from shapetypes.core.fault import Diagnostic, Fault, Place


def unreadable(path: str, error: Exception, text: str | None = None) -> Diagnostic:
    """The diagnostic for a file that cannot be decoded or parsed.

    Args:
        path: The file as it was given.
        error: What decoding or parsing raised: SyntaxError, UnicodeDecodeError, ValueError, RecursionError or
            MemoryError.
        text: The text of the file, when there is one.
    """
    if isinstance(error, UnicodeDecodeError):
        return _undecodable(path, error)
    if text is not None and "\0" in text:
        return _at(path, *_place(text, text.index("\0")), "a null byte")
    if isinstance(error, SyntaxError):
        return _wrong(path, error, text)
    if isinstance(error, (RecursionError, MemoryError)):
        return _at(path, 1, 1, "nested too deeply")
    return _at(path, 1, 1, str(error) or type(error).__name__)


def _undecodable(path: str, error: UnicodeDecodeError) -> Diagnostic:
    before = error.object[: error.start]
    line = before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rpartition(b"\n")
    number = line[0].count(b"\n") + 1 + bool(line[1])
    column = len(line[2].decode(error.encoding, "replace")) + 1
    if number == 1 and before.startswith(b"\xef\xbb\xbf"):
        column = max(column - 1, 1)
    byte = error.object[error.start : error.start + 1].hex()
    return _at(path, number, column, f"byte 0x{byte} is not {error.encoding.upper()}")


def _wrong(path: str, error: SyntaxError, text: str | None) -> Diagnostic:
    line, column = max(error.lineno or 1, 1), max(error.offset or 1, 1)
    end_line, end_column = error.end_lineno or line, error.end_offset or column + 1
    lines = text.split("\n") if text is not None else []
    if lines:
        line = min(line, len(lines))
        column = min(column, len(lines[line - 1]) + 1)
    if (end_line, end_column) <= (line, column) or end_line < 1:
        end_line, end_column = line, column + 1
    return _at(path, line, column, error.msg or "invalid syntax", end_line, end_column)


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _at(
    path: str, line: int, column: int, detail: str, end_line: int | None = None, end_column: int | None = None
) -> Diagnostic:
    place = Place(path, line, column, end_line or line, end_column or column + 1)
    return Diagnostic(Fault("syntax-error", "syntax", detail=detail), place)
