//! What a microphone gave, made smaller without loss: samples in, FLAC out (RFC 9639).
//!
//! Where a web view has no recorder whose pieces can be cut anywhere, the page hands over plain samples behind the head of a
//! WAV file. As FLAC they take about half the room, every player knows them, and not a sound is lost.

use std::io::{self, Read};

/// Length of the head that the page puts before the samples.
pub(crate) const WAV_HEAD: usize = 44;

/// Samples of a block; the last one may be shorter.
const BLOCK: usize = 4096;

/// A whole block has this many times two parts with a parameter of their own.
const PARTITION_ORDER: u32 = 4;

/// Largest parameter of a part: 15 has another meaning.
const LARGEST_PARAMETER: u32 = 14;

/// Samples a second of sound as the page records it: one channel, 16 bits, nothing between head and samples. None for any
/// other WAV file, and for other formats. The lengths in the head are not looked at: it was written before they were known.
pub(crate) fn rate_of(head: &[u8]) -> Option<u16> {
    let head = head.get(..WAV_HEAD)?;
    let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let right = head.starts_with(b"RIFF")
        && &head[8..16] == b"WAVEfmt "
        && number(16) == 16
        && head[20..24] == [1, 0, 1, 0]
        && head[32..36] == [2, 0, 16, 0]
        && &head[36..40] == b"data";
    u16::try_from(number(24)).ok().filter(|rate| right && *rate > 0 && number(28) == u32::from(*rate) * 2)
}

/// FLAC of samples (16 bits, little-endian, one channel), made while it is read.
pub(crate) struct Flac<R> {
    samples: R,
    rate: u16,
    frame: u32,
    /// What is made and not yet read: bytes, and how many of them are.
    made: (Vec<u8>, usize),
    done: bool,
}

impl<R: Read> Flac<R> {
    /// FLAC of so many samples; the source must have them. A byte after them is left out.
    pub(crate) fn new(samples: R, rate: u16, total: u64) -> Self {
        Self { samples, rate, frame: 0, made: (head(rate, total), 0), done: false }
    }

    fn make_more(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(BLOCK * 2);
        self.samples.by_ref().take(BLOCK as u64 * 2).read_to_end(&mut bytes)?;
        let block: Vec<i32> =
            bytes.chunks_exact(2).map(|pair| i32::from(i16::from_le_bytes([pair[0], pair[1]]))).collect();
        self.done = block.len() < BLOCK;
        if !block.is_empty() {
            self.made = (frame(&block, self.rate, self.frame), 0);
            self.frame += 1;
        }
        zeroize::Zeroize::zeroize(&mut bytes);
        Ok(())
    }
}

impl<R: Read> Read for Flac<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.made.1 == self.made.0.len() && !self.done {
            self.make_more()?;
        }
        let (made, at) = &mut self.made;
        let count = (made.len() - *at).min(out.len());
        out[..count].copy_from_slice(&made[*at..*at + count]);
        *at += count;
        Ok(count)
    }
}

/// The mark of the format, and what is known of the whole (RFC 9639, section 8.2).
fn head(rate: u16, total: u64) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.bytes.extend_from_slice(b"fLaC");
    bits.put(0x80, 8);
    bits.put(34, 24);
    bits.put(BLOCK as u32, 16);
    bits.put(BLOCK as u32, 16);
    // Lengths of frames: not known.
    bits.put(0, 24);
    bits.put(0, 24);
    bits.put(u32::from(rate), 20);
    // One channel, 16 bits.
    bits.put(0, 3);
    bits.put(15, 5);
    bits.put((total >> 32) as u32 & 0xF, 4);
    bits.put(total as u32, 32);
    // The sum of the samples: not known.
    bits.bytes.extend_from_slice(&[0; 16]);
    bits.bytes
}

/// A block (section 9).
fn frame(block: &[i32], rate: u16, number: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    // Length of the block and rate stand behind the number.
    bits.put(0xFFF8, 16);
    bits.put(0x7D, 8);
    bits.put(0x08, 8);
    bits.put_number(number);
    bits.put(block.len() as u32 - 1, 16);
    bits.put(u32::from(rate), 16);
    let sum = sum_8(&bits.bytes);
    bits.put(sum, 8);
    subframe(&mut bits, block);
    bits.fill_byte();
    let sum = sum_16(&bits.bytes);
    bits.put(sum, 16);
    bits.bytes
}

