from jaxtyping import Float
import numpy as np


def resize(a: Float[np.ndarray, "h w c"]) -> Float[np.ndarray, "h2 w2 c"]:
    ys = np.linspace(0, a.shape[0] - 1, a.shape[0] // 2).astype(int)
    xs = np.linspace(0, a.shape[1] - 1, a.shape[1] // 2).astype(int)
    out = a[ys][:, xs]
    return np.concatenate([out, out[:, :0]], axis=1)


def main() -> None:
    print(resize(np.random.rand(6, 8, 3)).shape)


if __name__ == "__main__":
    main()
