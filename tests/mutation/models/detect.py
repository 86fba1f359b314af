"""Object detection: an anchor grid, box arithmetic, matching, a feature pyramid by dict; mostly plain functions."""

import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn


class Pyramid(nn.Module):
    def __init__(self, inputs: list[int], width: int) -> None:
        super().__init__()
        self.lateral = nn.ModuleList([nn.Conv2d(c, width, 1) for c in inputs])
        self.smooth = nn.Conv2d(width, width, 3, padding=1)

    def forward(
        self, fine: Float[Tensor, "b c1 h w"], coarse: Float[Tensor, "b c2 h//2 w//2"]
    ) -> dict[str, Float[Tensor, "b width _ _"]]:
        top = self.lateral[1](coarse)
        raised = F.interpolate(top, size=fine.shape[-2:], mode="bilinear", align_corners=False)
        joined: Float[Tensor, "b width h w"] = self.lateral[0](fine) + raised
        return {"fine": self.smooth(joined), "coarse": top}


class Head(nn.Module):
    def __init__(self, width: int, anchors: int, classes: int) -> None:
        super().__init__()
        self.anchors, self.classes = anchors, classes
        self.tower = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU())
        self.logits = nn.Conv2d(width, anchors * classes, 3, padding=1)
        self.boxes = nn.Conv2d(width, anchors * 4, 3, padding=1)

    def forward(self, x: Float[Tensor, "b width h w"]) -> tuple[Float[Tensor, "b n classes"], Float[Tensor, "b n 4"]]:
        x = self.tower(x)
        b, _, h, w = x.shape
        logits = self.logits(x).view(b, self.anchors, self.classes, h, w).permute(0, 3, 4, 1, 2)
        boxes = self.boxes(x).view(b, self.anchors, 4, h, w).permute(0, 3, 4, 1, 2)
        return logits.reshape(b, -1, self.classes), boxes.reshape(b, -1, 4)


class Detector(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.down = nn.Conv2d(8, 12, 3, stride=2, padding=1)
        self.pyramid = Pyramid([8, 12], 10)
        self.head = Head(10, 2, classes)

    def forward(self, image: Float[Tensor, "b 3 h w"]) -> tuple[Float[Tensor, "b n classes"], Float[Tensor, "b n 4"]]:
        fine = self.stem(image).relu()
        levels = self.pyramid(fine, self.down(fine))
        logits, boxes = [], []
        for name in ("fine", "coarse"):
            a, d = self.head(levels[name])
            logits.append(a)
            boxes.append(d)
        return torch.cat(logits, dim=1), torch.cat(boxes, dim=1)


def grid(h: int, w: int, stride: int, scales: Float[Tensor, "k"]) -> Float[Tensor, "cells 4"]:
    ys = (torch.arange(h) + 0.5) * stride
    xs = (torch.arange(w) + 0.5) * stride
    y, x = torch.meshgrid(ys, xs, indexing="ij")
    centre: Float[Tensor, "h w 1 2"] = torch.stack([x, y], dim=-1)[:, :, None]
    size: Float[Tensor, "1 1 k 1"] = scales[None, None, :, None] * stride
    corners: Float[Tensor, "h w k 4"] = torch.cat([centre - size / 2, centre + size / 2], dim=-1)
    return corners.reshape(-1, 4)


def area(boxes: Float[Tensor, "*n 4"]) -> Float[Tensor, "*n"]:
    return (boxes[..., 2] - boxes[..., 0]).clamp(min=0) * (boxes[..., 3] - boxes[..., 1]).clamp(min=0)


def iou(a: Float[Tensor, "n 4"], b: Float[Tensor, "m 4"]) -> Float[Tensor, "n m"]:
    low: Float[Tensor, "n m 2"] = torch.maximum(a[:, None, :2], b[None, :, :2])
    high: Float[Tensor, "n m 2"] = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    size = (high - low).clamp(min=0)
    shared: Float[Tensor, "n m"] = size[..., 0] * size[..., 1]
    return shared / (area(a).unsqueeze(1) + area(b).unsqueeze(0) - shared)


def encode(anchors: Float[Tensor, "n 4"], boxes: Float[Tensor, "n 4"]) -> Float[Tensor, "n 4"]:
    wh = anchors[:, 2:] - anchors[:, :2]
    shift = (boxes[:, :2] - anchors[:, :2]) / wh
    scale = ((boxes[:, 2:] - boxes[:, :2]) / wh).clamp(min=1e-3).log()
    return torch.cat([shift, scale], dim=1)


def match(
    anchors: Float[Tensor, "n 4"], truth: Float[Tensor, "m 4"], labels: Int[Tensor, "m"]
) -> tuple[Float[Tensor, "n 4"], Int[Tensor, "n"], Bool[Tensor, "n"]]:
    overlap: Float[Tensor, "n m"] = iou(anchors, truth)
    best, which = overlap.max(dim=1)
    positive: Bool[Tensor, "n"] = best > 0.1
    target = encode(anchors, truth[which])
    return target, labels[which], positive


def loss_of(
    logits: Float[Tensor, "n classes"],
    boxes: Float[Tensor, "n 4"],
    target: Float[Tensor, "n 4"],
    labels: Int[Tensor, "n"],
    positive: Bool[Tensor, "n"],
) -> Float[Tensor, ""]:
    each: Float[Tensor, "n"] = F.smooth_l1_loss(boxes, target, reduction="none").sum(dim=1)
    localisation = (each * positive).sum() / positive.sum().clamp(min=1)
    classes: Float[Tensor, "n"] = F.cross_entropy(logits, labels, reduction="none")
    return localisation + torch.where(positive, classes, 0.1 * classes).mean()


def top(
    logits: Float[Tensor, "b n classes"], boxes: Float[Tensor, "b n 4"], k: int
) -> tuple[Float[Tensor, "b k"], Float[Tensor, "b k 4"]]:
    score, _ = logits.sigmoid().max(dim=-1)
    best, index = score.topk(k, dim=1)
    return best, boxes.gather(1, index[:, :, None].expand(-1, -1, 4))


def main() -> None:
    detector = Detector(5)
    logits, boxes = detector(torch.randn(2, 3, 16, 24))
    scales = torch.tensor([1.0, 2.0])
    anchors = torch.cat([grid(8, 12, 2, scales), grid(4, 6, 4, scales)], dim=0)
    truth = torch.tensor([[0.0, 0.0, 9.0, 9.0], [4.0, 4.0, 20.0, 12.0], [1.0, 2.0, 3.0, 8.0]])
    target, labels, positive = match(anchors, truth, torch.tensor([1, 4, 2]))
    loss_of(logits[0], boxes[0], target, labels, positive)
    top(logits, boxes, 6)
