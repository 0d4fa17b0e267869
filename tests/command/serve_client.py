#!/usr/bin/env python3
"""Clients of `difflm serve` for serve.sh: serve_client.py ADDRESS SUBJECT, in the folder of the runs `words` (diffusion) and `next`
(autoregressive), whose texts of seed 3 are in words.txt and next.txt. Exit code 0 if all is as it should be."""
import http.client, json, random, socket, sys, threading, time, urllib.parse

ADDRESS = urllib.parse.urlparse(sys.argv[1])
HOST, PORT = ADDRESS.hostname, ADDRESS.port
TEXTS = {name: open(f"{name}.txt", encoding="utf8").read().splitlines() for name in ("words", "next")}


def connect():
    return http.client.HTTPConnection(HOST, PORT, timeout=60)


def call(path, body=None, method=None, headers=None):
    """Status and JSON (or text) of a reply."""
    connection = connect()
    own = {"Content-Type": "application/json"} if body is not None else {}
    own.update(headers or {})
    data = json.dumps(body) if isinstance(body, dict) else body
    connection.request(method or ("POST" if body is not None else "GET"), path, data, own)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    is_json = reply.getheader("Content-Type", "").startswith("application/json")
    return reply.status, json.loads(text) if is_json else text


def ask(body, path="/v1/completions"):
    status, reply = call(path, body)
    assert status == 200, (status, reply)
    return reply


def error(path, body, status, word, **more):
    came, reply = call(path, body, **more)
    assert came == status, (came, reply)
    own = reply["error"]
    assert own["code"] == status and own["type"] and word in json.dumps(own), reply
    return own


def events(path, body=None, method=None):
    """The JSON of each event of a stream, as they come; closes the connection when the generator is closed."""
    connection = connect()
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method or ("POST" if body is not None else "GET"), path, json.dumps(body) if body else None, headers)
    reply = connection.getresponse()
    assert reply.status == 200, reply.read()
    assert reply.getheader("Content-Type") == "text/event-stream"
    try:
        for line in reply:
            line = line.decode().rstrip("\n")
            if line.startswith("data: "):
                yield line[len("data: "):] if line == "data: [DONE]" else json.loads(line[len("data: "):])
    finally:
        connection.close()


def wait_until(condition, seconds=20):
    until = time.time() + seconds
    while not condition():
        assert time.time() < until, "it did not come about in time"
        time.sleep(0.05)


def status():
    wait_until(lambda: call("/health")[0] == 200)
    models = call("/v1/models")[1]["data"]
    assert [(m["id"], m["kind"]) for m in models] == [("words", "diffusion"), ("next", "autoregressive")], models
    properties = call("/props")[1]
    assert any(s["key"] == "steps" or s["key"].endswith(".steps") for s in properties["sampling"]), properties["sampling"][0]
    assert {"keywords", "infill", "begin"} <= {w["guide"] for w in properties["wishes"]}
    assert "reward" not in {w["guide"] for w in properties["wishes"]}, "it runs programs"
    ask({"seed": 3})
    code, metrics = call("/metrics")
    assert code == 200 and 'difflm_texts_total{model="words"} ' in metrics and 'difflm_replies_total{status="200"}' in metrics, metrics
    error("/nothing", None, 404, "/nothing")
    error("/health", {}, 405, "GET")


