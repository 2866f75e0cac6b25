"""The words of the page around the chats; what the bot says inside them comes from the conversation itself.

The page fills places like {number} by itself, so here each place is bound to its own name.
"""

from __future__ import annotations

from typing import Final

from handlers.messages import T, Text

WORDS: Final[dict[str, Text]] = {
    # Translators: the page where one tries and trains with the bot. "NTS-Mekong Watch" is a name and stays as it is.
    "title": T("NTS-Mekong Watch: practice"),
    # Translators: always visible at the top; short. "This machine" is the computer on which the practice runs.
    "banner": T("Drill: nothing here leaves this machine"),
    "hint": T(
        "Try this first: press Start on a villager's phone and report something. Then open the district's group."
    ),
    "hide_hint": T("Hide this line"),
    "page_language": T("Language of this page"),
    "connecting": T("Connecting…"),
    "lost": T("Connection lost, trying again"),
    # Translators: button that deletes all messages of the practice and begins again.
    "start_over": T("Start over"),
    "start_over_question": T("All phones and messages of this practice will be deleted. Start over?"),
    "start_over_yes": T("Delete and start over"),
    "cancel": T("Cancel"),
    # Translators: heading over the phones of villagers and headmen.
    "phones": T("Phones"),
    # Translators: heading over the group chats of the district coordination centres.
    "groups": T("Groups of the centres"),
    "chats": T("Phones and groups"),
    "villager": T("Villager"),
    "villager_number": T("Villager {number}", number="{number}"),
    # Translators: the headman of a subdistrict (กำนัน / ກຳນັນ / មេឃុំ), not of a village.
    "headman": T("Headman"),
    # Translators: {place} is a subdistrict, and the headman its headman.
    "headman_of": T("Headman, {place}", place="{place}"),
    # Translators: name of a group chat; short. {place} is a district.
    "group": T("Centre"),
    "group_of": T("Centre, {place}", place="{place}"),
    # Translators: small number on the name of a chat that has new messages.
    "unread": T("{count} new", count="{count}"),
    "add_phone": T("Add a phone"),
    "whose_phone": T("Whose phone?"),
    # Translators: LINE or Telegram.
    "which_app": T("Which app?"),
    "which_language": T("Which language?"),
    # Translators: the bot asks for the language in the chat, as it asks everybody.
    "asks_language": T("The bot asks"),
    "which_district": T("Which district?"),
    "add": T("Add"),
    # Translators: button in an empty chat, as Telegram has it.
    "start": T("Start"),
    "empty_phone": T("This phone has not opened the bot yet."),
    "empty_group": T("Nothing has happened here yet. Reports from this district come here."),
    "left": T("The bot has left this group."),
    # Translators: before the name of the officer whose part one plays in the group.
    "acting_as": T("You are"),
    "messages": T("Messages"),
    # Translators: button that jumps to the end of the chat.
    "new_messages": T("New messages"),
    # Translators: the buttons with which one answers the bot.
    "answers": T("Answers"),
    "write": T("Write a message"),
    "send": T("Send"),
    # Translators: button that shows: photo, place, sticker.
    "more": T("Send something else"),
    "photo_or_video": T("Photo or video"),
    "place": T("Place"),
    "sticker": T("Sticker"),
    "record": T("Record a voice message"),
    # Translators: while the microphone records; {seconds} is a time like 0:07.
    "recording": T("Recording {seconds}", seconds="{seconds}"),
    "no_microphone": T("There is no microphone here. Choose a sound file."),
    "reply": T("Reply"),
    # Translators: before the first words of the message that one replies to.
    "reply_to": T("Reply to:"),
    "stop_reply": T("Do not reply"),
    # Translators: before what a person of this chat wrote, read aloud to blind users.
    "you": T("You"),
    "photo": T("Photo"),
    "video": T("Video"),
    "voice": T("Voice message"),
    "file": T("File"),
    # Translators: beside the name of a photo, video or file that was kept but cannot be shown.
    "no_preview": T("kept, no preview"),
    "choose_place": T("Choose a place"),
    "map": T("Map"),
    # Translators: on the edge of the map, where the neighbour country lies.
    "country_LA": T("Laos"),
    "country_KH": T("Cambodia"),
    "map_help": T("Click on the map or move the mark with the arrow keys. You can also choose a name or type numbers."),
    "district": T("District"),
    "named_place": T("Name of a place"),
    "choose": T("Choose…"),
    # Translators: the numbers of a position on the map, for example 15.31, 105.50
    "position": T("Latitude, longitude"),
    # Translators: {place} is a village, subdistrict or district that is near the chosen position.
    "near": T("near {place}", place="{place}"),
    "no_place": T("Choose a place first."),
    "bad_position": T("Please type two numbers like these: 15.31, 105.50"),
    "send_place": T("Send this place"),
    "sending": T("Sending…"),
    # Translators: {reason} says why.
    "refused": T("Not done: {reason}", reason="{reason}"),
    "too_long": T("A message may have at most 10,000 letters."),
    "enough_phones": T("There are enough phones. Start over to have fewer."),
    "offline": T("Not sent: no connection. Please try again."),
    "too_large": T("Not sent: a file may have at most 20 MB."),
}
