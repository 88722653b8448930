"""The folder broker: no half-written message, no long wait."""

import json
from contextlib import suppress
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem
from redis.exceptions import RedisError

from lms.settings.valkey import BROKER_OPTIONS, BROKER_TRANSPORT
from tests.valkey import Valkey

PROPERTIES = {
    "delivery_tag": "1",
    "delivery_info": {"exchange": "", "routing_key": "celery"},
}
MESSAGE = {"body": "", "headers": {}, "properties": PROPERTIES}
# What a full disk, another program or a stranger leaves in a queue.
BROKEN = [
    *(b"", b"\x00\xff\xfe", b"7", b"[]", b"{}", json.dumps(MESSAGE).encode()[:-9]),
    *(
        json.dumps({**MESSAGE, **changed}).encode()
        for changed in (
            {"properties": 1},
            {"properties": {}},
            {"properties": {"delivery_tag": "1"}},
            {"properties": {**PROPERTIES, "delivery_info": []}},
            {"body": "a", "properties": {**PROPERTIES, "body_encoding": "base64"}},
            {"body": "a", "properties": {**PROPERTIES, "body_encoding": "rot13"}},
        )
    ),
]


@pytest.fixture
def connect(tmp_path):
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    connections = []

    def open_connection():
        connection = Connection(
            "filesystem://localhost//",
            transport="lms.core.broker:Transport",
            transport_options=options,
        )
        connections.append(connection)
        return connection

    yield open_connection
    for connection in connections:
        connection.release()


def test_message_cannot_be_taken_before_it_is_whole(connect):
    writer = connect().default_channel
    reader = connect().default_channel

    class ReadMeanwhile:
        def __json__(self):
            with pytest.raises(Empty):
                reader._get("celery")
            return "whole"

    writer._put("celery", {**MESSAGE, "body": ReadMeanwhile()})

    assert reader._get("celery") == {**MESSAGE, "body": "whole"}


def test_worker_that_starts_while_another_makes_a_table_finds_it_whole(connect, monkeypatch):
    first, second = connect().default_channel, connect().default_channel
    lock, started = filesystem.lock, []

    def start_another(file, flags):
        if not started:
            started.append(True)
            second._queue_bind("pidbox", "", "", "imports")
        lock(file, flags)

    # As it is when two workers start at the same moment: the file is there, and nothing in it yet.
    monkeypatch.setattr(filesystem, "lock", start_another)
    first._queue_bind("pidbox", "", "", "bulk")

    assert {one.queue for one in first.get_table("pidbox")} == {"imports", "bulk"}


@pytest.mark.parametrize("content", [b"", b"[[", b"7", b"[7]", b"\x00\xff"])
def test_table_that_cannot_be_read_stops_no_worker(connect, tmp_path, content, caplog):
    table = tmp_path / "control" / "pidbox.exchange"
    table.write_bytes(content)
    channel = connect().default_channel

    assert channel.get_table("pidbox") == []
    channel._queue_bind("pidbox", "", "", "bulk")

    assert [one.queue for one in channel.get_table("pidbox")] == ["bulk"]
    assert [path.name for path in table.parent.iterdir()] == [table.name]
    assert "pidbox" in caplog.text


@pytest.mark.parametrize("content", BROKEN)
def test_message_that_cannot_be_read_stops_nobody(connect, tmp_path, content):
    channel = connect().default_channel
    (tmp_path / "queue" / "-1_broken.celery.msg").write_bytes(content)
    channel._put("celery", MESSAGE)

    assert channel._get("celery") == MESSAGE
    assert list((tmp_path / "queue").iterdir()) == []


def test_messages_come_in_the_order_in_which_they_were_put(connect, monkeypatch):
    channel = connect().default_channel
    moments = [9_999, 10_000, 100_000]
    for moment in moments:
        monkeypatch.setattr("lms.core.broker.monotonic_ns", lambda at=moment: at * 1_000_000)
        channel._put("celery", {**MESSAGE, "body": str(moment)})

    assert [channel._get("celery")["body"] for _ in moments] == [str(one) for one in moments]


def test_message_of_another_queue_is_left_alone(connect):
    channel = connect().default_channel
    channel._put("mail", {"number": 1})

    with pytest.raises(Empty):
        channel._get("celery")

    assert channel._size("mail") == 1


def test_waiting_is_cut_short(connect):
    connection = connect()
    queue = connection.SimpleQueue("celery")

    with pytest.raises(TimeoutError):
        connection.drain_events(timeout=60)

    queue.close()


@pytest.fixture(scope="module")
def valkey():
    server = Valkey()
    yield server
    server.end()


@pytest.fixture
def in_valkey(valkey):
    """A queue in Valkey from which one message is taken at a time, as workers do."""
    options = {**BROKER_OPTIONS, "socket_timeout": 0.5}
    with Connection(
        valkey.url, transport=BROKER_TRANSPORT, transport_options=options
    ) as connection:
        queue = connection.SimpleQueue("celery")
        queue.consumer.qos(prefetch_count=1)
        yield queue
        queue.close()


def test_message_in_valkey_that_cannot_be_read_stops_nobody(in_valkey):
    client = in_valkey.channel.client
    for content in BROKEN:
        client.lpush("celery", content)
    in_valkey.put({"whole": True})

    message = in_valkey.get(timeout=10)

    assert message.payload == {"whole": True}
    message.ack()
    assert client.llen("celery") == 0


@pytest.mark.parametrize("done", ["ack", "reject", "requeue"])
def test_message_done_with_while_valkey_hangs_is_not_waited_for_for_ever(valkey, in_valkey, done):
    """A worker that keeps its place for it takes no other message, and looks alive."""
    in_valkey.put("first")
    first = in_valkey.get(timeout=10)
    in_valkey.put("second")

    valkey.go("hung")
    with suppress(RedisError):
        getattr(first, done)()
    valkey.come_back("hung")

    second = in_valkey.get(timeout=10)
    assert second.payload == "second"
    second.ack()
    # Valkey was told of the first one afterwards; what is to be done again comes back by itself.
    assert in_valkey.channel.client.hlen("unacked") == (1 if done == "requeue" else 0)
    in_valkey.channel.client.flushdb()
