"""Tensor shapes as types: one annotation, checked before running, before the forward pass and at run time."""
