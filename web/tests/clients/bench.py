"""Server time of a whole login and of MOSIP's sealed questions, read from the journal of a running country (ARENOA_BASE), best
on a release build: scripts/client-bench."""

import hashlib
import base64
import pathlib
import statistics
import subprocess
import sys
import urllib.parse

import requests

from person import BASE, ISSUER, log_in

LOGINS = 40
CALLBACK = "http://127.0.0.1:54321/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


def messages(since):
    """Answers of Arenoa ID after a number of the journal."""
    found, last = [], since
    while True:
        page = requests.get(f"{ISSUER}/_arenoa/messages", {"after": last, "limit": 500}).json()["messages"]
        if not page:
            return [entry for entry in found if entry["kind"] == "answer" and entry["from"] == "identity"], last
        found += page
        last = page[-1]["seq"]


def login():
    query = urllib.parse.urlencode({
        "response_type": "code", "client_id": "demo-portal", "redirect_uri": CALLBACK, "scope": "openid profile",
        "code_challenge": CHALLENGE, "code_challenge_method": "S256"})
    answer = urllib.parse.urlparse(log_in(f"{ISSUER}/authorize?{query}"))
    code = urllib.parse.parse_qs(answer.query)["code"][0]
    tokens = requests.post(f"{ISSUER}/oauth/v2/token", {
        "grant_type": "authorization_code", "client_id": "demo-portal", "code": code, "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER}).json()
    requests.get(f"{ISSUER}/oidc/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).raise_for_status()


def median_ms(durations):
    return statistics.median(durations) / 1000


login()
_, last = messages(0)
whole = []
for _ in range(LOGINS):
    login()
    answers, last = messages(last)
    whole.append(sum(entry["duration_us"] for entry in answers))
print(f"login, authorize to userinfo: {median_ms(whole):.1f} ms of server time (median of {LOGINS})")
subprocess.run([sys.executable, pathlib.Path(__file__).with_name("mosip_client.py")], check=True, env={"ARENOA_BASE": BASE})
answers, _ = messages(last)
sealed = [entry["duration_us"] for entry in answers if "/auth/" in entry["action"] and entry["verdict"] == "valid"]
print(f"IDA yes or no, sealed and signed: {median_ms(sealed):.1f} ms (median of {len(sealed)})")
