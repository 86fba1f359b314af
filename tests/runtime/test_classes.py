"""`@shapecheck` on classes, dataclasses and modules."""

import dataclasses
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import pytest
import torch
from torch import Tensor, nn

from shapetypes import AnnotationError, Dim, Float, Int, ShapeError, shapecheck


def z(*shape):
    return torch.zeros(shape)


@shapecheck
@dataclass
class Batch:
    x: Float[Tensor, "b c"]
    y: Float[Tensor, "b"]
    names: list[str] = field(default_factory=list)
    kind: ClassVar[str] = "batch"
    total: Float[Tensor, ""] = field(init=False)

    def __post_init__(self):
        self.total = self.y.sum()

    def scores(self, w: Float[Tensor, "c"]) -> Float[Tensor, "b"]:
        return self.x @ w


def test_construction_of_a_dataclass(refused):
    batch = Batch(z(2, 3), y=z(2))
    assert ([], ()) == (batch.names, batch.total.shape)
    error = refused("dim-mismatch", Batch, z(2, 3), z(3))
    assert ("y", 0, 3, 2) == tuple(getattr(error.fault, f) for f in ("argument", "axis", "got", "want"))
    refused("dtype-mismatch", Batch, z(2, 3), z(2), [3])
    assert {"x", "y", "names", "total"} == {f.name for f in dataclasses.fields(Batch)}


def test_assignment_to_a_dataclass(refused):
    batch = Batch(z(2, 3), z(2))

    refused("rank-mismatch", setattr, batch, "x", z(2))
    refused("dtype-mismatch", setattr, batch, "y", z(2).long())
    refused("dtype-mismatch", setattr, batch, "y", None)
    assert (2, 3) == batch.x.shape
    # One after the other: between the two lines the fields do not belong together.
    batch.x = z(5, 3)
    batch.y = z(5)
    batch.anything = "else"


def test_a_field_that_init_does_not_take(refused):
    @shapecheck
    @dataclass
    class D:
        x: Float[Tensor, "b"]
        mean: Float[Tensor, ""] = field(init=False)

        def __post_init__(self):
            self.mean = self.x

    refused("rank-mismatch", D, z(2))


def test_methods_of_a_class(refused):
    batch = Batch(z(2, 3), z(2))

    batch.scores(z(3))
    refused("rank-mismatch", batch.scores, z(3, 3))


