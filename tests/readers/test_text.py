"""Plain text: what is decoded encodes back to the same bytes, and what is no text is refused."""

import codecs
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cleaner.errors import BinaryError, DocumentError, EncodingError
from cleaner.readers.text import decode
from tests.conftest import ARTICLE

TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n\t\x00\ufeffé—")))
WESTERN = "“Café” – naïve façade, £5 ½ price… the mayor’s résumé.\r\n" * 3
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@given(TEXTS)
def test_any_utf8_text_is_read_as_it_is(text):
    # A text that is mostly control characters is binary, by the contract.
    assume(len(re.findall(r"[\x00-\x08\x0e-\x1f\x7f]", text)) < 8)
    assume(not text.startswith("\ufeff"))

    decoded = decode(text.encode())

    assert (decoded.text, decoded.encoding, decoded.bom) == (text, "utf-8", b"")


@given(TEXTS, st.sampled_from(sorted(MARKS)))
def test_a_byte_order_mark_decides(text, encoding):
    # A little-endian UTF-16 text that begins with NUL has the mark of UTF-32.
    assume(not (encoding == "utf-16-le" and text.startswith("\x00")))
    data = MARKS[encoding] + text.encode(encoding)

    decoded = decode(data)

    assert (decoded.text, decoded.encoding, decoded.bom) == (text, encoding, MARKS[encoding])
    assert decoded.encode(decoded.text) == data


@given(
    st.binary(max_size=300)
    | st.builds(
        lambda t, e: t.encode(e, "replace"),
        TEXTS,
        st.sampled_from(["cp1252", "utf-16", "shift-jis", "utf-8", "koi8-r"]),
    )
)
def test_bytes_are_given_back_or_refused_never_garbled(data):
    try:
        decoded = decode(data)
    except DocumentError:
        return
    assert decoded.encode(decoded.text) == data


def test_western_text_that_is_not_utf8_is_cp1252():
    assert decode(WESTERN.encode("cp1252")).text == WESTERN


def test_a_long_western_text_is_read_right_too():
    long = WESTERN + ARTICLE * 10

    assert len(long) > 4096
    assert decode(long.encode("cp1252")).text == long


def test_a_long_text_full_of_other_letters_is_not_taken_for_western():
    russian = "Совет гавани решил во вторник закрыть старый рыбный рынок на набережной. " * 90

    assert "гавани решил" in decode(russian.encode("cp1251")).text


def test_a_codec_that_would_not_give_the_bytes_back_does_not_count():
    japanese = "港の市場は来月閉まる。商人たちは裁判に訴えると話した。".encode("cp932") * 90
    # 87 90 is a second spelling of 81 E0, and that is how it would be written back.
    with pytest.raises(EncodingError):
        decode(japanese + b"\x87\x90")


def test_utf16_without_a_mark_is_read():
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(ARTICLE.encode(encoding)).text == ARTICLE


def test_a_lone_nul_does_not_make_a_text_binary():
    assert decode(b"One\x00two.\n").text == "One\x00two.\n"


def test_broken_utf8_is_refused_with_its_place_and_a_way_to_mend_it():
    data = ("Blåbærgrød på Ærø. " * 30).encode()
    broken = data[:100] + b"\xff" + data[100:]

    with pytest.raises(EncodingError, match=r"byte 100.*iconv"):
        decode(broken)


def test_a_broken_utf16_file_is_refused():
    with pytest.raises(EncodingError, match="utf-16-le"):
        decode(codecs.BOM_UTF16_LE + b"a\x00\x00\xd8b\x00")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", id="jpeg"),
        pytest.param(b"PK\x03\x04\x14\x00", id="zip"),
        pytest.param(b"\x1f\x8b\x08\x00\x00", id="gzip without the name"),
        pytest.param(b"\x7fELF\x02\x01\x01", id="program"),
        pytest.param(b"SQLite format 3\x00", id="sqlite"),
        pytest.param(bytes(range(256)) * 40, id="every byte"),
        pytest.param(bytes(4096), id="nothing but NUL"),
    ],
)
def test_binary_data_is_refused(data):
    with pytest.raises(BinaryError):
        decode(data)


def test_an_empty_file_is_an_empty_text():
    assert decode(b"").text == ""
