"""Checks disappear under torch's tracers and compilers, and transforms see what they always saw."""

import re
import warnings
from collections import Counter

import pytest
import torch
from torch import Tensor, nn
from torch._dynamo.testing import CompileCounter
from torch._dynamo.utils import counters
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.fx.experimental.proxy_tensor import make_fx

from shapetypes import Dim, Float, Float32, ShapeError, scope, shapecheck, shaped


def z(*shape):
    return torch.randn(shape)


def attend(q: Float[Tensor, "B T D"], k: Float[Tensor, "B S D"], v: Float[Tensor, "B S D"]) -> Float[Tensor, "B T D"]:
    return torch.softmax(q @ k.mT, -1) @ v


checked = shapecheck(attend)


def inputs(b=2, t=3, s=5, d=4):
    return z(b, t, d), z(b, s, d), z(b, s, d)


class Net(nn.Module):
    def __init__(self, d: Dim[int, "d"] = 4, e: Dim[int, "e"] = 6):
        super().__init__()
        self.linear = nn.Linear(d, e)

    def forward(self, x: Float[Tensor, "b t d"], mask: Float[Tensor, "b t"] | None = None) -> Float[Tensor, "b t e"]:
        return self.linear(x)


class CheckedNet(Net):
    __init__ = shapecheck(Net.__init__)
    forward = shapecheck(Net.forward)


@pytest.fixture(autouse=True)
def fresh():
    torch._dynamo.reset()
    counters.clear()
    with warnings.catch_warnings():
        # torch's own, on its way through deprecated modules
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", FutureWarning)
        yield


def compiled(fn, calls, **options):
    """How many graphs a function compiles to over these calls."""
    torch._dynamo.reset()
    counter = CompileCounter()
    run = torch.compile(fn, backend=counter, **options)
    for args in calls:
        run(*args)
    return counter.frame_count


SHAPES = [(2, 3, 5, 4), (3, 7, 9, 4), (5, 6, 8, 11)]


def test_one_dynamic_graph_without_a_break():
    calls = [inputs(*shape) for shape in SHAPES]

    assert 1 == compiled(checked, calls, fullgraph=True, dynamic=True)
    assert compiled(attend, calls, fullgraph=True) == compiled(checked, calls, fullgraph=True)


def test_a_module_with_names_of_its_own():
    calls = [(z(2, t, 4),) for t in (3, 5, 6)]

    assert 1 == compiled(CheckedNet(), calls, fullgraph=True, dynamic=True)
    assert compiled(Net(), calls, fullgraph=True) == compiled(CheckedNet(), calls, fullgraph=True)


@shapecheck
def with_containers(
    xs: list[Float[Tensor, "b c"]], d: dict[str, Float[Tensor, "b"]], o: Float[Tensor, "*s"] | None, n: Dim[int, "c"]
) -> tuple[Float[Tensor, "b"], Float[Tensor, "2*b"]]:
    total = sum(xs).sum(-1) + d["a"] + n
    return total, torch.cat([total, total])


def test_containers_options_and_integers_compile():
    calls = [([z(2, 3), z(2, 3)], {"a": z(2)}, None, 3), ([z(2, 3), z(2, 3)], {"a": z(2)}, z(4, 4), 3)]

    assert 2 == compiled(with_containers, calls, fullgraph=True)


def graph_and_guards(fn, args):
    """The graph that Dynamo captures, the kinds of guards on sizes, and how many sizes there are."""
    torch._dynamo.reset()
    graphs, sizes = [], []

    def backend(module, _):
        # Inputs stand in the order in which they are first read, under names made from where they come from.
        ops = [str(node.target) for node in module.graph.nodes if node.op != "placeholder"]
        graphs.append((ops, len(module.graph.nodes)))
        env = torch._guards.TracingContext.get().fake_mode.shape_env
        sizes.append((sorted(type(guard.expr).__name__ for guard in env.guards), len(env.var_to_range)))
        return module.forward

    torch.compile(fn, backend=backend, dynamic=True, fullgraph=True)(*args)
    return graphs, sizes


