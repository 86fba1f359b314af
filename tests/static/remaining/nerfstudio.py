"""What is reported in nerfstudio 1.1.5, one function for each cause.

- `between`: cameras/camera_utils.py:206
- `stereo_rays`: cameras/cameras.py:727, 779
- `mesh`: exporter/exporter_utils.py:66, scripts/exporter.py:82, scripts/render.py:160, exporter/texture_utils.py:396,
  exporter/tsdf_utils.py:325, 372
- `pyramid`: exporter/marching_cubes.py:48
- `pixel_grid`: exporter/texture_utils.py:74
- `corners`: exporter/texture_utils.py:182, 183, utils/math.py:428
- `textured`: exporter/texture_utils.py:213
- `tessellated`: utils/math.py:506, 512
- `embedded`: field_components/embedding.py:54
- `planes`: field_components/encodings.py:654
- `overridden`: field_components/encodings.py:635
- `variance`: fields/sdf_field.py:54
- `depth_loss`: model_components/losses.py:247, 286
- `normal_loss`: model_components/losses.py:320, 323, 343
- `gradient_loss`: model_components/losses.py:375, 458
- `reduced`: models/base_surface_model.py:321
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Shaped
from torch import Tensor, nn

REPORTS = {
    "between": "`between()` return value `[i]`: axis 1 is 3, expected 4",
    "stereo_rays": '`stereo_rays()` return value: number of axes is 3 in (3, n, 3), expected 2 ("n 3")',
    "mesh": "`Mesh()` argument `faces`: dtype is `int64`, expected `Float`",
    "pyramid": "`pyramid()` return value `[0]`: axis 1 is `height//4`, expected `height`",
    "pixel_grid": "`pixel_grid()` return value: dtype is `int64`, expected `Float`",
    "corners": "`[]` operand `indices`: dtype is `Float`, expected `Integer`",
    "textured": 'cannot read "faces 3 torch.long": `torch.long` is not an axis: a name, a size or an expression of '
    "names",
    "tessellated": "`corners_of()` argument `faces`: dtype is `int64`, expected `Float`",
    "embedded": "`Embedded.forward()` return value: number of axes is at least 2 in (*batch, length, width), "
    'expected at least 1 ("*batch out")',
    "planes": "`planes()` return value: number of axes is at least 1 in (*batch, 4), expected at least 2 "
    '("*batch components size")',
    "overridden": "`Planes.forward()` return value: number of axes is at least 2 in (*batch, ?, ?), expected "
    'at least 1 ("*batch out")',
    "variance": '`Variance.forward()` return value: number of axes is 2 in (1, 1), expected 1 ("1")',
    "depth_loss": '`depth_loss()` return value: number of axes is 0 in (), expected at least 1 ("*batch 1")',
    "normal_loss": '`normal_loss()` return value: number of axes is 0 in (), expected 1 ("0")',
    "gradient_loss": '`reduced()` argument `values`: number of axes is 1 in (1,), expected 3 ("1 32 mult")',
    "reduced": "`reduced()` argument `mask`: dtype is `int64`, expected `Bool`",
}


def between(a: Float[Tensor, "3 3"], b: Float[Tensor, "3 3"], steps: int) -> list[Float[Tensor, "3 4"]]:
    out = []
    for step in range(steps):
        share = step / steps
        out.append(a * (1 - share) + b * share)
    return out  # REPORT between


def along(ks: Float[Tensor, "n 3 3"], steps: int) -> Float[Tensor, "m 3 3"]:
    """What is built on a wrong result is not reported again."""
    found = []
    for i in range(ks.shape[0] - 1):
        found += between(ks[i], ks[i + 1], steps)
    return torch.stack(found)


def stereo_rays(x: Float[Tensor, "n 3"]) -> Float[Tensor, "n 3"]:
    return torch.stack([x, x * 2, x * 3])  # REPORT stereo_rays


@dataclass
class Mesh:
    vertices: Float[Tensor, "verts 3"]
    faces: Float[Tensor, "faces 3"]


def mesh(points: Tensor, triangles: Tensor) -> Mesh:
    return Mesh(vertices=points.float(), faces=triangles.long())  # REPORT mesh


def pyramid(points: Float[Tensor, "3 height width depth"]) -> list[Float[Tensor, "3 height width depth"]]:
    halves = nn.AvgPool3d(2, stride=2)
    levels = [points]
    for _ in range(2):
        points = halves(points[None])[0]
        levels.append(points)
    return levels[::-1]  # REPORT pyramid


def pixel_grid(w: int, h: int) -> Float[Tensor, "h w 2"]:
    return torch.stack(torch.meshgrid(torch.arange(w), torch.arange(h), indexing="xy"), dim=-1)  # REPORT pixel_grid


def corners(vertices: Float[Tensor, "verts 3"], faces: Float[Tensor, "faces 3"]) -> Float[Tensor, "faces 3 3"]:
    return vertices[faces]  # REPORT corners


def textured(faces: Float[Tensor, "faces 3 torch.long"]) -> Tensor:  # REPORT textured
    return faces


def corners_of(vertices: Float[Tensor, "verts 3"], faces: Float[Tensor, "faces 3"]) -> Tensor:
    return vertices.mean() * faces


def tessellated() -> Tensor:
    vertices = torch.FloatTensor([(0, 0, -1), (0, 0, 1), (0, -1, 0), (0, 1, 0)])
    return corners_of(vertices, torch.tensor([(0, 1, 2), (1, 2, 3)]))  # REPORT tessellated


class Embedded(nn.Module):
    def __init__(self, entries: int, width: int) -> None:
        super().__init__()
        self.table = nn.Embedding(entries, width)

    def forward(self, x: Shaped[Tensor, "*batch length"]) -> Shaped[Tensor, "*batch out"]:
        return self.table(x)  # REPORT embedded


def planes(x: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch components size"]:
    shape = x.shape
    features = x.reshape(-1, 3) @ torch.ones(3, 4)
    return features.reshape(*shape[:-1], 4)  # REPORT planes


class Encoding(nn.Module):
    def forward(self, x: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch out"]:
        raise NotImplementedError


class Planes(Encoding):
    def forward(self, x: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch components size"]:  # REPORT overridden
        return x[..., None].expand(*x.shape, 4)


class Variance(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.variance = nn.Parameter(torch.ones(1))

    def forward(self, x: Float[Tensor, "1"]) -> Float[Tensor, "1"]:
        return torch.ones([len(x), 1]) * torch.exp(self.variance)  # REPORT variance


def depth_loss(depth: Float[Tensor, "*batch 1"], wanted: Float[Tensor, "*batch 1"]) -> Float[Tensor, "*batch 1"]:
    return torch.mean((depth - wanted) ** 2)  # REPORT depth_loss


def normal_loss(normal: Float[Tensor, "samples 3"], wanted: Float[Tensor, "samples 3"]) -> Float[Tensor, "0"]:
    return (1 - (normal * wanted).sum(dim=-1)).mean()  # REPORT normal_loss


def reduced(values: Float[Tensor, "1 32 mult"], mask: Bool[Tensor, "1 32 mult"]) -> Tensor:
    return (values * mask).sum() / mask.sum()


def gradient_loss(x: Float[Tensor, "1 32 mult"], mask: Bool[Tensor, "1 32 mult"]) -> Tensor:
    return reduced(torch.sum(x * mask, (1, 2)), mask)  # REPORT gradient_loss


def weighted(x: Float[Tensor, "1 32 mult"], mask: Bool[Tensor, "1 32 mult"]) -> Tensor:
    return reduced(x, 2 * mask.long())  # REPORT reduced


def show_between() -> None:
    between(torch.eye(3), torch.eye(3), 2)


def show_stereo_rays() -> None:
    stereo_rays(torch.ones(5, 3))


def show_mesh() -> None:
    mesh(torch.ones(4, 3), torch.ones(2, 3))


def show_pyramid() -> None:
    levels = pyramid(torch.ones(3, 8, 8, 8))
    assert len({level.shape for level in levels}) == 1, "one name for sizes that differ"


def show_pixel_grid() -> None:
    pixel_grid(3, 4)


def show_corners() -> None:
    corners(torch.ones(4, 3), torch.ones(2, 3))


def show_textured() -> None:
    textured(torch.ones(2, 3, 1))


def show_tessellated() -> None:
    tessellated()


def show_embedded() -> None:
    Embedded(10, 6)(torch.ones(2, 3, dtype=torch.int64))


def show_planes() -> None:
    planes(torch.ones(2, 5, 3))


def show_overridden() -> None:
    x = torch.ones(2, 5, 3)
    assert Planes()(x).ndim == x.ndim, "the base class declares one axis beside the batch"


def show_variance() -> None:
    Variance()(torch.ones(1))


def show_depth_loss() -> None:
    depth_loss(torch.ones(2, 1), torch.ones(2, 1))


def show_normal_loss() -> None:
    normal_loss(torch.ones(2, 3), torch.ones(2, 3))


def show_gradient_loss() -> None:
    gradient_loss(torch.ones(1, 32, 4), torch.ones(1, 32, 4, dtype=torch.bool))


def show_reduced() -> None:
    weighted(torch.ones(1, 32, 4), torch.ones(1, 32, 4, dtype=torch.bool))
