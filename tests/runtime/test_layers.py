"""`shaped` layers of torch: what is compared at construction, at assignment and at each call."""

import copy
import io
import pickle
import re
import threading

import pytest
import torch
from torch import Tensor, nn

import shapetypes
from shapetypes import AnnotationError, Dim, Float, ShapeError, scope, shapecheck, shaped

X = torch.randn(4, 7, 16)


def lstm(spec="B T F -> B T H", hidden=128):
    return shaped(nn.LSTM(50, hidden, batch_first=True), spec)


# -- construction -----------------------------------------------------------------------------------------------------


def test_same_object_and_repr():
    layer = nn.Linear(10, 5)
    assert shaped(layer, "B 10 -> B 5") is layer
    assert type(layer) is nn.Linear
    assert repr(layer) == 'Linear(in_features=10, out_features=5, bias=True, shaped="B 10 -> B 5")'
    assert set(layer.state_dict()) == {"weight", "bias"}


def test_wrong_input_size(refused):
    error = refused("layer-spec", shaped, nn.Linear(10, 5), "B 12 -> B 5")
    first = str(error).splitlines()[0]
    assert first == (
        'error[layer-spec]: `Linear` spec "B 12 -> B 5": axis 1 (`in_features`) of argument `input` is 12, expected 10'
    )
    lines = str(error).splitlines()
    row = next(i for i, line in enumerate(lines) if line.lstrip().startswith("= string"))
    assert lines[row + 1].index("^") == lines[row].index("12")
    assert "conftest.py" in str(error)


def test_wrong_output_size(refused):
    error = refused("layer-spec", shaped, nn.Linear(10, 5), "B 10 -> B 6")
    assert "axis 1 of return value is 5, expected 6" in str(error)
    assert error.fault.column == "B 10 -> B 6".index("6")


ACCEPTED = [
    (lambda: nn.LSTM(50, 128, batch_first=True), "B T 50 -> B T 128, (1 B 128, 1 B 128)"),
    (lambda: nn.LSTM(50, 128, batch_first=True), "B T F, (L B H, L B H)? -> B T H, (L B H, L B H)"),
    (lambda: nn.LSTM(50, 128, 2, bidirectional=True), "T B 50 -> T B 256, (4 B 128, 4 B 128)"),
    (lambda: nn.LSTM(50, 128), "T B F -> T B H"),
    (lambda: nn.GRU(50, 128), "T B F -> T B H, L B H"),
    (lambda: nn.Linear(10, 10), "B F -> B G"),
    (lambda: nn.Linear(10, 10), "*batch F -> *batch G"),
    (lambda: nn.Linear(12, 5), "B 4*k -> B 5"),
    (lambda: nn.Linear(12, 5), "Float B 12 -> Float B 5"),
    (lambda: nn.Conv2d(3, 8, 3), "B 3 H W -> B 8 H-2 W-2"),
    (lambda: nn.Conv2d(3, 8, 3, padding=1, stride=2), "B 3 H W -> B 8 h w"),
    (lambda: nn.Embedding(100, 16), "Int B T -> Float B T 16"),
    (nn.Flatten, "B C H W -> B C*H*W"),
    (lambda: nn.BatchNorm1d(16), "B 16 T -> B 16 T"),
    (lambda: nn.LayerNorm((7, 16)), "B 7 16 -> B 7 16"),
    (lambda: nn.MaxPool2d(2), "B C H W -> B C H//2 W//2"),
    (nn.CrossEntropyLoss, "B C, Int B -> "),
    (lambda: nn.MultiheadAttention(16, 4, batch_first=True), "B T 16, B S 16, B S 16 -> B T 16, B T S"),
    (
        lambda: nn.MultiheadAttention(16, 4, batch_first=True),
        "B T E, B S E, B S E, key_padding_mask: Bool B S? -> B T E, _",
    ),
    (lambda: nn.Sequential(nn.Linear(10, 20), nn.ReLU(), nn.Linear(20, 5)), "B 10 -> B 5"),
    (lambda: nn.TransformerEncoderLayer(16, 4, batch_first=True), "B T 16 -> B T 16"),
    (nn.Dropout, "_ -> _"),
]


@pytest.mark.parametrize(("make", "spec"), ACCEPTED, ids=[spec for _, spec in ACCEPTED])
def test_accepted(make, spec):
    assert shaped(make(), spec) is not None


