//! Packed contents: the JSON of a long sitting says the same few words for every question, so it is deflated before it is
//! sealed, and takes a sixth of the room on laptops, sticks and lines.
//!
//! Only sittings are packed. A packet of reports is as long with something in it as with nothing, and must stay so.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::borrow::Cow;

use crate::content::MAX_CONTENT;

/// First byte of a packed content: no JSON begins with it.
const MARK: u8 = 1;
/// Shorter contents stay as they are: nothing would be gained, as sealing fills them up to 512 bytes or more.
const WORTH: usize = 1024;
/// Mark and length.
const HEAD: usize = 5;

/// Packs a content (FORMAT.md, *Packed content*), where that makes it shorter.
pub(crate) fn pack(json: Vec<u8>) -> Vec<u8> {
    let Some(len) = u32::try_from(json.len()).ok().filter(|_| json.len() >= WORTH) else { return json };
    let mut packed = Vec::with_capacity(json.len());
    packed.push(MARK);
    packed.extend_from_slice(&len.to_be_bytes());
    // It grows no further than its capacity: what does not become shorter does not come to its end.
    let done = Compress::new(Compression::default(), false).compress_vec(&json, &mut packed, FlushCompress::Finish);
    if matches!(done, Ok(Status::StreamEnd)) { packed } else { json }
}

/// The JSON of a content, packed or not; `None` for one that says that it is packed and is not, or not to its end.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if bytes.first() != Some(&MARK) {
        return Some(Cow::Borrowed(bytes));
    }
    let (head, deflated) = bytes.split_first_chunk::<HEAD>()?;
    let len = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
    if len > MAX_CONTENT {
        return None;
    }
    let mut json = Vec::with_capacity(len);
    let mut inflate = Decompress::new(false);
    // It never grows beyond the length that was said.
    let done = inflate.decompress_vec(deflated, &mut json, FlushDecompress::Finish);
    let whole = matches!(done, Ok(Status::StreamEnd)) && inflate.total_in() == deflated.len() as u64;
    (whole && json.len() == len).then_some(Cow::Owned(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn long() -> Vec<u8> {
        let change = |at: usize| format!(r#"{{"field":"/家/q{at}","answer":{{"v":"{}"}}}}"#, at * 7919 % 1000);
        format!("[{}]", (0..200).map(change).collect::<Vec<_>>().join(",")).into_bytes()
    }

    #[test]
    fn long_contents_become_shorter_and_come_back() {
        let packed = pack(long());
        assert!(packed.len() * 4 < long().len(), "{} of {}", packed.len(), long().len());
        assert_eq!(unpack(&packed).as_deref(), Some(&*long()));
    }

    #[test]
    fn what_is_not_worth_it_stays_as_it_is() {
        let noise: Vec<u8> = (0..99_u32).flat_map(|n| <[u8; 32]>::from(blake3::hash(&n.to_be_bytes()))).collect();
        for content in [b"{}".to_vec(), long()[..WORTH - 1].to_vec(), noise] {
            assert_eq!(pack(content.clone()), content);
        }
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let packed = pack(long());
        for cut in 1..packed.len() {
            assert_eq!(unpack(&packed[..cut]), None, "{cut}");
        }
        assert_eq!(unpack(&[packed.as_slice(), b"x"].concat()), None);
        let with_length = |len: u32| {
            let mut other = packed.clone();
            other[1..HEAD].copy_from_slice(&len.to_be_bytes());
            unpack(&other).map(Cow::into_owned)
        };
        let len = u32::try_from(long().len()).unwrap();
        assert_eq!(with_length(len), Some(long()));
        for wrong in [0, len - 1, len + 1, u32::try_from(MAX_CONTENT).unwrap() + 1, u32::MAX] {
            assert_eq!(with_length(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_swells_is_cut_at_its_length() {
        let mut bomb = vec![MARK, 0, 0, 1, 0];
        bomb.reserve(1 << 16);
        let zeros = vec![0; 8 << 20];
        let _ = Compress::new(Compression::default(), false).compress_vec(&zeros, &mut bomb, FlushCompress::Finish);
        assert_eq!(unpack(&bomb), None);
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in prop::collection::vec(0..4_u8, 0..3000)) {
            prop_assume!(bytes.first() != Some(&MARK));
            let packed = pack(bytes.clone());
            let back = unpack(&packed);
            prop_assert_eq!(back.as_deref(), Some(&*bytes));
        }

        #[test]
        fn damage_is_refused_or_gives_as_many_bytes_as_were_said(at in 0..400_usize, with in any::<u8>()) {
            let mut packed = pack(long());
            let at = HEAD + at % (packed.len() - HEAD);
            packed[at] = with;
            if let Some(json) = unpack(&packed) {
                prop_assert_eq!(json.len(), long().len());
            }
        }
    }
}
