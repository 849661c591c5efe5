"""CBOR with numeric arrays as typed byte strings (RFC 8949, RFC 8746).

A one-dimensional array is a typed array (tags 64-87: element type and byte order); any other shape is tag 40,
`[shape, typed array]`, in row-major order. A zero-dimensional array is a plain number. We write little-endian and
read both byte orders, and column-major arrays (tag 1040) as well.

Our own instead of a library's, because arrays then are not copied: they are sent from where they lie, and received
where they will stay.
"""

import math
import struct
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ._errors import InvalidResponse

_ROW_MAJOR, _COLUMN_MAJOR = 40, 1040
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_ENDLESS = 31
_BREAK = 0xFF
_SIMPLE_VALUES = {20: False, 21: True, 22: None, 23: None}
_SMALL = 4096  # bytes of an array that are copied rather than sent on their own
_WINDOW = 1 << 16  # bytes read at once, between arrays
_DEPTH = 64

# RFC 8746, section 2.1. Tag 76 is reserved; 83 and 87 (binary128) have no NumPy type.
_DTYPES = {
    tag: np.dtype(code)
    for tag, code in {
        64: "u1", 65: ">u2", 66: ">u4", 67: ">u8", 68: "u1", 69: "<u2", 70: "<u4", 71: "<u8",
        72: "i1", 73: ">i2", 74: ">i4", 75: ">i8", 77: "<i2", 78: "<i4", 79: "<i8",
        80: ">f2", 81: ">f4", 82: ">f8", 84: "<f2", 85: "<f4", 86: "<f8",
    }.items()
}  # fmt: skip
_TAGS = {("u", 1): 64, ("u", 2): 69, ("u", 4): 70, ("u", 8): 71,
         ("i", 1): 72, ("i", 2): 77, ("i", 4): 78, ("i", 8): 79,
         ("f", 4): 85, ("f", 8): 86}  # fmt: skip


def encode(value: Any) -> bytes:
    """`encode_parts` in one piece."""
    return b"".join(encode_parts(value))


def encode_parts(value: Any) -> list[bytes | memoryview]:
    """CBOR of nested dicts and lists of strings, numbers, None and NumPy arrays of any layout and byte order.

    float16 is widened to float32, booleans become a list; complex and object arrays are a TypeError. Large arrays
    are parts of their own that share the arrays' memory.
    """
    writer = _Writer()
    writer.write(value)
    writer.flush()
    return writer.parts


class _Writer:
    """Collects small items, and passes large arrays on."""

    def __init__(self) -> None:
        self.parts: list[bytes | memoryview] = []
        self._pending = bytearray()

    def flush(self) -> None:
        if self._pending:
            self.parts.append(bytes(self._pending))
            self._pending.clear()

    def write(self, value: Any) -> None:
        if isinstance(value, str):  # the most frequent first
            self._string(_TEXT, value.encode())
        elif isinstance(value, np.ndarray):
            self._array(value)
        elif isinstance(value, np.generic):
            self.write(value.item())
        elif value is None or isinstance(value, bool):
            self._pending.append(0xF6 if value is None else 0xF4 + value)
        elif isinstance(value, int):
            self._integer(value)
        elif isinstance(value, float):
            self._pending += struct.pack(">Bd", 0xFB, value)
        elif isinstance(value, dict):
            self._head(_MAP, len(value))
            for key, item in value.items():
                self.write(key)
                self.write(item)
        elif isinstance(value, list | tuple):
            self._head(_ARRAY, len(value))
            for item in value:
                self.write(item)
        else:
            raise TypeError(f"a {type(value).__name__} cannot be sent")

    def _head(self, major: int, argument: int) -> None:
        high = major << 5
        if argument < 24:
            self._pending.append(high | argument)
        elif argument < 1 << 8:
            self._pending += struct.pack(">BB", high | 24, argument)
        elif argument < 1 << 16:
            self._pending += struct.pack(">BH", high | 25, argument)
        elif argument < 1 << 32:
            self._pending += struct.pack(">BI", high | 26, argument)
        else:
            self._pending += struct.pack(">BQ", high | 27, argument)

    def _integer(self, value: int) -> None:
        argument = value if value >= 0 else -1 - value
        if argument >= 1 << 64:
            raise ValueError(f"{value} is beyond 64 bits and cannot be sent")
        self._head(_UNSIGNED if value >= 0 else _NEGATIVE, argument)

    def _string(self, major: int, data: bytes) -> None:
        self._head(major, len(data))
        self._pending += data

    def _array(self, array: NDArray[Any]) -> None:
        if array.dtype.kind == "b" or array.ndim == 0:
            self.write(array.tolist())
            return
        if array.dtype == np.float16:
            array = array.astype(np.float32)
        tag = _TAGS.get((array.dtype.kind, array.dtype.itemsize))
        if tag is None:
            raise TypeError(f"an array of {array.dtype} cannot be sent; use float32, float64 or integers")
        if array.ndim > 1:
            self._head(_TAG, _ROW_MAJOR)
            self._head(_ARRAY, 2)
            self.write(list(array.shape))
        self._head(_TAG, tag)
        self._head(_BYTES, array.nbytes)
        data = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(-1).view(np.uint8).data
        if len(data) <= _SMALL:
            self._pending += data
        else:
            self.flush()
            self.parts.append(data)


