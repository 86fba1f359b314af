from enum import Enum, IntEnum

import torch
from torch import Tensor


class Format(Enum):
    CORNERS = "corners"
    CENTRE = "centre"
    ROTATED = "rotated"
    TURNED = "rotated"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


def convert(boxes: Tensor, old: Format | str, new: Format) -> Tensor:
    if isinstance(old, str):
        old = Format[old.upper()]
    if old == new:
        return boxes
    if old is Format.CENTRE:
        boxes = torch.cat([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], dim=-1)
    elif old == Format.TURNED:
        boxes = boxes.view(-1, 4, 2).amax(1).repeat(1, 2)
    if new is Format.ROTATED:
        return boxes[..., [0, 1, 2, 1, 2, 3, 0, 3]]
    return boxes


def turned(boxes: Tensor, kind: Format) -> Tensor:
    corners = convert(boxes, kind, Format.ROTATED).reshape(-1, 8)
    return convert(corners, Format.ROTATED, Format.CORNERS) + corners[:, :4]


def levels(level: Level, x: Tensor) -> Tensor:
    match level:
        case Level.LOW:
            return x.sum(0)
        case Level.HIGH:
            return x.sum((0, 1))
    return x


def main() -> None:
    print(turned(torch.rand(5, 4), Format.CENTRE).shape, turned(torch.rand(5, 8), Format.TURNED).shape)
    print(levels(Level.HIGH, torch.rand(2, 3)) + levels(Level.LOW, torch.rand(2, 3)))


if __name__ == "__main__":
    main()
