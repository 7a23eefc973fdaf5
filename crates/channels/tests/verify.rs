//! Who is let in at the door: signatures and the visit before a subscription.

#![expect(clippy::string_slice, reason = "signatures are ASCII")]

use base64::Engine;
use bytes::Bytes;
use channels::handshake::{self, Handshake};
use channels::{Delivery, Refusal, verify};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue};
use sha2::Sha256;
use vault::Secret;

const APP_SECRET: &str = "5eedface5eedface5eedface5eedface";
/// As Meta writes it: escaped letters, slashes and halves of an emoji.
const BODY: &[u8] =
    br#"{"object":"whatsapp_business_account","entry":[{"id":"77","note":"caf\u00e9 1\/2 \ud83d\ude00"}]}"#;

fn sign(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mac| mac.chain_update(body));
    mac.map(|mac| hex::encode(mac.finalize().into_bytes()))
        .unwrap_or_default()
}

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn delivery(signatures: &[&[u8]], body: &[u8]) -> Delivery {
    let mut headers = HeaderMap::new();
    for signature in signatures {
        let value =
            HeaderValue::from_bytes(signature).unwrap_or_else(|_| HeaderValue::from_static("unusable"));
        headers.append("X-Hub-Signature-256", value);
    }
    Delivery {
        headers,
        body: Bytes::copy_from_slice(body),
    }
}

fn verdict(signatures: &[&[u8]], body: &[u8]) -> Result<(), Refusal> {
    verify::whatsapp(&[secret(APP_SECRET)], delivery(signatures, body)).map(|_| ())
}

#[test]
fn a_known_signature_of_known_bytes_is_believed() {
    // Computed once with another implementation.
    let known = "sha256=4ad3456187fca8cb5f38b98af13fed837416e11dd0691551cbed6e2d29cefe4f";
    assert_eq!(verdict(&[known.as_bytes()], BODY), Ok(()));
    assert_eq!(
        verdict(
            &[known.to_uppercase().replace("SHA256", "sha256").as_bytes()],
            BODY
        ),
        Ok(())
    );
}

#[test]
fn what_was_verified_comes_out_untouched() {
    let header = format!("sha256={}", sign(APP_SECRET, BODY));
    let verified = verify::whatsapp(&[secret(APP_SECRET)], delivery(&[header.as_bytes()], BODY)).unwrap();
    assert_eq!(verified.get().body, BODY);
    assert_eq!(verified.into_inner().body, BODY);
}

#[test]
fn the_same_json_in_other_bytes_is_refused() {
    let header = format!("sha256={}", sign(APP_SECRET, BODY));
    let same_json: serde_json::Value = serde_json::from_slice(BODY).unwrap();
    assert_eq!(
        verdict(&[header.as_bytes()], same_json.to_string().as_bytes()),
        Err(Refusal::Mismatch)
    );
    for index in 0..BODY.len() {
        let mut tampered = BODY.to_vec();
        tampered[index] ^= 1;
        assert_eq!(
            verdict(&[header.as_bytes()], &tampered),
            Err(Refusal::Mismatch),
            "byte {index}"
        );
    }
    assert_eq!(verdict(&[header.as_bytes()], &BODY[1..]), Err(Refusal::Mismatch));
}

#[test]
fn each_way_to_get_the_header_wrong_is_refused_with_its_reason() {
    let digits = sign(APP_SECRET, BODY);
    let good = format!("sha256={digits}");
    let refusal = |header: &str| verdict(&[header.as_bytes()], BODY).unwrap_err();
    assert_eq!(verdict(&[], BODY), Err(Refusal::Missing));
    assert_eq!(
        verdict(&[good.as_bytes(), good.as_bytes()], BODY),
        Err(Refusal::Several)
    );
    assert_eq!(refusal(&digits), Refusal::OtherScheme);
    assert_eq!(refusal(""), Refusal::OtherScheme);
    assert_eq!(
        refusal("sha1=299a71720dae5f7b7808be38181898acaecc37dd"),
        Refusal::OtherScheme
    );
    assert_eq!(refusal("sha256="), Refusal::WrongLength);
    assert_eq!(refusal(&good[..good.len() - 2]), Refusal::WrongLength);
    assert_eq!(refusal(&format!("{good}00")), Refusal::WrongLength);
    assert_eq!(refusal(&format!("{good}, {good}")), Refusal::WrongLength);
    assert_eq!(refusal(&format!("sha256={}zz", &digits[2..])), Refusal::NotHex);
    let mut not_ascii = good.clone().into_bytes();
    not_ascii[20] = 0xff;
    assert_eq!(verdict(&[&not_ascii], BODY), Err(Refusal::NotHex));
    assert_eq!(
        refusal(&format!("sha256={}", sign("another", BODY))),
        Refusal::Mismatch
    );
}

