//! Bar codes, read from what a camera sees and from pictures in files.
//!
//! Nothing of a frame or a picture is kept. What is read is the text of the first code found: of the kinds that stand on
//! cards, books and goods. Kinds that are short or have no check of their own are not read, since they would be read where
//! there are none.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rxing::helpers::detect_in_luma_slice_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use zeroize::Zeroizing;

use crate::interview::control::largest;
use crate::media::picture::grey;
use crate::refusal::{Result, refuse};
use crate::view::{CaptureKind, Frame};

/// Most pixels of a frame: a byte each, one piece between page and shell.
pub const MOST_PIXELS: u32 = 1 << 20;

/// Longest sides at which a picture in a file is looked at, in pixels: what is too fine or too blurred for one is read at
/// another.
const SIDES: [u32; 3] = [1600, 800, 3200];

/// Most characters of a code: more stand in none.
const LONGEST: usize = 8000;

const KINDS: [BarcodeFormat; 10] = [
    BarcodeFormat::QR_CODE,
    BarcodeFormat::MICRO_QR_CODE,
    BarcodeFormat::DATA_MATRIX,
    BarcodeFormat::EAN_13,
    BarcodeFormat::EAN_8,
    BarcodeFormat::UPC_A,
    BarcodeFormat::UPC_E,
    BarcodeFormat::CODE_128,
    BarcodeFormat::CODE_39,
    BarcodeFormat::CODE_93,
];

/// The text of a code in a frame of the camera; none if there is none.
///
/// # Errors
/// `code-frame` for a frame that is empty, larger than [`MOST_PIXELS`], or not as large as it says.
pub fn in_frame(frame: &Frame) -> Result<Option<String>> {
    let wrong = || refuse("code-frame", format!("expected a frame of 1 to {MOST_PIXELS} grey pixels, found another"));
    let pixels = frame.width.checked_mul(frame.height).filter(|pixels| (1..=MOST_PIXELS).contains(pixels));
    let pixels = pixels.ok_or_else(wrong)? as usize;
    if frame.grey.len() > pixels.div_ceil(3) * 4 {
        return Err(wrong());
    }
    let grey = Zeroizing::new(BASE64.decode(&frame.grey).map_err(|_| wrong())?);
    if grey.len() != pixels {
        return Err(wrong());
    }
    Ok(read(&grey, frame.width, frame.height, false))
}

/// The text of a code in a picture that a person chose.
///
/// # Errors
/// `file` if it cannot be read; `attachment-too-large`; `attachment-broken` for what is no picture; `code-none` if there is
/// no code in it.
pub fn in_picture(path: &Path) -> Result<String> {
    let cannot = |why: std::io::Error| refuse("file", why.to_string()).with("file", path.display().to_string());
    let most = u64::from(largest(CaptureKind::Photograph));
    let mut bytes = Zeroizing::new(Vec::new());
    let length = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(cannot)?;
    if length as u64 > most {
        return Err(refuse("attachment-too-large", format!("expected at most {most} bytes, found more"))
            .with("limit", (most >> 20).to_string()));
    }
    let broken = |_| refuse("attachment-broken", "expected a whole picture, found one that cannot be read");
    let picture = grey(&bytes).map_err(broken)?;
    let mut seen = HashSet::new();
    for side in SIDES {
        let small = picture.at_most(side);
        let (width, height) = small.size();
        if seen.insert(width)
            && let Some(text) = read(small.pixels(), width, height, true)
        {
            return Ok(text);
        }
    }
    Err(refuse("code-none", "expected a bar code in the picture, found none"))
}

/// The text of the first code in grey pixels, row by row; `patient` looks for white codes on black ground too.
#[must_use]
pub fn read(grey: &[u8], width: u32, height: u32, patient: bool) -> Option<String> {
    let mut hints =
        DecodeHints { PossibleFormats: Some(HashSet::from(KINDS)), TryHarder: Some(true), ..DecodeHints::default() };
    let mut look = |grey: &[u8]| detect_in_luma_slice_with_hints(grey, width, height, None, &mut hints).ok();
    let black_on_white = look(grey);
    let found = black_on_white.or_else(|| {
        let inverted = patient.then(|| grey.iter().map(|pixel| !pixel).collect::<Vec<u8>>());
        look(&inverted.map(Zeroizing::new)?)
    })?;
    let text = one_line(found.getText());
    (!text.is_empty() && text.chars().count() <= LONGEST).then_some(text)
}