fn subframe(bits: &mut Bits, block: &[i32]) {
    if block.iter().all(|sample| *sample == block[0]) {
        bits.put(0, 8);
        bits.put_signed(block[0], 16);
        return;
    }
    // The fixed predictors: what is left of the samples, of their differences, of the differences of these, and so on.
    let mut left = block.to_vec();
    let (mut best, mut least, mut order) = (left.clone(), u64::MAX, 0);
    for degree in 0..=4.min(block.len() - 1) {
        if degree > 0 {
            for at in (degree..left.len()).rev() {
                left[at] -= left[at - 1];
            }
        }
        let size: u64 = left[degree..].iter().map(|rest| u64::from(rest.unsigned_abs())).sum();
        if size < least {
            (least, order) = (size, degree);
            best.copy_from_slice(&left);
        }
    }
    bits.put(0x10 | (order as u32) << 1, 8);
    block[..order].iter().for_each(|sample| bits.put_signed(*sample, 16));
    // What is left, by Rice's code: parts of the block with a parameter each.
    let parts = if block.len() == BLOCK { PARTITION_ORDER } else { 0 };
    bits.put(parts, 6);
    for part in 0..1 << parts {
        let length = block.len() >> parts;
        let from = (part * length).max(order);
        let folded: Vec<u32> =
            best[from..(part + 1) * length].iter().map(|rest| ((rest << 1) ^ (rest >> 31)) as u32).collect();
        let whole: u64 = folded.iter().map(|one| u64::from(*one)).sum();
        let mut parameter = 0;
        while parameter < LARGEST_PARAMETER && (folded.len() as u64) << (parameter + 1) <= whole {
            parameter += 1;
        }
        bits.put(parameter, 4);
        for one in folded {
            bits.put_zeros(one >> parameter);
            bits.put(1 << parameter | one & ((1 << parameter) - 1), parameter + 1);
        }
    }
}

/// Bits, the highest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    waiting: u64,
    count: u32,
}

impl Bits {
    /// The lowest `count` bits of a number; at most 32.
    fn put(&mut self, number: u32, count: u32) {
        self.waiting = self.waiting << count | u64::from(number) & ((1 << count) - 1);
        self.count += count;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.waiting >> self.count) as u8);
        }
    }

    fn put_signed(&mut self, number: i32, count: u32) {
        self.put(number as u32, count);
    }

    fn put_zeros(&mut self, mut count: u32) {
        while count > 0 {
            let some = count.min(24);
            self.put(0, some);
            count -= some;
        }
    }

    /// A number in as many bytes as it needs, as UTF-8 has it.
    fn put_number(&mut self, number: u32) {
        if number < 0x80 {
            return self.put(number, 8);
        }
        let bits = 32 - number.leading_zeros();
        let more = (1..6).find(|more| bits <= 6 * more + (6 - more)).unwrap_or(6);
        let first = !(0xFF_u32 >> (more + 1)) & 0xFF | number.checked_shr(6 * more).unwrap_or(0);
        self.put(first, 8);
        for at in (0..more).rev() {
            self.put(0x80 | number >> (6 * at) & 0x3F, 8);
        }
    }

    fn fill_byte(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }
}

/// What each byte does to a checksum of so many bits.
const fn sums(bits: u32, polynomial: u32) -> [u32; 256] {
    let (top, mask, mut sums, mut byte) = (1 << (bits - 1), (1 << bits) - 1, [0; 256], 0);
    while byte < 256 {
        let (mut sum, mut bit) = ((byte as u32) << (bits - 8), 0);
        while bit < 8 {
            sum = (if sum & top == 0 { sum << 1 } else { sum << 1 ^ polynomial }) & mask;
            bit += 1;
        }
        sums[byte] = sum;
        byte += 1;
    }
    sums
}