def test_graph_and_guards_are_those_of_the_plain_function():
    args = inputs()

    assert graph_and_guards(attend, args) == graph_and_guards(checked, args)


def test_any_number_of_functions_compile():
    def make(n):
        @shapecheck
        def f(x: Float[Tensor, "b t"]) -> Float[Tensor, "b t"]:
            return x + n

        return torch.compile(f, backend="eager")

    for n, fn in enumerate([make(n) for n in range(14)]):
        assert torch.equal(torch.full((2, 3), float(n)), fn(torch.zeros(2, 3)))
    assert 14 == counters["frames"]["ok"]
    assert not counters["graph_break"]


def test_functions_whose_annotations_are_resolved_at_the_first_call_compile():
    def make(n):
        @shapecheck
        def f(x: Float[Tensor, "b t"], other: "Later | None" = None) -> Float[Tensor, "b t"]:
            return x + n

        return f

    made, counter = [make(n) for n in range(14)], CompileCounter()

    class Later: ...

    for n, f in enumerate(made):
        f.__globals__["Later"] = Later
        run = torch.compile(f, backend=counter, fullgraph=True)
        assert torch.equal(torch.full((2, 3), float(n)), run(torch.zeros(2, 3)))
    del made[0].__globals__["Later"]
    assert 14 == counter.frame_count
    with pytest.raises(ShapeError):
        made[0](torch.zeros(2))


def test_a_fault_under_compile_is_our_error_with_its_message():
    with pytest.raises(ShapeError, match="argument `k`: axis 2") as caught:
        torch.compile(checked, backend="eager")(*inputs()[:1], z(2, 5, 6), z(2, 5, 6))
    assert "dim-mismatch" == caught.value.fault.code


def test_a_fault_under_fullgraph_tells_the_annotations():
    with pytest.raises(torch._dynamo.exc.Unsupported, match=r"attend\(\)`: arguments do not fit q \"B T D\""):
        torch.compile(checked, backend="eager", fullgraph=True)(*inputs()[:1], z(2, 5, 6), z(2, 5, 6))


def test_what_only_the_slow_path_accepts_still_runs_under_compile():
    import numpy as np

    @shapecheck
    def f(x: Float[Tensor, "b"], n: Dim[int, "b"]) -> Float[Tensor, "b"]:
        return x * 2

    assert (3,) == torch.compile(f, backend="eager")(z(3), np.int64(3)).shape


@pytest.mark.parametrize("strict", [True, False])
def test_export_keeps_the_ranges(strict):
    def ranges(module):
        dims = {"x": {0: torch.export.Dim("b"), 1: torch.export.Dim("t")}}
        program = torch.export.export(module, (z(2, 3, 4),), dynamic_shapes=dims, strict=strict)
        return sorted(map(str, program.range_constraints.values())), [n.target for n in program.graph.nodes]

    assert ranges(Net()) == ranges(CheckedNet())


def test_make_fx_keeps_its_symbols():
    def code(fn):
        return [(n.op, str(n.target)) for n in make_fx(fn, tracing_mode="symbolic")(*inputs()).graph.nodes]

    assert sorted(code(attend)) == sorted(code(checked))


def test_symbolic_trace_gives_the_plain_graph():
    for plain, ours in ((attend, checked), (Net(), CheckedNet())):
        graphs = [torch.fx.symbolic_trace(fn).graph for fn in (plain, ours)]
        assert [str(n.target) for n in graphs[0].nodes] == [str(n.target) for n in graphs[1].nodes]


def test_jit_trace():
    traced = torch.jit.trace(checked, inputs(), check_trace=False)

    assert (2, 7, 4) == traced(*inputs(t=7)).shape


def test_vmap_and_grad_see_one_example():
    batch = [x.expand(9, *x.shape) for x in inputs()]
    assert (9, 2, 3, 4) == torch.vmap(checked)(*batch).shape
    assert (2, 3, 4) == torch.func.grad(lambda q, k, v: checked(q, k, v).sum())(*inputs()).shape
    with pytest.raises(ShapeError):
        torch.vmap(checked)(batch[0], batch[0], batch[0][..., :1])