/// The text as one line: breaks are spaces, and the signs that only separate fields of a code are gone.
fn one_line(text: &str) -> String {
    let broken = text.replace(['\r', '\n', '\t'], " ");
    let words: String = broken.chars().filter(|sign| !sign.is_control()).collect();
    words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GrayImage, Luma, imageops};
    use rxing::Writer as _;

    /// A code on white paper within a larger frame, as a camera sees it.
    fn drawn(kind: BarcodeFormat, text: &str) -> GrayImage {
        let flat = matches!(kind, BarcodeFormat::QR_CODE | BarcodeFormat::DATA_MATRIX);
        let (width, height) = if flat { (220, 220) } else { (420, 120) };
        let matrix = rxing::MultiFormatWriter.encode(text, &kind, width, height).unwrap();
        // Some writers draw as small as they can.
        let scale = (200 / matrix.width()).max(1);
        let (wide, high) = (matrix.width() * scale, matrix.height() * scale);
        let mut paper = GrayImage::from_pixel(640, 480, Luma([235]));
        let (left, top) = ((640 - wide) / 2, (480 - high) / 2);
        for (x, y) in (0..wide).flat_map(|x| (0..high).map(move |y| (x, y))) {
            if matrix.get(x / scale, y / scale) {
                paper.put_pixel(left + x, top + y, Luma([25]));
            }
        }
        paper
    }

    /// Turned about its middle, by linear interpolation.
    fn turned(picture: &GrayImage, degrees: f64) -> GrayImage {
        let (sin, cos) = degrees.to_radians().sin_cos();
        GrayImage::from_fn(640, 480, |x, y| {
            let (dx, dy) = (f64::from(x) - 320.0, f64::from(y) - 240.0);
            let (x, y) = (dx * cos + dy * sin + 320.0, dy * cos - dx * sin + 240.0);
            let at = |x: f64, y: f64| {
                let inside = x >= 0.0 && y >= 0.0 && x < 640.0 && y < 480.0;
                f64::from(if inside { picture.get_pixel(x as u32, y as u32)[0] } else { 235 })
            };
            let (fx, fy) = (x - x.floor(), y - y.floor());
            let top = at(x, y) * (1.0 - fx) + at(x + 1.0, y) * fx;
            let bottom = at(x, y + 1.0) * (1.0 - fx) + at(x + 1.0, y + 1.0) * fx;
            Luma([(top * (1.0 - fy) + bottom * fy) as u8])
        })
    }

    /// As a poor camera in a dim room gives it: blurred, unevenly lit, with noise.
    fn poor(picture: &GrayImage) -> GrayImage {
        let blurred = imageops::blur(picture, 0.5);
        let mut state = 7_u32;
        GrayImage::from_fn(640, 480, |x, y| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 24) / 255.0 * 16.0 - 8.0;
            let light = 0.55 + 0.4 * f64::from(x) / 640.0;
            Luma([(f64::from(blurred.get_pixel(x, y)[0]) * light + noise).clamp(0.0, 255.0) as u8])
        })
    }

    const CODES: [(BarcodeFormat, &str); 9] = [
        (BarcodeFormat::QR_CODE, "丽水 石塘小学 W1-0217"),
        (BarcodeFormat::QR_CODE, "https://example.org/pupil?id=217"),
        (BarcodeFormat::DATA_MATRIX, "PUPIL-217-2017"),
        (BarcodeFormat::EAN_13, "6901234567892"),
        (BarcodeFormat::EAN_8, "96385074"),
        (BarcodeFormat::UPC_A, "012345678905"),
        (BarcodeFormat::CODE_128, "LS-2017/0217"),
        (BarcodeFormat::CODE_39, "LISHUI-217"),
        (BarcodeFormat::CODE_93, "SHITANG 4"),
    ];

    #[track_caller]
    fn check(picture: &GrayImage, expect: &str, how: &str) {
        let found = read(picture, picture.width(), picture.height(), false);
        assert_eq!(found.as_deref(), Some(expect), "{how}");
    }

    #[test]
    fn codes_are_read_straight_turned_and_in_poor_light() {
        for (kind, text) in CODES {
            let picture = drawn(kind, text);
            check(&picture, text, &format!("{kind} straight"));
            check(&imageops::rotate180(&picture), text, &format!("{kind} upside down"));
            check(&imageops::rotate90(&picture), text, &format!("{kind} on its side"));
            check(&turned(&picture, 8.0), text, &format!("{kind} a little turned"));
            check(&poor(&turned(&picture, -5.0)), text, &format!("{kind} in poor light"));
            if matches!(kind, BarcodeFormat::QR_CODE | BarcodeFormat::DATA_MATRIX) {
                check(&turned(&picture, 33.0), text, &format!("{kind} askew"));
            }
        }
    }

    #[test]
    fn where_there_is_no_code_nothing_is_read() {
        let paper = GrayImage::from_pixel(640, 480, Luma([200]));
        let stripes = GrayImage::from_fn(640, 480, |x, _| Luma([if x / 6 % 2 == 0 { 20 } else { 230 }]));
        for picture in [&paper, &poor(&paper), &stripes, &poor(&stripes)] {
            assert_eq!(read(picture, 640, 480, true), None);
        }
    }

    #[track_caller]
    fn frame(width: u32, height: u32, grey: &str) -> Result<Option<String>> {
        in_frame(&Frame { width, height, grey: grey.into() })
    }

    #[test]
    fn frames_have_limits() {
        let refused = |width, height, grey: &str| frame(width, height, grey).unwrap_err().code;
        assert_eq!(frame(2, 2, &BASE64.encode([0, 255, 0, 255])).unwrap(), None);
        assert_eq!(refused(0, 4, ""), "code-frame");
        assert_eq!(refused(1025, 1024, ""), "code-frame");
        assert_eq!(refused(u32::MAX, u32::MAX, ""), "code-frame");
        assert_eq!(refused(2, 2, &BASE64.encode([0; 3])), "code-frame");
        assert_eq!(refused(2, 2, &BASE64.encode([0; 5])), "code-frame");
        assert_eq!(refused(2, 2, "????????"), "code-frame");
        let picture = drawn(BarcodeFormat::EAN_13, "6901234567892");
        assert_eq!(frame(640, 480, &BASE64.encode(picture.as_raw())).unwrap().as_deref(), Some("6901234567892"));
    }

    #[test]
    fn a_code_is_read_from_a_picture_of_a_telephone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("card.jpg");
        let large =
            imageops::resize(&drawn(BarcodeFormat::QR_CODE, "石塘 217"), 4000, 3000, imageops::FilterType::Triangle);
        large.save(&path).unwrap();
        assert_eq!(in_picture(&path).unwrap(), "石塘 217");
        let mut white = drawn(BarcodeFormat::CODE_128, "W-217");
        imageops::invert(&mut white);
        white.save(&path).unwrap();
        assert_eq!(in_picture(&path).unwrap(), "W-217");
        GrayImage::from_pixel(300, 200, Luma([90])).save(&path).unwrap();
        assert_eq!(in_picture(&path).unwrap_err().code, "code-none");
        std::fs::write(&path, "no picture").unwrap();
        assert_eq!(in_picture(&path).unwrap_err().code, "attachment-broken");
        assert_eq!(in_picture(&folder.path().join("gone.png")).unwrap_err().code, "file");
    }

    #[test]
    fn what_is_read_is_one_line() {
        assert_eq!(one_line("张小满\r\n石塘小学\u{1d}4\t"), "张小满 石塘小学4");
    }
}
