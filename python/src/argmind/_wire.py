"""CBOR with numeric arrays as typed byte strings (RFC 8949, RFC 8746).

A one-dimensional array is a typed array (tags 64-87: element type and byte order); any other shape is tag 40,
`[shape, typed array]`, in row-major order. A zero-dimensional array is a plain number. We write little-endian and
read both byte orders, and column-major arrays (tag 1040) as well.
"""

import math
from typing import Any

import cbor2
import numpy as np
from numpy.typing import NDArray

from ._errors import InvalidResponse

_ROW_MAJOR, _COLUMN_MAJOR = 40, 1040

# RFC 8746, section 2.1. Tag 76 is reserved; 83 and 87 (binary128) have no NumPy type.
_DTYPES = {
    64: "u1", 65: ">u2", 66: ">u4", 67: ">u8", 68: "u1", 69: "<u2", 70: "<u4", 71: "<u8",
    72: "i1", 73: ">i2", 74: ">i4", 75: ">i8", 77: "<i2", 78: "<i4", 79: "<i8",
    80: ">f2", 81: ">f4", 82: ">f8", 84: "<f2", 85: "<f4", 86: "<f8",
}  # fmt: skip
_TAGS = {("u", 1): 64, ("u", 2): 69, ("u", 4): 70, ("u", 8): 71,
         ("i", 1): 72, ("i", 2): 77, ("i", 4): 78, ("i", 8): 79,
         ("f", 4): 85, ("f", 8): 86}  # fmt: skip


def encode(value: Any) -> bytes:
    """CBOR of nested dicts and lists of strings, numbers, None and NumPy arrays of any layout and byte order.

    float16 is widened to float32, booleans become a list; complex and object arrays are a TypeError.
    """
    return cbor2.dumps(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return _tagged(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _tagged(array: NDArray[Any]) -> Any:
    if array.dtype.kind == "b" or array.ndim == 0:
        return array.tolist()
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    tag = _TAGS.get((array.dtype.kind, array.dtype.itemsize))
    if tag is None:
        raise TypeError(f"an array of {array.dtype} cannot be sent; use float32, float64 or integers")
    data = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()  # C order whatever the layout
    typed = cbor2.CBORTag(tag, data)
    return typed if array.ndim == 1 else cbor2.CBORTag(_ROW_MAJOR, [list(array.shape), typed])


def decode(data: bytes) -> Any:
    """The inverse of `encode`; arrays are writable and in native byte order.

    Raises:
        InvalidResponse: the bytes are not CBOR, or an array's shape and contents disagree.
    """
    try:
        return cbor2.loads(data, tag_hook=_untagged)
    except (cbor2.CBORDecodeError, ValueError) as error:
        raise InvalidResponse(f"the answer is not readable as CBOR: {error.__cause__ or error}") from error


def _untagged(tag: cbor2.CBORTag, _immutable: bool) -> Any:
    if tag.tag in _DTYPES:
        return _typed(tag.value, np.dtype(_DTYPES[tag.tag]))
    if tag.tag in (_ROW_MAJOR, _COLUMN_MAJOR):
        shape, contents = tag.value
        flat = np.asarray(contents)
        if flat.ndim != 1 or math.prod(shape) != flat.size:
            raise ValueError(f"{flat.size} numbers do not fill an array of shape {shape}")
        return flat.reshape(shape, order="F" if tag.tag == _COLUMN_MAJOR else "C")
    return tag.value


def _typed(data: bytes, dtype: np.dtype[Any]) -> NDArray[Any]:
    if len(data) % dtype.itemsize:
        raise ValueError(f"{len(data)} bytes are no whole number of {dtype.itemsize}-byte elements")
    # A copy, because the decoder's bytes are read-only.
    return np.frombuffer(data, dtype).astype(dtype.newbyteorder("="))
