"""Video: a convolutional LSTM, its state in a NamedTuple, frames predicted one by one."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn


class State(NamedTuple):
    hidden: Float[Tensor, "b ch h w"]
    cell: Float[Tensor, "b ch h w"]


class Cell(nn.Module):
    def __init__(self, cin: int, ch: int, kernel: int = 3) -> None:
        super().__init__()
        self.ch = ch
        self.gates = nn.Conv2d(cin + ch, 4 * ch, kernel_size=kernel, padding=kernel // 2)
        self.peep = nn.Parameter(torch.zeros(3, ch, 1, 1))

    def start(self, x: Float[Tensor, "b cin h w"]) -> State:
        zeros = x.new_zeros(x.size(0), self.ch, x.size(2), x.size(3))
        return State(zeros, torch.zeros_like(zeros))

    def forward(
        self, x: Float[Tensor, "b cin h w"], state: State | None = None
    ) -> tuple[Float[Tensor, "b ch h w"], State]:
        if state is None:
            state = self.start(x)
        hidden, cell = state
        i, f, g, o = torch.split(self.gates(torch.cat([x, hidden], dim=1)), self.ch, dim=1)
        pi, pf, po = self.peep
        keep: Float[Tensor, "b ch h w"] = torch.sigmoid(f + pf * cell)
        new: Float[Tensor, "b ch h w"] = keep * cell + torch.sigmoid(i + pi * cell) * torch.tanh(g)
        out: Float[Tensor, "b ch h w"] = torch.sigmoid(o + po * new) * torch.tanh(new)
        return out, State(out, new)


class Layer(nn.Module):
    def __init__(self, cin: int, ch: int, reverse: bool = False) -> None:
        super().__init__()
        self.cell = Cell(cin, ch)
        self.reverse = reverse

    def forward(self, frames: Float[Tensor, "b t cin h w"]) -> tuple[Float[Tensor, "b t ch h w"], State]:
        state = None
        if self.reverse:
            frames = frames.flip(dims=(1,))
        out = []
        for x in frames.unbind(dim=1):
            hidden, state = self.cell(x, state)
            out.append(hidden)
        return torch.stack(out, dim=1), state


class Predictor(nn.Module):
    def __init__(self, channels: int, widths: list[int]) -> None:
        super().__init__()
        sizes = [channels] + widths
        self.layers = nn.ModuleList()
        for cin, cout in zip(sizes[:-1], sizes[1:]):
            self.layers.append(Layer(cin, cout))
        self.norm = nn.BatchNorm3d(widths[-1])
        self.head = nn.Conv3d(widths[-1], channels, kernel_size=(1, 3, 3), padding=(0, 1, 1))

    def forward(self, frames: Float[Tensor, "b t c h w"]) -> Float[Tensor, "b t c h w"]:
        x = frames
        for layer in self.layers:
            x, _ = layer(x)
        volume: Float[Tensor, "b ch t h w"] = self.norm(x.permute(0, 2, 1, 3, 4))
        return self.head(volume).permute(0, 2, 1, 3, 4).sigmoid()

    @torch.no_grad()
    def rollout(self, frames: Float[Tensor, "b t c h w"], steps: int) -> Float[Tensor, "b steps c h w"]:
        window = frames
        found = []
        for _ in range(steps):
            last: Float[Tensor, "b c h w"] = self(window)[:, -1]
            found.append(last)
            window = torch.cat([window[:, 1:], last[:, None]], dim=1)
        return torch.stack(found, dim=1)


def contrast(x: Float[Tensor, "b t c h w"]) -> Float[Tensor, "b t"]:
    flat: Float[Tensor, "b t pixels"] = x.flatten(start_dim=2)
    mean: Float[Tensor, "b t 1"] = flat.mean(dim=-1, keepdim=True)
    return ((flat - mean) ** 2).mean(dim=-1).sqrt()


def motion(x: Float[Tensor, "b t c h w"]) -> Float[Tensor, "b t-1 h w"]:
    step: Float[Tensor, "b t-1 c h w"] = x[:, 1:] - x[:, :-1]
    return step.abs().amax(dim=2)


def loss_of(guess: Float[Tensor, "b t c h w"], truth: Float[Tensor, "b t c h w"]) -> Float[Tensor, ""]:
    weight: Float[Tensor, "b t 1 1 1"] = contrast(truth)[:, :, None, None, None]
    moved: Float[Tensor, "b t-1 1 h w"] = motion(truth).unsqueeze(2)
    still = ((guess - truth).square() * weight).mean()
    return still + (moved * (guess[:, 1:] - truth[:, 1:])).abs().mean()


def main() -> None:
    model = Predictor(2, [5, 7])
    video = torch.rand(9, 5, 2, 6, 8)
    loss_of(model(video[:, :-1]), video[:, 1:])
    model.rollout(video, 2)
