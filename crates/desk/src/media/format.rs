//! Formats, by the first bytes of a file.

/// What a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A photograph, a drawing, a signature.
    Picture,
    /// A recording of sound.
    Sound,
    /// A film.
    Film,
    /// Any file.
    Any,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    /// Its media type: what a web view plays or shows it by.
    pub media_type: &'static str,
    /// The ending of its name.
    pub ending: &'static str,
}

const fn format(media_type: &'static str, ending: &'static str) -> Format {
    Format { media_type, ending }
}

pub(crate) const JPEG: Format = format("image/jpeg", "jpg");
pub(crate) const PNG: Format = format("image/png", "png");
pub(crate) const WEBP: Format = format("image/webp", "webp");
pub(crate) const FLAC: Format = format("audio/flac", "flac");
const PDF: Format = format("application/pdf", "pdf");
const UNKNOWN: Format = format("application/octet-stream", "bin");

/// Endings of documents that keep their ending, since their bytes do not say which program reads them. None is a program.
const DOCUMENTS: &[(&str, Format)] = &[
    ("doc", format("application/msword", "doc")),
    ("docx", format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")),
    ("xls", format("application/vnd.ms-excel", "xls")),
    ("xlsx", format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")),
    ("ppt", format("application/vnd.ms-powerpoint", "ppt")),
    ("pptx", format("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx")),
    ("odt", format("application/vnd.oasis.opendocument.text", "odt")),
    ("ods", format("application/vnd.oasis.opendocument.spreadsheet", "ods")),
    ("wps", format("application/vnd.ms-works", "wps")),
    ("rtf", format("application/rtf", "rtf")),
    ("txt", format("text/plain", "txt")),
    ("csv", format("text/csv", "csv")),
    ("zip", format("application/zip", "zip")),
];

/// The format of a file that begins with `head` (4 KiB are enough), where the class takes it. `ending` is that of the
/// name under which a person chose it, or empty.
pub(crate) fn sniff(head: &[u8], class: Class, ending: &str) -> Option<Format> {
    match class {
        Class::Picture => picture(head),
        Class::Sound => sound(head),
        Class::Film => film(head),
        Class::Any => {
            let known = picture(head).or_else(|| heard_first(head)).or_else(|| film(head));
            let document = || DOCUMENTS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known));
            let pdf = || head.starts_with(b"%PDF-").then_some(PDF);
            Some(known.or_else(pdf).or_else(|| document().map(|(_, format)| *format)).unwrap_or(UNKNOWN))
        }
    }
}

fn picture(head: &[u8]) -> Option<Format> {
    if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
        Some(JPEG)
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(PNG)
    } else {
        (riff(head) == Some(*b"WEBP")).then_some(WEBP)
    }
}

fn sound(head: &[u8]) -> Option<Format> {
    // Containers of films hold sound alone as well; which it is, the question says.
    heard_first(head).or_else(|| {
        Some(match film(head)?.ending {
            "webm" => format("audio/webm", "webm"),
            "3gp" => format("audio/3gpp", "3gp"),
            "avi" => return None,
            _ => format("audio/mp4", "m4a"),
        })
    })
}

/// Formats that hold nothing but sound.
fn heard_first(head: &[u8]) -> Option<Format> {
    let mp3_frame = head.len() > 3
        && head[0] == 0xFF
        && head[1] & 0xE0 == 0xE0
        && head[1] & 0x06 != 0
        && head[1] & 0x18 != 0x08
        && head[2] & 0xF0 != 0xF0;
    Some(if riff(head) == Some(*b"WAVE") {
        format("audio/wav", "wav")
    } else if head.starts_with(b"OggS") {
        format("audio/ogg", "ogg")
    } else if head.starts_with(b"fLaC") {
        FLAC
    } else if head.starts_with(b"#!AMR") {
        format("audio/amr", "amr")
    } else if brand(head).is_some_and(|brand| brand.starts_with(b"M4A")) {
        format("audio/mp4", "m4a")
    } else if head.len() > 1 && head[0] == 0xFF && head[1] & 0xF6 == 0xF0 {
        format("audio/aac", "aac")
    } else if head.starts_with(b"ID3") || mp3_frame {
        format("audio/mpeg", "mp3")
    } else {
        return None;
    })
}

