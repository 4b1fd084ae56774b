"""Each media endpoint of /v1 as Python's requests calls it: forms, JSON, streams and ranges by its own defaults. Prints what came, as JSON."""

import base64
import json
import sys
import time

import requests

base, key = sys.argv[1:3]
session = requests.Session()
session.headers["Authorization"] = f"Bearer {key}"


def post(path, **how):
    answer = session.post(f"{base}{path}", timeout=30, **how)
    answer.raise_for_status()
    return answer


def picture(answer):
    return base64.b64decode(answer.json()["data"][0]["b64_json"])


told = {}
png = picture(post("/images/generations", json={"model": "sandbox", "prompt": "waves", "size": "64x32"}))
told["images/generations"] = png[1:4].decode()
stream = post(
    "/images/generations",
    json={"model": "sandbox", "prompt": "waves", "size": "64x64", "stream": True, "partial_images": 1},
    stream=True,
)
lines = [line.decode() for line in stream.iter_lines()]
told["streamed"] = [line[7:] for line in lines if line.startswith("event: ")]
edited = post(
    "/images/edits", data={"model": "sandbox", "prompt": "a hat", "size": "64x32"}, files={"image": ("a.png", png, "image/png")}
)
told["images/edits"] = picture(edited)[1:4].decode()
wav = post("/audio/speech", json={"model": "sandbox", "input": "Ahoy there", "voice": "alloy"}).content
told["audio/speech"] = wav[:4].decode()
for name in ("transcriptions", "translations"):
    heard = post(f"/audio/{name}", data={"model": "sandbox"}, files={"file": ("a.wav", wav)})
    told[f"audio/{name}"] = heard.json()["text"]
judged = post("/moderations", json={"model": "sandbox", "input": ["hello", "sandbox:refuse this"]})
told["moderations"] = [one["flagged"] for one in judged.json()["results"]]
ranked = post("/rerank", json={"model": "sandbox", "query": "cat", "documents": ["a dog", "a cat"], "top_n": 1})
told["rerank"] = [one["index"] for one in ranked.json()["results"]]

fields = {"model": "sandbox", "prompt": "a ship", "seconds": "4", "size": "1280x720"}
video = post("/videos", data=fields, files={"input_reference": ("a.png", png, "image/png")}).json()
looks = 0
while video["status"] not in ("completed", "failed") and looks < 60:
    time.sleep(0.5)
    looks += 1
    video = session.get(f"{base}/videos/{video['id']}", timeout=30).json()
part = session.get(f"{base}/videos/{video['id']}/content", headers={"Range": "bytes=4-11"}, timeout=30)
whole = session.get(f"{base}/videos/{video['id']}/content", timeout=30, stream=True)
size = sum(len(chunk) for chunk in whole.iter_content(1000))
listed = session.get(f"{base}/videos", params={"limit": 1}, timeout=30).json()
gone = session.delete(f"{base}/videos/{video['id']}", timeout=30).json()
told["videos"] = {
    "status": video["status"],
    "part": [part.status_code, part.content.decode("latin1")],
    "whole": size == int(part.headers["Content-Range"].split("/")[1]),
    "listed": listed["data"][0]["id"] == video["id"],
    "deleted": gone["deleted"],
}
refused = session.post(f"{base}/videos", json={**fields, "seconds": "0"}, timeout=30)
told["refused"] = [refused.status_code, refused.json()["error"]["param"]]
print(json.dumps(told))
