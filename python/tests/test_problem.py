"""Problems as users write them become what the contract says."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from argmind import Problem, Sparse, cones
from argmind._problem import real, snapshot, split
from argmind._wire import decode, encode


def wire(problem):
    return split(problem)[1]


def test_a_dict_and_a_dataclass_are_the_same():
    fields = {"c": [1, 2], "A": [[1.0, 1.0]], "b": [1.0], "lb": 0.0, "integers": np.array([0, 1])}
    given_dict, given_class = wire({**fields, "G": None}), wire(Problem(**fields))
    assert given_dict.keys() == given_class.keys() == fields.keys()
    for name in fields:
        np.testing.assert_array_equal(given_dict[name], given_class[name])
    assert given_dict["c"].dtype == np.float64
    assert given_dict["integers"] == [0, 1]
    assert all(type(i) is int for i in given_dict["integers"])


@pytest.mark.parametrize(
    ("given_dtype", "sent"),
    [("f4", "f4"), ("f8", "f8"), ("f2", "f4"), ("i4", "f8"), ("?", "f8"), (">f8", "f8"), (np.longdouble, "f8")],
)
def test_real_fields_are_sent_as_float32_or_float64(given_dtype, sent):
    array = wire({"c": np.ones(3, given_dtype)})["c"]
    assert array.dtype.itemsize == np.dtype(sent).itemsize
    assert array.dtype.kind == "f"


@pytest.mark.parametrize("value", [np.ones(2, complex), ["a", "b"], np.array([object(), None])])
def test_other_values_are_a_type_error(value):
    with pytest.raises(TypeError, match="c must be real numbers"):
        wire({"c": value})


def test_none_is_no_bound():
    fields = wire({"c": [1, 1], "lb": [None, 0.5], "ub": [2, None]})
    assert fields["lb"].tolist() == [-np.inf, 0.5]
    assert fields["ub"].tolist() == [2, np.inf]
    assert "lb" not in wire({"c": [1], "lb": None})


def test_a_scalar_bound_stays_a_scalar():
    assert wire({"c": [1, 1], "lb": 0})["lb"].shape == ()


def test_cones_are_written_as_the_contract_says():
    written = [
        cones.nonnegative(np.int64(2)),
        cones.second_order(4, count=2),
        cones.psd(3),
        cones.exponential(),
        cones.power(0.3, count=np.int64(1)),
    ]
    assert written == [
        {"type": "nonnegative", "dim": 2},
        {"type": "second-order", "dim": 4, "count": 2},
        {"type": "psd", "side": 3},
        {"type": "exponential"},
        {"type": "power", "alpha": 0.3},
    ]
    sent = wire(Problem(c=[1.0], cones=tuple(written)))["cones"]
    assert sent == written
    written[0]["dim"] = 3  # a copy, which later changes do not reach
    assert sent[0]["dim"] == 2


def test_cones_survive_the_wire():
    document = {"cones": [cones.power(0.5), cones.exponential(3)]}
    assert decode(encode(document)) == document


def test_fields_that_the_client_does_not_know_pass_as_they_are():
    parts = [{"kind": "a", "size": 2}, {"kind": "b", "size": 3}]
    fields = wire({"type": "shortest-path", "edges": [[0, 1], [1, 2]], "nodes": 3, "cost": (1.5, 2), "parts": parts})
    assert (fields["type"], fields["nodes"], fields["parts"]) == ("shortest-path", 3, parts)
    np.testing.assert_array_equal(fields["edges"], [[0, 1], [1, 2]])
    assert fields["edges"].dtype.kind == "i"
    np.testing.assert_array_equal(fields["cost"], [1.5, 2.0])


DENSE = np.array([[0.0, 2.0, 0.0], [1.0, 0.0, -3.0]])


@pytest.mark.parametrize(
    "matrix",
    [
        sparse.coo_array(DENSE),
        sparse.csr_array(DENSE),
        sparse.csc_matrix(DENSE),
        sparse.coo_array(([2.0, 1.0, -4.0, 1.0], ([0, 1, 1, 1], [1, 0, 2, 2]))),  # one entry listed twice
        torch.from_numpy(DENSE).to_sparse(),
        torch.sparse_coo_tensor([[0, 1, 1, 1], [1, 0, 2, 2]], [2.0, 1.0, -4.0, 1.0]),
        Sparse((2, 3), [0, 1, 1], [1, 0, 2], [2.0, 1.0, -3.0]),
    ],
)
def test_sparse_matrices_are_sent_by_coordinates(matrix):
    field = wire({"c": [1, 1, 1], "A": matrix})["A"]
    assert (field["format"], field["shape"]) == ("coo", [2, 3])
    entries = dict(zip(zip(field["rows"].tolist(), field["cols"].tolist(), strict=True), field["values"], strict=True))
    assert entries == {(0, 1): 2.0, (1, 0): 1.0, (1, 2): -3.0}
    assert field["rows"].dtype == field["cols"].dtype == np.int64


def test_converting_does_not_touch_the_given_matrix():
    matrix = sparse.coo_array(([1.0, 2.0], ([0, 0], [0, 0])), shape=(1, 1))
    wire({"c": [1], "A": matrix})
    assert matrix.nnz == 2


@given(
    hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=3, max_side=4), elements=st.integers(-3, 3)),
)
def test_a_sparse_matrix_is_its_dense_one(dense):
    rows, cols = np.indices(dense.shape[-2:]).reshape(2, -1)
    values = dense.reshape(*dense.shape[:-2], -1)
    np.testing.assert_array_equal(Sparse(dense.shape[-2:], rows, cols, values).toarray(), dense)


def test_an_upper_triangle_stands_for_both():
    upper = Sparse((2, 2), [0, 0, 1], [0, 1, 1], np.array([[2.0, 1.0, 3.0], [1.0, 0.5, 1.0]]), triangle="upper")
    np.testing.assert_array_equal(upper.toarray(), [[[2, 1], [1, 3]], [[1, 0.5], [0.5, 1]]])
    assert wire({"P": upper})["P"]["triangle"] == "upper"
    assert "triangle" not in wire({"P": Sparse((1, 1), [0], [0], [1.0])})["P"]


@pytest.mark.parametrize(
    ("rows", "cols", "values"), [([0], [0, 1], [1.0]), ([0], [0], [1.0, 2.0]), ([[0]], [[0]], [1.0]), ([0], [0], 1.0)]
)
def test_a_sparse_matrix_checks_its_lengths(rows, cols, values):
    with pytest.raises(ValueError, match="must have one length"):
        Sparse((2, 2), rows, cols, values)


def test_a_sparse_matrix_checks_its_indices():
    with pytest.raises(TypeError, match="rows must be integers"):
        Sparse((2, 2), [0.5], [0], [1.0])
    assert Sparse((2, 2), [], [], []).rows.dtype == np.int64


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16, torch.int32])
def test_tensors_are_read(dtype):
    c = torch.tensor([1, 2], dtype=dtype)
    array = real("c", c.requires_grad_() if dtype.is_floating_point else c)
    assert array.tolist() == [1, 2]
    assert array.dtype == (np.float64 if dtype in (torch.float64, torch.int32) else np.float32)


def test_a_base_must_be_registered():
    with pytest.raises(TypeError, match=r"what Client\.register returned"):
        split({"base": "abc", "c": [1.0]})


def test_a_snapshot_is_independent():
    fields = wire({"c": np.ones(2), "A": Sparse((1, 2), [0], [1], np.ones(1)), "type": "program"})
    copied = snapshot(fields)
    fields["c"][:] = 5
    fields["A"]["values"][:] = 5
    assert copied["c"].tolist() == [1, 1]
    assert copied["A"]["values"].tolist() == [1]
    assert copied["type"] == "program"
