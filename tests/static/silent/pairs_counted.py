import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def mean_square_distance(x: Float[Tensor, "n d"], y: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    d2 = x.pow(2).sum(1, keepdim=True) + y.pow(2).sum(1) - 2 * x @ y.T
    return d2.mean()


def own_distances(x: Float[Tensor, "n d"]) -> Float[Tensor, ""]:
    squares = x.pow(2).sum(1, keepdim=True)
    return (squares + squares.squeeze(1) - 2 * x @ x.T).clamp(min=0).sqrt().mean()


def mean_difference(x: Float[Tensor, "n"]) -> Float[Tensor, ""]:
    return (x[:, None] - x).abs().mean()


def same_class(labels: Int[Tensor, "n"]) -> Bool[Tensor, "n n"]:
    column = labels.view(-1, 1)
    pairs = column == labels
    print(pairs.sum())
    return pairs


def ranked(scores: Float[Tensor, "n k"]) -> Float[Tensor, "n"]:
    best = scores.max(dim=1, keepdim=True).values
    margins = best - scores.mean(1)
    return margins.amin(dim=1)


def centred(x: Float[Tensor, "n d"]) -> Float[Tensor, ""]:
    return (x - x.mean(1, keepdim=True)).pow(2).mean()


def main() -> None:
    x, y = torch.randn(6, 3), torch.randn(6, 3)
    print(mean_square_distance(x, y), own_distances(x), mean_difference(x[:, 0]))
    print(same_class(torch.tensor([0, 1, 1])).shape, ranked(x).shape, centred(x))


if __name__ == "__main__":
    main()
