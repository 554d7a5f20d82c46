#!/usr/bin/python3
"""Writes what the fuzz targets begin with: seeds.py FOLDER

FOLDER/TARGET/ gets the seeds of a target, one a file: inputs that reach its branches, and those that once broke a rule.
FOLDER/TARGET.dict gets the words that the fuzzer puts together.
"""
import hashlib
import itertools
import pathlib
import sys

UUID = "0123abcd-4567-4def-89ab-cdef01234567"


def request(line, *headers, body=""):
    head = [line, "Host: 127.0.0.1:8080", *headers]
    if body:
        head += [f"Content-Length: {len(body.encode())}"]
    return "\r\n".join(head) + "\r\n\r\n" + body


FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
CHUNKED = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = ["5\r\nhello\r\n0\r\n\r\n", "1;name=value\r\nx\r\n0\r\nTrailer: x\r\n\r\n", "00a\r\n0123456789\r\n0\r\n\r\n",
          "ffffffffffffffff\r\n", "5\r\nhel"]
REQUESTS = [
    request("GET / HTTP/1.1"),
    request("GET /a?b=c HTTP/1.0", "Connection: keep-alive"),
    request("GET http://127.0.0.1:8080/a HTTP/1.1"),
    request("OPTIONS * HTTP/1.1"), request("OPTIONS http://a HTTP/1.2"), request("CONNECT a:1 HTTP/1.1"), request("BREW / HTTP/1.1"),
    request("GET https://127.0.0.1:8080?b HTTP/1.1"),
    request("PUT /a HTTP/1.1", "Expect: 100-continue", body="0123456789"),
    "\r\n" + request("DELETE /a HTTP/1.1", "Connection: close"),
    request("POST /a HTTP/1.1", body="a=b") + request("GET /b HTTP/1.1") + "GET /c HT",
    request("GET / HTTP/2.0"),
    request("GET / HTTP/1.1", "Content-Length: 3", "Transfer-Encoding: chunked") + "0\r\n\r\n",
    request("GET / HTTP/1.1", "A: 1", " folded: 2"),
    request("GET / HTTP/1.1", *(f"A{i}: {i}" for i in range(101))),
    *(CHUNKED + chunks for chunks in CHUNKS),
    CHUNKED + CHUNKS[0] + request("GET /next HTTP/1.1"),
]
WHOLE_REQUESTS = [
    request("GET /healthz HTTP/1.1"),
    request("GET /.well-known/jwks.json HTTP/1.1"),
    request("GET /api/openapi.json HTTP/1.1"),
    request("POST /api/account/register HTTP/1.1", FORM, body="email=a%40b.c&password=s3cret-marker"),
    request("POST /api/account/login HTTP/1.1", FORM, body="email=a%40b.c&password=s3cret-marker&tokens=body"),
    request("POST /api/account/login HTTP/1.1", JSON, body='{"email":"a@b.c","password":"wrong"}'),
    request("POST /api/account/login HTTP/1.1", FORM, "Origin: http://evil.example", body="email=a"),
    request("POST /api/account/refresh HTTP/1.1", JSON, body='{"refresh_token":"s3cret-marker"}'),
    request("POST /api/account/refresh HTTP/1.1", "Cookie: refresh_token=old"),
    request("POST /api/account/logout HTTP/1.1", "Authorization: Bearer s3cret-marker"),
    request("GET /api/account HTTP/1.1", "Cookie: access_token=old; refresh_token=s3cret-marker"),
    request("GET /api/account HTTP/1.1", "Authorization: bearer old", "X-Request-Id: mine"),
    request("DELETE /api/account HTTP/1.1", "Cookie: access_token=a", FORM, body="password=s3cret-marker"),
    request("POST /api/account/password HTTP/1.1", "Cookie: access_token=a", JSON,
            body='{"current_password":"a","new_password":"s3cret-marker"}'),
    request("GET /api/account/sessions HTTP/1.1", "Cookie: access_token=a"),
    request(f"DELETE /api/account/sessions/{UUID} HTTP/1.1", "Cookie: access_token=a"),
    request("GET /api/user/profile HTTP/1.1", "Cookie: access_token=a; userinfo_version=" + UUID + ".7"),
    request("PUT /api/user/profile HTTP/1.1", "Cookie: access_token=a", 'If-Match: "7", W/"8"', FORM, body="username=anna"),
    request("PUT /api/user/profile HTTP/1.1", "Cookie: access_token=a", 'If-Match: "7",,', 'If-Match: , "8"', FORM, body="username=b"),
    request("PUT /api/user/profile HTTP/1.1", "Cookie: access_token=a", 'If-Match: "x"', JSON, body='{"avatar":null}'),
    request("POST /api/user/profile HTTP/1.1", "Cookie: access_token=a", JSON, body='{"username":1,"birthday":"2000-01-01"}'),
    request("PATCH /api/user/profile HTTP/1.1"),
    request("PUT /api/user/profile HTTP/1.1", "Content-Type: text/plain", body="x"),
    request("PUT /api/user/profile HTTP/1.1", "Content-Encoding: identity, gzip", FORM, body="username=anna"),
    request("GET /api/user/profile HTTP/1.1", "Cookie: access_token=a", 'If-None-Match: W/"1"'),
    request("GET /api/user/profile HTTP/1.1", "Cookie: access_token=a", 'If-Match: "2"', "If-None-Match: *"),
    request("DELETE /api/account HTTP/1.1", "Cookie: access_token=a", 'If-Match: "1"', FORM, body="password=s3cret-marker"),
    request("GET / HTTP/1.1", "Accept: text/html", "Accept-Encoding: br, gzip;q=0.5"),
    request("GET /main.js HTTP/1.1", 'If-None-Match: "x", *'),
    request("GET /nowhere HTTP/1.1", "Accept: text/html,*/*;q=0.8"),
    request("GET /.well-known/change-password HTTP/1.1"),
]
CLAIMS = ('{"iss":"https://id.example","aud":"https://api.example","sub":"' + UUID + '","sid":"' + UUID + '",'
          '"client_id":"web","iat":%d,"exp":%d,"jti":"' + UUID + '","auth_time":%d,"amr":["pwd"]}')
