"""`instrument`: an existing model's known layers are checked, and left as they were afterwards."""

import copy
import pickle

import pytest
import torch
from torch import nn

from shapetypes import ShapeError, instrument


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(50, 128, batch_first=True)
        self.blocks = nn.Sequential(nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 8))

    def forward(self, x):
        return self.blocks(self.lstm(x)[0][:, -1])


def test_known_layers_are_checked(refused):
    net = Net()
    handle = instrument(net)
    assert handle.layers == ("lstm", "blocks.0", "blocks.1", "blocks.2")
    assert net(torch.randn(2, 3, 50)).shape == (2, 8)
    error = refused("dim-mismatch", net, torch.randn(2, 3, 51))
    assert "`LSTM` argument `input`: axis 2 (`input_size`) is 51, expected 50" in str(error)
    assert error.fault.path == ("lstm",)
    assert refused("dim-mismatch", net.blocks, torch.randn(2, 127)).fault.path == ("blocks", "0")
    handle.remove()
    handle.remove()
    with pytest.raises(RuntimeError, match="51"):
        net(torch.randn(2, 3, 51))
    assert not any(module._forward_pre_hooks for module in net.modules())


def test_as_a_context_manager():
    net = Net()
    with instrument(net) as handle:
        assert len(handle.layers) == 4
        with pytest.raises(ShapeError):
            net(torch.randn(2, 3, 51))
    assert not net.lstm._forward_pre_hooks


def test_a_repeated_call_is_judged_by_its_shapes(refused):
    net = nn.Linear(10, 5)
    with instrument(net):
        for _ in range(3):
            net(torch.randn(2, 10))
            refused("dim-mismatch", net, torch.randn(2, 11))
            refused("dtype-mismatch", net, torch.ones(2, 10, dtype=torch.int64))
        net.in_features, net.weight = 11, nn.Parameter(torch.randn(5, 11))
        net(torch.randn(2, 11))
        refused("dim-mismatch", net, torch.randn(2, 10))


def test_own_modules_and_their_insides():
    class Odd(nn.Linear):
        def forward(self, x):
            return super().forward(x.mT)

    with instrument(nn.Sequential(Odd(3, 4), nn.TransformerEncoderLayer(4, 2, batch_first=True))) as handle:
        assert handle.layers == ("1",)


def test_copies_and_states():
    net = Net()
    with instrument(net):
        assert list(net.state_dict()) == list(Net().state_dict())
        again = pickle.loads(pickle.dumps(net))
        with pytest.raises(ShapeError):
            copy.deepcopy(net)(torch.randn(2, 3, 51))
        with pytest.raises(ShapeError):
            again(torch.randn(2, 3, 51))


def test_packed_sequences_pass():
    net = nn.LSTM(50, 128)
    with instrument(net):
        out, _ = net(nn.utils.rnn.pack_sequence([torch.randn(3, 50), torch.randn(2, 50)]))
        assert out.data.shape == (5, 128)


def test_tracing_is_the_bare_one():
    net = Net()
    bare = str(torch.fx.symbolic_trace(Net()).graph)
    with instrument(net):
        assert str(torch.fx.symbolic_trace(net).graph) == bare


def test_wrong_objects_and_off(monkeypatch):
    with pytest.raises(TypeError, match="not int"):
        instrument(3)
    monkeypatch.setenv("SHAPETYPES", "off")
    assert instrument(Net()).layers == ()
