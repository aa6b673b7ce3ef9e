"""asyncio_server.py: echoes one connection with an asyncio protocol, prints its port, and how the connection ended."""
import asyncio


class Echo(asyncio.Protocol):
    def __init__(self, ended):
        self.ended = ended
        self.story = []

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def eof_received(self):
        self.story.append("eof")

    def connection_lost(self, error):
        self.story.append(f"lost {error}")
        self.ended.set_result(", ".join(self.story))


async def main():
    loop = asyncio.get_running_loop()
    ended = loop.create_future()
    server = await loop.create_server(lambda: Echo(ended), "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    print(await ended, flush=True)
    server.close()


asyncio.run(main())
