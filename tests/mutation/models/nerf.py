"""A radiance field with `*batch` annotations: encoding, network, volume rendering."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class Encoding(nn.Module):
    def __init__(self, bands: int) -> None:
        super().__init__()
        self.bands = bands

    def forward(self, x: Float[Tensor, "*batch c"]) -> Float[Tensor, "*batch out"]:
        rates: Float[Tensor, "k"] = 2.0 ** torch.arange(self.bands)
        angles: Float[Tensor, "*batch c k"] = x[..., None] * rates
        both: Float[Tensor, "*batch c 2*k"] = torch.cat([angles.sin(), angles.cos()], dim=-1)
        return torch.cat([x, both.flatten(-2)], dim=-1)


class Field(nn.Module):
    def __init__(self, bands: int, width: int) -> None:
        super().__init__()
        size = 3 + 3 * 2 * bands
        self.encode = Encoding(bands)
        self.first = nn.Linear(size, width)
        self.second = nn.Linear(width + size, width)
        self.density = nn.Linear(width, 1)
        self.colour = nn.Sequential(nn.Linear(width + size, width // 2), nn.ReLU(), nn.Linear(width // 2, 3))

    def forward(
        self, places: Float[Tensor, "*batch 3"], views: Float[Tensor, "*batch 3"]
    ) -> tuple[Float[Tensor, "*batch 3"], Float[Tensor, "*batch"]]:
        x = self.encode(places)
        h: Float[Tensor, "*batch width"] = torch.relu(self.first(x))
        h = torch.relu(self.second(torch.cat([h, x], dim=-1)))
        density: Float[Tensor, "*batch"] = self.density(h).squeeze(-1)
        colour = self.colour(torch.cat([h, self.encode(views)], dim=-1))
        return colour.sigmoid(), density.relu()


def rays(pose: Float[Tensor, "4 4"], h: int, w: int) -> tuple[Float[Tensor, "h w 3"], Float[Tensor, "h w 3"]]:
    y, x = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    local: Float[Tensor, "h w 3"] = torch.stack([x - w / 2, y - h / 2, torch.ones(h, w)], dim=-1)
    turned: Float[Tensor, "h w 3"] = torch.einsum("h w j, i j -> h w i", local, pose[:3, :3])
    return pose[:3, 3].expand(h, w, 3), turned / turned.norm(dim=-1, keepdim=True)


def along(
    start: Float[Tensor, "*rays 3"], way: Float[Tensor, "*rays 3"], depth: Float[Tensor, "s"]
) -> Float[Tensor, "*rays s 3"]:
    return start[..., None, :] + way[..., None, :] * depth[:, None]


def render(
    colour: Float[Tensor, "*rays s 3"], density: Float[Tensor, "*rays s"], depth: Float[Tensor, "s"]
) -> tuple[Float[Tensor, "*rays 3"], Float[Tensor, "*rays"]]:
    gaps: Float[Tensor, "s"] = torch.cat([depth[1:] - depth[:-1], torch.ones(1)])
    alpha: Float[Tensor, "*rays s"] = 1 - torch.exp(-density * gaps)
    passed: Float[Tensor, "*rays s"] = torch.cumprod(1 - alpha + 1e-10, dim=-1)
    weight = alpha * passed
    return (weight[..., None] * colour).sum(dim=-2), (weight * depth).sum(dim=-1)


def main() -> None:
    field = Field(4, 18)
    start, way = rays(torch.eye(4), 5, 6)
    depth: Float[Tensor, "s"] = torch.linspace(1.0, 4.0, 7)
    points = along(start, way, depth)
    views = way[:, :, None, :].expand(5, 6, 7, 3)
    colour, density = field(points, views)
    render(colour, density, depth)
    field(points[0, 0], views[0, 0])
