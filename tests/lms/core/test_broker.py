"""The folder broker under a reader that never pauses."""

import threading
from queue import Empty

import pytest
from kombu import Connection


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


def test_message_is_never_read_half_written(connect):
    total = 1000
    writer = connect().default_channel
    reader = connect().default_channel
    numbers = range(total)
    thread = threading.Thread(
        target=lambda: [writer._put("celery", {"number": number}) for number in numbers]
    )
    thread.start()
    received = []
    while len(received) < total:
        try:
            received.append(reader._get("celery")["number"])
        except Empty:
            assert thread.is_alive() or reader._size("celery"), "messages were lost"
    thread.join()

    assert sorted(received) == list(numbers)


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
