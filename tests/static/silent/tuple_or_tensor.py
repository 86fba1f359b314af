import torch
from jaxtyping import Float
from torch import Tensor, nn


class Rnn(nn.Module):
    def __init__(self, kind: str) -> None:
        super().__init__()
        self.rnn = {"lstm": nn.LSTM, "gru": nn.GRU}[kind](4, 6, batch_first=True)

    def forward(self, x: Float[Tensor, "b t 4"]) -> Float[Tensor, "b 6"]:
        out, state = self.rnn(x)
        if isinstance(state, tuple):
            state = state[0]
        return state[-1] + out[:, -1]


def main() -> None:
    print(Rnn("lstm")(torch.randn(2, 3, 4)).shape, Rnn("gru")(torch.randn(2, 3, 4)).shape)


if __name__ == "__main__":
    main()
