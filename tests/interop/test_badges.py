"""Badges against other people's material and readers: W3C vectors, 1EdTech's validator corpus, joserfc, jsonld.js."""

import json
import os
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from lms.badges import canonical, documents, encoding, proofs, shapes, vocabulary
from lms.badges import status as lists
from lms.badges.baking import bake_png, is_picture, unbake
from lms.badges.checking import check
from lms.badges.issuers import Issuer, IssuerKey
from lms.badges.queries import PICTURES
from tests import independent
from tests.badged import FACTS, KEY, NOW, OURS, WHO, plain, signed, text, token

MATERIAL = Path(__file__).parents[2].parent / "shared" / "material" / "ob3"
HERE = Path(__file__).parents[1] / "contexts"
EXTRA = {"https://www.w3.org/ns/credentials/examples/v2": json.loads((HERE / "examples-v2.json").read_text()),
         "https://w3id.org/citizenship/v4rc1": json.loads((HERE / "citizenship-v4rc1.json").read_text())}
NODE = os.environ.get("LMS_NODE_MODULES")       # a folder where jsonld and @digitalbazaar/* are installed


def files(folder, *ends):
    return sorted(p for p in (MATERIAL / folder).rglob("*") if p.suffix in ends) if MATERIAL.is_dir() else []


def named(path):
    return str(path.relative_to(MATERIAL))


pytestmark = pytest.mark.filterwarnings("error")
needs_material = pytest.mark.skipif(not MATERIAL.is_dir(), reason=f"no material in {MATERIAL}")


# The vectors of eddsa-rdfc-2022, to the bit

VECTORS = [p.parent for p in files("w3c-eddsa-vectors", ".json") if p.name == "signedDataInt.json" and "rdfc" in str(p)]


@needs_material
def test_there_are_vectors():
    assert VECTORS


@pytest.mark.parametrize("folder", VECTORS, ids=named)
def test_vectors_are_met_to_the_bit(folder):
    told = {p.stem: p.read_text() for p in folder.iterdir() if p.is_file()}
    whole = json.loads(told["signedDataInt"])
    document, proof = {k: v for k, v in whole.items() if k != "proof"}, dict(whole["proof"])
    value = proof.pop("proofValue")
    options = {"@context": document["@context"], **proof}
    seen = {
        "canonDocDataInt": canonical.nquads(document, EXTRA), "proofCanonDataInt": canonical.nquads(options, EXTRA),
        "docHashDataInt": sha256(canonical.nquads(document, EXTRA).encode()).hexdigest(),
        "proofHashDataInt": sha256(canonical.nquads(options, EXTRA).encode()).hexdigest(),
        "combinedHashDataInt": proofs.digest(document, proof, EXTRA).hex(),
        "sigHexDataInt": encoding.of_multibase(value).hex(), "sigBTC58DataInt": "z" + encoding.base58(encoding.of_multibase(value))}
    for name, made in seen.items():
        assert name not in told or told[name].strip() == made.strip(), name
    method = proof["verificationMethod"]
    issuer = Issuer(shapes.address(document["issuer"]), (IssuerKey(frozenset({method}), encoding.of_multikey(
        method.partition("#")[2])),))
    assert proofs.verify_proof(document, whole["proof"], issuer, EXTRA) is issuer.keys[0]
    with pytest.raises(proofs.Unsigned):
        proofs.verify_proof({**document, "name": "Other"}, whole["proof"], issuer, EXTRA)


@pytest.mark.parametrize("path", [p for p in files("w3c-eddsa-vectors", ".json") if p.name == "keyPair.json"], ids=named)
def test_the_published_key_makes_the_published_signature(path):
    secret = json.loads(path.read_text())
    octets = encoding.of_multibase(secret["privateKeyMultibase"])
    key = Ed25519PrivateKey.from_private_bytes(octets[-32:])
    for folder in VECTORS:
        whole = json.loads((folder / "signedDataInt.json").read_text())
        if encoding.multikey(key.public_key()) in whole["proof"]["verificationMethod"]:
            made = proofs.with_proof(whole, whole["proof"]["verificationMethod"], key, whole["proof"]["created"], EXTRA)
            assert made["proof"]["proofValue"] == whole["proof"]["proofValue"]


# The data model's own inputs

INPUTS = files("w3c-vcdm2-inputs", ".json")
UNFETCHED = "relatedResource-digest-sri-fail"       # its fault is in what would have to be fetched


