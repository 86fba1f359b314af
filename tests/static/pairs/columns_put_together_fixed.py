import numpy as np


def fit(X, y):
    Xb = np.c_[np.ones((X.shape[0], 1)), X]
    theta = np.linalg.inv(Xb.T @ Xb) @ Xb.T @ y
    return theta


def main() -> None:
    X = np.random.rand(100, 3)
    y = X @ np.array([1.0, 2.0, 3.0]) + 4
    theta = fit(X, y)
    X_new = np.random.rand(5, 3)
    print(np.c_[np.ones((5, 1)), X_new] @ theta)


if __name__ == "__main__":
    main()
