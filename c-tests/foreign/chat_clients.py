"""chat_clients.py <port>: lines go to everybody else; a client that does not read is dropped, and holds up nobody."""
import select
import socket
import sys


def connect():
    return socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=60)


def introduced(speaker, listener, word):
    """Both are known to the server once a line of one has reached the other."""
    speaker.sendall(word)
    assert listener.recv(len(word), socket.MSG_WAITALL) == word


a, b = connect(), connect()
while not select.select([b], [], [], 0.2)[0]:  # b may not be known to the server yet when a's first line comes
    a.sendall(b"hello\n")
a.sendall(b"ready\n")
lines = b.makefile("rb", buffering=0)
while (line := lines.readline()) != b"ready\n":  # however many came
    assert line == b"hello\n"
b.sendall(b"half a ")
b.sendall(b"line\n")
assert a.recv(12, socket.MSG_WAITALL) == b"half a line\n"

deaf = connect()
deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
introduced(deaf, a, b"i am deaf\n")
assert b.recv(10, socket.MSG_WAITALL) == b"i am deaf\n"
line = b"x" * 500 + b"\n"
for _ in range(20000):  # 10 MB, which b reads and the deaf one does not
    a.sendall(line)
    assert b.recv(len(line), socket.MSG_WAITALL) == line
received = 0
try:
    while chunk := deaf.recv(1 << 16):
        received += len(chunk)
except ConnectionResetError:
    pass
assert received < 20000 * len(line), "the deaf client got everything: it was not dropped"
a.close()
b.close()
