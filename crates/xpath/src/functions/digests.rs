//! Digests and base64.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::Digest as _;

use super::function;
use crate::error::EvalError;
use crate::value::Value;

/// With or without the `=` at the end.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

function! { digest(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let algorithm = eval.string(arguments[1], focus)?;
    let bytes = text.as_bytes();
    let digest: Vec<u8> = match algorithm.to_ascii_uppercase().as_str() {
        "MD5" => md5::Md5::digest(bytes).to_vec(),
        "SHA-1" => sha1::Sha1::digest(bytes).to_vec(),
        "SHA-256" => sha2::Sha256::digest(bytes).to_vec(),
        "SHA-384" => sha2::Sha384::digest(bytes).to_vec(),
        "SHA-512" => sha2::Sha512::digest(bytes).to_vec(),
        _ => {
            let expected = "MD5, SHA-1, SHA-256, SHA-384 or SHA-512";
            return Err(EvalError::BadArgument { what: "digest()", expected });
        }
    };
    let encoding = match arguments.get(2) {
        Some(encoding) => eval.string(*encoding, focus)?,
        None => "base64".into(),
    };
    Ok(Value::from(match encoding.to_ascii_lowercase().as_str() {
        "base64" => LENIENT.encode(&digest),
        "hex" => digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        _ => return Err(EvalError::BadArgument { what: "digest()", expected: "base64 or hex" }),
    }))
} }

function! {
/// The text behind base64; nothing where it is none.
base64_decode(eval, arguments, focus) {
    let text = eval.string(arguments[0], focus)?;
    let bytes = LENIENT.decode(text.trim_ascii()).unwrap_or_default();
    Ok(Value::from(String::from_utf8_lossy(&bytes).into_owned()))
} }

/// The bytes of an Ed25519 signature.
const SIGNATURE: usize = 64;

function! {
/// The signed message, if the signature before it is that of the public key (Ed25519, RFC 8032); else nothing.
extract_signed(eval, arguments, focus) {
    let content = eval.string(arguments[0], focus)?;
    let key = eval.string(arguments[1], focus)?;
    Ok(Value::from(signed_message(&content, &key).unwrap_or_default()))
} }

fn signed_message(content: &str, key: &str) -> Option<String> {
    let content = LENIENT.decode(content.trim_ascii()).ok()?;
    let key: [u8; 32] = LENIENT.decode(key.trim_ascii()).ok()?.try_into().ok()?;
    let (signature, message) = content.split_first_chunk::<SIGNATURE>()?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key).ok()?;
    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).ok()?;
    String::from_utf8(message.to_vec()).ok()
}
