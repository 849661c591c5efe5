"""The affine maps from parameters to fields, against dense matrices."""

import numpy as np
import pytest
import scipy.sparse as sp
import torch

from argmind._cvxpy_maps import FieldMap

RNG = np.random.default_rng(0)
PICKS = np.zeros(
    (6, 6)
)  # at most one entry a row: of parameter 0 (columns 0, 1), 1 (2, 3, 4); the last is the constant
PICKS[[0, 1, 3, 4], [1, 0, 4, 2]] = [1.0, -2.0, 1.0, 0.5]
REPEATED = np.zeros((4, 6))
REPEATED[:, 3] = 1.0
DENSE = np.where(RNG.random((7, 6)) < 0.6, RNG.normal(size=(7, 6)), 0.0)
COLUMNS = [slice(0, 2), slice(2, 5)]


@pytest.mark.parametrize("matrix", [PICKS, REPEATED, DENSE], ids=["picks", "repeated", "dense"])
@pytest.mark.parametrize("batched", [(), (0,), (1,), (0, 1)])
def test_it_is_the_dense_product(matrix, batched):
    matrix = matrix.copy()
    matrix[:, 5] = RNG.normal(size=len(matrix))
    field = FieldMap.of(sp.csc_array(matrix), COLUMNS)
    sizes = (2, 3)
    parameters = [torch.randn((4, k) if i in batched else k, dtype=torch.float64) for i, k in enumerate(sizes)]
    for parameter in parameters:
        parameter.requires_grad_()
    value = field(parameters)
    dense = torch.from_numpy(matrix)
    expected = dense[:, 5] + parameters[0] @ dense[:, :2].T + parameters[1] @ dense[:, 2:5].T
    if value.ndim < expected.ndim:  # nothing that it needs is batched
        expected = expected[0]
    torch.testing.assert_close(value, expected)
    used = [parameters[i] for i in field.matrices]
    weights = torch.randn_like(value)
    gradients = torch.autograd.grad((weights * value).sum(), used)
    torch.testing.assert_close(gradients, torch.autograd.grad((weights * expected).sum(), used))
    assert torch.autograd.gradgradcheck(lambda *p: field([*p]), parameters)


def test_an_infinite_parameter_is_infinite_where_it_is_used_alone():
    field = FieldMap.of(sp.csc_array(PICKS), COLUMNS)
    value = field([torch.tensor([np.inf, 1.0], dtype=torch.float64), torch.zeros(3, dtype=torch.float64)])
    assert value.tolist() == [1.0, -np.inf, 0.0, 0.0, 0.0, 0.0]


def test_what_depends_on_nothing_is_constant():
    assert FieldMap.of(sp.csc_array(np.eye(6)[:, [0] * 5 + [5]] * [0, 0, 0, 0, 0, 1]), COLUMNS).is_constant
    assert list(FieldMap.of(sp.csc_array(REPEATED), COLUMNS).matrices) == [1]
