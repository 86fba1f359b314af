"""Attributes of another object that are added: arrays as well as numbers."""

import numpy as np


class Groups:
    def __init__(self, ends, values) -> None:
        self.ends = ends
        self.values = values
        self.count = self.ends.size - 1

    def append(self, other: "Groups") -> "Groups":
        if self.ends.size != other.ends.size:
            raise ValueError("another number of groups")
        ends = self.ends + other.ends
        sizes = np.diff(other.ends + other.ends)
        assert np.diff(ends).shape == sizes.shape
        return Groups(ends, np.concatenate([self.values, other.values]))

    def longest(self, other: "Groups") -> int:
        return int(np.diff(other.ends * 2).max(axis=0)) // 2


def main() -> None:
    groups = Groups(np.array([0, 2, 5]), np.zeros((5, 3)))
    print(groups.append(groups).values.shape, groups.longest(groups))


if __name__ == "__main__":
    main()
