//! Bar codes in the real window: by a scanner that types, by the camera, from a picture; and the other things that are opened
//! in a question, to be looked at: the camera and the sheet to draw on.
//!
//! The camera of the window is one that the web view makes up, and shows no code. So what the window takes from its picture is
//! replaced by a drawn code; from there on all is real.

use std::io::BufWriter;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fantoccini::key::Key;
use rxing::{BarcodeFormat, Writer as _};
use serde_json::json;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::{Laptop, testid};
use crate::recording::{begin, in_english};
use crate::team::Person;

const FORM: &str = "
| survey | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | appearance |
| | barcode | card | A1 学生证上的条码 | A1 Bar code of the pupil’s card | |
| | barcode | door | A2 门牌上的二维码 | A2 QR code at the door | front |
| | image | house | A3 画一画家里的房子 | A3 Draw the house | draw |
| | image | face | A4 自己拍一张 | A4 A picture of yourself | new-front |
| settings | | | |
| | form_title | form_id | default_language |
| | 扫码问卷 | codes | 中文 (zh) |
";

/// What stands in the codes: typed by a scanner, seen by the camera, in a picture.
pub const TEXTS: [&str; 3] = ["6901234567892", "丽水市云和县 石塘村 17 号", "LS-2017-0217"];

/// Lives it in a language of the window; gives what each way put into its field.
pub async fn live(root: &Path, language: &str, gallery: &mut Gallery) -> Outcome<[String; 3]> {
    let laptop = Laptop::new("codes", &root.join("laptop"))?;
    let mut person =
        Person {
            name: "沈一帆", group: "", passphrase: "竹篮 半夜 蓝色 拖拉机", device: "组长电脑", laptop
        };
    person.tianye(&["practice", "--lead-only"])?;
    let file = root.join("codes.md");
    std::fs::write(&file, FORM)?;
    person.tianye(&["add-form", file.to_str().ok_or("a path without UTF-8")?])?;
    std::fs::write(person.laptop.files().join("card.png"), drawn(BarcodeFormat::CODE_128, TEXTS[2])?)?;
    person.laptop.open(language).await?;
    person.unlock().await?;
    let laptop = &person.laptop;
    begin(laptop, "codes", "C1").await?;
    in_english(laptop, language, "the pupil").await?;
    gallery.one(laptop, "code-empty").await?;

    // A scanner types fast and ends with Enter.
    laptop.keys(&format!("{}{}", TEXTS[0], char::from(Key::Enter))).await?;
    until_page(laptop, "/door").await?;
    laptop.press(Key::PageUp).await?;
    until_page(laptop, "/card").await?;
    let typed = value(laptop).await?;

    // The camera, opened by its key, closed by Escape, opened again.
    laptop.press(Key::PageDown).await?;
    until_page(laptop, "/door").await?;
    laptop.chord(Key::Alt, 'b').await?;
    let seen = format!("document.querySelector('{} video')?.videoWidth > 0", testid("code-camera"));
    laptop.until(&seen, "a picture of the camera").await?;
    gallery.one(laptop, "code-camera").await?;
    laptop.press(Key::Escape).await?;
    let closed = format!("document.querySelector('{}') === null", testid("code-camera"));
    laptop.until(&closed, "the camera closed").await?;
    show(laptop, &drawn(BarcodeFormat::QR_CODE, TEXTS[1])?).await?;
    laptop.chord(Key::Alt, 'b').await?;
    let read = format!("document.querySelector('{}')?.value !== ''", testid("field"));
    laptop.until(&format!("{closed} && {read}"), "a code that was read").await?;
    laptop.until_quiet().await?;
    gallery.one(laptop, "code-read").await?;
    let scanned = value(laptop).await?;

    laptop.press(Key::PageUp).await?;
    until_page(laptop, "/card").await?;
    laptop.press_button("code-from-picture").await?;
    let other = format!("document.querySelector('{}')?.value !== {}", testid("field"), json!(typed));
    laptop.until(&other, "the code in the picture").await?;
    laptop.until_quiet().await?;
    let pictured = value(laptop).await?;

    laptop.press(Key::PageDown).await?;
    until_page(laptop, "/door").await?;
    laptop.press(Key::PageDown).await?;
    until_page(laptop, "/house").await?;
    laptop.press_button("draw").await?;
    laptop.until_shows("sheet").await?;
    gallery.one(laptop, "sheet").await?;
    laptop.run(crate::widgets::DRAWN).await?;
    laptop.press_button("keep-drawing").await?;
    laptop.until_shows("file-picture").await?;
    laptop.until_quiet().await?;
    laptop.press(Key::PageDown).await?;
    until_page(laptop, "/face").await?;
    laptop.press_button("camera").await?;
    let seen = format!("document.querySelector('{} video')?.videoWidth > 0", testid("camera-view"));
    laptop.until(&seen, "a picture of the camera").await?;
    gallery.one(laptop, "camera").await?;
    laptop.press_button("close-camera").await?;
    laptop.press(Key::F10).await?;
    laptop.until_shows("page-today").await?;
    person.laptop.close().await?;
    Ok([typed, scanned, pictured])
}

async fn until_page(laptop: &Laptop, key: &str) -> Outcome {
    let page = format!("document.querySelector('{}')?.dataset.page === {}", testid("page"), json!(key));
    laptop.until(&page, key).await
}

async fn value(laptop: &Laptop) -> Outcome<String> {
    let value = laptop.run(&format!("return document.querySelector('{}').value", testid("field"))).await?;
    Ok(value.as_str().unwrap_or_default().to_owned())
}

/// From now on the camera sees this picture.
async fn show(laptop: &Laptop, png: &[u8]) -> Outcome {
    let address = json!(format!("data:image/png;base64,{}", BASE64.encode(png)));
    let done = laptop
        .run_async(&format!(
            "const done = arguments[0]; const picture = new Image();
             picture.onload = () => {{
               const pen = CanvasRenderingContext2D.prototype; const draw = pen.drawImage;
               pen.drawImage = function (source, ...place) {{
                 draw.call(this, source instanceof HTMLVideoElement ? picture : source, ...place);
               }};
               done(true);
             }};
             picture.onerror = () => done(false); picture.src = {address};"
        ))
        .await?;
    if done == json!(true) { Ok(()) } else { Err("expected a picture of a code, found none".into()) }
}

/// A code on white paper, as PNG of 640 by 480 pixels.
fn drawn(kind: BarcodeFormat, text: &str) -> Outcome<Vec<u8>> {
    const SIZE: (u32, u32) = (640, 480);
    let matrix = rxing::MultiFormatWriter.encode(text, &kind, 300, 200)?;
    let (left, top) = ((SIZE.0 - matrix.width()) / 2, (SIZE.1 - matrix.height()) / 2);
    let ink = |x: u32, y: u32| {
        let inside = x >= left && y >= top && x - left < matrix.width() && y - top < matrix.height();
        inside && matrix.get(x - left, y - top)
    };
    let pixels: Vec<u8> = (0..SIZE.1)
        .flat_map(|y| (0..SIZE.0).map(move |x| (x, y)))
        .map(|(x, y)| if ink(x, y) { 20 } else { 240 })
        .collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(BufWriter::new(&mut out), SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(out)
}
