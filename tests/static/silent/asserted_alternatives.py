import torch
from torch import Tensor


def error(x: Tensor, y: Tensor, reduction: str) -> Tensor | None:
    each = (x - y) ** 2
    match reduction:
        case "mean":
            return each.mean(dim=-1)
        case "none":
            return each
    return None


def compare(reduction: str) -> bool:
    found = error(torch.ones(2, 3), torch.zeros(2, 3), reduction)
    assert torch.all(found == torch.ones(2)), "one number a row"
    if not bool(torch.all(found == torch.ones(2))):
        return False
    return torch.equal(found, torch.ones(2))


def main() -> None:
    print(compare("mean"))


if __name__ == "__main__":
    main()
