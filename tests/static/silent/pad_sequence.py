import torch
from jaxtyping import Float
from torch import Tensor, nn


def batch(xs: list[Float[Tensor, "_ d"]]) -> Float[Tensor, "b t d"]:
    padded = nn.utils.rnn.pad_sequence(xs, batch_first=True)
    mask = torch.arange(padded.shape[1])[None] < torch.tensor([len(x) for x in xs])[:, None]
    return padded * mask[..., None]


def main() -> None:
    print(len(batch([torch.randn(3, 2), torch.randn(5, 2)])))


if __name__ == "__main__":
    main()
