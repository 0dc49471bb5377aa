#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What strangers may try: each is refused or closed with a reason, and the desk goes on for the others."""

import json
import os
import socket
import struct
import threading
import time
import unittest

from desk_client import BINARY, CONTINUATION, PING, PONG, TEXT, Audio, Closed, Desk, DeskTest


class Entry(DeskTest):
    def test_without_the_token(self):
        for method, path in (("GET", "/"), ("GET", "/api/state"), ("GET", "/api/session"), ("GET", "/ws"),
                             ("POST", "/api/command"), ("GET", "/assets/x.js"), ("HEAD", "/"), ("PUT", "/")):
            with self.subTest((method, path)):
                status, headers, body = self.desk.request(method, path, with_token=False)
                self.assertEqual(status, 401)
                self.assertNotIn("Set-Cookie", headers)
                self.assertNotIn(self.desk.token.encode(), body)
        self.assert_goes_on()

    def test_with_a_wrong_token(self):
        wrong = "0" * len(self.desk.token)
        for headers in ({"Authorization": f"Bearer {wrong}"}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"},
                        {"Cookie": f"gainstage_desk_{self.desk.port}={wrong}"},
                        {"Cookie": f"gainstage_desk={self.desk.token}"},
                        {"Cookie": f"gainstage_desk_{self.desk.port}={self.desk.token[:-1]}"},
                        {"Cookie": f"gainstage_desk_{self.desk.port}={self.desk.token}x"}):
            with self.subTest(headers):
                self.assertEqual(self.desk.request("GET", "/api/state", headers, with_token=False)[0], 401)
        for query in (f"?token={wrong}", "?token", "?token=%", f"?token={self.desk.token}x", f"?xtoken={self.desk.token}"):
            with self.subTest(query):
                self.assertEqual(self.desk.request("GET", "/" + query, with_token=False)[0], 401)

    def test_with_the_token_sets_a_cookie_that_lets_in(self):
        status, headers, _ = self.desk.request("GET", f"/?token={self.desk.token}", with_token=False)
        self.assertEqual((status, headers["Location"]), (303, "/"))
        cookie, *rules = headers["Set-Cookie"].split("; ")
        self.assertEqual(set(rules), {"Path=/", "HttpOnly", "SameSite=Strict"})
        status, _, body = self.desk.request("GET", "/", {"Cookie": cookie}, with_token=False)
        self.assertEqual(status, 200)
        self.assertIn(b"<!doctype html>", body.lower())

    def test_by_another_host(self):
        """DNS rebinding: the name of a stranger's site leads to this machine."""
        for host in ("evil.example", f"evil.example:{self.desk.port}", f"127.0.0.1.evil.example:{self.desk.port}",
                     "127.0.0.1", "127.0.0.1:1", f"localhost.evil.example:{self.desk.port}", f"0.0.0.0:{self.desk.port}",
                     f"[::1]:{self.desk.port}", ""):
            with self.subTest(host):
                self.assertEqual(self.desk.request("GET", "/api/state", {"Host": host})[0], 421)
                with self.desk.page(headers={"Host": host}) as page:
                    self.assertEqual(page.status, 421)
        self.assertEqual(self.desk.request("GET", "/api/state", {"Host": f"localhost:{self.desk.port}"})[0], 200)
        two = f"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1:{self.desk.port}\r\nHost: evil.example\r\n\r\n"
        self.assertIn(b" 421 ", self.desk.raw(two.encode() + b"", until_closed=False).split(b"\r\n")[0])
        self.assertIn(b" 421 ", self.desk.raw(b"GET / HTTP/1.0\r\n\r\n").split(b"\r\n")[0])

    def test_by_another_origin(self):
        for origin in ("http://evil.example", "null", f"https://127.0.0.1:{self.desk.port}", "http://127.0.0.1",
                       f"http://127.0.0.1:{self.desk.port + 1}", f"http://127.0.0.1:{self.desk.port}.evil.example"):
            with self.subTest(origin):
                headers = {"Origin": origin}
                self.assertEqual(self.desk.request("GET", "/api/state", headers)[0], 403)
                body = json.dumps({"do": "mute", "strip": "s0", "on": True})
                self.assertEqual(self.desk.request("POST", "/api/command", headers, body)[0], 403)
                with self.desk.page(origin=origin) as page:
                    self.assertEqual(page.status, 403)
        state = self.desk.json("/api/state")
        self.assertFalse(state["strips"]["s0"]["mute"])
        host = f"localhost:{self.desk.port}"
        with self.desk.page(origin=f"http://{host}", headers={"Host": host}) as page:
            self.assertEqual(page.status, 101)

    def test_by_a_form_of_another_site(self):
        body = json.dumps({"do": "mute", "strip": "s0", "on": True})
        for site in ("cross-site", "same-site"):
            status = self.desk.request("POST", "/api/command", {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"},
                                       body)[0]
            self.assertEqual(status, 403)

    def test_of_a_socket_without_the_cookie(self):
        for cookie in (False, f"gainstage_desk_{self.desk.port}=x", f"other={self.desk.token}"):
            with self.desk.page(cookie=cookie) as page:
                self.assertEqual(page.status, 401)
        with self.desk.page(cookie=False, origin=False,
                            headers={"Authorization": f"Bearer {self.desk.token}"}) as page:
            self.assertEqual(page.status, 101)
        self.assert_goes_on()

    def test_shows_every_guard_in_every_answer(self):
        for method, path, with_token in (("GET", "/", True), ("GET", "/", False), ("GET", "/nothing", True),
                                         ("GET", "/api/state", True), ("PUT", "/", True), ("GET", "/ws", True)):
            with self.subTest((method, path, with_token)):
                headers = self.desk.request(method, path, with_token=with_token)[1]
                policy = headers["Content-Security-Policy"]
                self.assertTrue(policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';"))
                self.assertIn("frame-ancestors 'none'", policy)
                self.assertNotIn("unsafe", policy)
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertEqual(headers["Cross-Origin-Resource-Policy"], "same-origin")
                self.assertNotIn("Access-Control-Allow-Origin", headers)
                self.assertNotIn("Server", headers)


class Http(DeskTest):
    def head(self, line, *fields):
        return "\r\n".join([line, f"Host: 127.0.0.1:{self.desk.port}", f"Authorization: Bearer {self.desk.token}",
                            *fields, "", ""]).encode()

    def status(self, data):
        answer = self.desk.raw(data, until_closed=False)
        return int(answer.split()[1]) if answer else 0

    def test_paths_that_lead_elsewhere(self):
        for path in ("/../../etc/passwd", "/assets/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                     "/assets/..%2f..%2fetc/passwd", "/assets/%252e%252e/x", "/..\\..\\etc\\passwd", "/assets/\0x",
                     "/etc/passwd%00.js", "/./././", "/api/../../etc/passwd", "/api/state/../../..", "*", "x",
                     f"http://127.0.0.1:{self.desk.port}/etc/passwd", "file:///etc/passwd"):
            with self.subTest(path):
                answer = self.desk.raw(self.head(f"GET {path} HTTP/1.1", "Connection: close"))
                self.assertIn(int(answer.split()[1]), (400, 404))
                self.assertNotIn(b"root:", answer)
        self.assert_goes_on()

    def test_methods_it_does_not_know(self):
        for method in ("PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "BREW"):
            with self.subTest(method):
                answer = self.desk.raw(self.head(f"{method} / HTTP/1.1", "Connection: close"))
                self.assertEqual(int(answer.split()[1]), 405)
                self.assertIn(b"Allow:", answer)

    def test_heads_that_are_too_long(self):
        self.assertEqual(self.status(self.head("GET / HTTP/1.1", "X-Long: " + "x" * 20000)), 431)
        self.assertEqual(self.status(self.head("GET / HTTP/1.1", *[f"X-{n}: y" for n in range(3000)])), 431)
        self.assertEqual(self.status(f"GET /{'x' * 20000} HTTP/1.1\r\n".encode()), 431)
        self.assertEqual(self.status(b"GET /" + b"x" * 10_000_000), 431)
        self.assert_goes_on()

    def test_bodies_that_are_too_long(self):
        self.assertEqual(self.status(self.head("POST /api/command HTTP/1.1", "Content-Length: 65537") + b"x" * 65537), 413)
        self.assertEqual(self.status(self.head("POST /api/command HTTP/1.1", "Content-Length: 99999999999999")), 413)
        chunked = self.head("POST /api/command HTTP/1.1", "Transfer-Encoding: chunked")
        self.assertEqual(self.status(chunked + b"10000\r\n" + b"x" * 65536 + b"\r\n10000\r\n" + b"x" * 65536), 413)
        self.assert_goes_on()

    def test_what_is_no_http(self):
        for data in (b"\r\n\r\n\r\n", b"\0" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01",
                     b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n", os.urandom(1000),
                     b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                     b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                     b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", b"G" * 100_000):
            with self.subTest(data[:40]):
                self.assertIn(self.status(data), (0, 400, 431))
        self.assert_goes_on()

    def test_two_requests_in_one(self):
        """A body cannot carry a second request past the guards."""
        inner = b"GET /api/state HTTP/1.1\r\nHost: evil.example\r\n\r\n"
        answer = self.desk.raw(self.head("POST /api/command HTTP/1.1", f"Content-Length: {len(inner)}",
                                         "Connection: close") + inner)
        self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
        self.assertEqual(int(answer.split()[1]), 400)
        both = self.head("POST /api/command HTTP/1.1", "Content-Length: 4", "Transfer-Encoding: chunked") + b"0\r\n\r\n"
        self.assertEqual(self.status(both), 400)

    def test_commands_that_are_none(self):
        for body in (b"", b"x", b"[]", b"{}", b"{\"do\":1}", b"{\"do\":\"ping\"", b"\xff\xfe", b"[" * 60000,
                     b"{\"do\":\"gain\",\"x\":" + b"[" * 60000, b"{\"do\":\"gain\",\"db\":1e999}", b"{\"do\":\"gain\",\"db\":NaN}"):
            with self.subTest(body[:30]):
                self.assertEqual(self.desk.request("POST", "/api/command", body=body)[0], 400)
        for message in ({"do": "listen", "format": "float32"}, {"do": "watch", "strip": "s0"}, {"do": "rm -rf /"},
                        {"do": ""}, {"do": "gain"}, {"do": "x" * 50000}):
            status, reply = self.desk.command(**message)
            self.assertEqual(status, 400)
            self.assertIn("sentence", reply["error"])
        self.assert_goes_on()

    def test_a_request_that_trickles(self):
        """A slow loris keeps its connection for the time of one request only, and nobody else out."""
        begun = time.monotonic()
        slow = [self.desk.connect() for _ in range(100)]
        gone = 0
        while time.monotonic() - begun < 30 and gone < len(slow):
            gone = 0
            for stream in slow:
                try:
                    stream.sendall(b"G" if stream.gettimeout() else b"")
                    stream.settimeout(0.001)
                    gone += stream.recv(100) == b""
                except TimeoutError:
                    pass
                except OSError:
                    gone += 1
                stream.settimeout(20)
            self.assertEqual(self.desk.request("GET", "/api/state")[0], 200)
            time.sleep(0.1)
        for stream in slow:
            stream.close()
        self.assertEqual(gone, len(slow))
        self.assert_goes_on()

    def test_an_answer_that_is_never_read(self):
        streams = []
        for _ in range(30):
            stream = socket.socket()
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stream.settimeout(20)
            stream.connect(("127.0.0.1", self.desk.port))
            stream.sendall(self.head("GET /api/state HTTP/1.1") * 50)
            streams.append(stream)
        self.assert_goes_on()
        for stream in streams:
            stream.close()

    def test_connections_that_end_in_the_middle(self):
        for cut in range(1, 60, 7):
            self.desk.connect().close()
            with self.desk.connect() as stream:
                stream.sendall(self.head("POST /api/command HTTP/1.1", "Content-Length: 50")[:cut])
            with self.desk.connect() as stream:
                stream.sendall(self.head("POST /api/command HTTP/1.1", "Content-Length: 50") + b"{\"do\"")
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.assert_goes_on()


class Frames(DeskTest):
    def test_without_a_mask(self):
        with self.desk.page() as page:
            page.send_frame(TEXT, b'{"do":"ping"}', masked=False)
            self.assert_closed(page, 1002)

    def test_with_reserved_bits(self):
        for reserved in (1, 2, 4, 7):
            with self.desk.page() as page:
                page.send_frame(TEXT, b'{"do":"ping"}', reserved=reserved)
                self.assert_closed(page, 1002)

    def test_of_reserved_kinds(self):
        for opcode in (3, 7, 11, 15):
            with self.desk.page() as page:
                page.send_frame(opcode, b"x")
                self.assert_closed(page, 1002)

    def test_that_are_too_big(self):
        with self.desk.page() as page:
            page.send_frame(TEXT, b'{"do":"ping","x":"' + b"x" * 65536 + b'"}')
            self.assertIn("64 KiB", self.assert_closed(page, 1009).reason)
        with self.desk.page() as page:
            page.send_frame(TEXT, b"x" * 65537, length=2**62)
            self.assert_closed(page, (1009, 1002))
        with self.desk.page() as page:
            page.send_frame(TEXT, b"x", length=2**64 - 1)
            self.assert_closed(page, (1009, 1002))

    def test_of_exactly_the_greatest_size(self):
        with self.desk.page() as page:
            text = b'{"id":1,"do":"ping","x":"'
            page.send_frame(TEXT, text + b"x" * (65536 - len(text) - 2) + b'"}')
            self.assertTrue(page.reply(1)["ok"])

    def test_in_endless_fragments(self):
        with self.desk.page() as page:
            page.send_frame(TEXT, b"{", final=False)
            with self.assertRaises((BrokenPipeError, ConnectionResetError)):
                # It is told at once, and cut off a few seconds after, when it goes on nevertheless.
                end = time.monotonic() + 15
                while time.monotonic() < end:
                    page.send_frame(CONTINUATION, b" " * 64, final=False)
            self.assert_goes_on()
        with self.desk.page() as page:
            page.send_frame(TEXT, b"{", final=False)
            for _ in range(1100):
                page.send_frame(CONTINUATION, b" " * 64, final=False)
            self.assert_closed(page, (1009, None))

    def test_in_endless_empty_fragments(self):
        with self.desk.page() as page:
            page.send_frame(TEXT, b"{", final=False)
            end = time.monotonic() + 3
            try:
                while time.monotonic() < end:
                    page.stream.sendall(struct.pack("!BBI", CONTINUATION, 0x80, 0) * 1000)
            except (BrokenPipeError, ConnectionResetError):
                pass
            self.assert_goes_on()

    def test_in_fragments_that_make_sense(self):
        with self.desk.page() as page:
            page.send_frame(TEXT, b'{"id":3,', final=False)
            page.send_frame(PING, b"in between")
            page.send_frame(CONTINUATION, b'"do":', final=False)
            page.send_frame(CONTINUATION, b'"ping"}')
            self.assertTrue(page.reply(3)["ok"])

    def test_out_of_order(self):
        with self.desk.page() as page:
            page.send_frame(CONTINUATION, b'{"do":"ping"}')
            self.assert_closed(page, 1002)
        with self.desk.page() as page:
            page.send_frame(TEXT, b'{"do":', final=False)
            page.send_frame(TEXT, b'{"do":"ping"}')
            self.assert_closed(page, 1002)

    def test_that_are_no_utf8(self):
        for bad in (b'{"do":"\xff"}', b'{"do":"\xc0\x80"}', b'{"do":"\xed\xa0\x80"}', b"\x80", b'{"do":"ping'
                    b'\xf4\x90\x80\x80"}'):
            with self.desk.page() as page:
                page.send_frame(TEXT, bad)
                self.assert_closed(page, 1007)

    def test_of_bytes(self):
        with self.desk.page() as page:
            page.send_frame(BINARY, b"\x01" * 100)
            self.assertIn("text", self.assert_closed(page, 1007).reason)

    def test_of_control_that_are_wrong(self):
        with self.desk.page() as page:
            page.send_frame(PING, b"x" * 126)
            self.assert_closed(page, 1002)
        with self.desk.page() as page:
            page.send_frame(PING, b"x", final=False)
            self.assert_closed(page, 1002)

    def test_that_close_wrongly(self):
        for payload in (b"\x03", b"\x03\xec", b"\xff\xff", b"\x03\xe8\xff\xfe"):
            with self.desk.page() as page:
                page.send_frame(8, payload)
                page.closing()
        self.assert_goes_on()

    def test_of_an_old_protocol(self):
        for headers in ({"Sec-WebSocket-Version": "8"}, {"Upgrade": "h2c"},
                        {"Connection": "close"}):
            with self.desk.page(headers=headers) as page:
                self.assertIn(page.status, (0, 400, 426))
        self.assert_goes_on()


class Messages(DeskTest):
    def test_that_are_no_messages(self):
        for text in (b"", b"x", b"[]", b"null", b"17", b"{}", b'{"do":1}', b'{"do":"ping"', b'{"do":"ping"}}',
                     b'{"id":{},"do":"ping"}', b'{"do":"gain","strip":"s0","db":1e999}', b'{"do":"gain","db":NaN}',
                     b'{"do":"gain","db":-Infinity}'):
            with self.subTest(text), self.desk.page() as page:
                page.send_frame(TEXT, text)
                self.assertTrue(self.assert_closed(page, 1007).reason)

    def test_nested_without_end(self):
        for text in (b"[" * 65000, b'{"do":' * 10000, b'{"do":"gain","x":' + b"[" * 60000 + b"]" * 5000 + b"}",
                     b'{"do":"gain","x":' + b'{"a":' * 12000 + b"1" + b"}" * 5000):
            with self.desk.page() as page:
                page.send_frame(TEXT, text)
                self.assert_closed(page, 1007)

    def test_with_values_that_are_wrong(self):
        """Well formed, and wrong: an error each, and the page goes on."""
        values = (None, True, -1, 1e308, -1e308, 2**70, "", "s99", "s0", [], {}, [1, 2], {"a": 1}, "x" * 1000)
        fields = ("at_s", "from_s", "to_s", "format", "lead_ms", "fill_ms", "tap", "strip")
        with self.desk.page() as page:
            number = 0
            for do in ("seek", "loop", "listen", "heard", "watch", "stop", "nothing", ""):
                for value in values:
                    number += 1
                    page.send(id=number, do=do, **{field: value for field in fields})
                    self.assertEqual(page.reply(number)["re"], number)
                    time.sleep(0.002)
        self.assert_goes_on()

    def test_that_do_not_end(self):
        with self.desk.page() as page:
            with self.assertRaises((Closed, BrokenPipeError, ConnectionResetError)):
                for number in range(100_000):
                    page.send(id=number, do="ping")
                    if number % 100 == 0:
                        page.frame()
                page.closing()
            self.assert_goes_on()
        with self.desk.page() as page:
            for number in range(450):
                page.send(id=number, do="ping")
            self.assertIn("200", self.assert_closed(page, 1008).reason)

    def test_pings_that_do_not_end(self):
        with self.desk.page() as page:
            for _ in range(150):
                page.send_frame(PONG)
            self.assert_closed(page, 1008)

    def test_from_a_seventeenth_page(self):
        pages = [self.desk.page() for _ in range(15)]  # The watcher is the first.
        try:
            with self.desk.page() as page:
                self.assertEqual(page.status, 101)
                closed = page.closing()
                self.assertEqual(closed.code, 1008)
                self.assertIn("pages", closed.reason)
            self.watcher.send(id=1, do="ping")
            self.assertTrue(self.watcher.reply(1)["ok"])
        finally:
            pages.pop().stream.close()
            time.sleep(0.2)
            self.assert_goes_on()
            for page in pages:
                page.stream.close()

    def test_from_pages_that_come_and_go(self):
        for _ in range(100):
            page = self.desk.page()
            page.send(do="listen", format="float32")
            page.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            page.stream.close()
        self.assert_goes_on()


class Slowness(DeskTest):
    def gaps(self, page, seconds):
        """Listens for a while; (blocks, blocks that are missing, the longest silence between two)."""
        page.send(do="listen", format="int16", lead_ms=60)
        numbers, last, longest = [], None, 0.0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            number = Audio(page.binary(1)).sequence
            now = time.monotonic()
            longest = max(longest, now - last) if last else 0.0
            last = now
            numbers.append(number)
        return len(numbers), numbers[-1] - numbers[0] + 1 - len(numbers), longest

    def test_of_a_page_that_never_reads(self):
        with self.desk.page(buffer=4096) as mute:
            mute.send(do="listen", format="float32")
            blocks, missing, longest = self.gaps(self.watcher, 7.0)
            self.assertGreater(blocks, 600)
            self.assertEqual(missing, 0)
            self.assertLess(longest, 0.25)
            # After a while it is closed. What was sent before comes first.
            mute.stream.settimeout(20)
            closed = mute.closing()
            self.assertIn(closed.code, (1008, None))
        self.assert_goes_on()

    def test_of_a_page_that_reads_now_and_then(self):
        """Its states are the newest, and its audio has gaps instead of growing old."""
        with self.desk.page(buffer=4096) as slow:
            slow.message(lambda message: message.get("event") == "state")
            slow.send(do="listen", format="float32")
            for n in range(150):
                self.watcher.send(do="gain", strip="s0", db=-n / 10)
                time.sleep(0.005)
            time.sleep(0.3)
            self.desk.command(do="gain", strip="s0", db=-55.5)
            state, messages, numbers = None, 0, []
            while state != -55.5:
                opcode, payload = slow.frame()
                if opcode == BINARY and payload[0] == 1:
                    numbers.append(Audio(payload).sequence)
                if opcode == TEXT:
                    message = json.loads(payload)
                    strips = message.get("patch", message.get("state", {})).get("strips", {})
                    state = strips.get("s0", {}).get("fader_db", state)
                    messages += 1
            for _ in range(40):
                numbers.append(Audio(slow.binary(1)).sequence)
            self.assertLess(messages, 125)
            self.assertGreater(numbers[-1] - numbers[0] + 1, len(numbers))
            self.assertEqual(numbers, sorted(numbers))
        self.assert_goes_on()

    def test_of_a_flood_beside_audio(self):
        """One page floods by HTTP, as fast as it can: another one's audio has no gap."""
        is_over = threading.Event()

        def flood():
            while not is_over.is_set():
                self.desk.request("GET", "/api/state")
                self.desk.command(do="gain", strip="s1", db=-3.0)

        threads = [threading.Thread(target=flood) for _ in range(2)]
        for thread in threads:
            thread.start()
        blocks, missing, longest = self.gaps(self.watcher, 3.0)
        is_over.set()
        for thread in threads:
            thread.join()
        self.assertGreater(blocks, 250)
        self.assertEqual(missing, 0)
        self.assertLess(longest, 0.25)
        self.assert_goes_on()


class Ports(unittest.TestCase):
    def test_that_are_taken_are_named(self):
        with Taken() as port:
            with self.assertRaisesRegex(AssertionError, f"Port {port} of 127.0.0.1 is taken by another program"):
                Desk(str(port))


class Taken:
    def __enter__(self):
        self.stream = socket.create_server(("127.0.0.1", 0))
        return self.stream.getsockname()[1]

    def __exit__(self, *_):
        self.stream.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