def test_functional_call_and_checkpoint():
    net = CheckedNet()
    params = dict(net.named_parameters())
    assert (2, 3, 6) == torch.func.functional_call(net, params, (z(2, 3, 4),)).shape
    for reentrant in (True, False):
        x = z(2, 3, 4).requires_grad_()
        torch.utils.checkpoint.checkpoint(net, x, use_reentrant=reentrant).sum().backward()
        assert x.grad is not None


def test_autocast():
    @shapecheck
    def group(x: Float[Tensor, "b t"]) -> Float[Tensor, "b b"]:
        return x @ x.T

    @shapecheck
    def exact(x: Float32[Tensor, "b t"]) -> Float32[Tensor, "b b"]:
        return x @ x.T

    with torch.autocast("cpu", torch.bfloat16):
        assert torch.bfloat16 is group(z(2, 3)).dtype
        with pytest.raises(ShapeError):
            exact(z(2, 3))


def test_meta_and_fake_tensors():
    meta = [x.to("meta") for x in inputs()]
    assert (2, 3, 4) == checked(*meta).shape
    with FakeTensorMode() as mode:
        fake = [mode.from_tensor(x) for x in inputs()]
        assert (2, 3, 4) == checked(*fake).shape
        with pytest.raises(ShapeError, match="axis 1"):
            checked(fake[0], fake[1], fake[0])


def test_symbolic_sizes_that_are_unknown_are_no_mismatch():
    from torch.fx.experimental.symbolic_shapes import ShapeEnv

    @shapecheck
    def f(x: Float[Tensor, "n"], y: Float[Tensor, "m"]) -> Float[Tensor, "n"]:
        return x

    with FakeTensorMode(shape_env=ShapeEnv()) as mode:
        n = mode.shape_env.create_unbacked_symint()
        x = torch.empty(n)
        assert x is f(x, torch.empty(3))


def test_a_parameter_is_a_tensor():
    @shapecheck
    def f(w: Float[Tensor, "o i"], x: Float[Tensor, "b i"], p: Float[nn.Parameter, "o i"]): ...

    f(nn.Parameter(z(2, 3)), z(4, 3), nn.Parameter(z(2, 3)))
    with pytest.raises(ShapeError):
        f(nn.Parameter(z(2, 3)), z(4, 3), z(2, 3))


def test_locals_and_assertions_compile_away():
    from shapetypes import assert_shape

    @shapecheck
    def f(x: Float[Tensor, "b t"]) -> Float[Tensor, "b"]:
        y: Float[Tensor, "b t"] = x * 2
        return assert_shape(y.sum(-1), "b")

    f(z(2, 3))
    assert 1 == compiled(f, [(z(2, 3),)], fullgraph=True)


def test_locals_and_assertions_are_checked_while_torch_compiles():
    from shapetypes import assert_shape, dims

    @shapecheck
    def f(x: Float[Tensor, "b t"], cut: int = 0, wrong: int = 0) -> Float[Tensor, "b"]:
        y: Float[Tensor, "b u"] = x[:, cut:]
        u = dims("b u")[1]
        assert not isinstance(y, Float[Tensor, "u u b"])
        return assert_shape(y.sum(-1) * u, "b") if not wrong else assert_shape(y, "b b")

    assert 1 == compiled(f, [(z(n, 3),) for n in (2, 3, 4)], fullgraph=True, dynamic=True)
    assert torch.equal(torch.full((2,), 4.0), torch.compile(f, backend="eager")(torch.ones(2, 3), 1))
    with pytest.raises(ShapeError, match="axis 1"):
        torch.compile(f, backend="eager")(z(2, 3), 0, 1)
    torch._dynamo.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported, match="`y` does not fit b b"):
        torch.compile(f, backend="eager", fullgraph=True)(z(2, 3), 0, 1)


@shapecheck
def variadic(x: Float[Tensor, "*s d"], y: Float[Tensor, "*s d"], z: Float[Tensor, "*s"]) -> Float[Tensor, "*s"]:
    return (x + y).sum(-1) + z