def completions():
    for model in TEXTS:
        reply = ask({"model": model, "seed": 3, "n": 6})
        assert [c["text"] for c in reply["choices"]] == TEXTS[model], reply
        assert [c["index"] for c in reply["choices"]] == list(range(6))
        assert reply["object"] == "text_completion" and reply["seed"] == 3 and reply["usage"]["completion_tokens"] > 6
        prompt = " ".join(TEXTS[model][0].split()[:2])
        reply = ask({"model": model, "seed": 5, "n": 3, "prompt": prompt, "echo": True})
        assert all(c["text"].startswith(prompt) for c in reply["choices"]), reply
        bare = ask({"model": model, "seed": 5, "n": 3, "prompt": prompt})
        assert [prompt + c["text"] for c in bare["choices"]] == [c["text"] for c in reply["choices"]]
        two = ask({"model": model, "seed": 3, "prompt": ["", prompt]})
        assert len(two["choices"]) == 2 and two["choices"][0]["text"] == TEXTS[model][0], two
        short = ask({"model": model, "seed": 3, "n": 6, "max_tokens": 4})
        assert all(c["finish_reason"] in ("stop", "length") for c in short["choices"])
        assert short["usage"]["completion_tokens"] <= 24 and any(c["finish_reason"] == "length" for c in short["choices"]), short
        stop = TEXTS[model][0].split()[1]
        assert ask({"model": model, "seed": 3, "stop": stop})["choices"][0]["text"] == TEXTS[model][0].split(stop)[0]
    assert ask({})["seed"] != ask({})["seed"], "drawn where none is given"
    scored = ask({"model": "next", "prompt": TEXTS["next"][0], "max_tokens": 0, "echo": True, "logprobs": 1})["choices"][0]["logprobs"]
    assert len(scored["tokens"]) == len(scored["token_logprobs"]) == len(scored["top_logprobs"])
    assert all(value <= 0 for value in scored["token_logprobs"])
    assert all(max(top.values()) >= value for top, value in zip(scored["top_logprobs"], scored["token_logprobs"]))
    error("/v1/completions", {"model": "words", "logprobs": 1}, 400, "autoregressive")
    error("/v1/completions", {"model": "other"}, 404, "words, next")
    error("/v1/completions", {"sed": 1}, 400, "seed")
    error("/v1/completions", {"n": 0}, 400, "n")
    error("/v1/completions", {"n": 10**6}, 400, "n")
    error("/v1/completions", {"seed": 1.5}, 400, "seed")
    error("/v1/completions", {"temperature": "hot"}, 400, "temperature")
    error("/v1/completions", {"prompt": "xyzzy"}, 400, "xyzzy")
    error("/v1/completions", {"frequency_penalty": 1}, 400, "frequency_penalty")
    error("/v1/completions", {"settings": ["sampling.judge=/etc/passwd"]}, 400, "sampling.judge")
    error("/v1/completions", {"wishes": [{"guide": "reward", "wish": "touch done"}]}, 400, "reward")
    reply = ask({"model": "words", "seed": 3, "n": 2, "settings": ["sampling.steps=2"], "user": "me", "presence_penalty": 0})
    assert len(reply["choices"]) == 2


def streams():
    for model in TEXTS:
        for n in (1, 3):
            parts = list(events("/v1/completions", {"model": model, "seed": 3, "n": n, "stream": True, "stream_options": {"include_usage": True}}))
            assert parts[-1] == "[DONE]" and parts[-2]["usage"]["completion_tokens"] > 0, parts[-2:]
            texts = [""] * n
            reasons = [None] * n
            for part in parts[:-2]:
                choice = part["choices"][0]
                assert reasons[choice["index"]] is None, "nothing comes after the end"
                texts[choice["index"]] += choice["text"]
                reasons[choice["index"]] = choice["finish_reason"]
            assert texts == TEXTS[model][:n] and reasons == ["stop"] * n, (texts, reasons)
            if n == 1 and model == "next":
                assert len(parts) > 4, "word by word"
    error("/v1/completions", {"prompt": "xyzzy", "stream": True}, 400, "xyzzy")


def tokens():
    for model in TEXTS:
        found = ask({"model": model, "content": TEXTS[model][0]}, "/tokenize")["tokens"]
        assert ask({"model": model, "tokens": found}, "/detokenize")["content"] == TEXTS[model][0]
        pieces = ask({"model": model, "content": TEXTS[model][0], "with_pieces": True}, "/tokenize")["tokens"]
        assert [piece["id"] for piece in pieces] == found
    error("/detokenize", {"tokens": [-1]}, 400, "-1")
    error("/detokenize", {"tokens": ["a"]}, 400, "tokens")
    error("/tokenize", {}, 400, "content")


