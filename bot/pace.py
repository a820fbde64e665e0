"""How fast a channel may be written to: token buckets for the account, for a person, and for a group."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, refilled at `per_second`."""

    burst: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform allows. A group's burst and refill together stay under its figure for a minute."""

    account: Rate
    person: Rate
    group: Rate
    between_edits: float = 0.0


# The Bot API's FAQ: 30 a second in all, one a second and person, 20 a minute and group. Burst and refill stay a tenth
# of a second below: calls take unequally long, and Telegram counts them when they arrive.
TELEGRAM = Limits(Rate(3, 25), Rate(3, 0.9), Rate(5, 0.25), between_edits=10.0)
# Cloud API: 80 a second for a number; one in six seconds for a person, of which 45 may be borrowed at once.
WHATSAPP = Limits(Rate(20, 60), Rate(30, 1 / 6), Rate(30, 1 / 6))
NONE = Limits(Rate(1e9, 1e9), Rate(1e9, 1e9), Rate(1e9, 1e9))


@dataclass(slots=True)
class Bucket:
    """Tokens that refill with time; the clock is an argument."""

    rate: Rate
    tokens: float
    at: float

    def wait(self, now: float, count: int) -> float:
        """Seconds until so many tokens are there, or as many as ever are; 0 when they are."""
        self.tokens = min(self.rate.burst, self.tokens + max(0.0, now - self.at) * self.rate.per_second)
        self.at = max(self.at, now)
        wanted = min(count, self.rate.burst)
        return 0.0 if self.tokens >= wanted - 1e-9 else (wanted - self.tokens) / self.rate.per_second

    def take(self, count: int) -> None:
        """Takes tokens; more than there are leave a debt."""
        self.tokens -= count


@dataclass(slots=True)
class Pace:
    """The buckets of one account, and the pauses that the platform asked for."""

    limits: Limits
    _account: Bucket | None = None
    _contacts: dict[int, Bucket] = field(default_factory=dict)
    _paused: dict[int, float] = field(default_factory=dict)
    _account_paused: float = 0.0

    def wait(self, contact: int, group: bool, now: float, count: int = 1) -> float:
        """Seconds until this contact may be sent so many messages; 0 means now, and counts as sent."""
        pause = max(self._account_paused, self._paused.get(contact, 0.0)) - now
        if pause > 0:
            return pause
        if self.limits is NONE:
            return 0.0
        if self._account is None:
            self._account = Bucket(self.limits.account, self.limits.account.burst, now)
        mine = self._contacts.get(contact)
        if mine is None:
            rate = self.limits.group if group else self.limits.person
            mine = self._contacts[contact] = Bucket(rate, rate.burst, now)
        wait = max(self._account.wait(now, count), mine.wait(now, count))
        if wait == 0:
            self._account.take(count)
            mine.take(count)
        return wait

    def account_wait(self, now: float, count: int = 1) -> float:
        """Seconds until anybody at all may be sent so many messages."""
        return max(0.0, self._account_paused - now, self._account.wait(now, count) if self._account else 0.0)

    def pause(self, contact: int, until: float, now: float) -> None:
        """Writes nothing to this contact until then; when three wait at once, the account itself is too fast."""
        self._paused[contact] = max(until, self._paused.get(contact, 0.0))
        if sum(each > now for each in self._paused.values()) >= 3:
            self.pause_all(until)

    def pause_all(self, until: float) -> None:
        self._account_paused = max(self._account_paused, until)

    def forget_idle(self, now: float) -> None:
        """Lets go of contacts whose buckets are full again."""
        self._paused = {contact: until for contact, until in self._paused.items() if until > now}
        self._contacts = {
            contact: bucket
            for contact, bucket in self._contacts.items()
            if bucket.tokens + (now - bucket.at) * bucket.rate.per_second < bucket.rate.burst
        }


@dataclass(slots=True)
class Paces:
    """The paces of all channels; `closed`: those on which nobody may be written to, and until when."""

    of: dict[str, Pace]
    closed: dict[str, float] = field(default_factory=dict)

    def open(self, now: float) -> None:
        """Lets those be written to whose time has come."""
        if self.closed:
            self.closed = {channel: until for channel, until in self.closed.items() if until > now}

    def wait(self, channel: str, contact: int, group: bool, now: float, count: int) -> float:
        """Seconds until a contact may be sent so many messages; 0 means now, and counts as sent."""
        pace = self.of[channel]
        if (wait := pace.account_wait(now, count)) > 0:
            self.closed[channel] = now + wait
            return wait
        return pace.wait(contact, group, now, count)

    def pause(self, now: float) -> float | None:
        """Seconds until the first closed channel opens; none where none is closed."""
        return min(self.closed.values()) - now if self.closed else None

    def forget_idle(self, now: float) -> None:
        """Lets go of contacts whose buckets are full again."""
        for pace in self.of.values():
            pace.forget_idle(now)
