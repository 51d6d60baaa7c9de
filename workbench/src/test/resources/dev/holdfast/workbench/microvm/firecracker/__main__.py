"""Stands in for Firecracker: a program that is started as it is and asked as it is, and that refuses whatever Firecracker's
own description of its interface does not allow."""

import json
import os
import re
import socket
import sys
import traceback

from description import LARGEST_BODY, Instance, Refused, require
from machine import Machine


def read_request(stream):
    """Method, path and body; None at the end of the connection."""
    first = stream.readline(4096)
    if not first:
        return None
    parts = re.fullmatch(rb"(GET|PUT|PATCH) (/[a-z/-]*) HTTP/1\.1\r\n", first)
    require(parts, f"the request's first line is {first!r}")
    headers = {}
    while (line := stream.readline(4096)) != b"\r\n":
        header = re.fullmatch(rb"([A-Za-z-]+): ([^\r\n]*)\r\n", line)
        require(header and header[1].lower() not in headers, f"the header {line!r} is malformed, or there twice")
        headers[header[1].lower()] = header[2]
    length = headers.get(b"content-length", b"0")
    require(length.isdigit() and int(length) <= LARGEST_BODY, f"a length of {length!r}")
    body = stream.read(int(length))
    require(not body or headers.get(b"content-type") == b"application/json", "the body is not said to be JSON")
    return parts[1].decode(), parts[2].decode(), json.loads(body) if body else None


def answer(stream, status, body):
    text = b"" if body is None else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} \r\nServer: Firecracker API\r\nConnection: keep-alive\r\n"
    if text:
        head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
    stream.write(head.encode() + b"\r\n" + text)
    stream.flush()


def serve(stream, instance):
    while True:
        try:
            request = read_request(stream)
            if request is None:
                return
            body = instance.ask(*request)
            answer(stream, 204 if body is None else 200, body)
        except Refused as refused:
            answer(stream, 400, {"fault_message": str(refused)})
        except Exception:  # the machine behind it does not work: the test shall say why
            answer(stream, 400, {"fault_message": traceback.format_exc()[-400:]})


def main():
    require(len(sys.argv) == 3 and sys.argv[1] == "--api-sock", f"the arguments are {sys.argv[1:]}")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[2])
    listener.listen()
    instance = Instance(Machine(os.path.dirname(sys.argv[2])))
    while True:
        with listener.accept()[0] as connection, connection.makefile("rwb") as stream:
            serve(stream, instance)


main()
