"""What is counted and timed, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The program's figures in a registry of their own, so that two programs in one process do not share them."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.events = Counter(
            "kentongan_events_total", "Events by channel and outcome", ["channel", "outcome"], registry=registry
        )
        self.turn = Histogram(
            "kentongan_turn_seconds", "From arrival to durable commit", buckets=FAST, registry=registry
        )
        self.batch = Histogram(
            "kentongan_batch_events", "Events in a batch", buckets=(1, 2, 4, 8, 16, 32, 64), registry=registry
        )
        self.deliveries = Counter(
            "kentongan_deliveries_total", "Deliveries by channel and outcome", ["channel", "outcome"], registry=registry
        )
        self.delivery = Histogram(
            "kentongan_delivery_seconds", "Calls of the platforms", buckets=FAST, registry=registry
        )
        self.failures = Counter(
            "kentongan_undelivered_total",
            "Messages that a platform took and could not deliver, by its code",
            ["code"],
            registry=registry,
        )
        self.outbox = Gauge("kentongan_outbox_letters", "Letters that wait in this process", registry=registry)
        self.leader = Gauge(
            "kentongan_delivers", "Whether this replica delivers for the channel", ["channel"], registry=registry
        )
        self.unreachable = Gauge(
            "kentongan_agencies_unreachable", "Agencies that hold reports and cannot be reached", registry=registry
        )
        self.clock = Counter("kentongan_clock_total", "What the clock did", ["task"], registry=registry)

        self._delivered: dict[tuple[str, str], Counter] = {}

    def delivered(self, channel: str, outcome: str, seconds: float) -> None:
        """Counts a delivery; the counter is looked for once, which costs more than counting."""
        counter = self._delivered.get((channel, outcome))
        if counter is None:
            counter = self._delivered[(channel, outcome)] = self.deliveries.labels(channel, outcome)
        counter.inc()
        self.delivery.observe(seconds)

    def text(self) -> bytes:
        """All figures in the text format of Prometheus."""
        return generate_latest(self.registry)