#[test]
fn any_of_several_stored_secrets_will_do() {
    let header = format!("sha256={}", sign("second", BODY));
    let try_with = |secrets: &[&str]| {
        let secrets: Vec<Secret> = secrets.iter().map(|text| secret(text)).collect();
        verify::whatsapp(&secrets, delivery(&[header.as_bytes()], BODY)).map(|_| ())
    };
    assert_eq!(try_with(&["first", "second", "third"]), Ok(()));
    assert_eq!(try_with(&["first", "third"]), Err(Refusal::Mismatch));
}

#[test]
fn without_a_secret_of_ours_nothing_is_believed_and_the_reason_is_ours() {
    let with_empty_key = format!("sha256={}", sign("", BODY));
    let try_with = |secrets: &[Secret]| {
        verify::whatsapp(secrets, delivery(&[with_empty_key.as_bytes()], BODY)).map(|_| ())
    };
    assert_eq!(try_with(&[]), Err(Refusal::NoSecret));
    assert_eq!(try_with(&[secret("")]), Err(Refusal::NoSecret));
    assert_eq!(try_with(&[secret(""), secret("real")]), Err(Refusal::Mismatch));
}

#[test]
fn a_log_shows_neither_what_customers_write_nor_signatures() {
    let shown = format!("{:?}", delivery(&[b"sha256=abcdef"], b"my private words"));
    assert!(!shown.contains("private") && !shown.contains("abcdef"), "{shown}");
}

#[test]
fn a_binary_body_is_signed_like_any_other() {
    let body = base64::engine::general_purpose::STANDARD
        .decode("/wD+gIGC")
        .unwrap();
    let header = format!("sha256={}", sign(APP_SECRET, &body));
    assert_eq!(verdict(&[header.as_bytes()], &body), Ok(()));
    assert_eq!(
        verdict(&[format!("sha256={}", sign(APP_SECRET, b"")).as_bytes()], b""),
        Ok(())
    );
}

fn visit(query: &str) -> Handshake {
    handshake::answer(&[secret("old-token"), secret("tök&n +1")], query)
}

#[test]
fn a_subscriber_who_knows_a_token_gets_the_challenge_back() {
    let challenge = Handshake::Challenge("90210".to_owned());
    assert_eq!(
        visit("hub.mode=subscribe&hub.challenge=90210&hub.verify_token=old-token"),
        challenge
    );
    assert_eq!(
        visit("x=1&hub.verify_token=t%C3%B6k%26n+%2B1&hub.challenge=%390210&hub%2Emode=subscribe"),
        challenge
    );
    assert_eq!(challenge.status(), 200);
}

#[test]
fn a_wrong_token_and_another_wish_are_forbidden() {
    for query in [
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=old-tokem",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=old-token%00",
        "hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=old-token",
        "hub.challenge=1&hub.verify_token=old-token",
        "hub.verify_token=guess",
    ] {
        assert_eq!(visit(query), Handshake::WrongToken, "{query}");
    }
    assert_eq!(Handshake::WrongToken.status(), 403);
    let unset = handshake::answer(
        &[secret("")],
        "hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
    );
    assert_eq!(unset, Handshake::WrongToken);
    let none = handshake::answer(&[], "hub.mode=subscribe&hub.challenge=1&hub.verify_token=x");
    assert_eq!(none, Handshake::WrongToken);
}

#[test]
fn nothing_is_echoed_but_a_short_text_without_markup() {
    let ask = |challenge: &str| {
        visit(&format!(
            "hub.mode=subscribe&hub.verify_token=old-token&hub.challenge={challenge}"
        ))
    };
    assert_eq!(ask("aZ_9-x"), Handshake::Challenge("aZ_9-x".to_owned()));
    assert_eq!(ask(&"7".repeat(256)), Handshake::Challenge("7".repeat(256)));
    assert_eq!(
        ask("a+b%2B/=.:~%21"),
        Handshake::Challenge("a b+/=.:~!".to_owned())
    );
    let long = "7".repeat(257);
    for bad in [
        "",
        "%3Cscript",
        "script%3E",
        "a%26b",
        "%22",
        "%27",
        "%C3%A9",
        "1%0A2",
        "1%7F2",
        &long,
    ] {
        assert_eq!(ask(bad), Handshake::Incomplete, "{bad}");
    }
    assert_eq!(
        visit("hub.mode=subscribe&hub.verify_token=old-token"),
        Handshake::Incomplete
    );
    assert_eq!(visit("hub.mode=subscribe&hub.challenge=1"), Handshake::Incomplete);
    assert_eq!(Handshake::Incomplete.status(), 400);
}

#[test]
fn a_browser_learns_nothing() {
    for query in ["", "fbclid=abc", "&&=&%", "hub=1"] {
        assert_eq!(visit(query), Handshake::BareVisit, "{query}");
    }
    assert_eq!(Handshake::BareVisit.status(), 404);
}
