//! What a film or a recording in an MP4 container says of where and with what it was made.
//!
//! Such notes stand in boxes of their own (`udta`, `meta`, `uuid`). They are made into free space of the same length, so
//! that nothing else moves: the positions of pictures and sound in the file stay right.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// Most boxes that are looked at: a film has some dozens.
const MOST_BOXES: usize = 10_000;

/// The boxes to blank: where the four letters of each one's type stand, and its content. None for other containers.
pub(crate) fn notes(file: &mut (impl Read + Seek)) -> io::Result<Vec<Note>> {
    let end = file.seek(SeekFrom::End(0))?;
    let (mut found, mut seen) = (Vec::new(), 0);
    walk(file, 0..end, &mut seen, &mut found)?;
    found.sort_by_key(|note| note.kind);
    Ok(found)
}

/// A box that becomes free space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// Where its type stands.
    pub kind: u64,
    /// Its content.
    pub content: Range<u64>,
}

impl Note {
    /// Blanks what of it stands in `part`, which begins at `from` of the file.
    pub(crate) fn blank(&self, from: u64, part: &mut [u8]) {
        let mut put = |range: Range<u64>, byte: &dyn Fn(u64) -> u8| {
            let end = from + part.len() as u64;
            for at in range.start.max(from)..range.end.min(end) {
                part[(at - from) as usize] = byte(at);
            }
        };
        let kind = self.kind;
        put(kind..kind + 4, &|at| b"free"[(at - kind) as usize]);
        put(self.content.clone(), &|_| 0);
    }
}

fn walk(file: &mut (impl Read + Seek), within: Range<u64>, seen: &mut usize, found: &mut Vec<Note>) -> io::Result<()> {
    let mut at = within.start;
    while at + 8 <= within.end && *seen < MOST_BOXES {
        *seen += 1;
        file.seek(SeekFrom::Start(at))?;
        let mut head = [0; 16];
        let mut length = 8;
        file.read_exact(&mut head[..8])?;
        let size = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            0 => within.end - at,
            1 if at + 16 <= within.end => {
                length = 16;
                file.read_exact(&mut head[8..])?;
                u64::from_be_bytes([head[8], head[9], head[10], head[11], head[12], head[13], head[14], head[15]])
            }
            size => u64::from(size),
        };
        // A box that is not whole ends the looking: what follows is no box.
        let end = at.saturating_add(size);
        if size < length || end > within.end {
            return Ok(());
        }
        let content = at + length..end;
        match &head[4..8] {
            b"udta" | b"meta" | b"uuid" => found.push(Note { kind: at + 4, content }),
            b"moov" | b"trak" | b"mdia" | b"moof" | b"traf" => walk(file, content, seen, found)?,
            _ => {}
        }
        at = end;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A box of this type.
    fn boxed(kind: &str, content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(8 + content.len()).unwrap();
        [&size.to_be_bytes(), kind.as_bytes(), content].concat()
    }

    #[track_caller]
    fn check(file: &[u8], expect: &[u8]) {
        let notes = notes(&mut Cursor::new(file)).unwrap();
        // However the file is cut into parts.
        for part in 1..=file.len().max(1) {
            let mut cleaned = file.to_vec();
            for (index, piece) in cleaned.chunks_mut(part).enumerate() {
                notes.iter().for_each(|note| note.blank((index * part) as u64, piece));
            }
            assert_eq!(cleaned, expect, "in parts of {part} bytes");
        }
    }

    #[test]
    fn a_place_is_taken_out_and_nothing_moves() {
        let track = |inner: &[u8]| boxed("trak", &[boxed("tkhd", b"track"), inner.to_vec()].concat());
        let film = |inner: &[u8], track_inner: &[u8]| {
            let movie = [boxed("mvhd", b"movie"), inner.to_vec(), track(track_inner)].concat();
            [boxed("ftyp", b"mp42"), boxed("mdat", b"udta is no box here"), boxed("moov", &movie)].concat()
        };
        let place = boxed("udta", &boxed("\u{a9}yz"[..].get(..4).unwrap(), b"+28.8+119.9/"));
        let mut blank = vec![0; place.len()];
        blank[..8].copy_from_slice(&place[..8]);
        blank[4..8].copy_from_slice(b"free");
        check(&film(&place, b""), &film(&blank, b""));
        let keys = boxed("meta", b"com.apple.quicktime.location.ISO6709");
        let freed = boxed("free", &[0; 36]);
        check(&film(b"", &keys), &film(b"", &freed));
        let packet = boxed("uuid", b"<x:xmpmeta GPS>");
        check(&[film(b"", b""), packet].concat(), &[film(b"", b""), boxed("free", &[0; 15])].concat());
    }

    #[test]
    fn long_boxes_and_boxes_to_the_end_are_read() {
        let long = [&1u32.to_be_bytes(), b"uuid".as_slice(), &20u64.to_be_bytes(), b"GPS!"].concat();
        let freed = [&1u32.to_be_bytes(), b"free".as_slice(), &20u64.to_be_bytes(), &[0; 4]].concat();
        check(&long, &freed);
        let open = [&0u32.to_be_bytes(), b"meta".as_slice(), b"GPS"].concat();
        check(&open, &[&0u32.to_be_bytes(), b"free".as_slice(), &[0; 3]].concat());
    }

    #[test]
    fn what_is_no_container_stays_as_it_is() {
        for file in [b"".as_slice(), b"\0\0\0\x04udta", b"\xFF\xFF\xFF\xFFudtaGPS", b"\0\0\0\x01udta\0", b"OggS udta"] {
            check(file, file);
        }
    }
}
