//! Pictures without what they say of where, when and with what they were taken, and no larger than a form asks for.
//!
//! The picture itself is not written anew: parts that hold notes are left out, and what stands behind its end (a second
//! picture, a film). Which way it is up is kept, in a note that says nothing else. Only a picture that is too large is
//! drawn again.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader};

use super::format::{Format, JPEG, PNG, WEBP};

/// Most pixels of a picture that is made smaller.
const MOST_PIXELS: u64 = 120_000_000;
/// Most bytes that drawing again may take.
const MOST_MEMORY: u64 = 600 << 20;
/// How well a JPEG is drawn again, of 100.
const QUALITY: u8 = 88;

/// A picture that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// The picture as it is to be sealed: without notes, and its longer side no longer than `longest` pixels (0: as long as
/// it is).
pub(crate) fn clean(bytes: &[u8], format: Format, longest: u32) -> Result<(Vec<u8>, Format), Broken> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Broken)?;
    let (width, height) = reader.into_dimensions().map_err(|_| Broken)?;
    if longest > 0 && width.max(height) > longest {
        return smaller(bytes, longest);
    }
    let cleaned = match format.ending {
        "jpg" => jpeg(bytes),
        "png" => png(bytes),
        _ => webp(bytes),
    };
    Ok((cleaned.ok_or(Broken)?, format))
}

/// A picture in grey, upright.
pub(crate) struct Grey(image::GrayImage);

impl Grey {
    /// The same, its longer side no longer than so many pixels.
    pub(crate) fn at_most(&self, longest: u32) -> Self {
        let (width, height) = self.size();
        let longer = width.max(height);
        if longer <= longest {
            return Self(self.0.clone());
        }
        let part = |side: u32| (u64::from(side) * u64::from(longest) / u64::from(longer)).max(1) as u32;
        Self(image::imageops::resize(&self.0, part(width), part(height), image::imageops::FilterType::Triangle))
    }

    /// Width and height.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.0.dimensions()
    }

    /// Its pixels, row by row.
    pub(crate) fn pixels(&self) -> &[u8] {
        self.0.as_raw()
    }
}

/// A picture in grey.
pub(crate) fn grey(bytes: &[u8]) -> Result<Grey, Broken> {
    Ok(Grey(drawn(bytes)?.to_luma8()))
}

/// The pixels of a picture, upright.
fn drawn(bytes: &[u8]) -> Result<DynamicImage, Broken> {
    let reader = || ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Broken);
    let (width, height) = reader()?.into_dimensions().map_err(|_| Broken)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Broken);
    }
    let mut reader = reader()?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Broken)?;
    let upright = decoder.orientation().map_err(|_| Broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Broken)?;
    picture.apply_orientation(upright);
    Ok(picture)
}

fn smaller(bytes: &[u8], longest: u32) -> Result<(Vec<u8>, Format), Broken> {
    let picture = drawn(bytes)?;
    let picture = picture.resize(longest, longest, image::imageops::FilterType::CatmullRom);
    let mut out = Cursor::new(Vec::new());
    if picture.color().has_alpha() {
        picture.write_to(&mut out, ImageFormat::Png).map_err(|_| Broken)?;
        return Ok((out.into_inner(), PNG));
    }
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, QUALITY);
    DynamicImage::ImageRgb8(picture.to_rgb8()).write_with_encoder(encoder).map_err(|_| Broken)?;
    Ok((out.into_inner(), JPEG))
}

/// Without application notes and comments; what decoding needs stays. `None` if it is not whole.
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let (mut at, mut upright) = (2, 1);
    loop {
        // Any number of FF may stand before a marker.
        while bytes.get(at)? == &0xFF && bytes.get(at + 1)? == &0xFF {
            at += 1;
        }
        let (0xFF, marker) = (*bytes.get(at)?, *bytes.get(at + 1)?) else { return None };
        if marker == 0xD9 {
            out.extend([0xFF, 0xD9]);
            break;
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let (segment, inner) = (bytes.get(at..at + 2 + length)?, bytes.get(at + 4..at + 2 + length)?);
        at += 2 + length;
        let keep = match marker {
            0xE0 => inner.starts_with(b"JFIF\0"),
            0xE1 => {
                upright = inner.strip_prefix(b"Exif\0\0").and_then(orientation).unwrap_or(upright);
                false
            }
            0xE2 => inner.starts_with(b"ICC_PROFILE\0"),
            0xEE => inner.starts_with(b"Adobe"),
            0xE3..=0xEF | 0xFE => false,
            _ => true,
        };
        if keep {
            out.extend(segment);
        }
        if marker == 0xDA {
            // The picture's data: to the next marker that is no restart and no stuffed FF.
            let data = bytes.get(at..)?;
            let end = data.windows(2).position(|two| two[0] == 0xFF && !matches!(two[1], 0 | 0xD0..=0xD7 | 0xFF))?;
            out.extend(&data[..end]);
            at += end;
        }
    }
    if upright != 1 {
        // After a JFIF note, which must come first.
        let after = if out.get(2..4) == Some(&[0xFF, 0xE0]) {
            4 + usize::from(u16::from_be_bytes([*out.get(4)?, *out.get(5)?]))
        } else {
            2
        };
        out.splice(after..after, upright_note(upright));
    }
    Some(out)
}

