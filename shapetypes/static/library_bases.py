"""Classes of libraries that classes of the project are made of, without a constructor of their own."""

from __future__ import annotations

from typing import Any, Final

from shapetypes.core import dim as d
from shapetypes.core.shape import Unknown
from shapetypes.ops.apply import Layer, construct
from shapetypes.ops.reader import NO_DEFAULT
from shapetypes.ops.stubs import ClassStub
from shapetypes.static.engine import Frame
from shapetypes.static.modules import ClassInfo
from shapetypes.static.values import Ref

_PLACE: Final = frozenset({"device", "dtype"})


def symbolic(frame: Frame, info: ClassInfo, init: Ref) -> Layer | None:
    """The layer that a class of the project is, whatever its constructor is given: defaults are not known either."""
    found = frame.stubs.find(init.path)
    stub = frame.stubs.find(init.path.rpartition(".")[0])
    if not isinstance(stub, ClassStub) or stub.name == "Module" or isinstance(found, (str, tuple)) or found is None:
        return None
    kwargs: dict[str, Any] = {}
    for p in found.signatures[0].params[1:]:  # type: ignore[union-attr]
        if p.kind not in ("p", "k"):
            continue
        if p.type[0] in ("dim", "int"):
            kwargs[p.name] = d.fixed(p.name, info.key, linear=True)
        elif p.default != NO_DEFAULT and p.name not in _PLACE:
            kwargs[p.name] = Unknown("an argument of the constructor")
    layer = construct(frame.state.judge, frame.stubs, stub, (), kwargs)
    return layer if isinstance(layer, Layer) else None