def infill():
    words = TEXTS["words"][0].split()
    reply = ask({"input_prefix": words[0] + " ", "input_suffix": " " + words[-1], "seed": 3, "n": 2}, "/infill")
    assert all(text["text"].startswith(words[0]) and text["text"].endswith(words[-1]) for text in reply["texts"]), reply
    error("/infill", {}, 400, "input_prefix")
    error("/infill", {"model": "next", "input_prefix": words[0]}, 400, "word by word")


def denoise():
    seen = list(events("/v1/denoise", {"seed": 3, "candidates": 2}))
    assert [event["event"] for event in seen][:2] == ["begin", "step"] and seen[-1]["event"] == "end", seen
    assert [text["text"] for text in seen[-1]["texts"]] == TEXTS["words"][:2]
    states = {word["state"] for event in seen if event["event"] == "step" for text in event["texts"] for word in text["words"]}
    assert states <= {"noise", "changed", "draft", "final", "given"} and len(states) >= 2, states
    steps = [event for event in seen if event["event"] == "step"]
    assert all(event["steps"] >= event["step"] for event in steps) and steps[0]["noise"] >= steps[-1]["noise"]
    # Again from anywhere.
    path = f"/v1/denoise/{seen[0]['id']}/events"
    assert list(events(path)) == seen[1:]
    assert list(events(path + "?from=2")) == seen[3:]
    error(path + "?from=x", None, 400, "from")
    error("/v1/denoise/nobody/events", None, 404, "nobody")
    given = list(events("/v1/denoise", {"seed": 3, "infill": f"* {TEXTS['words'][0].split()[-1]}"}))
    assert given[-1]["texts"][0]["words"][-1]["state"] == "given", given[-1]
    next_word = list(events("/v1/denoise", {"model": "next", "seed": 3}))
    assert next_word[-1]["texts"][0]["text"] == TEXTS["next"][0]
    error("/v1/denoise", {"wishes": [{"guide": "keyword", "wish": "a"}]}, 400, "keywords")
    error("/v1/denoise", {"wishes": [{"guide": "keywords", "wish": "xyzzy"}]}, 400, "xyzzy")
    error("/v1/denoise", {"candidates": 9}, 400, "candidates")


def steer():
    word = next(word for text in TEXTS["words"][1:] for word in text.split() if word not in TEXTS["words"][0] and word.isalpha())
    stream = events("/v1/denoise", {"seed": 3, "steps": 3000})
    start = next(stream)
    next(stream)
    ask({"id": start["id"], "wishes": [{"guide": "keywords", "wish": word}]}, "/v1/steer")
    rest = list(stream)
    assert any(event["event"] == "wishes" and event["wishes"] for event in rest), [event["event"] for event in rest]
    assert rest[-1]["texts"][0]["wishes"] == [{**rest[-1]["texts"][0]["wishes"][0], "guide": "keywords", "wish": word, "holds": True}], rest[-1]
    error("/v1/steer", {"id": start["id"], "wishes": []}, 409, "finished")
    error("/v1/steer", {"id": "nobody", "wishes": []}, 404, "nobody")
    # A wish that is wrong is refused on the way, and the text goes on.
    stream = events("/v1/denoise", {"seed": 3, "steps": 3000})
    start = next(stream)
    ask({"id": start["id"], "wishes": [{"guide": "keywords", "wish": "xyzzy"}]}, "/v1/steer")
    rest = list(stream)
    assert any("xyzzy" in event.get("refused", {}).get("message", "") for event in rest), rest
    assert rest[-1]["event"] == "end"


def writing():
    """Whether a text is being written or waits: how many requests have been begun less those that ended is not shown, so the queue."""
    return call("/v1/models")[0] == 200