/// The way up that an Exif note says: 1 to 8.
fn orientation(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        [0x49, 0x49, 0x2A, 0] => true,
        [0x4D, 0x4D, 0, 0x2A] => false,
        _ => return None,
    };
    let short = |at: usize| {
        let two: [u8; 2] = tiff.get(at..at + 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let four: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize;
    let count = usize::from(short(first)?);
    let entry = (0..count).map(|index| first + 2 + 12 * index).find(|at| short(*at) == Some(0x0112))?;
    short(entry + 8).filter(|way| (1..=8).contains(way))
}

/// An Exif note that says which way is up, and nothing else.
fn upright_note(way: u16) -> Vec<u8> {
    let mut note = b"\xFF\xE1\0\x22Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    note.extend(way.to_be_bytes());
    note.extend([0; 6]);
    note
}

/// Without text, time and Exif; colours and transparency stay. `None` if it is not whole.
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEPT: &[&[u8; 4]] = &[
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"pHYs",
        b"bKGD",
    ];
    let mut out = bytes.get(..8)?.to_vec();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let kind: &[u8; 4] = bytes.get(at + 4..at + 8)?.try_into().ok()?;
        let end = at.checked_add(12)?.checked_add(length)?;
        let chunk = bytes.get(at..end)?;
        if KEPT.contains(&kind) {
            out.extend(chunk);
        }
        if kind == b"IEND" {
            return Some(out);
        }
        at = end;
    }
}

