"""CBOR and RFC 8746: known bytes, and round trips of every dtype, shape, layout and byte order."""

import struct

import cbor2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from argmind import InvalidResponse
from argmind._wire import decode, encode

SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4)
SENT = ["u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f4", "f8"]


def same(a, b):
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


@given(
    hnp.arrays(st.sampled_from([order + dtype for dtype in SENT for order in "<>"]), SHAPES),
    st.sampled_from(["C", "F", "reversed", "strided"]),
)
def test_a_round_trip_keeps_dtype_shape_and_values(array, layout):
    laid_out = {
        "C": np.ascontiguousarray(array),
        "F": np.asfortranarray(array),
        "reversed": array[::-1].copy()[::-1],
        "strided": np.repeat(array, 2, axis=0)[::2],
    }[layout]
    back = decode(encode(laid_out))
    assert same(back, array)
    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.flags.writeable


@given(hnp.arrays(st.sampled_from(SENT), ()))
def test_a_zero_dimensional_array_is_a_number(array):
    back = decode(encode(array))
    assert isinstance(back, int | float)
    assert same(np.asarray(back, array.dtype), array)


@given(hnp.arrays(np.float16, SHAPES))
def test_half_precision_is_widened(array):
    back = decode(encode(array))
    assert back.dtype == np.float32
    assert same(back, array.astype(np.float32))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_plain_values_come_back(value):
    assert decode(encode(value)) == value


def test_the_bytes_of_a_vector():
    assert encode(np.array([1.0, -2.5])) == bytes.fromhex("d85650") + struct.pack("<2d", 1.0, -2.5)
    assert encode(np.array([1, -2], np.int32)) == bytes.fromhex("d84e48") + struct.pack("<2i", 1, -2)


def test_the_bytes_of_a_matrix():
    matrix = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    expected = bytes.fromhex("d828 82 820203 d855 5818") + struct.pack("<6f", 1, 2, 3, 4, 5, 6)
    assert encode(matrix) == expected
    assert encode(np.asfortranarray(matrix)) == expected


@pytest.mark.parametrize(
    "hexadecimal",
    [
        "d828 82 820203 d841 4c 0002 0004 0008 0004 0010 0100",  # the example of RFC 8746, section 3.1.1
        "d90410 82 820203 d841 4c 0002 0004 0004 0010 0008 0100",  # of section 3.1.2, column-major
        "d828 82 820203 86 02 04 08 04 10 190100",  # with a plain array inside
    ],
)
def test_the_examples_of_the_standard(hexadecimal):
    assert decode(bytes.fromhex(hexadecimal)).tolist() == [[2, 4, 8], [4, 16, 256]]


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *[(64, "<B"), (65, ">H"), (66, ">I"), (67, ">Q"), (68, "<B"), (69, "<H"), (70, "<I"), (71, "<Q")],
        *[(72, "<b"), (73, ">h"), (74, ">i"), (75, ">q"), (77, "<h"), (78, "<i"), (79, "<q")],
        *[(80, ">e"), (81, ">f"), (82, ">d"), (84, "<e"), (85, "<f"), (86, "<d")],
    ],
)
def test_every_typed_array_is_read(tag, code):
    data = b"".join(struct.pack(code, value) for value in (1, 2, 100))
    array = decode(cbor2.dumps(cbor2.CBORTag(tag, data)))
    assert array.tolist() == [1, 2, 100]
    assert array.dtype == np.dtype(code[1]).newbyteorder("=")


def test_numpy_scalars_and_booleans():
    value = {"a": np.float32(0.5), "b": np.int64(-3), "c": np.bool_(True), "d": np.array([True, False]), "e": (1, 2)}
    assert decode(encode(value)) == {"a": 0.5, "b": -3, "c": True, "d": [True, False], "e": [1, 2]}


@pytest.mark.parametrize("array", [np.zeros(2, complex), np.array([None, 1]), np.zeros(2, np.longdouble)])
def test_what_cannot_be_sent_is_a_type_error(array):
    with pytest.raises(TypeError, match="cannot be sent"):
        encode(array)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x82\x01",
        b"\xd8\x56\x43abc",  # three bytes are no float64
        b"\xd8\x56\x01",  # a typed array that is a number
        bytes.fromhex("d828 82 820203 d855 44 00000000"),  # one number for a 2x3 matrix
        bytes.fromhex("d828 01"),  # no pair
    ],
)
def test_garbage_is_an_invalid_response(data):
    with pytest.raises(InvalidResponse, match="not readable as CBOR"):
        decode(data)
