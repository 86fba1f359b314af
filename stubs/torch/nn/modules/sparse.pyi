from typing import Self

import torch
from shapetypes import Dim, Float, Rule
from torch import Tensor
from torch.nn.parameter import Parameter

from .module import Module

class Embedding(Module):
    num_embeddings: int
    embedding_dim: int
    weight: Float[Parameter, "v e"]
    def __init__(self, num_embeddings: Dim[int, "v"], embedding_dim: Dim[int, "e"], padding_idx: int | None = None, max_norm: float | None = None, norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False, _weight: Tensor | None = None, _freeze: bool = False, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Tensor) -> Rule[Tensor, "torch.nn.functional.embedding"]: ...
    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, padding_idx: int | None = None, max_norm: float | None = None, norm_type: float = 2.0, scale_grad_by_freq: bool = False, sparse: bool = False) -> Self: ...

class EmbeddingBag(Module):
    num_embeddings: int
    embedding_dim: int
    weight: Float[Parameter, "v e"]
    def __init__(self, num_embeddings: Dim[int, "v"], embedding_dim: Dim[int, "e"], max_norm: float | None = None, norm_type: float = 2.0, scale_grad_by_freq: bool = False, mode: str = "mean", sparse: bool = False, _weight: Tensor | None = None, include_last_offset: bool = False, padding_idx: int | None = None, device: object = None, dtype: torch.dtype | None = None) -> None: ...
    def forward(self, input: Tensor, offsets: Tensor | None = None, per_sample_weights: Tensor | None = None) -> Rule[Tensor, "torch.nn.functional.embedding_bag"]: ...
    @classmethod
    def from_pretrained(cls, embeddings: Tensor, freeze: bool = True, max_norm: float | None = None, norm_type: float = 2.0, scale_grad_by_freq: bool = False, mode: str = "mean", sparse: bool = False, include_last_offset: bool = False, padding_idx: int | None = None) -> Self: ...
