from torch.distributions import Dirichlet as Dirichlet
