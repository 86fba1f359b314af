import torch
from torch import Tensor


def decayed(grad: Tensor, param: Tensor, weight_decay: float, learned: bool) -> Tensor:
    if isinstance(weight_decay, Tensor) and learned:
        return grad.addcmul(param, weight_decay)
    if torch.is_tensor(weight_decay):
        return torch.addcmul(grad, param, weight_decay)
    return grad.add(param, alpha=weight_decay)


def same(item1, item2) -> bool:
    if torch.is_tensor(item1) and torch.is_tensor(item2):
        return torch.equal(item1, item2)
    return item1 == item2


def main() -> None:
    grad, param = torch.ones(3), torch.ones(3)
    print(decayed(grad, param, 0.5, True))
    print(same(torch.tensor(0).item(), 0), same(torch.tensor(1), torch.tensor(1)), same(0, None))


if __name__ == "__main__":
    main()
