"""Plain text: bytes → text, with the encoding that gives the bytes back."""

import re
from dataclasses import dataclass

from cleaner.errors import BinaryError, EncodingError

# UTF-32 before UTF-16: its little-endian mark begins with the other's.
BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_MAGIC = re.compile(
    rb"%PDF-\d|\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|PK\x03\x04|\x7fELF|\x1f\x8b\x08|BZh[1-9]1AY&SY"
    rb"|\xfd7zXZ\x00|7z\xbc\xaf\x27\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd|RIFF.{4}(?:WAVE|AVI |WEBP)"
    rb"|OggS\x00|ID3[\x02-\x04]|.{4}ftyp|SQLite format 3\x00|\xd0\xcf\x11\xe0\xa1\xb1|PAR1|\x00asm",
    re.DOTALL,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# A text may hold a stray control character, and a real text in a known encoding even some; a file
# in no known encoding that is strewn with them is not a text.
_SOME_CONTROLS, _MANY_CONTROLS = 8, 32
_SOME_SHARE, _MANY_SHARE = 0.02, 0.3
# Statistics over a short text, or over few letters that are not ASCII, guess wildly; Western web
# text that is not UTF-8 is mostly cp1252. English has under 1 % of such letters, German under 3 %,
# Polish and Czech, which need another codec, over 6 %.
_SHORT = 4096
_FEW_HIGH = 0.03
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and how it was encoded: `bom + text.encode(encoding)` are the bytes it came from."""

    text: str
    encoding: str
    bom: bytes = b""

    def encode(self, text: str) -> bytes:
        """Encode a text as the input was encoded."""
        return self.bom + text.encode(self.encoding)


def decode(data: bytes) -> Decoded:
    """Decode the bytes of a text file.

    A byte order mark decides, then UTF-8 if it is valid, then cp1252 for short texts, then what
    charset-normalizer finds. A codec counts only if it encodes back to the same bytes.

    Raises:
        BinaryError: the bytes are not text.
        EncodingError: no codec gives the bytes back.
    """
    if looks_binary(data):
        raise BinaryError("a binary file, not text (by its first bytes)")
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _with_bom(data, bom, encoding)
    controls = len(_CONTROL.findall(data[: 1 << 16]))
    share = controls / max(1, min(len(data), 1 << 16))
    if utf16 := _utf16_without_bom(data, share):
        return Decoded(data.decode(utf16), utf16)
    if controls >= _MANY_CONTROLS and share > _MANY_SHARE:
        raise BinaryError("a binary file, not text (it is full of control characters)")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if controls >= _SOME_CONTROLS and share > _SOME_SHARE:
            raise BinaryError("a binary file, not text (control characters, not UTF-8)") from error
        return _guess(data, error)


def looks_binary(data: bytes) -> bool:
    """Whether the first bytes are those of a known binary format."""
    return bool(_MAGIC.match(data))


def _with_bom(data: bytes, bom: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data[len(bom) :].decode(encoding), encoding, bom)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"begins with the mark of {encoding} but breaks off it at byte {error.start}; "
            "save it again as UTF-8"
        ) from error


def _utf16_without_bom(data: bytes, control_share: float) -> str | None:
    """Latin text in UTF-16 has a NUL in every second byte, and hardly any elsewhere."""
    if control_share < _MANY_SHARE or len(data) < _MANY_CONTROLS or len(data) % 2:
        return None
    sample = data[: 1 << 16]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    for encoding, nuls, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if nuls > 0.6 * len(sample) / 2 and others < 0.05 * len(sample) / 2:
            try:
                data.decode(encoding)
            except UnicodeDecodeError:
                return None
            return encoding
    return None


def _guess(data: bytes, utf8_error: UnicodeDecodeError) -> Decoded:
    in_sequences = sum(len(m) for m in _MULTIBYTE.findall(data))
    if in_sequences > 0.8 * len(_HIGH.findall(data)):
        # UTF-8 with a few broken bytes. Any other codec would garble the rest of the text.
        raise EncodingError(
            f"UTF-8 that is broken at byte {utf8_error.start}; "
            "mend it with `iconv -c -f utf-8 -t utf-8 FILE`"
        )
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
            if text.encode(encoding) == data:
                return Decoded(text, encoding)
        except (UnicodeError, LookupError):
            continue
    raise EncodingError(
        "no text encoding fits; save it again as UTF-8 "
        f"(byte {utf8_error.start} is 0x{data[utf8_error.start]:02x})"
    )


def _candidates(data: bytes) -> list[str]:
    if len(data) <= _SHORT or len(_HIGH.findall(data)) <= _FEW_HIGH * len(data):
        return ["cp1252"]
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return [best.encoding, "cp1252"] if best else ["cp1252"]