NOW = 1893456000  # of the test's clock: 2030-01-01
HEADER = '{"alg":"%s","kid":"%s","typ":"%s"}'
HASH = "$argon2id$v=19$m=%s,t=%s,p=%s$c29tZXNhbHRzb21lc2FsdA$7pN/vhvUXwEUUiSLvfLwUi/O6BEZBAtNuHQVPhYlFQo"


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def head_of(**changes):
    """The fields of a call of gRPC as HPACK's literals (RFC 7541, section 6.2.2)."""
    fields = {":method": "POST", ":scheme": "http", ":path": "/userinfo.v1.Userinfo/Login", ":authority": "localhost",
              "te": "trailers", "content-type": "application/grpc", "grpc-timeout": "10S", **changes}
    return b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                    for name, value in fields.items())


def call(stream, message, **changes):
    """In frames of HTTP/2."""
    return frame(1, 4, stream, head_of(**changes)) + frame(0, 1, stream, message)


HEAD = head_of()
MESSAGE = b"\0\0\0\0\5hello"
CALLS = [
    call(1, MESSAGE),
    call(1, MESSAGE) + call(3, b"\0\0\0\0\0") + call(5, MESSAGE * 3),
    call(1, MESSAGE * 20), call(1, b""), call(1, MESSAGE[:7]), call(1, b"\1" + MESSAGE[1:]), call(1, b"\0\xff\xff\xff\xffx"),
    call(1, MESSAGE, **{":method": "GET"}), call(1, MESSAGE, **{"content-type": "text/plain"}),
    call(1, MESSAGE, **{"any-bin": "YWJj", "bad-bin": "?", "grpc-timeout": "99999999H"}),
    call(1, MESSAGE) + frame(3, 0, 1, b"\0\0\0\x08"), call(1, MESSAGE)[:-19] + frame(3, 0, 1, b"\0\0\0\x08"),
    frame(1, 4, 1, HEAD) + frame(0, 0, 1, MESSAGE) + frame(0, 1, 1, MESSAGE) + frame(0, 0, 1),
    frame(1, 4, 1, HEAD) + frame(0, 0, 1, MESSAGE) + frame(1, 5, 1, b"\0\4late\5value"),
    frame(1, 4, 1, HEAD + b"\0\1a\0" * 600) + frame(0, 1, 1, MESSAGE) + call(3, MESSAGE),
    frame(6, 0, 0, b"12345678") + frame(4, 0, 0, b"\0\4\0\0\0\0") + call(1, MESSAGE) + frame(8, 0, 1, b"\0\0\0\7"),
    frame(7, 0, 0, b"\0" * 8) + call(1, MESSAGE), frame(4, 1, 0), frame(1, 0, 1, b"\x82") + frame(9, 4, 1, b"\x86"),
]

