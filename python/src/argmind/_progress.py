"""Progress bars, if tqdm is there and they were asked for."""

import contextlib
from collections.abc import Callable, Iterator

Advance = Callable[[int], object]


@contextlib.contextmanager
def bar(total: int, what: str, *, show: bool) -> Iterator[Advance]:
    """A bar over so many instances; yields the function that moves it on.

    Raises:
        ImportError: a bar was asked for and there is no tqdm.
    """
    if not show:
        yield lambda _count: None
        return
    try:
        from tqdm.auto import tqdm  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise ImportError("progress=True needs tqdm: pip install 'argmind[progress]'") from error
    with tqdm(total=total, desc=what, unit="instance") as shown:
        yield shown.update