def issued(document):
    """As the suite's issuers complete what it sends them: an issuer, and dates where it says so."""
    if not isinstance(document, dict):
        return document
    if "VerifiablePresentation" not in shapes.types(document):
        given = document.get("issuer", "did:example:issuer")
        document["issuer"] = {"id": "did:example:issuer", **given} if isinstance(given, dict) else given
    for inner in shapes.listed(document.get("verifiableCredential", [])):
        if isinstance(inner, dict) and "credentialSubject" in inner:
            inner.setdefault("issuer", "did:example:issuer")
    dates = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2040-01-01T00:00:00Z"}
    return {k: dates.get(v, v) if isinstance(v, str) else v for k, v in document.items()}


@pytest.mark.parametrize("path", [p for p in INPUTS if "-ok" in p.stem], ids=named)
def test_inputs_that_are_right(path):
    assert shapes.faults(issued(json.loads(path.read_text())), EXTRA) == []


@pytest.mark.parametrize("path", [p for p in INPUTS if "-fail" in p.stem], ids=named)
def test_inputs_that_are_wrong(path):
    if path.stem == UNFETCHED:
        pytest.skip("its fault is in a file on the network, and nothing is fetched")
    document = json.loads(path.read_text())
    assert shapes.faults(issued(document), EXTRA) or shapes.faults(document, EXTRA)
    found = check(path.read_bytes(), [Issuer("did:example:issuer", ())], lists.Lists(), NOW)
    assert not found.ok and "broken" not in {one.name for one in found.problems}


@pytest.mark.parametrize("path", [p for p in INPUTS if "self-asserted" in p.stem], ids=named)
def test_self_asserted_credentials_are_the_holders(path):
    found = shapes.presentation_faults(json.loads(path.read_text()), EXTRA, self_asserted=True)
    assert [one.name for one in found] == (["holder"] if "mismatch" in path.stem else [])


# 1EdTech's corpus: each file is checked by the key its own proof names, as their validator does

CORPUS = files("1edtech-validator", ".json", ".1ob", ".jwt", ".svg", ".png")
WRONG = ("err", "revoked", "expired", "no-scheme", "noproof", "proof-error", "tampered")


def beyond(content: bytes, issuers: list[Issuer]) -> str:
    """Why a file that is not wrong is no badge to us: another data model or suite, or an answer only the network has."""
    said = unbake(content) if is_picture(content) else content.decode().strip()
    if said.startswith("{"):
        document = json.loads(said)
        if not any(one.get("cryptosuite") == proofs.SUITE for one in shapes.listed(document.pop("proof", [])) if isinstance(one, dict)):
            return "no proof of the suite checked here"
    else:
        document = json.loads(encoding.of_base64url(said.split(".")[1]))
    contexts = shapes.listed(document.get("@context", []))
    if contexts[:1] != [vocabulary.CREDENTIALS]:
        return "VC Data Model 1.1"
    if not all(isinstance(one, str) and one in vocabulary.FILES for one in contexts):
        return "a vocabulary of others"
    if not issuers or not issuers[0].keys:
        return "a key that only the network knows"
    if "1EdTechRevocationList" in str(document.get("credentialStatus")):
        return "a status that only a request tells"
    claims = {k: v for k, v in document.items() if k not in proofs.REGISTERED}
    return "claims that no context defines" if canonical.undefined(claims) else ""


def trusting(content: bytes) -> list[Issuer]:
    """Whoever it says issued it, with the key that its proof or header shows."""
    said = unbake(content) if is_picture(content) else content.decode().strip()
    try:
        if said.startswith("{"):
            document = json.loads(said)
            keys = []
            for proof in shapes.listed(document.get("proof", [])):
                method = str(proof.get("verificationMethod", ""))
                if method.startswith(("https:", "did:key:")) and "#" in method or method.startswith("did:key:"):
                    keys.append(IssuerKey(frozenset({method}), encoding.of_multikey(method.rpartition("#")[2].rpartition(":")[2])))
        else:
            head, body = (json.loads(encoding.of_base64url(part)) for part in said.split(".")[:2])
            document, keys = body.get("vc", body), [IssuerKey(frozenset({head.get("kid", "")}), encoding.of_jwk(head["jwk"]))]
        return [Issuer(str(shapes.address(document.get("issuer"))), tuple(keys))]
    except (ValueError, KeyError):
        return []


@pytest.mark.parametrize("path", CORPUS, ids=named)
def test_the_validators_corpus_gets_the_verdict_of_its_names(path):
    content = path.read_bytes()
    issuers = trusting(content)
    found = check(content, issuers, lists.Lists(), datetime(2026, 11, 25, tzinfo=UTC))
    names = [one.name for one in found.problems]
    assert "broken" not in names
    if any(mark in path.stem for mark in WRONG) or beyond(content, issuers):
        assert not found.ok
    else:
        assert names == []


