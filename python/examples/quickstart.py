"""A quadratic program as a layer: solve a batch, ask how the loss changes with the costs."""

import torch

from argmind.torch import Layer

layer = Layer(outputs=("x", "y"), tau=0.1)
c = torch.tensor([[1.0, 1.0], [3.0, 0.0]], requires_grad=True)  # a batch of two; the other fields are shared
out = layer(P=torch.diag(torch.tensor([1.0, 2.0])), c=c, A=torch.ones(1, 2), b=torch.ones(1), lb=0.0)
out.x[:, 0].sum().backward()
print("x*        ", out.x.tolist())
print("y*        ", out.y.tolist())
print("d x1*/d c ", c.grad.tolist() if c.grad is not None else None)
print("           solved by", out.info.solution.solver, out.info.status)
