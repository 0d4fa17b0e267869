#!/usr/bin/env python3
"""Programs that watch a training, for training_view.sh: training_client.py ADDRESS SUBJECT. Exit code 0 if all is as it should be."""
import http.client, json, pathlib, sys, time, urllib.parse

ADDRESS = urllib.parse.urlparse(sys.argv[1])
HOST, PORT = ADDRESS.hostname, ADDRESS.port


def reply_to(path, body=None, headers=None):
    connection = http.client.HTTPConnection(HOST, PORT, timeout=30)
    own = {"Content-Type": "application/json"} if body is not None else {}
    connection.request("POST" if body is not None else "GET", path, json.dumps(body) if body is not None else None, {**own, **(headers or {})})
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, dict(reply.getheaders()), text


def ask(path, body=None, headers=None):
    status, _, text = reply_to(path, body, headers)
    assert status == 200, (path, status, text)
    return json.loads(text)


def refused(path, status, word, body=None, headers=None):
    came, _, text = reply_to(path, body, headers)
    assert came == status, (path, came, text)
    error = json.loads(text)["error"]
    assert error["code"] == status and error["type"] and word in text, text


def until(condition, what, seconds=40):
    end = time.time() + seconds
    while True:
        found = condition()
        if found:
            return found
        assert time.time() < end, f"it never came about that {what}"
        time.sleep(0.1)


def live():
    """The process that trains: its state, its records as they come, and no texts."""
    first = until(lambda: (state := ask("/v1/training/live"))["records"] and state, "there are records")
    assert first["state"] == "running" and first["ends_with_server"] and first["minutes"] == 0.25 and first["steps"] is None, first
    assert 0 < first["share"] < 1 and first["seconds_left"] > 0 and first["tokens_per_second"] > 0, first
    assert first["records"][0]["step"] == 1 and first["records"][0]["train/loss"] > 0, first["records"][0]
    path = lambda at: f"/v1/training/live?from={at['next']}&log={at['log']}"
    more = until(lambda: (state := ask(path(first)))["records"] and state, "more records come")
    assert more["from"] == first["next"] < more["next"] and more["records"][0]["step"] > first["records"][-1]["step"], more
    levels = until(lambda: [r for r in ask("/v1/training/live")["records"] if "validation/cross_entropy_u0" in r], "it is validated")[-1]
    assert all(f"validation/{name}_u{at}" in levels for name in ("cross_entropy", "context_free") for at in (0, 7)), levels
    samples = until(lambda: ask("/v1/training/live")["samples"], "it writes samples")
    assert samples[0]["step"] == 40 and len(samples[0]["texts"]) == 4, samples
    assert [(run["id"], run["state"]) for run in ask("/v1/training")["data"]] == [("live", "running")]
    refused("/v1/completions", 503, "being trained by this process", {"seed": 1})
    refused("/v1/denoise", 503, "being trained by this process", {"seed": 1})
    assert ask("/health")["status"] == "ok" and ask("/v1/models")["data"][0]["state"] == "training"
    guard()


def guard():
    run = ask("/v1/training")["data"][0]["id"]
    for path in ("/v1/training", f"/v1/training/{run}", f"/reports/{run}/0"):
        refused(path, 403, "evil.example", headers={"Host": "evil.example"})
        refused(path, 403, "evil.example", headers={"Origin": "http://evil.example"})
        refused(path, 405, "GET", {})
    for number in ("-1", "x", "1e3", "", "99999999999999999999", "1.5", "0x10", "%00", "../../etc/passwd"):
        refused(f"/v1/training/{run}?from={number}", 400, "from")
        if number and "/" not in number:
            refused(f"/reports/{run}/{number}", 400, "report")
    for path in ("/v1/training/../../etc/passwd", "/v1/training/..%2f..%2fetc%2fpasswd", "/v1/training/nobody", f"/reports/{run}/../../../etc/passwd", f"/reports/../{run}/0",
                 f"/reports/{run}/999", "/reports/nobody/0", f"/reports/{run}/..%2fconfig.toml", "/reports/%2e%2e/0", f"/reports/{run}"):
        refused(path, 404, "reports" if "999" in path else "there is")


