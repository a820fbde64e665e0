"""One letter's way out: where it goes, with which files, in which thread, and whether it may go now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from bot.channels import Channel, Failure, Outgoing, Refused, Replan, Upload
from bot.log import logger
from bot.media import Media
from bot.noted import Noted
from bot.pace import NONE, Limits
from handlers.notices import LOST_FILES
from handlers.words import Lines, Part
from storage import outbox, windows
from storage.database import Database
from storage.letters import Body, Parcel
from storage.office import Office
from storage.outbox import Sent, Thread
from storage.planned import AHEAD
from storage.waiting import NOWHERE, Place, places

log = logger("dispatch")
ADDRESSES = 20_000
# One announcement of what gathers in an officer's chat is enough for half a day.
QUIET = timedelta(hours=12)


class Waits(Failure):
    """Not a failure: the card was changed a moment ago and may be changed again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__("edited")
        self.seconds = seconds


class Held(Failure):
    """Not a failure: the letter waits until the person writes; `done`: an announcement has left meanwhile."""

    def __init__(self, done: Sent | None = None) -> None:
        super().__init__("held")
        self.done = done


class Delivering:
    """Sends single letters; what comes instead of a delivery is raised."""

    def __init__(
        self,
        database: Database,
        office: Callable[[], Office],
        channels: Mapping[str, Channel],
        media: Media,
        now: Callable[[], datetime],
        limits: Mapping[str, Limits],
        noted: Noted,
        may_send: Callable[[str], None],
        surely: Callable[[Callable[..., None]], Awaitable[None]],
    ) -> None:
        self._database, self._office, self._channels = database, office, channels
        self._media, self._now, self._limits, self._noted = media, now, limits, noted
        self._may_send, self._surely = may_send, surely
        self._known: dict[int, Place] = {}

    def knows(self, parcel: Parcel) -> Place | None:
        """Where a letter goes, where that needs no look at the record."""
        if self._channels[parcel.channel].account:
            # Its window is looked at when it is sent.
            return Place("")
        return None if parcel.group else self._known.get(parcel.contact)

    def forget(self, contact: int) -> None:
        """A contact has another address now."""
        self._known.pop(contact, None)

    async def look_up(self, parcels: Sequence[Parcel]) -> list[Place]:
        """Where these letters go, in one look at the record."""
        vault = self._office().vault
        contacts = [each.contact for each in parcels]
        about = [(each.contact, each.ticket) for each in parcels if each.group and each.ticket is not None]
        found, threads = await self._database.read(lambda c: places(c, vault, contacts, about))
        if len(self._known) + len(found) > ADDRESSES:
            self._known.clear()
        self._known.update((each.contact, found[each.contact]) for each in parcels if not each.group)
        return [
            replace(found[each.contact], thread=threads.get((each.contact, each.ticket or 0), NOWHERE))
            if each.group
            else found[each.contact]
            for each in parcels
        ]

    async def send(self, parcel: Parcel, place: Place) -> Sent:
        """Delivers a letter; raises a Failure."""
        channel = self._channels[parcel.channel]
        if channel.account:
            return await self._send_in_window(parcel, channel)
        thread, opened, is_card = place.thread, "", parcel.part == Part.CARD.value
        if is_card and place.forum and not thread.topic and parcel.body.thread and parcel.ticket is not None:
            opened = await self._open_topic(parcel, parcel.ticket, channel, place.address)
            thread = replace(thread, topic=opened)
        self._spare(parcel, thread)
        body, uploads = await self._with_files(parcel)
        letter = Outgoing(
            place.address,
            body,
            topic=parcel.body.topic or thread.topic,
            reply_to=parcel.body.reply_to or ("" if thread.topic else thread.card),
            edit=thread.card if is_card else "",
            uploads=uploads,
            group=parcel.group,
        )
        self._may_send(parcel.channel)
        messages = await channel.send(letter)
        self._noted.brought(parcel)
        return Sent(parcel, messages, self._now(), opened)

    async def _send_in_window(self, parcel: Parcel, channel: Channel) -> Sent:
        """Freely within a day of the person's last message; after it in a form; what has no form waits for them."""
        contact, vault, now = parcel.contact, self._office().vault, self._now()
        reach = await self._database.read(lambda c: windows.reach(c, vault, contact, channel.account))
        letter = Outgoing(reach.address, parcel.body, phone=reach.phone, ident=parcel.id, attempts=parcel.attempts)
        if reach.is_open(now):
            body, uploads = await self._with_files(parcel)
            self._may_send(parcel.channel)
            messages = await channel.send(replace(letter, body=body, uploads=uploads, reply_to=body.reply_to))
            self._noted.brought(parcel)
            return Sent(parcel, messages, self._now(), confirmed_later=True)
        form = parcel.body.form
        asked = reach.announced_since_open()
        if form is None or (form.gathers and asked is not None and now - asked < QUIET):
            raise Held
        self._may_send(parcel.channel)
        messages, whole = await channel.announce(letter)
        done = Sent(parcel, messages, self._now(), confirmed_later=True, follows=not whole)
        if not whole:
            raise Held(done)
        return done

    async def _open_topic(self, parcel: Parcel, ticket: int, channel: Channel, address: str) -> str:
        """A topic for the ticket where the group has topics; none where the platform or its rights forbid it."""
        try:
            self._may_send(parcel.channel)
            topic = await channel.open_topic(address, parcel.body.thread)
        except (Refused, Replan) as failure:
            log.warning("no_topic", why=failure.why)
            return ""
        # Where this is forgotten, a second topic is opened.
        await self._surely(lambda c: outbox.keep_topic(c, parcel.contact, ticket, topic))
        return topic

    def _spare(self, parcel: Parcel, thread: Thread) -> None:
        """Raises where a card was changed too short a while ago."""
        pause = self._limits.get(parcel.channel, NONE).between_edits
        if pause and parcel.part == Part.CARD.value and thread.card and thread.edited_at is not None:
            since = (self._now() - thread.edited_at).total_seconds()
            # What was changed in a time that has not come was changed by a clock that ran ahead.
            if -AHEAD.total_seconds() <= since < pause:
                raise Waits(pause - since)

    async def _with_files(self, parcel: Parcel) -> tuple[Body, Sequence[Upload]]:
        """The letter's files; where some cannot be sent, it says so."""
        body = self._noted.body(parcel)
        if not body.files:
            return body, ()
        uploads = await self._media.uploads(body.files)
        lost = len(body.files) - len(uploads)
        return (self.without(body, lost) if lost else body), uploads

    def without(self, body: Body, lost: int) -> Body:
        """The letter with so many files fewer, saying so."""
        said = self._office().render(Lines((body.text, LOST_FILES(n=lost))), "id")
        return msgspec.structs.replace(body, text=said, files=body.files if lost < len(body.files) else ())