REFUSED = [
    (lambda: nn.LSTM(50, 128), "B T 60 -> B T 128", "axis 2 (`input_size`) of argument `input` is 60, expected 50"),
    (lambda: nn.LSTM(50, 128), "B T 50 -> B T 64", "axis 2 of return value is 128, expected 64"),
    (lambda: nn.LSTM(50, 128), "B T 50 -> B T 128, (1 B 128, 1 B 128)", "expected `B`"),
    (lambda: nn.LSTM(50, 128, batch_first=True), "B 50 T -> B T 128", "used as 50, but 50 is axis 1"),
    (lambda: nn.LSTM(50, 128), "T B 50 -> T B 128, (1 B 128, 2 B 128)", "return value `[1][1]` is 1, expected 2"),
    (lambda: nn.Linear(10, 5), "B 10 -> B 5, B 5", "returns one value, and the spec has 2"),
    (lambda: nn.Linear(10, 5), "B T 10 -> B 5", "returns 3 axes, and the spec has 2"),
    (lambda: nn.Linear(10, 5), "*b 10 -> *b 6", "is 5, expected 6"),
    (lambda: nn.Linear(10, 5), "Int B 10 -> B 5", "expected `Inexact`"),
    (lambda: nn.Linear(10, 5), "B 3*k -> B 5", "expected 10"),
    (lambda: nn.Conv2d(3, 8, 3), "B 4 H W -> B 8 h w", "(`in_channels`) of argument `input` is 4, expected 3"),
    (lambda: nn.Conv2d(3, 8, 3), "B 3 H W -> B 8 H W", "expected `H`"),
    (lambda: nn.Embedding(100, 16), "Float B T -> B T 16", "dtype"),
    (lambda: nn.Embedding(100, 16), "Int B T -> B T 17", "is 16, expected 17"),
    (nn.Dropout, "B F -> B G", "expected `G`"),
    (lambda: nn.Sequential(nn.Linear(10, 20), nn.Linear(20, 5)), "B 10 -> B 20", "is 5, expected 20"),
    (lambda: nn.MultiheadAttention(16, 4, batch_first=True), "B T 17, B S 17, B S 17 -> B T 17", "expected 16"),
]


@pytest.mark.parametrize(("make", "spec", "says"), REFUSED, ids=[f"{spec} {says}" for _, spec, says in REFUSED])
def test_refused(make, spec, says, refused):
    error = refused("layer-spec", shaped, make(), spec)
    assert says in str(error), str(error)
    assert error.fault.spec == spec
    assert error.fault.column is not None


def test_bad_specs():
    for spec, column in [("B 10 B 5", 8), ("B 10 -> (B 5", 8), ("B 10, B 5 -> B 5", 6), ("mask: B 10 -> B 5", 0)]:
        with pytest.raises(AnnotationError) as caught:
            shaped(nn.Linear(10, 5), spec)
        assert caught.value.fault.column == column, spec
        assert "Linear" in str(caught.value)
    with pytest.raises(TypeError, match="not int"):
        shaped(3, "B -> B")


def test_a_refused_layer_is_untouched(refused):
    layer = nn.Linear(10, 5)
    before = set(vars(layer))
    refused("layer-spec", shaped, layer, "B 12 -> B 5")
    assert set(vars(layer)) == before
    assert not layer._forward_hooks and not layer._forward_pre_hooks


def test_a_second_spec_takes_the_place_of_the_first(refused):
    layer = shaped(nn.Linear(10, 5), "B 10 -> B 5")
    shaped(layer, "B T 10 -> B T 5")
    layer(torch.randn(2, 3, 10))
    refused("rank-mismatch", layer, torch.randn(2, 10))
    assert len(layer._forward_hooks) == len(layer._forward_pre_hooks) == 1


def test_an_own_module_is_checked_at_calls(refused):
    class Own(nn.Module):
        def forward(self, x, mask=None):
            return x.sum(-1) if mask is None else (x.sum(-1), mask)

    layer = shaped(Own(), "B T F, B T? -> B T")
    layer(X)
    layer(X, torch.ones(4, 7))
    layer(X, mask=torch.ones(4, 7))
    refused("dim-mismatch", layer, X, torch.ones(4, 8))
    refused("dim-mismatch", layer, X, mask=torch.ones(4, 8))
    refused("rank-mismatch", layer, x=X[0])