fn sum_8(bytes: &[u8]) -> u32 {
    const SUMS: [u32; 256] = sums(8, 0x07);
    bytes.iter().fold(0, |sum, byte| SUMS[(sum ^ u32::from(*byte)) as usize])
}

fn sum_16(bytes: &[u8]) -> u32 {
    const SUMS: [u32; 256] = sums(16, 0x8005);
    bytes.iter().fold(0, |sum, byte| (sum << 8 & 0xFFFF) ^ SUMS[(sum >> 8 ^ u32::from(*byte)) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn flac(samples: &[i16], rate: u16) -> Vec<u8> {
        let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let mut made = Vec::new();
        Flac::new(&bytes[..], rate, samples.len() as u64).read_to_end(&mut made).unwrap();
        made
    }

    /// Another program reads the same samples; the length in percent of the plain ones is at most so much.
    #[track_caller]
    fn check(samples: &[i16], rate: u16, percent: usize) {
        let made = flac(samples, rate);
        let mut reader = claxon::FlacReader::new(&made[..]).unwrap();
        let info = reader.streaminfo();
        assert_eq!((info.sample_rate, info.channels, info.bits_per_sample), (u32::from(rate), 1, 16));
        assert_eq!(info.samples, (!samples.is_empty()).then_some(samples.len() as u64));
        let read: Vec<i16> = reader.samples().map(|sample| i16::try_from(sample.unwrap()).unwrap()).collect();
        assert!(read == samples, "{} samples came back as others", samples.len());
        let most = samples.len() * 2 * percent / 100 + 64;
        assert!(made.len() <= most, "expected at most {most} bytes, found {}", made.len());
    }

    fn tone(count: usize, rate: u16) -> Vec<i16> {
        let at = |index: usize| (index as f64 * 440.0 * TAU / f64::from(rate)).sin() * 9000.0;
        (0..count).map(|index| at(index) as i16).collect()
    }

    /// Numbers that look random and are the same each time.
    fn noise(count: usize) -> Vec<i16> {
        let mut state = 17_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as i16
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn every_sample_comes_back() {
        check(&[], 16_000, 100);
        check(&[0], 16_000, 100);
        check(&[-3, 7], 16_000, 200);
        check(&[0; 50_000], 16_000, 1);
        check(&[-1; 4096], 8_000, 1);
        check(&tone(4096 * 3, 16_000), 16_000, 60);
        check(&tone(4096 * 2 + 4095, 32_000), 32_000, 60);
        check(&noise(20_000), 48_000, 104);
        check(&[i16::MAX, i16::MIN].repeat(5000), 44_100, 250);
        let quiet: Vec<i16> = noise(30_000).iter().map(|sample| sample >> 11).collect();
        check(&quiet, 24_000, 45);
        for length in 1..40 {
            check(&noise(length), 16_000, 300);
        }
    }

    #[test]
    fn long_recordings_count_their_blocks() {
        // Numbers of blocks take one, two and three bytes.
        let long: Vec<i16> = (0..4096 * 2050).map(|at: u32| (at / 4096) as i16).collect();
        check(&long, 16_000, 1);
    }

    #[test]
    fn only_the_head_that_the_page_writes_is_known() {
        let head = |rate: u32, channels: u8, length: u32| {
            let numbers = [&rate.to_le_bytes()[..], &(rate * 2).to_le_bytes()].concat();
            let known = [&[16, 0, 0, 0, 1, 0, channels, 0][..], &numbers, &[2, 0, 16, 0], b"data"].concat();
            [b"RIFF".as_slice(), &length.to_le_bytes(), b"WAVEfmt ", &known, &length.to_le_bytes()].concat()
        };
        assert_eq!(rate_of(&head(16_000, 1, u32::MAX)), Some(16_000));
        assert_eq!(rate_of(&head(48_000, 1, 0)), Some(48_000));
        assert_eq!(rate_of(&head(96_000, 1, 0)), None);
        assert_eq!(rate_of(&head(0, 1, 0)), None);
        assert_eq!(rate_of(&head(16_000, 2, 0)), None);
        assert_eq!(rate_of(&head(16_000, 1, 0)[..43]), None);
        assert_eq!(rate_of(b"fLaC"), None);
    }
}
