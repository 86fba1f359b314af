"""PointNet: a learned rotation, shared layers, a maximum over points, per-point segmentation."""

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn


class Rotation(nn.Module):
    def __init__(self, k: int) -> None:
        super().__init__()
        self.k = k
        self.shared = nn.Sequential(nn.Conv1d(k, 16, 1), nn.BatchNorm1d(16), nn.ReLU(), nn.Conv1d(16, 32, 1))
        self.head = nn.Linear(32, k * k)

    def forward(self, points: Float[Tensor, "b k n"]) -> Float[Tensor, "b k k"]:
        features: Float[Tensor, "b 32 n"] = self.shared(points)
        pooled: Float[Tensor, "b 32"] = features.amax(dim=-1)
        flat = self.head(pooled) + torch.eye(self.k).flatten()
        return flat.view(-1, self.k, self.k)


class PointNet(nn.Module):
    def __init__(self, classes: int, parts: int) -> None:
        super().__init__()
        self.rotation = Rotation(3)
        self.local = nn.Conv1d(3, 12, 1)
        self.deep = nn.Conv1d(12, 20, 1)
        self.classify = nn.Sequential(nn.Linear(20, 14), nn.ReLU(), nn.Dropout(0.3), nn.Linear(14, classes))
        self.segment = nn.Conv1d(12 + 20, parts, 1)

    def forward(self, cloud: Float[Tensor, "b n 3"]) -> tuple[Float[Tensor, "b classes"], Float[Tensor, "b n parts"]]:
        turned: Float[Tensor, "b n 3"] = cloud @ self.rotation(cloud.transpose(1, 2))
        local: Float[Tensor, "b 12 n"] = torch.relu(self.local(turned.permute(0, 2, 1)))
        deep: Float[Tensor, "b 20 n"] = self.deep(local)
        pooled, _ = deep.max(dim=2)
        spread = pooled.unsqueeze(2).expand(-1, -1, cloud.shape[1])
        scores = self.segment(torch.cat([local, spread], dim=1))
        return self.classify(pooled), scores.permute(0, 2, 1)


def distances(a: Float[Tensor, "b n d"], b: Float[Tensor, "b m d"]) -> Float[Tensor, "b n m"]:
    gaps: Float[Tensor, "b n m d"] = a[:, :, None, :] - b[:, None, :, :]
    return gaps.pow(2).sum(dim=-1)


def nearest(cloud: Float[Tensor, "b n d"], k: int) -> Int[Tensor, "b n k"]:
    return distances(cloud, cloud).topk(k, dim=-1, largest=False).indices


def chamfer(a: Float[Tensor, "b n d"], b: Float[Tensor, "b m d"]) -> Float[Tensor, "b"]:
    table = distances(a, b)
    return table.min(dim=1).values.mean(dim=-1) + table.min(dim=2).values.mean(dim=-1)


def neighbours(features: Float[Tensor, "b n f"], index: Int[Tensor, "b n k"]) -> Float[Tensor, "b n k f"]:
    b, n, k = index.shape
    flat: Int[Tensor, "b n*k 1"] = index.reshape(b, n * k, 1)
    picked: Float[Tensor, "b n*k f"] = features.gather(1, flat.expand(-1, -1, features.shape[2]))
    return picked.view(b, n, k, features.shape[2])


def main() -> None:
    model = PointNet(9, 4)
    cloud = torch.randn(5, 13, 3)
    classes, parts = model(cloud)
    F.cross_entropy(classes, torch.randint(0, 9, (5,)))
    F.cross_entropy(parts.transpose(1, 2), torch.randint(0, 4, (5, 13)))
    chamfer(cloud, torch.randn(5, 11, 3))
    neighbours(parts, nearest(cloud, 6))
