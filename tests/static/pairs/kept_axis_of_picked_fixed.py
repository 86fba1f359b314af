import torch
import torch.nn.functional as F


def focal_loss(logits, target, alpha, gamma=2.0):
    logp = F.log_softmax(logits, dim=1)
    logpt = logp.gather(1, target.unsqueeze(1))
    pt = logpt.exp()
    at = alpha.gather(0, target)
    loss = -at.unsqueeze(1) * (1 - pt) ** gamma * logpt
    return loss.mean()


def main() -> None:
    torch.manual_seed(0)
    print(focal_loss(torch.randn(8, 3), torch.randint(0, 3, (8,)), torch.tensor([0.2, 0.3, 0.5])).item())

if __name__ == "__main__":
    main()