class Source(Protocol):
    """Where an answer comes from."""

    def readinto(self, buffer: memoryview) -> None:
        """Fills the whole buffer."""


def decode(data: bytes) -> Any:
    """The inverse of `encode`; arrays are writable and in native byte order.

    Raises:
        InvalidResponse: the bytes are not CBOR, or an array's shape and contents disagree.
    """
    return _document(_Reader(data, None, 0))


def decode_from(source: Source, length: int) -> Any:
    """`decode` of the next `length` bytes of a source, large arrays straight into their memory."""
    return _document(_Reader(b"", source, length))


def _document(reader: "_Reader") -> Any:
    try:
        value = reader.item(0)
        reader.finish()
    except (ValueError, TypeError) as error:
        raise InvalidResponse(f"the answer is not readable as CBOR: {error}") from error
    return value


class _Break(ValueError):
    """The end of an item of indefinite length; elsewhere it is out of place."""


class _Reader:
    """Reads items from a window of bytes, which moves on over the source."""

    def __init__(self, window: bytes, source: Source | None, left: int) -> None:
        self._window = window
        self._at = 0
        self._source = source
        self._left = left  # bytes of the source beyond the window

    def finish(self) -> None:
        if self._at < len(self._window) or self._left:
            raise ValueError("something follows its end")

    def item(self, depth: int) -> Any:
        if depth > _DEPTH:
            raise ValueError("it is nested too deeply")
        first = self._byte()
        major, info = first >> 5, first & 31
        if first == _BREAK:
            raise _Break("an unexpected break")
        if major == _SIMPLE:
            return self._simple(info)
        argument = info if info < 24 else self._argument(info)
        if argument is None and major not in (_BYTES, _TEXT, _ARRAY, _MAP):
            raise ValueError("a head without a value")
        value: Any
        if major == _TEXT:
            value = self._string(major, argument).decode()
        elif major == _TAG:
            value = self._tagged(int(argument or 0), depth)
        elif major == _UNSIGNED:
            value = argument
        elif major == _ARRAY:
            value = self._array(argument, depth)
        elif major == _MAP:
            value = self._map(argument, depth)
        elif major == _BYTES:
            value = self._string(major, argument)
        else:
            value = -1 - int(argument or 0)
        return value

    def _argument(self, info: int) -> int | None:
        if info == 24:
            return self._byte()
        if info <= 27:
            return int.from_bytes(self._take(1 << (info - 24)))
        if info == _ENDLESS:
            return None
        raise ValueError("a reserved head")

    def _simple(self, info: int) -> Any:
        if info in _SIMPLE_VALUES:
            return _SIMPLE_VALUES[info]
        code = {25: ">e", 26: ">f", 27: ">d"}.get(info)
        if code is None:
            raise ValueError(f"the unknown simple value {info}")
        return struct.unpack(code, self._take(struct.calcsize(code)))[0]

    def _string(self, major: int, length: int | None) -> bytes:
        if length is not None:
            return self._take(length)
        chunks = []
        while (first := self._byte()) != _BREAK:
            info = first & 31
            size = info if info < 24 else self._argument(info)
            if first >> 5 != major or size is None:
                raise ValueError("a chunk of a string that is not one")
            chunks.append(self._take(size))
        return b"".join(chunks)

    def _array(self, count: int | None, depth: int) -> list[Any]:
        values: list[Any] = []
        if count is None:
            try:
                while True:
                    values.append(self.item(depth + 1))
            except _Break:
                return values
        while len(values) < count:
            window, start = self._window, self._at
            value = self.item(depth + 1)
            values.append(value)
            if self._window is window and isinstance(value, str | bool | None):
                values += [value] * self._repeats(window[start : self._at], count - len(values))
        return values

    def _repeats(self, item: bytes, most: int) -> int:
        """How often an item comes again at once, as most statuses do; it is passed over, not decoded."""
        times = min(most, (len(self._window) - self._at) // len(item))
        if not self._window.startswith(item * times, self._at):
            times = 0
            while self._window.startswith(item, self._at + times * len(item)):
                times += 1
        self._at += times * len(item)
        return times

    def _map(self, count: int | None, depth: int) -> dict[Any, Any]:
        members: dict[Any, Any] = {}
        while count is None or len(members) < count:
            try:
                key = self.item(depth + 1)
            except _Break:
                if count is None:
                    break
                raise
            if key in members:
                raise ValueError(f"{key!r} is there twice")
            members[key] = self.item(depth + 1)
        return members

    def _tagged(self, tag: int, depth: int) -> Any:
        if tag in _DTYPES:
            return self._typed(_DTYPES[tag])
        value = self.item(depth + 1)
        if tag not in (_ROW_MAJOR, _COLUMN_MAJOR):
            return value
        if not isinstance(value, list) or len(value) != 2:
            raise ValueError("a multi-dimensional array is a pair of shape and entries")
        shape, flat = value[0], np.asarray(value[1])
        if flat.ndim != 1 or math.prod(shape) != flat.size:
            raise ValueError(f"{flat.size} numbers do not fill an array of shape {shape}")
        return flat.reshape(shape, order="F" if tag == _COLUMN_MAJOR else "C")

    def _typed(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        first = self._byte()
        if first >> 5 != _BYTES:
            raise ValueError("a typed array that is no byte string")
        info = first & 31
        length = info if info < 24 else self._argument(info)
        if length is None:  # in chunks
            data = self._string(_BYTES, None)
            length = len(data)
            self._window, self._at = data + self._window[self._at :], 0
        if length % dtype.itemsize:
            raise ValueError(f"{length} bytes are no whole number of {dtype.itemsize}-byte elements")
        if length <= len(self._window) - self._at:
            here = np.frombuffer(self._window, np.uint8)[self._at : self._at + length]
            self._at += length
            return here.view(dtype).astype(dtype.newbyteorder("="))
        self._announce(length)
        array = np.empty(length // dtype.itemsize, dtype)
        self._fill(array.view(np.uint8).data)
        return array.astype(dtype.newbyteorder("="), copy=False)

    def _announce(self, length: int) -> None:
        """Refuses lengths that the answer cannot hold, before anything is allocated by them."""
        if length > len(self._window) - self._at + self._left:
            raise ValueError("it ends too early")

    def _byte(self) -> int:
        if self._at >= len(self._window):
            self._refill(1)
        self._at += 1
        return self._window[self._at - 1]

    def _take(self, length: int) -> bytes:
        start, end = self._at, self._at + length
        if end > len(self._window):
            self._refill(length)
            start, end = 0, length
        self._at = end
        return self._window[start:end]

    def _refill(self, length: int) -> None:
        """Moves the window on, so that at least so many bytes are in it."""
        self._announce(length)
        size = min(self._left, max(length, _WINDOW))
        more = bytearray(size)
        self._receive(memoryview(more))
        self._window, self._at = self._window[self._at :] + more, 0

    def _fill(self, out: memoryview) -> None:
        inside = min(len(out), len(self._window) - self._at)
        out[:inside] = self._window[self._at : self._at + inside]
        self._at += inside
        if inside < len(out):
            self._receive(out[inside:])

    def _receive(self, out: memoryview) -> None:
        if self._source is None:
            raise ValueError("it ends too early")
        self._source.readinto(out)
        self._left -= len(out)
