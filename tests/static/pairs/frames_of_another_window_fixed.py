import numpy as np


def frame(x, size, hop):
    n = 1 + (len(x) - size) // hop
    idx = np.arange(size)[None, :] + hop * np.arange(n)[:, None]
    return x[idx]


def spectrogram(x, size=64, hop=32):
    frames = frame(x, size, hop)
    window = np.hanning(size)
    return np.abs(np.fft.rfft(frames * window, axis=1))


def main() -> None:
    print(spectrogram(np.random.randn(640)).shape)

if __name__ == "__main__":
    main()