def test_a_subclass_with_its_own_forward_is_its_own_module():
    class Transposed(nn.Linear):
        def forward(self, x):
            return super().forward(x.mT).mT

    layer = shaped(Transposed(7, 3), "B 7 F -> B 3 F")
    assert layer(X).shape == (4, 3, 16)


def test_a_subclass_without_one_is_its_parent(refused):
    class Named(nn.Linear):
        pass

    refused("layer-spec", shaped, Named(7, 3), "B 8 -> B 3")


def test_off(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "off")
    layer = shaped(nn.Linear(10, 5), "B 12 -> B 5")
    assert not layer._forward_hooks
    assert "extra_repr" not in vars(layer)


def test_warn(monkeypatch):
    monkeypatch.setenv("SHAPETYPES", "warn")
    with pytest.warns(match=r"layer-spec"):
        layer = shaped(nn.Linear(10, 5), "B 12 -> B 5")
    with pytest.warns(match=r"is 10, expected 12"):
        assert layer(torch.randn(2, 10)).shape == (2, 5)


# -- calls ------------------------------------------------------------------------------------------------------------


def test_inputs_and_outputs(refused):
    layer = lstm("B T 50 -> B T 128, (1 B 128, 1 B 128)")
    layer(torch.randn(2, 3, 50))
    layer(input=torch.randn(2, 3, 50))
    error = refused("dim-mismatch", layer, torch.randn(2, 3, 51))
    assert "`LSTM` argument `input`: axis 2 is 51, expected 50" in str(error)
    refused("rank-mismatch", layer, torch.randn(3, 50))


def test_an_output_that_breaks_the_spec(refused):
    class Own(nn.Module):
        def forward(self, x):
            return x[:, :-1], [x]

    layer = shaped(Own(), "B T F -> B T-1 F, _")
    layer(X)
    layer = shaped(Own(), "B T F -> B T F, _")
    error = refused("dim-mismatch", layer, X)
    assert "return value `[0]`: axis 1 (`T`) is 6, expected 7" in str(error)
    layer = shaped(Own(), "B T F -> B T-1 F")
    layer(X)
    layer = shaped(Own(), "B T F -> B T-1 F, B T F, B")
    refused("dtype-mismatch", layer, X)


def test_dtypes(refused):
    layer = shaped(nn.Embedding(100, 16), "Int B T -> Float32 B T 16")
    layer(torch.zeros(2, 3, dtype=torch.int64))
    refused("dtype-mismatch", layer, torch.zeros(2, 3))
    layer.double()
    error = refused("dtype-mismatch", layer, torch.zeros(2, 3, dtype=torch.int64))
    assert "float64" in str(error)


def test_state_is_optional(refused):
    layer = lstm("B T F, (L B H, L B H)? -> B T H, (L B H, L B H)")
    state = (torch.randn(1, 2, 128), torch.randn(1, 2, 128))
    layer(torch.randn(2, 3, 50))
    layer(torch.randn(2, 3, 50), None)
    layer(torch.randn(2, 3, 50), state)
    layer(torch.randn(2, 3, 50), hx=state)
    refused("dim-mismatch", layer, torch.randn(2, 3, 50), (state[0], torch.randn(1, 3, 128)))
    refused("dim-mismatch", layer, torch.randn(2, 3, 50), hx=(torch.randn(1, 2, 127), state[1]))


def test_masks_go_by_name(refused):
    layer = shaped(
        nn.MultiheadAttention(16, 4, batch_first=True),
        "B T E, B S E, B S E, key_padding_mask: Bool B S? -> B T E, B T S",
    )
    q, k = torch.randn(2, 3, 16), torch.randn(2, 5, 16)
    layer(q, k, k)
    layer(q, k, k, key_padding_mask=torch.zeros(2, 5, dtype=torch.bool))
    layer(q, k, k, torch.zeros(2, 5, dtype=torch.bool))
    refused("dim-mismatch", layer, q, k, k, key_padding_mask=torch.zeros(2, 3, dtype=torch.bool))
    refused("dim-mismatch", layer, q, k, k, torch.zeros(2, 3, dtype=torch.bool))
    refused("dtype-mismatch", layer, q, k, k, key_padding_mask=torch.zeros(2, 5))


def test_losses(refused):
    layer = shaped(nn.MSELoss(), "B, B -> ")
    layer(torch.randn(3), torch.randn(3))
    refused("rank-mismatch", layer, torch.randn(3), torch.randn(3, 1))
    refused("dim-mismatch", layer, torch.randn(3), torch.randn(4))