@pytest.mark.parametrize(
    "options", [{"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}, {"kw_only": True}]
)
def test_dataclasses_of_every_sort(refused, options):
    @shapecheck
    @dataclass(**options)
    class D:
        x: Float[Tensor, "b c"]
        y: Float[Tensor, "b"]

    D(x=z(2, 3), y=z(2))
    refused("dim-mismatch", D, x=z(2, 3), y=z(3))


def test_shapecheck_below_dataclass(refused):
    @dataclass
    @shapecheck
    class D:
        x: Float[Tensor, "b c"]
        y: Float[Tensor, "b"]

    D(z(2, 3), z(2))
    refused("dim-mismatch", D, z(2, 3), z(3))
    refused("rank-mismatch", D, z(2), z(2))


def test_dim_fields_are_names_of_the_object(refused):
    @shapecheck
    @dataclass
    class Config:
        width: Dim[int, "w"]
        table: Float[Tensor, "v w"]

        def look(self, x: Float[Tensor, "b w"]) -> Float[Tensor, "b w"]:
            return x

    config = Config(3, z(7, 3))
    refused("dim-mismatch", Config, 3, z(7, 4))
    config.look(z(2, 3))
    refused("dim-mismatch", config.look, z(2, 4))
    refused("dim-mismatch", setattr, config, "table", z(7, 4))
    config.table = z(9, 3)


def test_a_named_tuple(refused):
    @shapecheck
    class Pair(NamedTuple):
        x: Float[Tensor, "b c"]
        y: Float[Tensor, "b"]

    pair = Pair(z(2, 3), z(2))
    assert (2,) == pair.y.shape
    assert isinstance(pair, Pair)
    refused("dim-mismatch", Pair, z(2, 3), z(3))


# -- modules ----------------------------------------------------------------------------------------------------------


@shapecheck
class Dense(nn.Module):
    weight: Float[nn.Parameter, "o i"]
    seen: Int[Tensor, ""]
    bias: Float[nn.Parameter, "o"]

    def __init__(self, o, i, bias=None):
        super().__init__()
        self.weight = nn.Parameter(z(o, i))
        self.bias = nn.Parameter(z(o if bias is None else bias))
        self.register_buffer("seen", torch.tensor(0))

    def forward(self, x: Float[Tensor, "b i"]) -> Float[Tensor, "b o"]:
        return x @ self.weight.T + self.bias


def test_annotated_parameters_are_names_of_the_object(refused):
    dense = Dense(4, 3)

    dense(z(2, 3))
    error = refused("dim-mismatch", dense, z(2, 5))
    assert ("weight", 3) == (error.fault.origins[0].name, error.fault.origins[0].size)
    assert {"weight", "bias", "seen"} == set(dense.state_dict())


def test_a_module_whose_parameters_contradict_each_other_fails_when_it_is_built(refused):
    assert "bias" in refused("dim-mismatch", Dense, 4, 3, bias=5).fault.argument


def test_a_parameter_that_is_replaced_brings_its_own_sizes(refused):
    dense = Dense(4, 3)
    dense.weight = nn.Parameter(z(4, 6))

    dense(z(2, 6))
    refused("dim-mismatch", dense, z(2, 3))


def test_assignment_to_attributes_of_a_module(refused):
    dense = Dense(4, 3)

    refused("dtype-mismatch", setattr, dense, "seen", z())
    refused("rank-mismatch", setattr, dense, "seen", torch.tensor([1]))
    dense.seen = torch.tensor(5)


def test_a_parameter_annotated_in_init(refused):
    class Net(nn.Module):
        @shapecheck
        def __init__(self, o, i):
            super().__init__()
            self.w: Float[nn.Parameter, "o i"] = nn.Parameter(z(o, i))

        @shapecheck
        def forward(self, x: Float[Tensor, "b i"]) -> Float[Tensor, "b o"]:
            return x @ self.w.T

    net = Net(4, 3)
    net(z(2, 3))
    refused("dim-mismatch", net, z(2, 4))


def test_subclasses_inherit_checked_methods(refused):
    class Sub(Dense):
        def extra(self, x: Float[Tensor, "anything"]): ...

    sub = Sub(4, 3)
    sub.extra(z(2, 3))  # only the decorated class is checked
    refused("dim-mismatch", sub, z(2, 5))


def test_super_and_private_names_keep_working():
    class Base:
        def f(self, x):
            return "base"

    @shapecheck
    class C(Base):
        def __hidden(self):
            return "hidden"

        def f(self, x: Float[Tensor, "b"]):
            y: Float[Tensor, "b"] = x
            return super().f(y), self.__hidden(), __class__

    assert ("base", "hidden", C) == C().f(z(2))


def test_strings_and_aliases_in_a_class(refused):
    @shapecheck
    class C:
        BT = Float[Tensor, "b t"]
        x: "BT"

        def f(self, x: "C.BT", y: "BT") -> "C":
            return self

    c = C()
    with pytest.raises((ShapeError, AnnotationError)):
        c.x = z(2)
    c.x = z(2, 3)
    c.f(z(2, 3), z(2, 3))
    refused("dim-mismatch", c.f, z(2, 3), z(2, 4))


def test_a_class_is_checked_once():
    assert Dense is shapecheck(Dense)


def test_a_default_that_the_dataclass_makes_is_no_word_of_the_message(refused):
    @shapecheck
    @dataclasses.dataclass
    class Batch:
        x: Float[Tensor, "b"]
        names: list[str] = dataclasses.field(default_factory=list)

    Batch(torch.zeros(2))
    assert "expected `list[str]`" in str(refused("dtype-mismatch", Batch, torch.zeros(2), "text"))
