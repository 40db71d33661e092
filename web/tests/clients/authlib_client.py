"""PyPI's Authlib logs Tomas in: with a secret, with a signed assertion, and checks every token as it does for anybody."""

import time

from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
import requests

from person import ISSUER, log_in

CALLBACK = "http://127.0.0.1:8000/callback"
META = requests.get(f"{ISSUER}/.well-known/openid-configuration").json()
KEYS = JsonWebKey.import_key_set(requests.get(META["jwks_uri"]).json())


def learns(session, alg="RS256"):
    verifier = "v" * 43
    url, state = session.create_authorization_url(META["authorization_endpoint"], code_verifier=verifier, nonce="n-1")
    callback = log_in(url)
    token = session.fetch_token(META["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier)
    claims = JsonWebToken([alg]).decode(
        token["id_token"], KEYS, claims_cls=CodeIDToken,
        claims_options={"iss": {"essential": True, "value": ISSUER}, "aud": {"essential": True, "value": session.client_id}},
        claims_params={"nonce": "n-1", "client_id": session.client_id, "access_token": token["access_token"]},
    )
    claims.validate()
    assert claims["at_hash"], "the hash of the access token is there, and Authlib has checked it"
    return session.get(META["userinfo_endpoint"])


def session(client_id, secret, method):
    return OAuth2Session(
        client_id, secret, scope="openid profile", redirect_uri=CALLBACK, code_challenge_method="S256",
        token_endpoint_auth_method=method,
    )


def with_a_secret():
    answer = learns(session("demo", "demo", "client_secret_basic")).json()
    assert (answer["name"], answer["birthdate"]) == ("Tomas Amaro", "1959-02-11"), answer


def with_an_assertion():
    key = JsonWebKey.generate_key("RSA", 2048, is_private=True)
    client_id = f"pypi-{time.time_ns()}"
    request = {
        "clientId": client_id, "clientName": "Ministry", "relyingPartyId": "ministry", "redirectUris": [CALLBACK],
        "clientAuthMethods": ["private_key_jwt"], "publicKey": key.as_dict(is_private=False),
    }
    answer = requests.post(f"{ISSUER}/v1/esignet/client-mgmt/client", json={"request": request}).json()
    assert answer["errors"] == [], answer
    relying = session(client_id, key.as_pem(is_private=True), "private_key_jwt")
    relying.register_client_auth_method(PrivateKeyJWT(META["token_endpoint"]))
    signed = learns(relying).text
    person = JsonWebToken(["RS256"]).decode(signed, KEYS)
    assert (person["name"], person["birthdate"], person["gender"]) == ("Tomas Amaro", "1959/02/11", "Male"), person


def a_wrong_secret_is_refused():
    relying = session("demo", "wrong", "client_secret_post")
    try:
        learns(relying)
    except Exception as error:  # Authlib raises its own kinds, one for each code.
        assert "invalid_client" in str(error), error
    else:
        raise AssertionError("a wrong secret was taken")


with_a_secret()
with_an_assertion()
a_wrong_secret_is_refused()
print("Authlib: all well")
