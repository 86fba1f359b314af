from typing import Literal, overload

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class Encoder(nn.Module):
    def forward(self, x: Float[Tensor, "*batch size"]) -> Float[Tensor, "*batch out"]:
        raise NotImplementedError

    def mix(self, x: Float[Tensor, "b n d"], y: Float[Tensor, "b m d"]) -> Float[Tensor, "b n d"] | None:
        return None

    def weights(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n n"]:
        return x @ x.mT

    def tokens(self, text: str) -> Int[Tensor, "1 pos"]:
        return torch.zeros(1, len(text), dtype=torch.int64)


class Images(Encoder):
    """Takes less than what it overrides, and says more of what it returns."""

    def forward(self, x: Float[Tensor, "batch 8"]) -> Float[Tensor, "batch 3"]:
        return x[:, :3]

    def mix(self, x: Float[Tensor, "b n d"], y: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        return x + y

    def weights(self, x: Float[Tensor, "b m e"]) -> Float[Tensor, "b m m"]:
        return x @ x.mT / 2

    def tokens(self, text: str | list[str]) -> Int[Tensor, "texts pos"]:
        texts = [text] if isinstance(text, str) else text
        return torch.zeros(len(texts), max(map(len, texts)), dtype=torch.int64)


class Square(Encoder):
    def mix(  # type: ignore[override]
        self, y: Float[Tensor, "b m d"], x: Float[Tensor, "b n d"]
    ) -> Float[Tensor, "b m d"]:
        return y - x.mean(dim=1, keepdim=True)


class Sequence(nn.Module):
    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b n d"]:
        return x.softmax(dim=-1)


class Pooled(Sequence):
    """Another result than that of a method which does something: it is built on it, not used in its place."""

    def forward(self, x: Float[Tensor, "b n d"]) -> Float[Tensor, "b d"]:
        return super().forward(x).mean(dim=1)


class Loose(Encoder):
    def forward(self, x: Float[Tensor, "... size"]) -> Float[Tensor, "..."]:
        return x.mean(dim=-1)

    def weights(self, x):
        return x


@overload
def norm(x: Float[Tensor, "*b n"], axis: None = None) -> Float[Tensor, ""]: ...


@overload
def norm(x: Float[Tensor, "*b n"], axis: Literal[-1]) -> Float[Tensor, "*b"]: ...


@overload
def norm(x: Float[Tensor, "r n"], axis: int) -> Float[Tensor, "n"] | Float[Tensor, "r"]: ...


def norm(x: Float[Tensor, "..."], axis: int | None = None) -> Float[Tensor, "..."]:
    return x.norm() if axis is None else x.norm(dim=axis)


def main() -> None:
    x = torch.randn(2, 4, 8)
    print(Images()(x[0]).shape, Loose()(x).shape, Square().mix(x, x).shape, Images().tokens(["a", "bc"]).shape)
    print(Pooled()(x).shape, norm(x).shape, norm(x, -1).shape, norm(x[0], 0).shape)


if __name__ == "__main__":
    main()
