"""`shaped` containers: what is wrong inside one is told with the place of the layer that it is wrong in."""

from torch import nn

from shapetypes import shaped


def test_an_element_that_does_not_fit_the_ones_before_is_named(refused):
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8, 10))
    error = refused("layer-spec", shaped, net, "B 3 8 8 -> B 10")
    assert "its layer [2], `Linear`, cannot take what the ones before it give" in str(error)
    assert "axis 1 (`in_features`) is 288, expected 8" in str(error)
    assert error.fault.column is None
    inner = nn.Sequential(nn.Sequential(nn.Linear(3, 4)), nn.Sequential(nn.ReLU(), nn.Linear(5, 6)))
    assert "its layer [1][1], `Linear`" in str(refused("layer-spec", shaped, inner, "B 3 -> B 6"))
    first = refused("layer-spec", shaped, nn.Sequential(nn.Linear(3, 4)), "B 5 -> B 4")
    assert "axis 1 (`in_features`) of argument `input` is 5, expected 3" in str(first)
    assert 2 == first.fault.column
