"""Positions as people type them, and the links that map apps share."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.positions import Position, Typed, read
from tests.handlers.play import CATALOGUES

DIGITS = CATALOGUES.lexicon.digits
HERE = (15.31, 105.49)
THERE = (15.3185, 105.5008)


@pytest.mark.parametrize(
    ("words", "position"),
    [
        ("15.31, 105.49", HERE),
        ("15.31 105.49", HERE),
        ("15.31,105.49", HERE),
        ("(15.31, 105.49)", HERE),
        ("📍 15.31; 105.49.", HERE),
        ("15.31\n105.49", HERE),
        ("15.31N 105.49E", HERE),
        ("n 15.31 e 105.49", HERE),
        ("15.31° N, 105.49° E", HERE),
        ("105.49E 15.31N", HERE),
        ("Lat: 15.31, Lon: 105.49", HERE),
        ("lat 15.31 long 105.49", HERE),
        ("15.31\uff0c105.49", HERE),
        ("15.31\u3001105.49", HERE),
        ("longitude 105.49 latitude 15.31", HERE),
        ("ละติจูด 15.31 ลองจิจูด 105.49", HERE),
        ("๑๕.๓๑, ๑๐๕.๔๙", HERE),
        ("໑໕.໓໑ ໑໐໕.໔໙", HERE),
        ("១៥.៣១, ១០៥.៤៩", HERE),
        ("15,31 105,49", HERE),
        ("15,31; 105,49", HERE),
        ("15.3, 105.49", (15.3, 105.49)),
        ("15°18'36\"N 105°29'24\"E", HERE),
        ("15° 18′ 36″ 105° 29′ 24″", HERE),
        ("15°18.6'N, 105°29.4'E", HERE),
        ("15°18'36''N105°29'24''E", HERE),
        ("-33.8688, 151.2093", (-33.8688, 151.2093)),
        ("33.8688S 151.2093E", (-33.8688, 151.2093)),
        ("\u221233.8688, 151.2093", (-33.8688, 151.2093)),
        ("105.49, 15.31", (105.49, 15.31)),  # routing sees that it is the wrong way round
        ("0.000000, 0.000000", (0.0, 0.0)),
        ("95.1234, 200.1234", (95.1234, 200.1234)),
    ],
)
def test_degrees(words: str, position: Position) -> None:
    """Every usual spelling, in digits of every script, gives latitude and longitude."""
    found = read(words, DIGITS)
    assert found is not None
    assert found.position == pytest.approx(position, abs=1e-9)
    assert found.beside == ""


@pytest.mark.parametrize(
    "words",
    [
        *("", "15", "105.49", "Khong Chiam", "🙏🙏🙏", "nan, nan", "inf inf", "NaN 105.49", "1e5, 1e5"),
        *("15, 105", "0, 0", "15 105", "12 20"),  # too rough
        *("12.50 13.40", "15.30, 16.45", "500.50 200.25"),  # times and prices
        *("15,31,105,49", "15,31,105.49", "15,31 105.49", "15.31.105.49"),  # a comma may be anything
        *("21.11.2026 15.30", "081-234-5678", "081.2345678.1234", "1.2.3.4"),
        *("15.31N 105.49N", "15.31N 105.49", "15°75'00\"N 105°29'24\"E", "15.5°30'N 105°30'E"),
        *("ราคา 15.50 105.25 บาท", "ตั้งแต่ 15.30 ถึง 16.45"),
        *("15.3185, 105.5008 and 15.4185, 105.6008", "15.3185, 105.5008, 12.3456"),
        *("https://example.org/?ll=15.3185,105.5008", "https://facebook.com/groups/15.3185,105.5008"),
        *("maps.google.com", "geo:", "https://[::1]/maps", "http://maps.google.com.evil.example/?q=15.3185,105.5008"),
        *("1" * 5000, "15.31 " * 800, "°" * 5000, "N" * 5000, "a." * 2500, " " * 5000, "https://" * 600),
    ],
)
def test_what_is_no_position(words: str) -> None:
    """Words, times, prices, phone numbers and other links are never taken for a place."""
    assert read(words, DIGITS) is None


@pytest.mark.parametrize(
    ("link", "position"),
    [
        ("https://www.google.com/maps/@15.3185,105.5008,17z", THERE),
        (
            "https://www.google.com/maps/place/Wat/@15.31,105.49,17z/data=!3m1!4b1!4m6!3m5!1s0x3:0x4!8m2!3d15.3185!4d105.5008!16s",
            THERE,
        ),
        ("https://www.google.co.th/maps/place/Wat/@15.3185,105.5008,15z?hl=th", THERE),
        ("https://www.google.com/maps/place/15%C2%B018'36.0%22N+105%C2%B029'24.0%22E/@15.5,105.5,17z", HERE),
        ("https://www.google.com/maps/search/15.3185,+105.5008?entry=tts", THERE),
        ("https://www.google.com/maps/search/?api=1&query=15.31850%2C105.50080", THERE),
        ("https://maps.google.com/?q=15.3185,105.5008&ll=1.5,2.5", THERE),
        ("maps.google.com/maps?q=loc:15.3185,105.5008", THERE),
        ("http://maps.google.com/maps?ll=15.3185,105.5008&z=12", THERE),
        ("https://maps.google.com?q=15.3185,105.5008(Wat+Khong)", THERE),
        ("http://maps.google.com/maps?f=q&source=s_q&q=15.3185,105.5008", THERE),
        ("https://maps.apple.com/?ll=15.3185,105.5008&q=Dropped%20Pin", THERE),
        ("https://maps.apple.com/?q=15.3185,105.5008", THERE),
        ("https://maps.apple.com/place?coordinate=15.3185,105.5008&name=Pin", THERE),
        ("https://www.openstreetmap.org/?mlat=15.3185&mlon=105.5008#map=12/15.4/105.6", THERE),
        ("https://www.openstreetmap.org/#map=17/15.3185/105.5008", THERE),
        ("https://osm.org/#map=17/15.3185/105.5008&layers=N", THERE),
        ("geo:15.3185,105.5008", THERE),
        ("geo:15.3185,105.5008,120;u=35", THERE),
        ("geo:15.3185,105.5008?z=17", THERE),
        ("geo:0,0?q=15.3185,105.5008(Wat)", THERE),
        ("HTTPS://WWW.GOOGLE.COM/maps/@15.3185,105.5008,17z", THERE),
        ("https://maps.google.com/?q=0,0", (0.0, 0.0)),
        ("https://maps.google.com/?q=105.5008,15.3185", (105.5008, 15.3185)),
    ],
)
def test_map_links(link: str, position: Position) -> None:
    """The pin where the link has one, else the middle of its map; also inside a sentence, and its words stay."""
    assert read(link, DIGITS) == Typed(position)
    assert read(f"เรือจอดที่นี่ {link} เมื่อเช้า", DIGITS) == Typed(position, "เรือจอดที่นี่   เมื่อเช้า")


@pytest.mark.parametrize(
    "link",
    [
        "https://maps.app.goo.gl/AbCdEf123456?g_st=ic",
        "https://goo.gl/maps/AbCdEf",
        "https://osm.org/go/4wr6x--?m=",
        "https://maps.apple/p/AbCdEf",
        "https://www.google.com/maps/place/Khong+Chiam",
        "https://www.google.com/maps/dir/15.31,105.49/15.41,105.59/@15.4,105.5,12z",
        "https://www.openstreetmap.org/directions?route=15.1,105.1;15.2,105.2#map=12/15.1/105.1",
        "https://maps.google.com/?q=nan,nan",
        "https://maps.google.com/?q=1e3,9999",
        "geo:0,0?q=Khong+Chiam",
        "https://maps.apple.com/?q=%ff%fe",
        "https://maps.google.com/?q=15.31,105.49 https://maps.google.com/?q=16.31,104.49",
    ],
)
def test_links_that_tell_no_single_place(link: str) -> None:
    """Short links are not opened, names are not looked up, and of two places none is picked."""
    assert read(link, DIGITS) == Typed(None)
    assert read(f"{link}\nวัดโขงเจียม", DIGITS) == Typed(None, "วัดโขงเจียม")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Boats land at 15.3185, 105.5008 every night.", Typed(THERE, "Boats land at   every night.")),
        ("ที่15.3185,105.5008ครับ", Typed(THERE, "ที่ ครับ")),
        ("Pin (15.31, 105.49) https://maps.app.goo.gl/x", None),
        ("15.31, 105.49\nhttps://maps.app.goo.gl/x", Typed(HERE)),
        ("https://maps.google.com/?q=15.3185,105.5008).", Typed(THERE)),
        (
            "15.3185, 105.5008 https://example.org/a?b=1.2345,6.7890",
            Typed(THERE, "https://example.org/a?b=1.2345,6.7890"),
        ),
        ("15°19'06.6\"N 105°30'02.9\"E\n15.318500, 105.500806", Typed((15.3185, 105.50080555555556))),
        ("15.3185, 105.5008 on 21.11 09.30", Typed(THERE, "on 21.11 09.30")),
        ("A long 3 km walk, 15.3185, 105.5008", Typed(THERE, "A long 3 km walk")),
    ],
)
def test_words_beside_it(words: str, found: Typed | None) -> None:
    """Exact degrees are found among words, rough ones only alone; nothing else that was written is lost."""
    assert read(words, DIGITS) == (found or Typed(None, "Pin (15.31, 105.49"))


@given(st.text(alphabet="0159.,;°'\"NESW -+!@/?=&#:%dmapsgeolthq()๑\n", max_size=200))
def test_nothing_raises(words: str) -> None:
    """Whatever is typed, there is a position, a link without one, or nothing."""
    for text in (words, f"https://maps.google.com/{words}", f"geo:{words}", f"https://osm.org/#map={words}"):
        found = read(text, DIGITS)
        assert found is None or isinstance(found, Typed)


@pytest.mark.parametrize(
    "piece", ["1", "15.31 ", "15°", "N ", "a.", "a-", "(", "https://maps.google.com/?q=", "!3d1!4d", " "]
)
def test_long_words_cost_little(piece: str) -> None:
    """5,000 characters of the worst kind are read in less than half a second."""
    began = time.perf_counter()
    read((piece * 5000)[:5000], DIGITS)
    assert time.perf_counter() - began < 0.5
