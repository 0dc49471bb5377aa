# SPDX-License-Identifier: MIT
"""What the tests of the desk's server share: a server of their own, HTTP and WebSockets byte by byte."""

import base64
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import time
import unittest

PROGRAM = pathlib.Path(os.environ["GAINSTAGE_DESK_PROGRAM"]).resolve()
TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0


class Desk:
    """A server in a process of its own. PROGRAM is a fake desk, which ends with its standard input; or gainstage, which
    ends at a signal."""

    def __init__(self, *words, **options):
        self.is_real = "desk" in words
        options.setdefault("preexec_fn", lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.process = subprocess.Popen([PROGRAM, *words], stdin=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        line = self.process.stderr.readline().decode()
        found = re.search(r"http://([\d.]+|localhost|\[[0-9a-f:]+\]):(\d+)/\?token=([0-9a-f]+)", line)
        if not found:
            line += self.process.communicate(timeout=30)[1].decode()
            raise AssertionError(f"no address: {line}")
        self.host, self.port, self.token = found[1], int(found[2]), found[3]
        self.cookie = f"gainstage_desk_{self.port}={self.token}"
        self.origin = f"http://{self.host}:{self.port}"

    def stop(self):
        self.process.stdin.close()
        if self.is_real:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        errors = self.process.stderr.read().decode()
        self.process.stderr.close()
        return code, errors

    def connect(self):
        return socket.create_connection((self.host.strip("[]"), self.port), timeout=20)

    def request(self, method, path, headers=None, body=None, with_token=True):
        """(status, headers, body)"""
        connection = http.client.HTTPConnection(self.host.strip("[]"), self.port, timeout=20)
        own = {"Authorization": f"Bearer {self.token}"} if with_token else {}
        connection.request(method, path, body=body, headers=own | (headers or {}))
        response = connection.getresponse()
        found = response.status, response.headers, response.read()
        connection.close()
        return found

    def raw(self, data, until_closed=True):
        """Sends bytes; what comes back until the server closes."""
        with self.connect() as stream:
            answer = b""
            try:
                stream.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
            try:
                while part := stream.recv(65536):
                    answer += part
                    if not until_closed and b"\r\n\r\n" in answer:
                        break
            except ConnectionResetError:
                pass
            return answer

    def command(self, **message):
        status, _, body = self.request("POST", "/api/command", body=json.dumps(message))
        return status, json.loads(body)

    def json(self, path):
        status, _, body = self.request("GET", path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def page(self, **options):
        return Page(self, **options)


class Closed(Exception):
    """The server has closed the WebSocket: with a code and a reason, or without (None)."""

    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


class Page:
    """A WebSocket as a page has it; what it sends can be as wrong as one wishes."""

    def __init__(self, desk, headers=None, origin=True, cookie=True, timeout=20, buffer=None):
        self.stream = socket.socket(socket.AF_INET6 if ":" in desk.host else socket.AF_INET)
        if buffer:
            self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.stream.settimeout(timeout)
        self.stream.connect((desk.host.strip("[]"), desk.port))
        key = base64.b64encode(os.urandom(16)).decode()
        fields = {"Host": f"{desk.host}:{desk.port}", "Upgrade": "websocket", "Connection": "Upgrade",
                  "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key}
        if origin:
            fields["Origin"] = desk.origin if origin is True else origin
        if cookie:
            fields["Cookie"] = desk.cookie if cookie is True else cookie
        fields |= headers or {}
        head = "GET /ws HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
        self.stream.sendall(head.encode())
        self.left = b""
        while b"\r\n\r\n" not in self.left:
            part = self.stream.recv(65536)
            if not part:
                break
            self.left += part
        head, _, self.left = self.left.partition(b"\r\n\r\n")
        self.status = int(head.split()[1]) if head else 0
        self.head = head.decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()

    def send_frame(self, opcode, payload=b"", final=True, masked=True, reserved=0, length=None):
        first = (0x80 if final else 0) | reserved << 4 | opcode
        size = len(payload) if length is None else length
        mark = 0x80 if masked else 0
        if size < 126:
            head = struct.pack("!BB", first, mark | size)
        elif size < 65536:
            head = struct.pack("!BBH", first, mark | 126, size)
        else:
            head = struct.pack("!BBQ", first, mark | 127, size)
        key = b"\x12\x34\x56\x78" if masked else b""
        if masked:
            repeated = key * (len(payload) // 4 + 1)
            payload = (int.from_bytes(payload, "little") ^ int.from_bytes(repeated[:len(payload)], "little")
                       ).to_bytes(len(payload), "little")
        self.stream.sendall(head + key + payload)

    def send(self, **message):
        self.send_frame(TEXT, json.dumps(message).encode())

    def exactly(self, count):
        while len(self.left) < count:
            part = self.stream.recv(65536)
            if not part:
                raise Closed(None, "")
            self.left += part
        found, self.left = self.left[:count], self.left[count:]
        return found

    def frame(self):
        """(opcode, payload). A close frame is raised."""
        try:
            first, second = self.exactly(2)
            size = second & 127
            if size == 126:
                size = struct.unpack("!H", self.exactly(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.exactly(8))[0]
            payload = self.exactly(size)
        except (ConnectionResetError, BrokenPipeError) as gone:
            raise Closed(None, "") from gone
        opcode = first & 15
        if opcode == PING:
            self.send_frame(PONG, payload)
            return self.frame()
        if opcode == CLOSE:
            raise Closed(struct.unpack("!H", payload[:2])[0] if payload else 1005, payload[2:].decode())
        return opcode, payload

    def message(self, wanted, within=20):
        """The next text message for which wanted(message) is true."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            opcode, payload = self.frame()
            if opcode == TEXT:
                found = json.loads(payload)
                if wanted(found):
                    return found
        raise AssertionError("it did not come")

    def binary(self, kind, within=20):
        """The next binary frame of a kind."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            opcode, payload = self.frame()
            if opcode == BINARY and payload[0] == kind:
                return payload
        raise AssertionError("it did not come")

    def reply(self, number):
        return self.message(lambda message: message.get("re") == number and "re" in message)

    def closing(self, within=20):
        """Reads until the server closes; the Closed."""
        end = time.monotonic() + within
        try:
            while time.monotonic() < end:
                self.frame()
        except Closed as closed:
            return closed
        raise AssertionError("the server has not closed")


class Audio:
    """An audio frame, taken apart."""

    def __init__(self, payload):
        (self.kind, self.channels, self.format, flags, self.sequence, self.first, self.frames,
         self.underruns) = struct.unpack_from("<BBBBIdII", payload)
        self.is_playing, self.is_after_jump = bool(flags & 1), bool(flags & 2)
        count = self.frames * self.channels
        self.samples = struct.unpack_from(f"<{count}{'h' if self.format else 'f'}", payload, 24)


class DeskTest(unittest.TestCase):
    """One server for all tests of a class; every test ends with a look whether it still serves others."""

    @classmethod
    def setUpClass(cls):
        cls.desk = Desk()

    @classmethod
    def tearDownClass(cls):
        code, errors = cls.desk.stop()
        if code != 0 or errors:
            raise AssertionError(f"the desk ended with {code}: {errors}")

    def setUp(self):
        self.watcher = self.desk.page()
        self.watcher.message(lambda message: message.get("event") == "state")
        self.addCleanup(self.watcher.stream.close)

    def assert_goes_on(self):
        """For the page that was there before, and for a new one."""
        self.watcher.send(id=7, do="ping")
        self.assertTrue(self.watcher.reply(7)["ok"])
        with self.desk.page() as page:
            page.send(id=8, do="mute", strip="s1", on=True)
            self.assertTrue(page.reply(8)["ok"])
        self.assertEqual(self.desk.request("GET", "/api/state")[0], 200)

    def assert_closed(self, page, code, within=20):
        closed = page.closing(within)
        self.assertIn(closed.code, code if isinstance(code, tuple) else (code,), closed.reason)
        self.assert_goes_on()
        return closed
