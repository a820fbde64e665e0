"""What each method of the Bot API does to the world and answers: chats, topics, settings, taps and files."""

from __future__ import annotations

from collections.abc import Callable

from tests.botapi_edits import EDIT_METHODS
from tests.botapi_messages import MESSAGE_METHODS
from tests.botapi_nouns import Group, Json, Person, Room, Topic, bad
from tests.botapi_world import DOWNLOAD, World
from tests.spec_shapes import TYPES

Work = Callable[[World, Json, Json], object]
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def _get_me(world: World, _: Json, __: Json) -> Json:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _get_file(world: World, p: Json, _: Json) -> Json:
    stored = world.files.get(p["file_id"])
    if stored is None:
        raise bad("invalid file_id")
    if len(stored.data) > DOWNLOAD:
        raise bad("file is too big")
    return stored.facts() | {"file_path": stored.path}


def _get_chat(world: World, p: Json, _: Json) -> Json:
    room = world.known(p["chat_id"])
    if isinstance(room.of, Group):
        world.open(p["chat_id"])
    full: Json = {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = dict.fromkeys(TYPES["AcceptedGiftTypes"].required, False)
    return room.of.chat() | full | {"accepted_gift_types": gifts}


def _group(world: World, chat_id: object) -> Room:
    room = world.open(chat_id)
    if isinstance(room.of, Person):
        raise bad("there are no administrators in the private chat")
    return room


def _get_chat_administrators(world: World, p: Json, _: Json) -> list[Json]:
    room = _group(world, p["chat_id"])
    ids = [user for user, status in room.members.items() if status in ("creator", "administrator")]
    return [world.member(room, user) for user in ids]


def _get_chat_member(world: World, p: Json, _: Json) -> Json:
    return world.member(world.open(p["chat_id"]), p["user_id"])


def _get_chat_member_count(world: World, p: Json, _: Json) -> int:
    room = world.open(p["chat_id"])
    return 2 if isinstance(room.of, Person) else 1 + len(room.members)


def _leave_chat(world: World, p: Json, _: Json) -> bool:
    _group(world, p["chat_id"]).bot = "left"
    return True


def _forum(world: World, chat_id: object, doing: str) -> Room:
    room = world.open(chat_id)
    if not room.forum:
        raise bad("the chat is not a forum")
    if room.bot != "administrator" or not room.manage_topics:
        raise bad(f"not enough rights to {doing} a topic")
    return room


def _topic(world: World, p: Json, doing: str) -> tuple[Room, Topic]:
    room = _forum(world, p["chat_id"], doing)
    topic = room.topics.get(p["message_thread_id"])
    if topic is None:
        raise bad("message thread not found")
    return room, topic


def _create_forum_topic(world: World, p: Json, _: Json) -> Json:
    room = _forum(world, p["chat_id"], "create")
    topic = Topic(p["name"], p.get("icon_color", 7322096))
    thread = world.open_topic(room, world.bot, topic)
    return {"message_thread_id": thread, "name": topic.name, "icon_color": topic.icon_color}


def _edit_forum_topic(world: World, p: Json, _: Json) -> bool:
    room, topic = _topic(world, p, "edit")
    if p.get("name") and p["name"] == topic.name and "icon_custom_emoji_id" not in p:
        raise bad("TOPIC_NOT_MODIFIED")
    topic.name = p.get("name") or topic.name
    world.say(room, world.bot, {"forum_topic_edited": {"name": topic.name}}, p["message_thread_id"], None)
    return True


def _turn_topic(closed: bool) -> Work:
    def work(world: World, p: Json, _: Json) -> bool:
        room, topic = _topic(world, p, "close" if closed else "reopen")
        if topic.closed is closed:
            raise bad("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        news: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        world.say(room, world.bot, news, p["message_thread_id"], None)
        return True

    return work


def _delete_forum_topic(world: World, p: Json, _: Json) -> bool:
    room, _topic_gone = _topic(world, p, "delete")
    drop_topic(room, p["message_thread_id"])
    return True


def drop_topic(room: Room, thread: int) -> None:
    """Takes a topic away with all its messages, as a person may at any time without the bot being told."""
    del room.topics[thread]
    for number in [n for n, one in room.messages.items() if one.get("message_thread_id") == thread]:
        del room.messages[number]


def _answer_callback_query(world: World, p: Json, _: Json) -> bool:
    if world.strict and p["callback_query_id"] not in world.queries:
        raise bad(TOO_OLD)
    world.queries[p["callback_query_id"]] = True
    return True


def _scope(p: Json) -> str:
    scope = p.get("scope") or {"type": "default"}
    return f"commands {sorted(scope.items())} {p.get('language_code', '')}"


def _set_commands(world: World, p: Json, _: Json) -> bool:
    if "chat_id" in (p.get("scope") or {}):
        world.known(p["scope"]["chat_id"])
    world.settings[_scope(p)] = p["commands"]
    return True


def _delete_commands(world: World, p: Json, _: Json) -> bool:
    world.settings.pop(_scope(p), None)
    return True


def _get_commands(world: World, p: Json, _: Json) -> object:
    return world.settings.get(_scope(p), [])


def _keep(name: str) -> Work:
    def work(world: World, p: Json, _: Json) -> bool:
        world.settings[f"{name} {p.get('language_code', '')}"] = p.get(name, "")
        return True

    return work


def _kept(name: str) -> Work:
    def work(world: World, p: Json, _: Json) -> Json:
        return {name: world.settings.get(f"{name} {p.get('language_code', '')}", "")}

    return work


def _set_menu_button(world: World, p: Json, _: Json) -> bool:
    world.settings[f"menu {p.get('chat_id')}"] = p.get("menu_button", {"type": "default"})
    return True


def _get_menu_button(world: World, p: Json, _: Json) -> object:
    return world.settings.get(f"menu {p.get('chat_id')}", {"type": "default"})


METHODS: dict[str, Work] = (
    MESSAGE_METHODS
    | EDIT_METHODS
    | {
        "getMe": _get_me,
        "getFile": _get_file,
        "getChat": _get_chat,
        "getChatAdministrators": _get_chat_administrators,
        "getChatMember": _get_chat_member,
        "getChatMemberCount": _get_chat_member_count,
        "leaveChat": _leave_chat,
        "createForumTopic": _create_forum_topic,
        "editForumTopic": _edit_forum_topic,
        "closeForumTopic": _turn_topic(True),
        "reopenForumTopic": _turn_topic(False),
        "deleteForumTopic": _delete_forum_topic,
        "answerCallbackQuery": _answer_callback_query,
        "setMyCommands": _set_commands,
        "deleteMyCommands": _delete_commands,
        "getMyCommands": _get_commands,
        "setMyName": _keep("name"),
        "getMyName": _kept("name"),
        "setMyDescription": _keep("description"),
        "getMyDescription": _kept("description"),
        "setMyShortDescription": _keep("short_description"),
        "getMyShortDescription": _kept("short_description"),
        "setChatMenuButton": _set_menu_button,
        "getChatMenuButton": _get_menu_button,
    }
)