@needs_material
def test_the_bundled_contexts_are_the_published_ones():
    published = json.loads((MATERIAL / "1edtech-contexts" / "context-3.0.3.json").read_text())
    assert vocabulary.context(vocabulary.BADGES) == published


# Somebody else's verifiers read ours

def test_joserfc_reads_our_jwt():
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url(KEY.public_key().public_bytes_raw())}
    with pytest.warns():                                    # joserfc calls the old name of the algorithm deprecated
        claims = independent.jwt_of(token(), jwk)
        assert independent.jwt_of(token()[:-5] + "AAAAA", jwk) is None
    assert claims["jti"] == plain()["id"] and claims["iss"] == WHO.id and claims["nbf"] == int(FACTS.issued_at.timestamp())


def test_pyld_and_cryptography_alone_verify_our_proof():
    whole, key = signed(), KEY.public_key()
    assert independent.proof_holds(whole, key, independent.contexts())
    assert not independent.proof_holds({**whole, "name": "Doctorado"}, key, independent.contexts())


def test_pillow_reads_the_baked_badge():
    baked = bake_png((PICTURES / "certificate.png").read_bytes(), json.dumps(signed()))
    with Image.open(BytesIO(baked)) as picture:
        picture.load()
        assert json.loads(picture.text["openbadgecredential"]) == signed()


VERIFIER = """
import {createRequire} from 'node:module';
const require = createRequire(process.argv[2] + '/');
const load = async name => await import(require.resolve(name));
const vc = await load('@digitalbazaar/vc');
const {DataIntegrityProof} = await load('@digitalbazaar/data-integrity');
const {cryptosuite} = await load('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const lists = await load('@digitalbazaar/vc-bitstring-status-list');
let text = ''; for await (const part of process.stdin) text += part;
const {documents, credential, list} = JSON.parse(text);
const documentLoader = async url => {
  if(!(url in documents)) throw new Error('not offered: ' + url);
  return {contextUrl: null, documentUrl: url, document: documents[url]};
};
const suite = new DataIntegrityProof({cryptosuite});
const checkStatus = options => lists.checkStatus({...options, suite, documentLoader});
const found = await vc.verifyCredential({credential, suite, documentLoader, checkStatus, now: new Date('2028-03-01T12:00:00Z')});
console.log(JSON.stringify({verified: found.verified, error: String(found.error?.errors?.[0] ?? found.error ?? ''),
  revoked: found.statusResult?.results?.[0]?.status ?? null}));
"""


def digitalbazaar(tmp_path, credential, listed):
    """The verdict of Digital Bazaar's verifier, who wrote the specifications."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url(KEY.public_key().public_bytes_raw())}
    told = documents.controller(WHO, [("k1", jwk, KEY.public_key())])
    offered = {url: json.loads(vocabulary.content(url)) for url in vocabulary.FILES}
    multikey = "https://w3id.org/security/multikey/v1"
    offered |= {WHO.id: {**told, "@context": ["https://www.w3.org/ns/did/v1", multikey]}}
    offered |= {method["id"]: {"@context": multikey, **method} for method in told["verificationMethod"] if method["type"] == "Multikey"}
    offered[listed["id"]] = listed
    script = tmp_path / "verify.mjs"
    script.write_text(VERIFIER)
    done = subprocess.run(["node", str(script), NODE], input=json.dumps({"documents": offered, "credential": credential}),
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not NODE, reason="LMS_NODE_MODULES names no folder with @digitalbazaar/vc")
def test_digital_bazaars_verifier_agrees(tmp_path):
    def listed(*bits):
        dates = datetime(2026, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)      # it goes by the real clock
        return signed(lists.credential(WHO.id, WHO.status_list("revocation", 0), "revocation", bits, *dates))
    good = digitalbazaar(tmp_path, signed(), listed())
    assert good["verified"] and good["revoked"] is False, good
    assert digitalbazaar(tmp_path, signed(), listed(4242))["revoked"] is True
    altered = {**signed(), "name": "Doctorado"}
    assert not digitalbazaar(tmp_path, altered, listed())["verified"]
    assert check(text(signed()), [OURS], lists.Lists((lists.list_of(listed()),)), NOW).ok


SCHEMAS = sorted(Path(os.environ.get("LMS_OB3_SCHEMAS", "/nowhere")).glob("ob_v3p0_achievementcredential_schema.json"))


@pytest.mark.skipif(not SCHEMAS, reason="LMS_OB3_SCHEMAS names no folder with 1EdTech's JSON schemas")
def test_1edtechs_schema_accepts_ours():
    jsonschema = pytest.importorskip("jsonschema")
    assert not list(jsonschema.Draft201909Validator(json.loads(SCHEMAS[0].read_text())).iter_errors(signed()))