def test_several_variadics(refused):
    class Own(nn.Module):
        def forward(self, x, y):
            return y.sum(-1)

    layer = shaped(Own(), "*a, *a *b F -> *a *b")
    layer(torch.randn(4), X)
    layer(torch.randn(4, 7), X)
    refused("dim-mismatch", layer, torch.randn(5), X)
    refused("dim-mismatch", layer, torch.randn(4, 8), X)


def test_packed_and_nested_are_not_judged():
    packed = nn.utils.rnn.pack_sequence([torch.randn(3, 50), torch.randn(2, 50)])
    layer = lstm("B T 50 -> B T 128, (1 B 128, 1 B 128)")
    out, (h, _) = layer(packed)
    assert out.data.shape == (5, 128) and h.shape == (1, 2, 128)
    nested = torch.nested.nested_tensor([torch.randn(3, 16), torch.randn(2, 16)], layout=torch.jagged)
    assert shaped(nn.Linear(16, 4), "B T 16 -> B T 4")(nested).shape[0] == 2


def test_the_layers_own_error_stays():
    layer = shaped(nn.Linear(10, 5), "_ -> _")
    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        layer(torch.randn(2, 11))
    with pytest.raises(TypeError, match="missing 1 required"):
        layer()


# -- copies -----------------------------------------------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self, hidden=128):
        super().__init__()
        self.lstm = lstm()
        self.drop = shaped(nn.Dropout(), "B T H -> B T H")
        self.head = shaped(nn.Linear(hidden, 5), "B H -> B C")

    def forward(self, x):
        return self.head(self.drop(self.lstm(x)[0])[:, -1])


def saved(net):
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


COPIES = [copy.deepcopy, copy.copy, saved, lambda net: pickle.loads(pickle.dumps(net))]


@pytest.mark.parametrize("again", COPIES, ids=["deepcopy", "copy", "save", "pickle"])
def test_copies_are_checked(again, refused):
    net = again(Net())
    assert net(torch.randn(2, 3, 50)).shape == (2, 5)
    assert 'shaped="B T H -> B T H"' in repr(net)
    refused("dim-mismatch", net, torch.randn(2, 3, 51))
    error = refused("dim-mismatch", net.drop, torch.randn(2, 3, 127))
    assert "axis 2 (`H`) is 127, expected 128" in str(error)


@pytest.mark.parametrize("again", COPIES, ids=["deepcopy", "copy", "save", "pickle"])
def test_a_layer_copied_alone_takes_no_module_along(again, refused):
    net = Net()
    net.heavy = nn.Linear(1000, 1000)
    layer = again(net.drop)
    assert len(pickle.dumps(layer)) < 20_000
    refused("dim-mismatch", layer, torch.randn(2, 3, 127))


def test_state_dict_is_the_bare_one():
    bare = nn.LSTM(50, 128)
    assert list(shaped(nn.LSTM(50, 128), "T B F -> T B H").state_dict()) == list(bare.state_dict())
    net = Net()
    again = Net()
    again.load_state_dict(net.state_dict())
    assert torch.equal(again.head.weight, net.head.weight)


def test_errors_survive_pickling(refused):
    error = pickle.loads(pickle.dumps(refused("dim-mismatch", Net(), torch.randn(2, 3, 51))))
    assert isinstance(error, ShapeError) and error.fault.code == "dim-mismatch" and "axis 2" in str(error)
    error = pickle.loads(pickle.dumps(refused("layer-spec", Net, 256)))
    assert error.fault.code == "layer-spec"


# -- the module that owns the layers ----------------------------------------------------------------------------------


def test_layers_that_contradict_each_other_fail_at_construction(refused):
    error = refused("layer-spec", Net, 256)
    text = str(error)
    assert '`Linear` spec "B H -> B C": axis 1 (`H`) of argument `input` is 256, expected 128' in text
    assert "binds H = 128" in text
    assert "Net -> head" in text
    (origin,) = error.fault.origins
    assert origin.name.startswith("lstm = LSTM(hidden_size=128") and origin.place.line > 0


def test_names_hold_for_the_methods_of_the_owner(refused):
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = lstm()

        @shapecheck
        def forward(self, x: Float[Tensor, "B T F"]) -> Float[Tensor, "B H"]:
            return self.lstm(x)[0][:, -1, : self.cut]

    net = Own()
    net.cut = 128
    net(torch.randn(2, 3, 50))
    refused("dim-mismatch", net, torch.randn(2, 3, 51))
    net.cut = 127
    refused("dim-mismatch", net, torch.randn(2, 3, 50))