/// Without Exif and XMP. `None` if it is not whole.
fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    const KEPT: &[&[u8; 4]] = &[b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
    let length = u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize;
    let bytes = bytes.get(..length.checked_add(8)?)?;
    let mut out = bytes.get(..12)?.to_vec();
    let mut at = 12;
    while at < bytes.len() {
        let kind: &[u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let length = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let end = at.checked_add(8)?.checked_add(length)?;
        let chunk = bytes.get(at..end)?;
        if KEPT.contains(&kind) {
            let start = out.len();
            out.extend(chunk);
            if kind == b"VP8X" {
                // It no longer has Exif and XMP.
                *out.get_mut(start + 8)? &= !0x0C;
            }
            if length % 2 == 1 {
                out.push(0);
            }
        }
        // A chunk of odd length is followed by one byte, which some writers leave out at the end.
        at = end + length % 2;
    }
    let length = u32::try_from(out.len() - 8).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    Some(out)
}

/// The picture formats that are taken.
pub(crate) fn is_picture(format: Format) -> bool {
    [JPEG, PNG, WEBP].contains(&format)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage, Rgba, RgbaImage};

    /// What must leave: the kind of notes that a telephone writes.
    const PLACE: &[u8] = b"GPSLatitude 28.8891 GPSLongitude 119.8112";

    fn drawn(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        // The left half is red, the right half blue: which way is up can be told.
        let picture =
            RgbImage::from_fn(
                width,
                height,
                |x, _| if x < width / 2 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) },
            );
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    fn segment(marker: u8, inner: &[u8]) -> Vec<u8> {
        let length = u16::try_from(inner.len() + 2).unwrap();
        [&[0xFF, marker], length.to_be_bytes().as_slice(), inner].concat()
    }

    /// An Exif note with a place, and a way up.
    fn exif(way: u16, little: bool) -> Vec<u8> {
        let two = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let four = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
        let mut tiff = if little { b"II".to_vec() } else { b"MM".to_vec() };
        tiff.extend(two(42));
        tiff.extend(four(8));
        tiff.extend(two(2));
        for (tag, value) in [(0x0110, 7), (0x0112, way)] {
            tiff.extend([two(tag), two(3)].concat());
            tiff.extend(four(1));
            tiff.extend(two(value));
            tiff.extend([0, 0]);
        }
        tiff.extend(four(0));
        [b"Exif\0\0", tiff.as_slice(), PLACE].concat()
    }

    /// A JPEG as a telephone writes it: notes of every sort, and a second picture behind the first.
    fn photograph(way: u16, little: bool) -> Vec<u8> {
        let plain = drawn(ImageFormat::Jpeg, 64, 32);
        let notes = [
            segment(0xE1, &exif(way, little)),
            segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", PLACE].concat()),
            segment(0xE2, &[b"MPF\0", PLACE].concat()),
            segment(0xED, &[b"Photoshop 3.0\0", PLACE].concat()),
            segment(0xFE, PLACE),
        ];
        [&plain[..2], &notes.concat(), &plain[2..], PLACE, &plain].concat()
    }

    fn has(bytes: &[u8], words: &[u8]) -> bool {
        bytes.windows(words.len()).any(|window| window == words)
    }

    /// Whether the top left of the picture, put upright, is red.
    fn upright(bytes: &[u8]) -> (u32, u32, bool) {
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap();
        let mut decoder = reader.into_decoder().unwrap();
        let way = decoder.orientation().unwrap();
        let mut picture = DynamicImage::from_decoder(decoder).unwrap();
        picture.apply_orientation(way);
        let picture = picture.to_rgb8();
        (picture.width(), picture.height(), picture.get_pixel(1, 1).0[0] > 128)
    }

    #[test]
    fn a_photograph_does_not_say_where_it_was_taken() {
        for way in 1..=8 {
            for little in [true, false] {
                let taken = photograph(way, little);
                assert!(has(&taken, b"GPSLatitude"));
                let (cleaned, format) = clean(&taken, JPEG, 0).unwrap();
                assert!(!has(&cleaned, b"GPS") && !has(&cleaned, b"adobe") && !has(&cleaned, b"MPF"));
                assert_eq!((upright(&cleaned), format), (upright(&taken), JPEG), "way {way}");
                assert_eq!(clean(&cleaned, JPEG, 0).unwrap().0, cleaned, "a clean picture stays as it is");
            }
        }
    }

    #[test]
    fn a_picture_without_notes_is_not_touched() {
        for (format, of) in [(ImageFormat::Jpeg, JPEG), (ImageFormat::Png, PNG), (ImageFormat::WebP, WEBP)] {
            let plain = drawn(format, 40, 30);
            assert_eq!(clean(&plain, of, 0).unwrap(), (plain, of));
        }
    }

    #[test]
    fn other_formats_lose_their_notes_too() {
        let plain = drawn(ImageFormat::Png, 40, 30);
        let chunk = |kind: &[u8], inner: &[u8]| {
            [&u32::try_from(inner.len()).unwrap().to_be_bytes(), kind, inner, b"\0\0\0\0"].concat()
        };
        let noted = [&plain[..33], &chunk(b"eXIf", PLACE), &chunk(b"tEXt", PLACE), &plain[33..], PLACE].concat();
        assert_eq!(clean(&noted, PNG, 0).unwrap().0, plain);

        let plain = drawn(ImageFormat::WebP, 40, 30);
        let chunk = |kind: &[u8], inner: &[u8]| {
            [kind, &u32::try_from(inner.len()).unwrap().to_le_bytes(), inner, &vec![0; inner.len() % 2]].concat()
        };
        let wide = |flags: u8| chunk(b"VP8X", &[flags, 0, 0, 0, 39, 0, 0, 29, 0, 0]);
        let riff = |inner: &[u8]| {
            let length = u32::try_from(inner.len() + 4).unwrap();
            [b"RIFF", length.to_le_bytes().as_slice(), b"WEBP", inner].concat()
        };
        let noted = [wide(0x0C), plain[12..].to_vec(), chunk(b"EXIF", PLACE), chunk(b"XMP ", PLACE)].concat();
        let (cleaned, _) = clean(&riff(&noted), WEBP, 0).unwrap();
        assert_eq!(cleaned, riff(&[wide(0), plain[12..].to_vec()].concat()));
        assert_eq!(upright(&cleaned), (40, 30, true));
    }

    #[test]
    fn a_large_picture_is_made_as_small_as_the_form_asks() {
        let taken = photograph(6, true);
        let (cleaned, format) = clean(&taken, JPEG, 16).unwrap();
        assert!(!has(&cleaned, b"GPS"));
        let (width, height, _) = upright(&cleaned);
        assert_eq!((width, height, format), (8, 16, JPEG), "put upright as well");
        assert_eq!(clean(&taken, JPEG, 64).unwrap().0, clean(&taken, JPEG, 0).unwrap().0, "it fits already");
        assert_eq!(upright(&clean(&drawn(ImageFormat::WebP, 40, 30), WEBP, 20).unwrap().0), (20, 15, true));
        let mut out = Cursor::new(Vec::new());
        RgbaImage::from_pixel(40, 30, Rgba([1, 2, 3, 4])).write_to(&mut out, ImageFormat::Png).unwrap();
        let (cleaned, format) = clean(out.get_ref(), PNG, 20).unwrap();
        assert_eq!((upright(&cleaned).0, format), (20, PNG), "transparency stays");
    }

    #[test]
    fn what_is_cut_off_or_no_picture_is_refused() {
        for (format, of) in [(ImageFormat::Jpeg, JPEG), (ImageFormat::Png, PNG), (ImageFormat::WebP, WEBP)] {
            let plain = drawn(format, 40, 30);
            for end in 0..plain.len() {
                assert!(clean(&plain[..end], of, 0).is_err(), "{} cut at {end} of {}", of.ending, plain.len());
            }
        }
        assert_eq!(clean(b"\xFF\xD8\xFF\xE0 no picture", JPEG, 0), Err(Broken));
    }
}
