//! Functions of chance.

use sha2::{Digest as _, Sha256};

use super::function;
use crate::context::Host;
use crate::error::EvalError;
use crate::nodeset::NodeSet;
use crate::number::{parse_number, trim};
use crate::tree::Tree;
use crate::value::Value;

/// The longest text that `uuid(n)` makes.
const MAX_CHARACTERS: f64 = 10_000.0;

function! { random(eval, _arguments, _focus) {
    let bits = random_bits(eval.host) >> 11;
    Ok(Value::Number(bits as f64 / (1u64 << 53) as f64))
} }

fn random_bits<T: Tree + ?Sized, H: Host<T> + ?Sized>(host: &H) -> u64 {
    let mut bytes = [0; 8];
    host.fill_random(&mut bytes);
    u64::from_le_bytes(bytes)
}

function! { uuid(eval, arguments, focus) {
    let Some(count) = arguments.first() else {
        let mut bytes = [0; 16];
        eval.host.fill_random(&mut bytes);
        bytes[6] = bytes[6] & 0x0F | 0x40;
        bytes[8] = bytes[8] & 0x3F | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        return Ok(Value::from(parts.join("-")));
    };
    let count = eval.number(*count, focus)?.trunc();
    if !(0.0..=MAX_CHARACTERS).contains(&count) {
        return Err(EvalError::BadArgument { what: "uuid()", expected: "a number of characters from 0 to 10000" });
    }
    let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = String::new();
    while text.len() < count as usize {
        // 62 of 64 values are letters; the other two are thrown again.
        let mut byte = [0];
        eval.host.fill_random(&mut byte);
        if let Some(letter) = letters.get(usize::from(byte[0] & 63)) {
            text.push(char::from(*letter));
        }
    }
    Ok(Value::from(text))
} }

function! {
/// The nodes in random order: Fisher and Yates from the inside out, with Park and Miller's generator, as both public
/// engines do, so that a seed gives the same order everywhere.
randomize(eval, arguments, focus) {
    let nodes = eval.nodes(arguments[0], focus, "randomize()")?;
    let seed = match arguments.get(1) {
        None => (random_bits(eval.host) >> 1).cast_signed(),
        Some(argument) => match eval.atom(*argument, focus)? {
            Value::String(text) => seed_of_text(&text),
            other => whole(eval.number_of(&other)),
        },
    };
    let mut generator = ParkMiller::new(seed);
    let mut shuffled: Vec<T::Node> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let other = (generator.next() * (at + 1) as f64) as usize;
        if other == at {
            shuffled.push(node);
        } else {
            let moved = shuffled[other];
            shuffled.push(moved);
            shuffled[other] = node;
        }
    }
    Ok(Value::Nodes(NodeSet::from(shuffled)))
} }

/// A number as seed: its whole part, at most what 64 bits hold.
fn whole(number: f64) -> i64 {
    number as i64
}

/// A text as seed: its number; nothing is 0; other text by its digest.
fn seed_of_text(text: &str) -> i64 {
    if trim(text).is_empty() {
        return 0;
    }
    let number = parse_number(text);
    if !number.is_nan() {
        return whole(number);
    }
    let digest = Sha256::digest(text.as_bytes());
    let mut head = [0; 8];
    head.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(head)
}

struct ParkMiller(i64);

impl ParkMiller {
    const MODULUS: i64 = 2_147_483_647;

    fn new(seed: i64) -> Self {
        let state = seed % Self::MODULUS;
        Self(if state <= 0 { state + Self::MODULUS - 1 } else { state })
    }

    /// From 0 to below 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0 * 16_807 % Self::MODULUS;
        (self.0 - 1) as f64 / (Self::MODULUS - 1) as f64
    }
}
