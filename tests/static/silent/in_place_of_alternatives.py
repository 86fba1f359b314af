import torch
from torch import Tensor


def beyond(points: Tensor, origin: Tensor, limit: float) -> Tensor:
    """The points further than a limit, one row each; a lone gap counts as one point."""
    points = points.reshape(-1, 1)
    gaps = points[:, 0] - origin[0]
    if len(gaps.shape) == 0:
        gaps = gaps.unsqueeze(0)
    places = (gaps > limit).nonzero()
    count = len(places)
    if count > 0:
        places.squeeze_(1)
        return points.select(1, 0)[places].unsqueeze(1).expand(count, 4)
    return torch.zeros(0, 4)


def main() -> None:
    print(beyond(torch.tensor([1.0, 2.0, 3.0]), torch.zeros(2), 1.5).shape)


if __name__ == "__main__":
    main()