# For targets whose input begins with a choice, the choice is the first byte.
SEEDS = {
    "http_request": [bytes([limits, 7, pieces]) + text.encode()
                     for limits, pieces, text in itertools.product((0, 3), (0, 40), REQUESTS)],
    "gateway": WHOLE_REQUESTS + ["".join(WHOLE_REQUESTS[10:16])],
    "h2_server": [bytes([kind, piece]) + frames for kind, piece, frames in itertools.product((0, 1), (0, 200), CALLS)]
                 + [b"\7\xffGET / HTTP/1.1\r\n\r\n", b"\7\xffPRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0) + CALLS[0]],
    "form": ["email=a%40b.c&password=a+phrase", "a&b=&=c&&", "a=%4", "a=%zz", "a=1&a=2", "%00=%ff", "x=1&" * 101],
    "json_body": ['{"email":"a@b.c","password":null}', '{"a":1,"b":[{"c":true}],"d":-1.5e9}', '{"a":"x","a":"y"}',
                  r'{"a":"\u00e9\ud83d\ude00\n","\u0061":""}', "[1]", "{", '{"a":"\\ud800"}', "[" * 17 + "]" * 17,
                  '{"a":' * 16 + "{}" + "}" * 16, "{" + ",".join(f'"{i}":0' for i in range(101)) + "}", " {} ", "{}x"],
    "cookies": ["Cookie: access_token=a.b.c; refresh_token=r", "Cookie: access_token=a\nCookie: access_token=b",
                "Cookie: __Host-access_token=a;__Host-refresh_token=b;access_token=c",
                f"Cookie: userinfo_version={UUID}.7; a; =b; access_token =c", "Authorization: Bearer a.b.c\nCookie: x=y",
                f"Authorization: Basic YTpi\nUserinfo-Version: {UUID}.18446744073709551615", "Authorization:bearer \t",
                "Authorization: Bearer a\nAuthorization: Bearer b", "Cookie: access_token=; access_token="],
    "headers": [bytes([which]) + text.encode() for which, text in [
        (0, '"1"'), (0, '"1", W/"2" ,"x","01"'), (0, "*"), (0, '"1" "2"'), (0, ",".join(['"1"'] * 17)), (0, '"0"'),
        (1, "192.0.2.7"), (1, "evil, 10.1.2.3"), (1, "::ffff:10.0.0.1, 2001:db8::7"), (1, ","), (1, "fe80::1%eth0"),
        (2, "a-request_1.2"), (2, "a" * 65), (2, "a b"), (3, "https://id.example"), (3, "null"), (3, "same-origin"),
        (4, "application/json; charset=utf-8"), (4, "Application/X-WWW-Form-Urlencoded ;a"), (4, "text/plain"),
        (5, "127.0.0.1:8080"), (5, "[::1]:0"), (5, "localhost:65536"), (5, "[::ffff:1.2.3.4]:1"),
        (6, "https://ID.example:443/"), (6, "http://[::1]:8080"), (6, "https://a:b@c"), (6, "ftp://a"), (6, "http://a:0"),
        (7, "10.0.0.0/8"), (7, "2001:db8::/129"), (7, "::ffff:10.0.0.0/104"), (7, "1.2.3.4/"), (7, "fe80::%eth0/64"),
        (1, "203.0.113.7:5123"), (1, "[2001:db8::1]:5123, [::1]"), (1, ", 1.2.3.4,,"), (1, "64:ff9b::1.2.3.4"),
        (8, "for=192.0.2.60;proto=http;by=203.0.113.43"), (8, 'For="[2001:db8:cafe::17]:4711"'), (8, "for=unknown, for=_hid"),
        (8, 'for="a\\", b";a="b'), (8, "for=1.2.3.4;for=1.2.3.4,,"), (8, 'for="\\'), (8, "for=10.0.0.1, for=10.0.0.2"),
        (9, "1.2.3.4:80"), (9, "[fe80::1%eth0]:_x"), (9, "::ffff:1.2.3.4"), (9, "["), (9, "[]"), (9, "64:ff9b::"), (9, ":")]],
    "access_token": [b"\0" + b"e30.e30.e30",
                     *(b"\1" + (CLAIMS % times).encode() for times in [(NOW, NOW + 900, NOW), (NOW, NOW, 0),
                                                                       (NOW + 31, NOW + 900, 0), (-1, 1 << 62, -(1 << 62))]),
                     b"\1" + (CLAIMS % (NOW, NOW + 900, NOW)).replace("id.example", "id.example.org").encode(),
                     b"\1[]", b"\1{}",
                     *(b"\2" + (HEADER % words).encode() for words in [("ES256", "ours", "at+jwt"), ("none", "ours", "at+jwt"),
                                                                       ("ES256", "other", "at+jwt"), ("ES256", "ours", "JWT")]),
                     b"\3", b"\3\0\0\5x", b"\3\1\1\0.", b"\3\2\0\2x", b"\3\3\0\x50x", b"\3\0\1\x40A\3\1\x60x"],
    "refresh_token": [b"\0" + b"AgcICQ" + b"A" * 113, b"\0" + b"AQcICQ" + b"A" * 70, b"\0" + b"A" * 76, b"\1\0\1", b"\1\0\1\0\0\5x", b"\1\0\1\3\0\x20x",
                      b"\2YWJj", b"\2YWI", b"\2YWJ", b"\2YQ==", b"\2\0\xff"],
    "device": [b"\0" + b"A" * 55, b"\0" + b"A" * 322, b"\1", b"\1\1", *(b"\1\1" + b"x" * 40 * count for count in (1, 2, 5, 6)),
               b"\1\2" + b"x" * 40, b"\1\1" + b"x" * 41],
    "phc": [b"\0" + (HASH % figures).encode() for figures in [
                ("8", "1", "1"), ("16", "2", "1"), ("4294967295", "1", "1"), ("8", "4294967295", "1"),
                ("8388608", "1", "1"), ("8", "1", "16777215"), ("99999999999999999999", "1", "1"), ("-8", "1", "1"),
                ("08", "1", "1"), ("18446744073709551615", "18446744073709551615", "1")]]
           + [b"\0$argon2i$v=19$m=8,t=3,p=1$c29tZXNhbHQ$AA", b"\0$2b$12$abcdefghijklmnopqrstuv", b"\0$argon2id$",
              b"\1", b"\1\0\0\7x", b"\1\3\0\x30x", b"\1\1\0\x0f9", b"\1\0\0\x109"],
    "email": ["a@b.example", "Anna.Test+tag@B\u00fccher.Example", "a@xn--bcher-kva.example", "a..b@c.example", "a@b", "@b.c",
              "a@1.2.3.4", "a@[::1]", '"a b"@c.example', "a@-b.example", "a" * 65 + "@b.example", "a@\u4f8b\u3048.\u30c6\u30b9\u30c8",
              "a@stra\u00dfe.example", "a@b\u3002example", " \u3000a@B\u00dcCHER\uff0eexample\ufeff\r\n",
              "a@bu\u0308cher.example", "a@\uff58n--\u00fc.example", "a@ab--cd.\u1e9e.example", "a@\u212aim.example", "a@" + "b." * 100 + "example", "a@\u200cb.example", "a@B.EXAMPLE."],
    "profile": ["anna\n2000-02-29\nhttps://a.example/p.png", "e\u0301\u00e9\u1e9b\u0323\n1899-12-31\n", " \u200b\u3000\n\nhttp://a",
                "\u202eanna\n0000-01-01\nhttps://u:p@a", "\U0001f469\u200d\U0001f680\n2029-02-30\nhttps://[::1]:9/?#",
                "\ufdfa" * 64 + "\n2030-01-01\nhttps://", b"\xff\xc0\x80\n\xed\xa0\x80\n",
                "\u034f\ufe0f\u17b4\n\nhttps://a:65536/", "\U0002ebf0\ufffe\n\nhttps://a%00b/", "\u2764\ufe0f\n\nhttps://a%20b:00443/",
                "\u845b\U000e0100\n\nhttps://%e3%82%a2.example:/", "a\n\nhttps://256.1.1.1/", "a\n\nhttps://[v1.a]/", "\u1100\u1161\u11a8\n9999-12-31\n"],
    "config": ["listen: 127.0.0.1:8080\nhttp:\n  trusted_proxies: [127.0.0.1, 10.0.0.0/8]\n", "http.body_bytes: 2048\n",
               "sessions: {idle: 30s, absolute: 14d}\npasswords: {memory: 8192, iterations: 3, log_in_floor: 250ms}\n",
               "keys: {master: x}\n", "a: &a [*a]\n", "http: &h\n  <<: *h\n", "listen: 'a\n\n  b'\n", "? {a: b}\n: c\n",
               '"http\\n": 1\n', "log: {level: debug, format: json, file: x}\nlog.level: info\n", "- a\n", "---\n...\n",
               "public_url: https://id.example\ncache: {profiles: 1}\ntokens: {access_lifetime: 15m}\n", "%YAML 1.2\n---\na: !!b c"],
    "redis_values": [bytes([which]) + text.encode() for which, text in [
        (0, '{"version":3,"profile":{"username":"Anna","birthday":"2000-02-29","avatar":"","email":"a@b.c"}}'),
        (0, '{"version":3,"profile":{"username":"\\u00e9","birthday":null,"avatar":"https://a","email":""},"more":[1]}'),
        (0, '{"version":4,"absent":true}'), (0, '{"version":-1,"absent":true}'), (0, '{"version":1e3,"absent":true}'),
        (1, "MOVED 3999 127.0.0.1:6381"), (1, "ASK 1 fe80::1:7002"), (1, "MOVED 1 :7000"), (1, "MOVED 1 [::1]:65536"),
        (1, "TRYAGAIN Multiple keys"), (1, "NOSCRIPT No matching script"), (2, "a{b}c"), (2, "{}{a}"), (2, "}{")]],
    "service_instance": [
        '{"address":"10.0.0.7:8090","version":"1.0","weight":1}', '{"address":"unix:/run/rpc.sock","version":"","weight":1000}',
        '{"address":"[::1]:1","version":"1","weight":2,"more":[{}]}', '{"address":"dns:///a:1","version":"1","weight":1}',
        '{"address":":1","version":"1","weight":1}', '{"address":"[]:1","version":"1","weight":1}',
        '{"address":"a:1","version":"1","weight":0}', '{"weight":1e1}', "[]"],
}
WORDS = {
    "h2_server": [":method", ":path", "POST", "content-type", "application/grpc", "grpc-timeout", "-bin", "\0\0\0\0\5hello",
                  "\0\0\4\3\0\0\0\0\1", "\0\0\0\0\1\0\0\0\1", "\0\0\x08\6\0\0\0\0\0"],
    "http_request": ["\r\n", "\r\n\r\n", " HTTP/1.1", " HTTP/1.0", "Host: a", "Content-Length: ", "Transfer-Encoding: chunked",
                     "0\r\n\r\n", "Connection: close", "Expect: 100-continue", "http://", "\t", "\n "],
    "json_body": ["null", "true", "\\u", "\\ud800", "{}", "[]", '"a":', "1e99", '"email"', '"password"'],
    "form": ["%", "%25", "+", "&", "=", "email", "password"],
    "cookies": ["Cookie:", "Authorization:", "Bearer ", "access_token=", "refresh_token=", "__Host-", "userinfo_version=",
                "Userinfo-Version:", "; ", UUID, "18446744073709551616"],
    "headers": ['W/"', '"', ", ", "*", "::ffff:", "/32", "127.0.0.1", "https://", "[::1]", "application/json", "for=", ";",
                "64:ff9b::", "%eth0", "unknown", "\\"],
    "access_token": ['"iss":', '"exp":', '"iat":', '"amr":[', '"sub":', UUID, "9223372036854775807", "1e300", "null"],
    "refresh_token": ["AQ", "Ag", "AAAAAAAA", "_-", "="],
    "device": ["A" * 40, "\1", "_-"],
    "phc": ["$argon2id$", "v=19", "$m=", ",t=", ",p=", "4294967295", "18446744073709551616"],
    "email": ["@", ".", "xn--", ".example", "\u00fc", "\u00df", "\u3002", "\u200c", "\u0130", "\u212a", "\u0308", "\u1e9e", "\ufeff", "\uff0e"],
    "profile": ["\n", "\u0301", "\u202e", "\u200b", "\ufdfa", "\uac00", "\U0001f469", "https://", "2000-02-29", "\u2028", "\u0085", "\ufe0f",
                "\U000e0100", "\U0002ebf0", "\uffff", "%00", "%20", "%ef%bc%8f", ":65536"],
    "config": [": ", "- ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!!", "|\n", ">\n", "? ", "http", "keys", "master", "sessions",
               "trusted_proxies", "'", '"', "---\n", "\\n", "\\x0a"],
    "redis_values": ['"version":', '"absent":true', '"profile":', '"username":', '"birthday":', "null", "MOVED ", "ASK ", ":6379"],
    "service_instance": ['"address":', '"version":', '"weight":', "unix:/", ":8090", "[::1]", "1000", "\\u0000"],
}
WORDS["gateway"] = WORDS["http_request"] + WORDS["json_body"] + WORDS["cookies"] + [
    "GET ", "PUT ", "POST ", "DELETE ", "/api/account", "/api/user/profile", "/login", "/sessions/", "s3cret-marker", "If-Match: ",
    "Content-Type: application/json", "Content-Type: application/x-www-form-urlencoded", "X-Request-Id: ", "Origin: ", "old", "wrong",
    "/security", "/icon.svg", "/styles/", "Accept: text/html", "Accept-Encoding: ", "gzip", ";q=0", "If-None-Match: "]


def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def quoted(word):
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"'


def main():
    root = pathlib.Path(sys.argv[1])
    for target, texts in SEEDS.items():
        folder = root / target
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for seed in map(to_bytes, texts):
            (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        (root / f"{target}.dict").write_text("".join(quoted(word) + "\n" for word in WORDS[target]))


if __name__ == "__main__":
    main()