def test_dim_integers_of_the_owner_hold_for_layers(refused):
    class Own(nn.Module):
        @shapecheck
        def __init__(self, width: Dim[int, "H"], real: int):
            super().__init__()
            self.fc = shaped(nn.Linear(8, real), "B F -> B H")
            self.act = shaped(nn.ReLU(), "B H -> B H")

    refused("layer-spec", Own, 32, 33)
    net = Own(32, 32)
    refused("dim-mismatch", net.act, torch.randn(2, 31))


def test_parameters_of_the_owner_hold_for_layers(refused):
    @shapecheck
    class Own(nn.Module):
        scale: Float[nn.Parameter, "H"]

        def __init__(self):
            super().__init__()
            self.act = shaped(nn.ReLU(), "B H -> B H")
            self.scale = nn.Parameter(torch.ones(32))

    net = Own()
    net.act(torch.randn(2, 32))
    refused("dim-mismatch", net.act, torch.randn(2, 31))


def test_elements_share_only_names_that_the_owner_binds(refused):
    class Own(nn.Module):
        def __init__(self, head=64):
            super().__init__()
            first = shaped(nn.Linear(16, 64), "B F -> B H")
            second = shaped(nn.Linear(64, 256), "B F -> B G")
            self.net = nn.Sequential(first, nn.ReLU(), second)
            self.many = nn.ModuleDict({"a": nn.ModuleList([shaped(nn.Linear(8, 64), "B K -> B H")])})
            self.head = shaped(nn.Linear(head, 3), "B H -> B C")

    net = Own()
    net.net(torch.randn(2, 16))
    refused("layer-spec", Own, 65)
    net.many["a"].append(shaped(nn.Linear(9, 64), "B K -> B H"))
    refused("layer-spec", net.many["a"].append, shaped(nn.Linear(9, 63), "B K -> B H"))
    net.many["a"].append(shaped(nn.Identity(), "B H -> B H"))
    refused("dim-mismatch", net.many["a"][-1], torch.randn(2, 63))


def test_elements_without_an_owner_share_nothing(refused):
    net = nn.Sequential(shaped(nn.Linear(16, 64), "B F -> B H"), shaped(nn.Linear(64, 256), "B F -> B H"))
    assert net(torch.randn(2, 16)).shape == (2, 256)
    refused("dim-mismatch", net, torch.randn(2, 17))


def test_a_layer_that_is_replaced_takes_its_names_along(refused):
    net = Net()
    refused("layer-spec", setattr, net, "head", shaped(nn.Linear(64, 3), "B H -> B C"))
    assert net.head.in_features == 128
    net.head = shaped(nn.Linear(128, 3), "B H -> B C")
    assert net(torch.randn(2, 3, 50)).shape == (2, 3)
    net.head = nn.Linear(128, 7)
    assert net(torch.randn(2, 3, 50)).shape == (2, 7)
    net.head = shaped(nn.Linear(128, 2), "B H -> B C")
    # H stands as long as one layer fixes it.
    net.lstm = nn.LSTM(50, 128, batch_first=True)
    refused("dim-mismatch", net.drop, torch.randn(2, 3, 64))
    net.head = nn.Linear(128, 2)
    net.drop(torch.randn(2, 3, 64))