def cancel():
    slow = {"seed": 3, "steps": 4000}
    # Given up by request.
    stream = events("/v1/denoise", slow)
    start = next(stream)
    assert call(f"/v1/denoise/{start['id']}", method="DELETE")[1]["state"] == "cancelled"
    assert list(stream)[-1]["event"] == "cancelled"
    # A client that goes away frees its place at once.
    began = time.time()
    connection = connect()
    connection.request("POST", "/v1/completions", json.dumps({"steps": 4000, "n": 64}), {"Content-Type": "application/json"})
    time.sleep(0.3)
    connection.sock.close()
    connection.close()
    ask({"seed": 3, "steps": 2})
    assert time.time() - began < 10, "it waited for what nobody reads"
    # One that watched may come back; when it does not, the place is free a few seconds later.
    stream = events("/v1/denoise", slow)
    start = next(stream)
    next(stream)
    stream.close()
    again = events(f"/v1/denoise/{start['id']}/events?from=1")
    assert next(again)["event"] == "step"
    again.close()
    # A queue that is full says so, and how long it is.
    waiting = [connect() for _ in range(12)]
    for connection in waiting:
        connection.request("POST", "/v1/completions", json.dumps({"seed": 3, "n": 200, "steps": 150}), {"Content-Type": "application/json"})
        time.sleep(0.02)
    replies = [connection.getresponse() for connection in waiting]
    codes = [reply.status for reply in replies]
    bodies = [json.loads(reply.read()) for reply in replies]
    assert 429 in codes and set(codes) <= {200, 429}, codes
    assert "8 requests wait" in bodies[codes.index(429)]["error"]["message"], bodies[codes.index(429)]


def guard():
    error("/v1/completions", {}, 403, "evil.example", headers={"Host": "evil.example"})
    error("/v1/completions", {}, 403, "evil.example", headers={"Origin": "http://evil.example"})
    error("/v1/completions", {}, 403, "null", headers={"Origin": "null"})
    error("/v1/completions", {}, 403, "localhost:1", headers={"Origin": "http://localhost:1"})
    assert call("/v1/completions", {"seed": 3}, headers={"Origin": f"http://{HOST}:{PORT}"})[0] == 200
    assert call("/health", headers={"Host": f"localhost:{PORT}"})[0] == 200
    error("/v1/completions", "{}", 415, "application/json", headers={"Content-Type": "text/plain"})
    error("/v1/completions", "{}", 415, "gzip", headers={"Content-Encoding": "gzip"})
    error("/v1/completions", "x" * (3 << 20), 413, "larger")
    for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/page/../../etc/passwd", "/v1/denoise/..%2f..%2fetc/events"):
        came, reply = call(path)
        assert came == 404 and "root:" not in json.dumps(reply), (path, came)
    connection = connect()
    connection.request("GET", "/health")
    headers = dict(connection.getresponse().getheaders())
    assert headers["X-Content-Type-Options"] == "nosniff" and "'unsafe-inline'" not in headers["Content-Security-Policy"], headers
    assert "Access-Control-Allow-Origin" not in headers
    # A slow client keeps its own connection busy and nobody else's.
    slow = socket.create_connection((HOST, PORT))
    slow.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
    half = socket.create_connection((HOST, PORT))
    half.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    half.shutdown(socket.SHUT_WR)
    assert ask({"seed": 3})["choices"][0]["text"] == TEXTS["words"][0]
    slow.settimeout(30)
    began = time.time()
    while slow.recv(4096):
        pass
    assert time.time() - began < 25, "it is let go in the end"
    half.close()


def raw(data):
    """What comes back for these bytes: the status, or None where the connection is closed without a reply."""
    with socket.create_connection((HOST, PORT), timeout=30) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            reply = b""
            while part := connection.recv(65536):
                reply += part
        except (ConnectionResetError, BrokenPipeError):
            return None, b""
    return (int(reply.split()[1]), reply) if reply else (None, b"")


