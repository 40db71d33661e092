"""MOSIP's published client library asks IDA with its own cryptography: yes and no, a one-time code, e-KYC, refusals."""

import datetime
import logging
import pathlib
import sys
import tempfile
from types import SimpleNamespace as Section

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from mosip_auth_sdk import MOSIPAuthenticator
from mosip_auth_sdk.models import DemographicsModel
import requests

from person import ISSUER, TOMAS, advance, find

IDA = f"{ISSUER}/idauthentication/v1"
PASSWORD = "partner"


def certified(folder, name):
    """A key with its certificate, as the partner of a country keeps it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now.replace(year=2036))
    certificate = builder.sign(key, hashes.SHA256())
    store = pkcs12.serialize_key_and_certificates(
        b"partner", key, certificate, None, serialization.BestAvailableEncryption(PASSWORD.encode()))
    path = folder / f"{name}.p12"
    path.write_bytes(store)
    pem = folder / f"{name}.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return str(path), str(pem)


def partner(folder, encrypt_to, store):
    config = Section(
        mosip_auth=Section(
            timestamp_format="%Y-%m-%dT%H:%M:%S", ida_auth_version="1.0", ida_auth_request_demo_id="mosip.identity.auth",
            ida_auth_request_kyc_id="mosip.identity.kyc", ida_auth_request_otp_id="mosip.identity.otp",
            ida_auth_env="Staging", authorization_header_constant="Authorization", partner_apikey="key",
            partner_misp_lk="licence", partner_id="pinkbank"),
        mosip_auth_server=Section(ida_auth_domain_uri=ISSUER, ida_auth_url=IDA),
        crypto_encrypt=Section(
            symmetric_key_size=256, symmetric_nonce_size=128, symmetric_gcm_tag_size=128, encrypt_cert_path=encrypt_to,
            decrypt_p12_file_path=store, decrypt_p12_file_password=PASSWORD),
        crypto_signature=Section(algorithm="RS256", sign_p12_file_path=store, sign_p12_file_password=PASSWORD),
        logging=Section(log_file_path=str(folder / "log"), log_format="%(message)s", loglevel="ERROR"))
    quiet = logging.getLogger("mosip")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    return MOSIPAuthenticator(config=config, logger=quiet)


def code(answer):
    errors = answer.json()["errors"]
    return errors[0]["errorCode"] if errors else "none"


def asks(sdk, number=TOMAS, kind="UIN", dob="1959/02/11", **more):
    return sdk.auth(
        individual_id=number, individual_id_type=kind, demographic_data=DemographicsModel(dob=dob) if dob else None,
        consent=True, **more)


def all_is_answered(sdk):
    yes = asks(sdk)
    assert code(yes) == "none" and yes.json()["response"]["authStatus"] is True, yes.text
    assert len(yes.json()["response"]["authToken"]) == 36
    no = asks(sdk, dob="1959/11/02")
    assert code(no) == "IDA-DEA-001" and no.json()["response"]["authStatus"] is False, no.text
    known = sdk.kyc(
        individual_id=TOMAS, individual_id_type="UIN", demographic_data=DemographicsModel(dob="1959/02/11"), consent=True)
    person = sdk.decrypt_response(known.json())
    assert person["name_eng"] == "Tomas Amaro" and "gender_eng" not in person, person


def one_time_codes(sdk):
    def typed(otp, transaction):
        return code(asks(sdk, dob=None, otp_value=otp, txn_id=transaction))

    sent = sdk.genotp(individual_id=TOMAS, individual_id_type="UIN", txn_id="0000000001", phone=True)
    assert sent.json()["response"]["maskedMobile"], sent.text
    assert typed("000000", "0000000001") == "IDA-OTA-004", "wrong"
    assert typed("111111", "0000000001") == "none", "right"
    assert typed("111111", "0000000001") == "IDA-OTA-012", "used"
    sdk.genotp(individual_id=TOMAS, individual_id_type="UIN", txn_id="0000000002", phone=True)
    advance(3)
    assert typed("111111", "0000000002") == "IDA-OTA-003", "expired"


def refusals(sdk, folder, store, foreign):
    nora, rosa = find("Nora Brandt"), find("Rosa Reyn")
    assert code(asks(sdk, nora["vids"][0]["VID"], "VID")) == "IDA-MLC-005", "expired virtual number"
    assert code(asks(sdk, rosa["person"]["uin"])) == "IDA-MLC-022", "blocked"
    assert code(asks(sdk, "2154189532")) == "IDA-MLC-002", "nobody"
    assert code(asks(partner(folder, foreign, store))) == "IDA-MPA-003", "sealed to somebody else: wrong thumbprint"

    send = sdk.auth_rest_util.post_request
    sdk.auth_rest_util.post_request = lambda path_params, data, additional_headers: send(
        path_params=path_params, data=data.replace(TOMAS, "2154189532"), additional_headers=additional_headers)
    assert code(asks(sdk)) == "IDA-MPA-001", "touched after it was signed"


with tempfile.TemporaryDirectory() as directory:
    folder = pathlib.Path(directory)
    store, own = certified(folder, "partner")
    ida = folder / "ida.pem"
    answer = requests.get(f"{IDA}/internal/getCertificate", {"applicationId": "IDA", "referenceId": "PARTNER"}).json()
    ida.write_text(answer["response"]["certificate"])
    sdk = partner(folder, str(ida), store)
    all_is_answered(sdk)
    one_time_codes(sdk)
    refusals(sdk, folder, store, own)
    print("mosip-auth-sdk: all well")
    sys.exit(0)
