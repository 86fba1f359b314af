"""`python -m tests.conformance.modules [--verbose] [PATTERN]`: the op database against torch's module database."""

from __future__ import annotations

import argparse
import inspect
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence
from torch.testing._internal.common_modules import ModuleErrorEnum, ModuleInfo, ModuleInput, module_db

from shapetypes.core.fault import ShapeError
from shapetypes.core.judge import Judge
from shapetypes.core.shape import Unknown
from shapetypes.ops import infer
from shapetypes.ops.apply import construct
from shapetypes.ops.stubs import ClassStub, default_stubs
from tests.conformance.calls import spec
from tests.conformance.compare import EXACT, WRONG, about_shapes, verdict

DTYPE = torch.float32
_PLAIN = re.compile(r"^TypeError|\beps\b")
"""Errors about the Python type or the value of an argument that is no size."""


@dataclass(frozen=True)
class Built:
    """One module of the database, the arguments of its constructor and of its call, and what came out."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    call: tuple[tuple[Any, ...], dict[str, Any]] | None
    result: Any = None
    error: str = ""


def plain(value: Any) -> Any:
    """A real argument as `infer` takes it: no packed sequences, no functions."""
    if isinstance(value, PackedSequence):
        return Unknown("a packed sequence")
    if isinstance(value, (list, tuple)):
        return type(value)(plain(v) for v in value) if type(value) in (list, tuple) else spec(value)
    if isinstance(value, torch.nn.TransformerEncoderLayer):
        return encoder_layer(value)
    if callable(value) and not isinstance(value, torch.Tensor):
        return Unknown("a function")
    return spec(value)


def encoder_layer(module: torch.nn.TransformerEncoderLayer) -> Any:
    """The one kind of module that the database passes to a constructor."""
    heads, first = module.self_attn.num_heads, module.self_attn.batch_first
    args, stubs = (module.self_attn.embed_dim, heads), default_stubs()
    stub = stubs.find("torch.nn.TransformerEncoderLayer")
    assert isinstance(stub, ClassStub)
    return construct(Judge(), stubs, stub, args, {"batch_first": first})


def public(info: ModuleInfo) -> str:
    """The public path of a module's class."""
    return f"torch.nn.{info.module_cls.__name__}"


def build(info: ModuleInfo, sample: ModuleInput, training: bool = True) -> Built:
    """Construct a module of a sample and call it."""
    given = sample.constructor_input
    kwargs = dict(given.kwargs)
    if "dtype" in inspect.signature(info.module_cls.__init__).parameters and "dtype" not in kwargs:
        kwargs["dtype"] = DTYPE
    forward = sample.forward_input
    call = (
        None if forward is None else (tuple(map(plain, forward.args)), {k: plain(v) for k, v in forward.kwargs.items()})
    )
    out, error = None, ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            module = info.module_cls(*given.args, **kwargs).to(DTYPE).train(training)
            out = module(*forward.args, **forward.kwargs) if forward is not None else None
        except Exception as found:
            error = f"{type(found).__name__}: {found}"
    args = tuple(map(plain, given.args))
    return Built(public(info), args, {k: plain(v) for k, v in kwargs.items()}, call, packed(out), error)


def packed(value: Any) -> Any:
    """A real result as `infer` gives it; a packed sequence has no shape."""
    if isinstance(value, PackedSequence):
        return value
    if isinstance(value, (list, tuple)):
        return [packed(v) for v in value]
    return spec(value)


def agreement(ours: Any, theirs: Any) -> str:
    """As `verdict`; that a packed sequence is not known as a tensor is exact."""
    if isinstance(theirs, PackedSequence):
        return EXACT if isinstance(ours, Unknown) else WRONG
    if isinstance(theirs, list) and any(isinstance(v, PackedSequence) for v in theirs):
        found = {agreement(a, b) for a, b in zip(ours, theirs, strict=True)}
        return WRONG if WRONG in found else EXACT
    return verdict(ours, theirs)


def samples(info: ModuleInfo) -> Iterator[tuple[ModuleInput, bool]]:
    """The samples of a module, in training and in evaluation."""
    for training in (True, False):
        torch.manual_seed(0)
        for sample in info.module_inputs_func(info, "cpu", DTYPE, False, training):
            yield sample, training


def refusals(info: ModuleInfo) -> Iterator[Built]:
    """The calls that the database says torch refuses."""
    if info.module_error_inputs_func is None:
        return
    torch.manual_seed(0)
    for item in info.module_error_inputs_func(info, "cpu", DTYPE, False, True):
        built = build(info, item.module_error_input)
        if item.error_on is ModuleErrorEnum.CONSTRUCTION_ERROR:
            built = Built(built.name, built.args, built.kwargs, None, None, built.error)
        if built.error:
            yield built


def outcome(built: Built) -> tuple[str, Any]:
    """The verdict on one accepted call, with what we said."""
    try:
        ours = infer(built.name, built.args, built.kwargs, built.call)
    except ShapeError as error:
        return WRONG, f"refused: {error}"
    return agreement(ours, built.result), ours


def refuses(built: Built) -> bool:
    """Whether we refuse it too."""
    try:
        infer(built.name, built.args, built.kwargs, built.call)
    except ShapeError:
        return True
    return False


@dataclass
class Tally:
    """What came out, by module."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    cases: list[tuple[str, Built, Any]] = field(default_factory=list)
    refused: int = 0
    accepted: list[Built] = field(default_factory=list)
    lost: list[Built] = field(default_factory=list)

    def line(self) -> str:
        """The result in one line."""
        total: Counter[str] = Counter()
        for count in self.verdicts.values():
            total += count
        whole = sum(set(count) == {EXACT} for count in self.verdicts.values())
        return (
            f"module_db: {total.total()} samples of {len(self.verdicts)} modules: exact {total['exact']}, "
            f"Unknown {total['Unknown']}, wrong {total['wrong']}; {whole} modules wholly exact; "
            f"shape-related error inputs refused {self.refused}/{self.refused + len(self.accepted)}"
        )


def tally(only: str = "") -> Tally:
    """Run the database, or the modules whose name matches a pattern."""
    out = Tally()
    for info in module_db:
        if only and not re.fullmatch(only, info.module_cls.__name__):
            continue
        count = out.verdicts.setdefault(public(info), Counter())
        for sample, training in samples(info):
            built = build(info, sample, training)
            if built.error:
                out.lost.append(built)
                continue
            found, ours = outcome(built)
            count[found] += 1
            if found != EXACT:
                out.cases.append((found, built, ours))
        for built in refusals(info):
            if _PLAIN.search(built.error) or not about_shapes(built.error):
                continue
            if refuses(built):
                out.refused += 1
            else:
                out.accepted.append(built)
    return out


def main() -> None:
    """Print the line, and on request what is behind it."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.modules", description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="a regular expression for names of modules")
    parser.add_argument("--verbose", action="store_true", help="print what is not exact, not refused, or lost")
    options = parser.parse_args()
    found = tally(options.pattern)
    if options.verbose:
        for kind, built, ours in found.cases:
            print(f"{kind}: {built.name}{built.args} {built.kwargs} {built.call}")
            print(f"    ours {ours}\n    torch {built.result}")
        for built in found.accepted:
            print(f"not refused: {built.name}{built.args} {built.kwargs} {built.call}\n    torch {built.error}")
        for built in found.lost:
            print(f"lost: {built.name}{built.args} {built.kwargs}\n    torch {built.error}")
    print(found.line())


if __name__ == "__main__":
    main()