def malformed_bodies():
    """Bodies that are no request, of each kind many."""
    draw = random.Random(7)
    good = json.dumps({"model": "words", "seed": 3, "n": 1, "prompt": "", "wishes": [{"guide": "keywords", "wish": "the"}]})
    for _ in range(180):  # cut off
        yield good[: draw.randrange(len(good))].encode()
    for _ in range(130):  # a byte that belongs to no JSON
        at = draw.randrange(len(good))
        yield good[:at].encode() + bytes([draw.choice([0, 1, 7, 0x80, 0xC0, 0xFF])]) + good[at + 1:].encode()
    fields = ["model", "prompt", "n", "seed", "temperature", "steps", "length", "stop", "stream", "echo", "logprobs", "max_tokens", "wishes", "settings", "suffix", "top_p", "best_of"]
    wrong = [[], {}, [[]], [1, None], -1, 1e300, -1e300, 2**70, {"a": {"b": 1}}, [{"guide": 1}], "\u0000", "x" * 100000]
    for field in fields:  # a value of another kind
        for value in draw.sample(wrong, 10):
            yield json.dumps({field: value}).encode()
    for depth in (9, 100, 100000):
        yield b"[" * depth
        yield b'{"a":' * depth
        yield b"[" * depth + b"]" * depth
    for text in ("", " ", "null", "1", '"text"', "[]", "{}{}", '{"seed":1,"seed":2}', "{'seed':1}", '{"seed":NaN}', '{"seed":1e999}', "{\"prompt\":\"\\ud800\"}", "\ufeff{}", '{"seed":01}', '{"a":1,}', "<xml/>", "seed=1"):
        yield text.encode()