def before():
    """A run without a checkpoint, served beside finished ones."""
    runs = {run["id"]: run for run in ask("/v1/training")["data"]}
    assert [runs[name]["state"] for name in ("done", "other", "model")] == ["finished", "running", "finished"], runs
    assert runs["other"]["checkpoint"] is None and runs["other"]["step"] >= 5 and not runs["other"]["ends_with_server"], runs
    assert runs["done"]["step"] == runs["done"]["steps"] == runs["done"]["checkpoint"] == 120 and runs["done"]["share"] == 1, runs
    until(lambda: {m["id"]: m["state"] for m in ask("/v1/models")["data"]} == {"done": "ready", "other": "training", "model": "ready"}, "two can write")
    refused("/v1/completions", 503, "no checkpoint yet", {"model": "other"})
    assert ask("/health")["status"] == "ok"  # the others can write
    assert ask("/v1/completions", {"model": "done", "seed": 3})["choices"][0]["text"]
    reports = ask("/v1/training/done")["reports"]
    assert reports == [{"title": "How it went", "href": "/reports/done/0"}], reports
    status, headers, text = reply_to("/reports/done/0")
    policy = headers["Content-Security-Policy"]
    assert status == 200 and "How it went" in text and headers["Content-Type"].startswith("text/html"), (status, headers)
    assert policy.startswith("sandbox allow-scripts;") and "default-src 'none'" in policy and "allow-same-origin" not in policy, policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY", headers
    refused("/reports/done/1", 404, "number 1")
    assert [r["title"] for r in ask("/v1/training/model")["reports"]] == ["The experiment", "How it went"]
    assert ask("/v1/training/other")["reports"] == []
    guard()


def steps_of_other():
    return {m["id"]: m.get("steps_trained") for m in ask("/v1/models")["data"]}["other"]


def after():
    """A text as soon as there is a checkpoint."""
    pathlib.Path("first").write_text(str(until(steps_of_other, "there is a checkpoint, and it is opened")))
    assert ask("/v1/completions", {"model": "other", "seed": 3})["choices"][0]["text"]


def newer():
    """And by a newer one when there is one."""
    first = int(pathlib.Path("first").read_text())
    until(lambda: steps_of_other() > first, "a newer checkpoint is opened")
    assert ask("/v1/completions", {"model": "other", "seed": 3})["choices"][0]["text"]


def logs():
    whole = ask("/v1/training/done")
    lines = [json.loads(line) for line in pathlib.Path("done/metrics.jsonl").read_text().splitlines()]
    assert whole["records"] == lines and whole["next"] == pathlib.Path("done/metrics.jsonl").stat().st_size and not whole["more"]
    path = lambda at, log: f"/v1/training/done?from={at}&log={log}"
    rest = ask(path(whole["next"], whole["log"]))
    assert rest["records"] == [] and rest["from"] == rest["next"] == whole["next"], rest
    assert ask(path(whole["next"], "other"))["from"] == 0 and ask(path(10**9, ""))["from"] == 0
    # A line that is being written is not read; one that is no JSON is passed over.
    with open("done/metrics.jsonl", "a") as log:
        log.write('{"step": 121')
        log.flush()
        assert ask(path(whole["next"], whole["log"]))["next"] == whole["next"]
        log.write(', "train/loss": 1}\nnonsense\n{"step": 122}\n')
    assert [record["step"] for record in ask(path(whole["next"], whole["log"]))["records"]] == [121, 122]
    # A long log comes in parts.
    filler = {"step": 123, "text": "x" * 1000}
    with open("done/metrics.jsonl", "a") as log:
        log.writelines(json.dumps(filler) + "\n" for _ in range(1000))
    parts, at = 0, whole
    while True:
        at = ask(path(at["next"], at["log"]))
        parts += 1
        assert len(json.dumps(at["records"])) < 1 << 19
        if not at["more"]:
            break
    assert parts >= 3 and at["records"][-1] == filler, parts
    pathlib.Path("remembered.json").write_text(json.dumps({"log": at["log"], "next": at["next"]}))


def resumed():
    """The run was trained further: the log begins anew, without what was beyond the checkpoint."""
    kept = json.loads(pathlib.Path("remembered.json").read_text())
    now = ask(f"/v1/training/done?from={kept['next']}&log={kept['log']}")
    assert now["from"] == 0 and now["log"] != kept["log"] and now["step"] == 140, now
    assert [r["step"] for r in now["records"] if "train/loss" in r] == [1, *range(5, 145, 5)], [r["step"] for r in now["records"]]


def key():
    for path in ("/v1/training", "/v1/training/done", "/reports/done/0", "/reports/done/0?pass=secret"):
        refused(path, 401, "pass" if path.startswith("/reports") else "key")
    own = {"Authorization": "Bearer secret"}
    link = ask("/v1/training/done", headers=own)["reports"][0]["href"]
    assert reply_to(link)[0] == 200 and "How it went" in reply_to(link)[2], link
    refused(link[:-1], 401, "pass")


globals()[sys.argv[2]]()
