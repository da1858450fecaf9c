//! Codes for the camera of another laptop, as a drawing.

use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, EncodeHints, Writer as _};

use crate::view::QrView;

/// Draws a text as a QR code; none if it is too long for one.
#[must_use]
pub fn drawn(text: &str) -> Option<QrView> {
    let hints = EncodeHints { Margin: Some("4".into()), ErrorCorrection: Some("M".into()), ..EncodeHints::default() };
    // With a size of nothing each module is one pixel.
    let matrix = QRCodeWriter.encode_with_hints(text, &BarcodeFormat::QR_CODE, 0, 0, &hints).ok()?;
    let mut path = String::new();
    for y in 0..matrix.height() {
        let mut x = 0;
        while x < matrix.width() {
            let run = (x..matrix.width()).take_while(|x| matrix.get(*x, y)).count();
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += u32::try_from(run).unwrap_or(0).max(1);
        }
    }
    Some(QrView { side: matrix.width(), path })
}

#[cfg(test)]
mod tests {
    use super::drawn;
    use crate::codes::in_frame;
    use crate::view::Frame;
    use base64::Engine as _;

    /// What a camera sees of the drawing, four pixels for each module.
    #[track_caller]
    fn check(text: &str) {
        let code = drawn(text).expect("a code");
        let side = code.side as usize;
        let mut dark = vec![false; side * side];
        for run in code.path.split('M').filter(|run| !run.is_empty()) {
            let mut numbers =
                run.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse::<usize>().ok());
            let (x, y, length) = (numbers.next().unwrap(), numbers.next().unwrap(), numbers.next().unwrap());
            dark[y * side + x..y * side + x + length].fill(true);
        }
        let wide = side * 4;
        let grey: Vec<u8> =
            (0..wide * wide).map(|at| if dark[(at / wide / 4) * side + at % wide / 4] { 0 } else { 255 }).collect();
        let grey = base64::engine::general_purpose::STANDARD.encode(grey);
        let frame = Frame { width: wide as u32, height: wide as u32, grey };
        assert_eq!(in_frame(&frame).unwrap().as_deref(), Some(text));
    }

    #[test]
    fn what_is_drawn_is_read() {
        check("tianye-hub:192.168.1.5:8788/ABCD-EFGH-1234-5678");
        check(&"tianye-invitation:AbC-_9".repeat(20));
        assert!(drawn(&"x".repeat(5000)).is_none());
    }
}