def malformed():
    # Some of the values that are tried are right after all ("stop": [], "n": null); those are answered.
    bodies = list(malformed_bodies())
    statuses = {}
    for body in bodies:
        head = f"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        with socket.create_connection((HOST, PORT), timeout=30) as connection:
            connection.sendall(head.encode() + body)
            reply = b""
            while part := connection.recv(65536):
                reply += part
        code = int(reply.split()[1])
        statuses[code] = statuses.get(code, 0) + 1
        assert code == 200 or 400 <= code < 500, (code, body[:100], reply[-300:])
        if code != 200:
            answer = json.loads(reply.split(b"\r\n\r\n", 1)[1])
            assert answer["error"]["code"] == code and answer["error"]["message"], (body[:100], answer)
    assert sum(statuses.values()) - statuses.get(200, 0) >= 300, statuses
    # Requests that are no HTTP.
    lines = [b"", b"\r\n\r\n", b"GET\r\n\r\n", b"GET /health\r\n\r\n", b"GET /health HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"FOO /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
             b"GET " + b"/" * 20000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: y\r\n" * 400000 + b"\r\n",
             b"GET /health HTTP/1.1\r\nno colon\r\n\r\n", b"GET /health HTTP/1.1\r\n" + b"A" * 100000, b"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: -5\r\n\r\n{}",
             b"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
             b"POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
             b"GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"GET /health HTTP/1.1\r\nHost:\r\n\r\n"]
    draw = random.Random(8)
    lines += [bytes(draw.randrange(256) for _ in range(draw.randrange(1, 300))) for _ in range(100)]
    for line in lines:
        code, reply = raw(line)
        assert code is None or 400 <= code < 500, (line[:80], reply[:200])
    assert len(bodies) + len(lines) >= 500, (len(bodies), len(lines))
    assert ask({"seed": 3})["choices"][0]["text"] == TEXTS["words"][0], "the server lives"


def load(clients=32, requests=400):
    """Plain, streamed, cancelled and malformed requests at once: none is lost, and each text is that of its seed."""
    expected = {}
    for seed in range(8):
        expected[seed] = ask({"model": "words", "seed": seed})["choices"][0]["text"]
    failures, done, lock, numbers = [], [], threading.Lock(), iter(range(requests))

    def one(number):
        seed = number % 8
        kind = ("plain", "plain", "stream", "cancel", "malformed", "plain")[number % 6]
        if kind == "plain":
            while (reply := call("/v1/completions", {"model": "words", "seed": seed}))[0] == 429:
                time.sleep(0.05)
            assert reply[1]["choices"][0]["text"] == expected[seed], reply
        elif kind == "malformed":
            error("/v1/completions", '{"seed":', 400, "JSON")
        else:
            connection = connect()
            connection.request("POST", "/v1/completions", json.dumps({"model": "words", "seed": seed, "stream": True}), {"Content-Type": "application/json"})
            reply = connection.getresponse()
            if reply.status == 200 and kind == "stream":
                parts = [json.loads(line[6:]) for line in reply.read().decode().split("\n") if line.startswith("data: {")]
                assert "".join(part["choices"][0]["text"] for part in parts) == expected[seed], parts
            else:
                assert reply.status in (200, 429), reply.status
            connection.close()

    def work():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                one(number)
                done.append(number)
            except Exception as problem:  # noqa: BLE001: reported below
                failures.append((number, repr(problem)))

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and len(done) == requests, (len(done), failures[:3])
    metrics = call("/metrics")[1]
    of_words = lambda name: float(next(line.split()[-1] for line in metrics.splitlines() if line.startswith(name + '{model="words"}')))
    assert of_words("difflm_batches_total") < of_words("difflm_requests_total"), "requests that wait are written together"


def classifier():
    model = call("/v1/models")[1]["data"][0]
    assert model["classifiers"][0]["guide"] == "attribute" and "=" in model["classifiers"][0]["example"], model
    choices = ask({"seed": 4, "n": 2, "wishes": [{"guide": "attribute", "wish": "kind=cafe"}]})["choices"]
    assert [choice["text"] for choice in choices] == open("wished.txt", encoding="utf8").read().splitlines(), choices
    error("/v1/completions", {"wishes": [{"guide": "attribute", "wish": "kind=xyzzy"}]}, 400, "xyzzy")
    # What pulled: the classifier as well.
    tokens = call("/tokenize", {"content": choices[0]["text"]})[1]["tokens"]
    words = call("/v1/words", {"tokens": tokens, "place": 1, "wishes": [{"guide": "attribute", "wish": "kind=cafe"}, {"guide": "length", "wish": "9"}]})[1]["words"]
    assert all(isinstance(word["pulls"][0], float) and word["pulls"][1] is None for word in words) and len({word["pulls"][0] for word in words}) > 1, words


def key():
    error("/v1/completions", {"seed": 3}, 401, "key")
    error("/v1/completions", {"seed": 3}, 401, "key", headers={"Authorization": "Bearer secre"})
    error("/v1/completions", {"seed": 3}, 401, "key", headers={"Authorization": "Bearer secrets"})
    assert call("/v1/completions", {"seed": 3}, headers={"Authorization": "Bearer secret"})[0] == 200
    wait_until(lambda: call("/health")[0] == 200)


def slow():
    wait_until(lambda: call("/health")[0] == 200)
    error("/v1/completions", {"steps": 4000, "n": 200}, 503, "longer than 0.3 seconds")
    ask({"seed": 3, "steps": 2})


def last():
    wait_until(lambda: call("/health")[0] == 200)
    stream = events("/v1/denoise", {"seed": 3, "steps": 600})
    next(stream)
    next(stream)
    open("asked", "w").close()
    rest = list(stream)
    assert rest[-1]["event"] == "end", rest[-1]


if sys.argv[2] in ("completions", "streams", "guard", "load"):
    wait_until(lambda: call("/health")[0] == 200)
{f.__name__: f for f in (status, completions, streams, tokens, infill, denoise, steer, cancel, guard, malformed, load, classifier, key, slow, last)}[sys.argv[2]]()