fn film(head: &[u8]) -> Option<Format> {
    if head.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]) {
        return Some(format("video/webm", "webm"));
    }
    if riff(head) == Some(*b"AVI ") {
        return Some(format("video/x-msvideo", "avi"));
    }
    let brand = brand(head)?;
    // Still pictures and sound alone in the same container. No web view here shows such pictures.
    let pictures = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"];
    if brand.starts_with(b"M4A") || pictures.contains(&&brand) {
        return None;
    }
    Some(match &brand {
        b"qt  " => format("video/quicktime", "mov"),
        [b'3', b'g', ..] => format("video/3gpp", "3gp"),
        _ => format("video/mp4", "mp4"),
    })
}

fn riff(head: &[u8]) -> Option<[u8; 4]> {
    head.strip_prefix(b"RIFF")?.get(4..8)?.try_into().ok()
}

fn brand(head: &[u8]) -> Option<[u8; 4]> {
    (head.get(4..8)? == b"ftyp").then(|| head.get(8..12)?.try_into().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Class::{Any, Film, Picture, Sound};

    #[track_caller]
    fn check(head: &[u8], ending: &str, expect: [(Class, Option<&str>); 4]) {
        for (class, expect) in expect {
            assert_eq!(sniff(head, class, ending).map(|format| format.ending), expect, "{class:?}");
        }
    }

    #[track_caller]
    fn sounds(head: &[u8], ending: &'static str) {
        check(head, "exe", [(Picture, None), (Sound, Some(ending)), (Film, None), (Any, Some(ending))]);
    }

    #[test]
    fn the_bytes_say_the_format_and_the_name_does_not() {
        for (head, ending) in [
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".as_slice(), "jpg"),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0DIHDR", "png"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
        ] {
            check(head, "mp3", [(Picture, Some(ending)), (Sound, None), (Film, None), (Any, Some(ending))]);
        }
        sounds(b"RIFF\x10\0\0\0WAVEfmt ", "wav");
        sounds(b"OggS\0\x02", "ogg");
        sounds(b"fLaC\0", "flac");
        sounds(b"#!AMR\n", "amr");
        sounds(b"#!AMR-WB\n", "amr");
        sounds(b"ID3\x04\0\0", "mp3");
        sounds(b"\xFF\xFB\x90\x44", "mp3");
        sounds(b"\xFF\xF1\x50\x80", "aac");
        sounds(b"\0\0\0\x20ftypM4A \0\0", "m4a");
    }

    #[test]
    fn a_container_of_both_is_what_the_question_asks_for() {
        check(
            b"\x1A\x45\xDF\xA3\x9F",
            "",
            [(Picture, None), (Sound, Some("webm")), (Film, Some("webm")), (Any, Some("webm"))],
        );
        check(
            b"\0\0\0\x18ftypmp42",
            "",
            [(Picture, None), (Sound, Some("m4a")), (Film, Some("mp4")), (Any, Some("mp4"))],
        );
        check(
            b"\0\0\0\x14ftypqt  ",
            "",
            [(Picture, None), (Sound, Some("m4a")), (Film, Some("mov")), (Any, Some("mov"))],
        );
        check(
            b"\0\0\0\x14ftyp3gp4",
            "",
            [(Picture, None), (Sound, Some("3gp")), (Film, Some("3gp")), (Any, Some("3gp"))],
        );
        check(b"RIFF\x10\0\0\0AVI LIST", "", [(Picture, None), (Sound, None), (Film, Some("avi")), (Any, Some("avi"))]);
    }

    #[test]
    fn other_files_are_for_questions_that_take_any() {
        let any = |head: &[u8], ending: &str, expect: &'static str| {
            check(head, ending, [(Picture, None), (Sound, None), (Film, None), (Any, Some(expect))]);
        };
        any(b"%PDF-1.7", "", "pdf");
        any(b"PK\x03\x04", "docx", "docx");
        any(b"PK\x03\x04", "DOCX", "docx");
        any("一句话".as_bytes(), "txt", "txt");
        any(b"MZ\x90\0", "exe", "bin");
        any(b"GIF89a", "gif", "bin");
        any(b"<svg onload=x>", "svg", "bin");
        any(b"\0\0\0\x18ftypheic", "heic", "bin");
        any(b"", "", "bin");
        any(b"\xFF", "", "bin");
    }
}
