"""The parts of a ``multipart/form-data`` body, collected as it comes.

Starlette's own reader puts each file into a temporary one; pictures are small enough to do without, and a clip goes
where its reader wants it.
"""

from collections.abc import AsyncIterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MAX_PARTS = 25


class MultipartError(ValueError):
    """The body is not what its header says; the text tells what is wrong."""


@dataclass
class Part:
    """One part; ``is_file`` when it has a file name. Its data is in memory, or in a file at ``path``."""

    name: str = ""
    is_file: bool = False
    data: bytearray = field(default_factory=bytearray, repr=False)
    path: Path | None = None


async def read_parts(content_type: str, body: AsyncIterable[bytes], folder: Path | None = None) -> list[Part]:
    """The parts in their order.

    Args:
        content_type: The header.
        body: The body as it comes.
        folder: Where parts with a file name are written; without one they are held in memory like the others.

    Raises:
        MultipartError, and whatever reading the body raises.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise MultipartError("the Content-Type has no boundary")
    collector = _Collector(folder)
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collector.begin_part,
                "on_header_field": collector.take_header_name,
                "on_header_value": collector.take_header_value,
                "on_header_end": collector.end_header,
                "on_headers_finished": collector.begin_data,
                "on_part_data": collector.take_data,
                "on_part_end": collector.end_part,
                "on_end": collector.end,
            },
        )
        async for chunk in body:
            parser.write(chunk)
    except FormParserError as error:
        raise MultipartError("it is damaged") from error
    finally:
        collector.end_part()
    if not collector.ended:
        raise MultipartError("its end is missing")
    if not all(part.name for part in collector.parts):
        raise MultipartError("a part has no name")
    return collector.parts


class _Collector:
    def __init__(self, folder: Path | None) -> None:
        self.parts: list[Part] = []
        self._folder = folder
        self._file: BinaryIO | None = None
        self.ended = False
        self._header_name = bytearray()
        self._header_value = bytearray()

    def begin_part(self) -> None:
        if len(self.parts) == MAX_PARTS:
            raise MultipartError(f"it has more than {MAX_PARTS} parts")
        self.parts.append(Part())

    def take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def take_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            options = parse_options_header(bytes(self._header_value))[1]
            self.parts[-1].name = options.get(b"name", b"").decode("utf-8", "replace")
            self.parts[-1].is_file = b"filename" in options
        self._header_name.clear()
        self._header_value.clear()

    def begin_data(self) -> None:
        part = self.parts[-1]
        if self._folder is not None and part.is_file:
            part.path = self._folder / f"part-{len(self.parts)}"
            self._file = part.path.open("wb")

    def take_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])
        else:
            self.parts[-1].data += data[start:end]

    def end_part(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def end(self) -> None:
        self.ended = True
