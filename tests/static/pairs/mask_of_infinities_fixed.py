import numpy as np


def attention(q, k, v, causal=True):
    d = q.shape[-1]
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(d)
    if causal:
        n = q.shape[-2]
        mask = np.triu(np.full((n, n), -np.inf), k=1)
        scores = scores + mask
    w = np.exp(scores - scores.max(-1, keepdims=True))
    w /= w.sum(-1, keepdims=True)
    return w @ v


def main() -> None:
    x = np.random.rand(2, 4, 6, 16)
    print(attention(x, x, x).shape)


if __name__ == "__main__":
    main()
