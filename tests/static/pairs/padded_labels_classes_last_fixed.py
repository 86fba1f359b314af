import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader


def collate(rows: list[Tensor]) -> tuple[Tensor, Tensor]:
    tokens = pad_sequence(rows, batch_first=True)
    return tokens, tokens.masked_fill(tokens == 0, -100)


def main() -> None:
    torch.manual_seed(0)
    rows = [torch.randint(1, 50, (5 + i % 4,)) for i in range(12)]
    model = nn.Sequential(nn.Embedding(50, 16), nn.Linear(16, 50))
    for tokens, labels in DataLoader(rows, batch_size=4, collate_fn=collate):
        logits = model(tokens)
        loss = F.cross_entropy(logits.transpose(1, 2), labels)
        print(loss.shape)


if __name__ == "__main__":
    main()
