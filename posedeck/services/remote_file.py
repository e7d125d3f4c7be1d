"""A file of a job to seek and read in, fetched in parts: one picture of an archive without the whole of it."""

import io
from collections.abc import Callable

#: Bytes fetched at once: an archive's table of contents, or a picture of ordinary size.
_BLOCK = 262_144

#: Gives so many bytes from a place on (from the end when negative), and the size of the whole.
ReadPart = Callable[[int, int], tuple[bytes, int]]


class RemoteFile(io.RawIOBase):
    """Read-only and seekable. Raises what ``read_part`` raises.

    Args:
        read_part: Fetches a part.
    """

    def __init__(self, read_part: ReadPart) -> None:
        super().__init__()
        self._read_part = read_part
        # Whoever opens an archive begins at its end.
        self._block, self._size = read_part(-_BLOCK, _BLOCK)
        self._block_start = self._size - len(self._block)
        self._position = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As files do."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(start + offset, 0)
        return self._position

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """As files do: fewer bytes than there is room for, none at the end."""
        wanted = min(len(buffer), self._size - self._position)
        if wanted <= 0:
            return 0
        offset = self._position - self._block_start
        if not 0 <= offset < len(self._block):
            self._block, _ = self._read_part(self._position, max(_BLOCK, wanted))
            self._block_start, offset = self._position, 0
        data = self._block[offset : offset + wanted]
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
