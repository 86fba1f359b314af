import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


class Critic(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, 32, 3, padding=1), nn.SiLU(), nn.Conv2d(32, 1, 1))

    def forward(self, x: Float[Tensor, "b channels h w"]) -> Float[Tensor, "b"]:
        return checkpoint(self.body, x, use_reentrant=False).mean(dim=(1, 2, 3))


def penalty(
    critic: nn.Module, real: Float[Tensor, "b c h w"], fake: Float[Tensor, "b c h w"]
) -> Float[Tensor, ""]:
    mix = torch.rand(real.shape[0], 1, 1, 1)
    x = (mix * real + (1 - mix) * fake).requires_grad_(True)
    out = critic(x)
    grad = torch.autograd.grad(out, x, grad_outputs=torch.ones_like(out), create_graph=True)[0]
    return ((grad.flatten(1).norm(2, dim=1) - 1) ** 2).mean()


def residual(u: Float[Tensor, "n 1"], xt: Float[Tensor, "n 2"], nu: float) -> Float[Tensor, "n 1"]:
    first = torch.autograd.grad(u, xt, torch.ones_like(u), create_graph=True)[0]
    u_x, u_t = first[:, 0:1], first[:, 1:2]
    u_xx = torch.autograd.grad(u_x, xt, torch.ones_like(u_x), create_graph=True)[0][:, :1]
    return u_t + u * u_x - nu * u_xx


def train(critic: Critic, real: Float[Tensor, "b c h w"], fake: Float[Tensor, "b c h w"]) -> None:
    loss = critic(fake).mean() - critic(real).mean() + 10 * penalty(critic, real, fake)
    loss.backward()
    each = critic(real)
    each.backward(torch.ones_like(each))
    total = (real**2).sum(dim=(1, 2, 3), keepdim=False)
    torch.autograd.backward([total.sum(), total], [None, torch.ones_like(total)])


def main() -> None:
    critic = Critic(3)
    train(critic, torch.randn(4, 3, 8, 8, requires_grad=True), torch.randn(4, 3, 8, 8))
    xt = torch.randn(7, 2, requires_grad=True)
    print(residual((xt**2).sum(1, keepdim=True), xt, 0.1).shape)
