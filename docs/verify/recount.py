"""Recounts a ballot box from the entries of its exported log, by Python's standard library alone. Usage: recount.py FOLDER"""
import json, pathlib, sys

def entries(folder, size):
    for index in range(-(-size // 256)):
        width, digits = min(256, size - index * 256), str(index).zfill(-(-len(str(index)) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        path = "/x".join(["tile/entries"] + groups[:-1]) + "/" + groups[-1] + ("" if width == 256 else f".p/{width}")
        bundle, at = (folder / path).read_bytes(), 0
        while at < len(bundle):
            end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
            yield json.loads(bundle[at + 2 : end])
            at = end

folder = pathlib.Path(sys.argv[1])
box = entries(folder, int((folder / "checkpoint").read_text("utf-8").split("\n")[1]))
votes = {person["number"]: 0 for person in next(box)["data"]["participants"]}
seen = set()
for event in box:
    if event["type"] == "BallotBoxClosed":
        break
    vote = event["data"]
    once = (vote.get("voteId"), vote.get("expiresAt"))
    if event["type"] == "VoteCast" and once not in seen and vote["participantId"] in votes:
        votes[vote["participantId"]] += 1
    seen.add(once)
print(json.dumps({**{f"voto_{number}": count for number, count in votes.items()}, "total": sum(votes.values())}))
