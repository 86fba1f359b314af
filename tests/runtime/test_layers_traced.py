"""`shaped` layers under everything that traces, compiles or transforms torch code."""

import pytest
import torch
from torch import nn
from torch._dynamo.testing import CompileCounterWithBackend
from torch.fx.experimental.proxy_tensor import make_fx
from torch.utils.checkpoint import checkpoint

from shapetypes import ShapeError, shaped

X = torch.randn(4, 7, 16)


class Net(nn.Module):
    def __init__(self, wrap=shaped):
        super().__init__()
        self.fc = wrap(nn.Linear(16, 32), "B T F -> B T H")
        self.drop = wrap(nn.Dropout(0.0), "B T H -> B T H")
        self.seq = nn.Sequential(wrap(nn.Linear(32, 32), "Float B T H -> B T K"), nn.ReLU())
        self.head = wrap(nn.Linear(32, 5), "B H -> B C")

    def forward(self, x):
        return self.head(self.seq(self.drop(self.fc(x)))[:, -1])


def bare():
    return Net(lambda layer, spec: layer)


@pytest.fixture(autouse=True)
def fresh():
    torch._dynamo.reset()


def compiled(net, **options):
    """How many graphs a few calls take, and the operations in each."""
    torch._dynamo.reset()
    counter = CompileCounterWithBackend("eager")
    run = torch.compile(net, backend=counter, fullgraph=True, **options)
    for batch, time in ((4, 7), (5, 9), (6, 11)):
        run(torch.randn(batch, time, 16))
    ops = [[str(n.target) for n in g.graph.nodes if n.op.startswith("call")] for g in counter.graphs]
    return counter.frame_count, ops


def test_compile_gives_the_bare_graph():
    assert compiled(Net()) == compiled(bare())
    frames, ops = compiled(Net(), dynamic=True)
    assert (frames, ops) == compiled(bare(), dynamic=True)
    assert frames == 1


def test_compile_many_layers():
    net = nn.Sequential(*(shaped(nn.Linear(16, 16), f"B T F{i} -> B T G{i}") for i in range(14)))
    frames, _ = compiled(net, dynamic=True)
    assert frames == 1


def test_a_compiled_call_that_does_not_fit():
    with pytest.raises(ShapeError, match=r"`Linear` argument `input`: axis 2 \(`F`\) is 15, expected 16"):
        torch.compile(Net(), backend="eager")(torch.randn(4, 7, 15))
    torch._dynamo.reset()
    with pytest.raises(torch._dynamo.exc.Unsupported, match="a shaped layer does not fit"):
        torch.compile(Net(), backend="eager", fullgraph=True)(torch.randn(4, 7, 15))


def test_a_compiled_layer_is_a_layer():
    layer = shaped(torch.compile(nn.Linear(16, 32), backend="eager"), "B T F -> B T 32")
    assert layer(X).shape == (4, 7, 32)
    with pytest.raises(ShapeError):
        layer(torch.randn(4, 7, 15))
    with pytest.raises(ShapeError, match="is 32, expected 31"):
        shaped(torch.compile(nn.Linear(16, 32), backend="eager"), "B T F -> B T 31")


def test_symbolic_trace_gives_the_bare_graph():
    assert str(torch.fx.symbolic_trace(Net()).graph) == str(torch.fx.symbolic_trace(bare()).graph)
    whole = shaped(Net(), "B T F -> B C")
    assert str(torch.fx.symbolic_trace(whole).graph) == str(torch.fx.symbolic_trace(bare()).graph)


@pytest.mark.parametrize("strict", [False, True])
def test_export_keeps_ranges_and_operations(strict):
    dynamic = ({0: torch.export.Dim("B", min=2), 1: torch.export.Dim("T", min=2)},)

    def export(net):
        out = torch.export.export(net, (X,), dynamic_shapes=dynamic, strict=strict)
        return str(out.range_constraints), [str(n.target) for n in out.graph.nodes]

    assert export(Net()) == export(bare())


def test_make_fx_keeps_symbols():
    def trace(net):
        graph = make_fx(net, tracing_mode="symbolic", _allow_non_fake_inputs=True)(X).graph
        shapes = [n.meta["val"].shape for n in graph.nodes if hasattr(n.meta.get("val"), "shape")]
        # The feature size is a number of the layer; that a check says so before the layer does is no loss.
        free = [tuple(isinstance(size, torch.SymInt) for size in shape[:-1]) for shape in shapes]
        return free[0], free[-1], [str(n.target) for n in graph.nodes if "sym_size" not in str(n.target)]

    assert trace(Net()) == trace(bare())
    assert trace(Net())[:2] == ((True, True), (True,))


def test_transforms(refused):
    net = Net()
    assert torch.func.vmap(net)(torch.randn(3, 4, 7, 16)).shape == (3, 4, 5)
    params = dict(net.named_parameters())
    grads = torch.func.grad(lambda p: torch.func.functional_call(net, p, (X,)).sum())(params)
    assert grads["fc.weight"].shape == (32, 16)
    for reentrant in (False, True):
        x = X.clone().requires_grad_()
        checkpoint(net, x, use_reentrant=reentrant).sum().backward()
        assert x.grad is not None
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert net(X).dtype is torch.bfloat16
    assert Net().to("meta")(X.to("meta")).shape == (4, 5)
    refused("dim-mismatch", torch.func.vmap(net), torch.randn(3, 4, 7, 15))


def test_fake_tensors():
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        net = Net()
        assert net(torch.randn(4, 7, 16)).shape == (4, 5)
        with pytest.raises(ShapeError):
            net(torch.randn(4, 7, 15))


@pytest.mark.filterwarnings("ignore:.*jit:DeprecationWarning")
def test_a_jit_trace_runs():
    assert torch.jit.trace(Net().eval(), X)(X).shape == (4, 5)