def test_two_objects_of_a_class_have_their_own_names(refused):
    class Own(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.fc = shaped(nn.Linear(8, width), "B F -> B H")
            self.act = shaped(nn.ReLU(), "B H -> B H")

    one, other = Own(3), Own(4)
    one.act(torch.randn(2, 3))
    other.act(torch.randn(2, 4))
    refused("dim-mismatch", one.act, torch.randn(2, 4))


def test_unrelated_modules_are_untouched():
    lstm()

    class Bare(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(3, 4)
            self.many = nn.ModuleList([nn.Linear(4, 4)])

    names = set(vars(nn.Module())) | {"fc", "many"}
    assert set(vars(Bare())) <= names


# -- lazy layers ------------------------------------------------------------------------------------------------------


def test_lazy_layers_are_compared_when_they_have_sizes(refused):
    layer = shaped(nn.LazyLinear(8), "B T F -> B T H")
    assert layer(X).shape == (4, 7, 8)
    refused("dim-mismatch", layer, torch.randn(4, 7, 17))
    layer = shaped(nn.LazyLinear(8), "B T 15 -> B T 8")
    error = refused("layer-spec", layer, X)
    assert "axis 2 (`in_features`) of argument `input` is 15, expected 16" in str(error)


def test_lazy_layers_bind_names_of_their_owner(refused):
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = shaped(nn.LazyLinear(8), "B F -> B H")
            self.act = shaped(nn.ReLU(), "B H -> B H")
            self.head = shaped(nn.Linear(9, 8), "B F -> B G")

    net = Own()
    net.act(torch.randn(2, 5))
    error = refused("layer-spec", net.fc, torch.randn(2, 10))
    assert "F" in str(error)
    net = Own()
    net.fc(torch.randn(2, 9))
    refused("dim-mismatch", net.act, torch.randn(2, 5))


# -- blocks -----------------------------------------------------------------------------------------------------------


def test_blocks():
    first, second = shaped(nn.Linear(16, 4), "B F -> B H"), shaped(nn.ReLU(), "B K -> B K")
    with scope("B"):
        first(torch.randn(3, 16))
        second(torch.randn(3, 5))
        with pytest.raises(ShapeError, match=r"`ReLU` argument `input`: axis 0 \(`B`\) is 4, expected 3"):
            second(torch.randn(4, 5))
    second(torch.randn(4, 5))
    with scope(B=7):
        second(torch.randn(7, 5))
        with pytest.raises(ShapeError):
            first(torch.randn(6, 16))


def test_blocks_reach_elements_but_no_nested_calls():
    net = nn.Sequential(shaped(nn.Linear(16, 4), "B F -> B H"))

    def fold(x):
        return net(x.flatten(0, 1))

    with scope("B"):
        net(torch.randn(3, 16))
        fold(torch.randn(3, 2, 16))
        with pytest.raises(ShapeError):
            net(torch.randn(4, 16))
    with scope("B", deep=True):
        net(torch.randn(3, 16))
        with pytest.raises(ShapeError):
            fold(torch.randn(3, 2, 16))


def test_blocks_and_checked_calls():
    @shapecheck
    def loss(x: Float[Tensor, "B C"]) -> Float[Tensor, ""]:
        return x.sum()

    layer = shaped(nn.Linear(16, 4), "B F -> B H")
    with scope("B"):
        loss(torch.randn(3, 2))
        with pytest.raises(ShapeError, match="expected 3"):
            layer(torch.randn(4, 16))
        layer(torch.randn(3, 16))


def test_threads_do_not_meet():
    net = Net().eval()
    failed = []

    def work(batch):
        try:
            for i in range(100):
                with scope("B"):
                    net(torch.randn(batch, 1 + i % 5, 50))
        except ShapeError as error:  # pragma: no cover
            failed.append(error)

    threads = [threading.Thread(target=work, args=(b,)) for b in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_the_message_names_the_user_and_no_value(refused):
    text = str(refused("dim-mismatch", Net(), torch.full((2, 3, 51), 123.5)))
    assert "123.5" not in text
    assert not re.search(r"<shapetypes|x_|layers_torch", text)


# -- tracebacks -------------------------------------------------------------------------------------------------------


class _Clash(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = shaped(nn.Linear(4, 8), "B F -> B H")
        self.down = shaped(nn.Linear(9, 2), "B H -> B C")


@pytest.mark.parametrize(
    "run",
    [
        lambda: shaped(nn.Linear(4, 5), "B 4 -> B 5")(torch.zeros(2, 3)),
        lambda: nn.Sequential(shaped(nn.Linear(4, 5), "B F -> B H"))(torch.zeros(2, 3)),
        lambda: shaped(nn.LazyLinear(5), "B 4 -> B 5")(torch.zeros(2, 3)),
        lambda: shaped(nn.Linear(4, 5), "B 5 -> B 5"),
        _Clash,
    ],
)
def test_a_traceback_shows_one_frame_of_ours_at_most(run):
    with pytest.raises(ShapeError) as caught:
        run()
    ours = [shapetypes.__file__.removesuffix("__init__.py"), "<shapetypes "]
    frames = [str(entry.frame.code.raw.co_filename) for entry in caught.traceback]
    assert [] == [file for file in frames[:-1] if file.startswith(tuple(ours))]
    assert caught.value.__context__ is None or caught.value.__suppress_context__
