"""What people do to the bot's place in chats: adding, promoting, removing, blocking, migrating."""

from __future__ import annotations

import dataclasses
import time

from tests.botapi_methods import drop_topic
from tests.botapi_nouns import SUPERGROUP, Group, Person, Room, Topic
from tests.botapi_updates import People
from tests.botapi_world import chat_member


class Membership(People):
    """Everything that changes who is where; each returns what the bot's webhook answered."""

    def new_group(self, title: str, forum: bool = False, supergroup: bool = False) -> Group:
        """A group without the bot; a forum is always a supergroup."""
        return self.world.new_group(title, forum, supergroup)

    def member(self, group: Group, user: Person, status: str = "administrator") -> None:
        """Makes a person creator, administrator, member, or one who left; the bot is not told."""
        self.world.room_of(user)
        self.world.rooms[group.id].members[user.id] = status

    async def add_bot(self, user: Person, group: Group, admin: bool = True, manage_topics: bool = True) -> int:
        """A person adds the bot to a group, which is his own when it had no owner."""
        room = self.world.rooms[group.id]
        room.members.setdefault(user.id, "member" if "creator" in room.members.values() else "creator")
        await self._become(user, room, "administrator" if admin else "member", admin and manage_topics)
        message = self.world.say(room, user.user(), {"new_chat_members": [self.world.bot]}, None, None)
        return await self.deliver("message", message)

    async def promote(self, user: Person, group: Group, admin: bool = True, manage_topics: bool = True) -> int:
        """A person gives the bot administrator rights or takes them away."""
        room = self.world.rooms[group.id]
        return await self._become(user, room, "administrator" if admin else "member", admin and manage_topics)

    async def remove_bot(self, user: Person, group: Group) -> int:
        """A person removes the bot from a group."""
        return await self._become(user, self.world.rooms[group.id], "kicked", False)

    async def block(self, user: Person) -> int:
        """A person blocks the bot."""
        room = self.world.room_of(user)
        room.blocked = True
        return await self._become(user, room, "kicked", False)

    async def unblock(self, user: Person) -> int:
        """A person lets the bot write to him again."""
        room = self.world.room_of(user)
        room.blocked, room.started = False, True
        return await self._become(user, room, "member", False)

    async def _become(self, user: Person, room: Room, status: str, manage_topics: bool) -> int:
        old = chat_member(self.world.bot, room.bot, room.manage_topics)
        room.bot, room.manage_topics = status, manage_topics
        new = chat_member(self.world.bot, status, manage_topics)
        change = {"date": int(time.time()), "old_chat_member": old, "new_chat_member": new}
        return await self.deliver("my_chat_member", {"chat": room.of.chat(), "from": user.user()} | change)

    async def migrate(self, group: Group) -> Group:
        """A group becomes a supergroup with a new id; calls to the old id are refused from then on."""
        old = self.world.rooms[group.id]
        new = dataclasses.replace(group, id=SUPERGROUP - 3_000_000_000 - self.world.number())
        owner = next((user for user, status in old.members.items() if status == "creator"), 777000)
        room = self.world.rooms[owner].of if owner in self.world.rooms else Person(owner)
        sender = room.user() if isinstance(room, Person) else self.world.bot
        fresh = Room(new, old.bot, old.manage_topics, members=dict(old.members))
        self.world.rooms[new.id] = fresh
        leaving = self.world.say(old, sender, {"migrate_to_chat_id": new.id}, None, None)
        arriving = self.world.say(fresh, sender, {"migrate_from_chat_id": group.id}, None, None)
        old.moved_to = new.id
        await self.deliver("message", leaving)
        await self.deliver("message", arriving)
        return new

    async def new_topic(self, user: Person, group: Group, name: str) -> int:
        """A person opens a topic; returns its id."""
        room = self.world.rooms[group.id]
        thread = self.world.open_topic(room, user.user(), Topic(name))
        await self.deliver("message", room.messages[thread])
        return thread

    def drop_topic(self, group: Group, topic: int) -> None:
        """A person deletes a topic, of which the bot is told nothing."""
        drop_topic(self.world.rooms[group.id], topic)
