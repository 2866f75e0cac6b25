"""Which language? Asked once, in all languages at once; each name stands in its own script."""

from __future__ import annotations

from handlers.messages import Choice, Message, verbatim
from handlers.records import replace
from handlers.session import Session
from handlers.turn import Answer, Picked, Turn
from handlers.welcome import welcome
from handlers.world import World

LANGUAGES = {"th": "ไทย", "lo": "ລາວ", "km": "ខ្មែរ", "en": "English"}
_ASK = "เลือกภาษาของคุณ\nເລືອກພາສາຂອງທ່ານ\nជ្រើសរើសភាសារបស់អ្នក\nChoose your language"


def ask(session: Session, world: World) -> Message:
    """The one question that is not translated. The platform's guess comes first, where there is one."""
    likely = session.likely
    names = sorted(LANGUAGES.items(), key=lambda entry: entry[0] != likely)
    choices = tuple(Choice(code, verbatim(name)) for code, name in names)
    return Message((verbatim(_ASK),), choices)


def answer(session: Session, answer: Answer, world: World) -> Turn | None:
    """Remember the language; a language chosen half-way leaves everything else as it was."""
    if isinstance(answer, Picked) and answer.answer in LANGUAGES:
        greeting = (welcome(session.area, world.places),) if session.area and not session.language else ()
        return Turn(replace(session, language=answer.answer), "chosen", say=greeting, over=True)
    return None
