"""Questions that could unmask a reporter: recognised, so that the reporter is warned before answering."""

from __future__ import annotations

import re

_LINK = re.compile(r"https?://|www\.|\b[\w-]+\.(?:com|net|org|info|me|ly|io|th|la|kh)\b|t\.me|@\w{3,}", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+?\d[\s().-]?){8,}")
_WHO = re.compile(
    r"ชื่อ|นามสกุล|เบอร์|โทรศัพท์|คุณคือใคร|คุณเป็นใคร|บ้านเลขที่|บัตรประชาชน|ที่อยู่|โลเคชั่น|ตำแหน่งของคุณ|ไลน์ไอดี|อยู่ที่ไหน"
    r"|ຊື່|ນາມສະກຸນ|ເບີໂທ|ທ່ານແມ່ນໃຜ|ບັດປະຈຳຕົວ|ທີ່ຢູ່|ຢູ່ໃສ"
    r"|ឈ្មោះ|លេខទូរស័ព្ទ|អ្នកជានរណា|អត្តសញ្ញាណ|អាសយដ្ឋាន|នៅឯណា"
    r"|\b(?:name|phone|number to call|who are you|address|id card|where do you live|your location|where are you)\b",
    re.IGNORECASE,
)


def probing(words: str) -> bool:
    """Whether a question carries a link or a phone number, or asks who or where the reporter is."""
    return bool(_LINK.search(words) or _NUMBER.search(words) or _WHO.search(words))
