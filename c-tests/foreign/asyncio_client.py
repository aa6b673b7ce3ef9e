"""asyncio_client.py <port>: talks to an echo server with asyncio: many at once, half-closed, slow, reset, silent."""
import asyncio
import random
import socket
import struct
import sys

PORT = int(sys.argv[1])


async def exchange(number):
    """Writes and reads at the same time, ends its side, and must get every byte back, then the end."""
    data = random.Random(number).randbytes(200_000)
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    writer.write(data)
    writer.write_eof()
    assert await reader.read() == data
    writer.close()
    await writer.wait_closed()


async def one_byte_at_a_time():
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    for byte in b"slowly":
        writer.write(bytes([byte]))
        assert await reader.readexactly(1) == bytes([byte])
    writer.close()
    await writer.wait_closed()


def reset_in_the_middle():
    """A connection with much under way ends in a reset."""
    s = socket.create_connection(("127.0.0.1", PORT))
    s.sendall(b"x" * 300_000)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


async def main():
    silent = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(5)]
    for _ in range(10):
        reset_in_the_middle()
    await asyncio.gather(one_byte_at_a_time(), *(exchange(number) for number in range(50)))
    for s in silent:
        s.close()


asyncio.run(main())
