"""A person at the pages of Arenoa ID, and what both Python clients need of a running country (ARENOA_BASE)."""

import os
import re

import requests

BASE = os.environ["ARENOA_BASE"]
ISSUER = f"{BASE}/identity"
TOMAS = "2238778167"


def form(html):
    found = re.search(r'<form method="post" action="([^"]+)"', html)
    assert found, html
    return found.group(1)


def log_in(authorize, uin=TOMAS, otp="111111"):
    """Gives the address that the relying party receives."""
    page = requests.get(authorize)
    page = requests.post(form(page.text), {"individual_id": uin})
    page = requests.post(form(page.text), {"otp": otp})
    answer = requests.post(form(page.text), {"decision": "allow", "claims": "*"}, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def find(name):
    """The file of somebody of the cast."""
    found = requests.get(f"{ISSUER}/desk/persons", {"q": name}).json()["persons"]
    return requests.get(f"{ISSUER}/desk/persons/{found[0]['uin']}").json()


def advance(minutes):
    requests.post(f"{BASE}/_arenoa/clock", json={"advance": f"PT{minutes}M"}).raise_for_status()