def test_variadic_shapes_leave_nothing_in_the_graph():
    args = (z(2, 3, 4), z(2, 3, 4), z(2, 3))

    assert graph_and_guards(variadic.__wrapped__, args) == graph_and_guards(variadic, args)


# -- guards -----------------------------------------------------------------------------------------------------------


def guards(fn, *args):
    """How many guards of each kind a compiled call is tested for, those on its tensors included."""
    torch._dynamo.reset()
    torch.compile(fn, backend="eager", fullgraph=True)(*args)
    inner = type(fn).forward if isinstance(fn, nn.Module) else fn
    codes = [inner.__code__, nn.Module._wrapped_call_impl.__code__, nn.Module._call_impl.__code__]
    entries = [e for c in codes for e in torch._C._dynamo.eval_frame._debug_get_cache_entry_list(c)]
    assert 1 == len(entries)
    kinds = Counter(re.findall(r"\+- ([A-Z_]+):", str(entries[0].guard_manager)))
    assert kinds["TENSOR_MATCH"]
    return kinds


def eight(a, b, c, d, e, f, g, h):
    return a + b + c + d + e + f + g + h


eight.__annotations__ = {**dict.fromkeys("abcdefgh", Float[Tensor, "x y"]), "return": Float[Tensor, "x y"]}


def test_a_checked_function_adds_no_guard_on_sizes_and_three_on_identities_at_most():
    for plain, args in ((attend, inputs()), (eight, [z(2, 3) for _ in range(8)])):
        more = guards(shapecheck(plain), *args) - guards(plain, *args)

        # The class and the `isinstance` that its arguments are asked with, and the function itself.
        assert {"ID_MATCH"} >= set(more)
        assert 3 >= more["ID_MATCH"]


class Block(nn.Module):
    def __init__(self, wrap):
        super().__init__()
        self.up = wrap(nn.Linear(8, 8), "B T D -> B T D")
        self.down = wrap(nn.Linear(8, 8), "B T D -> B T D")

    def forward(self, x: Float[Tensor, "B T D"], y: Float[Tensor, "B T D"]) -> Float[Tensor, "B T D"]:
        h: Float[Tensor, "B T D"] = self.up(x)
        return x + self.down(torch.relu(h)) + y


class CheckedBlock(Block):
    forward = shapecheck(Block.forward)


class Stack(nn.Module):
    def __init__(self, block, wrap=lambda layer, _: layer):
        super().__init__()
        self.blocks = nn.ModuleList([block(wrap) for _ in range(6)])

    def forward(self, x):
        for block in self.blocks:
            x = block(x, x)
        return x


def test_a_checked_forward_adds_no_guard_per_layer():
    more = guards(Stack(CheckedBlock), z(2, 3, 8)) - guards(Stack(Block), z(2, 3, 8))

    # The local has a check of its own, which asks for the same class.
    assert {"ID_MATCH", "LAMBDA_GUARD"} >= set(more)
    assert 5 >= more.total()


class Empty:
    """A hook that does nothing."""

    __slots__ = ()

    def __call__(self, *_):
        return None


def with_empty_hooks(layer, _):
    layer.register_forward_pre_hook(Empty(), with_kwargs=True)
    layer.register_forward_hook(Empty(), with_kwargs=True)
    return layer


def test_a_shaped_layer_adds_the_guards_of_two_empty_hooks():
    hooks = guards(Stack(Block, with_empty_hooks), z(2, 3, 8))
    ours = guards(Stack(Block, shaped), z(2, 3, 8))

    assert hooks.total() >= ours.total() - 2
    assert {"ID_MATCH", "LAMBDA_GUARD"} >= set(ours - hooks)


def test_open_blocks_are_not_guarded():
    counter = CompileCounter()
    run = torch.compile(checked, backend=counter, fullgraph=True)

    run(*inputs())
    with scope("B D"):
        run(*inputs())
    torch._dynamo.reset()
    with scope("B D"):
        run(*inputs())
    run(*inputs())
    assert 2 == counter.frame_count


def test_functions_can_be_told_apart_and_hashed():
    codes = {shapecheck(fn).__code__ for fn in (attend, eight, attend)}

    assert 2 <= len(codes)
