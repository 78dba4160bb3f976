"""Standard Webhooks: the published vector, what is believed and what is not, and how the two sides agree."""

from datetime import UTC, datetime, timedelta

import pytest

from lms.foundation.webhooks import Unsigned, check, headers, key_of, secret_of, signature

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
ID, SECONDS, BODY = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1795350532, b'{"type":"enrolment.created","data":{"id":"e-1"}}'
SIGNED = "v1,HUuqzaE2cp5lJaU8j1h5gAQ+cgnZaLD7takRzMAV9ds="
NOW = datetime.fromtimestamp(SECONDS, UTC)
OTHER = secret_of(b"x" * 32)


def believed(secrets=(SECRET,), message_id=ID, stamp=str(SECONDS), signatures=SIGNED, body=BODY, now=NOW):
    return check(secrets, message_id, stamp, signatures, body, now)


def test_the_vector_of_the_standard():
    assert signature(SECRET, ID, SECONDS, BODY) == SIGNED
    assert believed() == ID


def test_two_secrets_sign_at_once_and_either_is_believed():
    sent = headers([OTHER, SECRET], ID, NOW, BODY)
    assert sent["webhook-signature"].split(" ")[1] == SIGNED and sent["webhook-timestamp"] == str(SECONDS)
    for secret in (SECRET, OTHER):
        assert believed([secret], signatures=sent["webhook-signature"]) == ID


@pytest.mark.parametrize("signatures", [f"v1,AAAA {SIGNED}", f"v1a,xyz {SIGNED}", f"  {SIGNED}  "])
def test_a_good_signature_among_others_is_enough(signatures):
    assert believed(signatures=signatures) == ID


@pytest.mark.parametrize("changed, code", [
    ({"secrets": ()}, "bad_signature"), ({"secrets": (OTHER,)}, "bad_signature"), ({"body": BODY + b" "}, "bad_signature"),
    ({"message_id": "msg_other"}, "bad_signature"), ({"stamp": str(SECONDS + 1)}, "bad_signature"),
    ({"signatures": "v1,"}, "bad_signature"), ({"signatures": "v1," + "A" * 100_000}, "bad_signature"),
    ({"signatures": SIGNED.replace("v1", "v2")}, "bad_signature"), ({"signatures": "v1," + "é" * 30}, "bad_signature"),
    ({"signatures": " ".join(["v1,x"] * 20 + [SIGNED])}, "bad_signature"), ({"signatures": SIGNED.removeprefix("v1,")}, "bad_signature"),
    ({"message_id": None}, "headers_missing"), ({"stamp": ""}, "headers_missing"), ({"signatures": None}, "headers_missing"),
    ({"stamp": "-5"}, "bad_timestamp"), ({"stamp": "1e9"}, "bad_timestamp"), ({"stamp": "9" * 40}, "bad_timestamp"),
    ({"stamp": "١٧٩٥"}, "bad_timestamp"), ({"message_id": "a" * 101}, "bad_id"), ({"message_id": "a b"}, "bad_id"),
    ({"message_id": "ñ"}, "bad_id"), ({"message_id": "a\nb"}, "bad_id")])
def test_what_is_not_believed_has_a_name(changed, code):
    with pytest.raises(Unsigned) as refused:
        believed(**changed)
    assert refused.value.code == code and refused.value.message


@pytest.mark.parametrize("minutes, good", [(-5, True), (5, True), (-5.1, False), (5.1, False), (-60 * 24, False)])
def test_five_minutes_either_way(minutes, good):
    now = NOW + timedelta(minutes=minutes)
    if good:
        assert believed(now=now) == ID
    else:
        with pytest.raises(Unsigned) as refused:
            believed(now=now)
        assert refused.value.code == "too_old"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_####", "whsec_" + "QUJD", "", secret_of(b"x" * 65), "whsec_é"])
def test_a_secret_is_whsec_and_base64_of_24_to_64_bytes(secret):
    with pytest.raises(ValueError):
        key_of(secret)
