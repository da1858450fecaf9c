//! `tianye erase` and `tianye erasures`.

use std::path::Path;

use tianye_desk::view::{AnsweredView, EraseInput, ErasePreview, ErasedExport, ErasedWhat, ErasureView};
use tianye_desk::{Desk, Result, refuse};

use crate::arguments::{WhatToErase, WhichErasures};
use crate::form::cannot;
use crate::say;
use crate::words::Words;

/// Says what would be erased, and erases it with `--yes`.
pub fn erase(desk: &mut Desk, what: &WhatToErase, language: &str, json: bool, words: &Words) -> Result<()> {
    let preview = preview(desk, what, language)?;
    let fields = fields(&preview, what)?;
    if !what.yes {
        if json {
            say::json(&preview);
        } else {
            tell(&preview, &fields, what, words);
        }
        return Ok(());
    }
    let (record, person) = if what.person { ("", &*preview.person) } else { (&*preview.record, "") };
    let input = EraseInput {
        record: record.to_owned(),
        person: person.to_owned(),
        fields,
        why: what.why.code().to_owned(),
        note: what.note.clone(),
    };
    let certificate = desk.erase(&input)?;
    if json {
        say::json(&certificate);
    } else {
        show(&certificate, words);
    }
    Ok(())
}

/// Shows certificates, writes one as a text, or says what to drop from an export.
pub fn erasures(desk: &Desk, what: &WhichErasures, language: &str, json: bool, words: &Words) -> Result<()> {
    if let Some(export) = &what.export {
        let text = desk.drop_csv(export)?;
        return match &what.output {
            Some(path) => write(path, &text, words),
            None if json => {
                say::json(&desk.to_drop(export)?);
                Ok(())
            }
            None => {
                say::text(&text);
                Ok(())
            }
        };
    }
    let mut views = desk.erasures(language)?;
    if let Some(id) = &what.certificate {
        let found: Vec<&ErasureView> = views.iter().filter(|view| view.id.starts_with(id.as_str())).collect();
        let [one] = found[..] else {
            let detail = format!("expected the beginning of one id of {}, found {id}", views.len());
            return Err(refuse("erasure-unknown", detail));
        };
        let text = desk.certificate_text(&one.id, language)?;
        return match &what.output {
            Some(path) => write(path, &text, words),
            None => {
                say::text(&text);
                Ok(())
            }
        };
    }
    views.reverse();
    if json {
        say::json(&views);
    } else if views.is_empty() {
        say::line(&words.say("erasures-none", &[]));
    } else {
        views.iter().for_each(|view| show(view, words));
    }
    Ok(())
}

fn write(path: &Path, text: &str, words: &Words) -> Result<()> {
    std::fs::write(path, text).map_err(|why| cannot("write", path, &why))?;
    say::line(&words.say("erasures-written", &[("file", &path.display().to_string())]));
    Ok(())
}

/// The interview or the respondent that was meant: only one, since erasing cannot be called back.
fn preview(desk: &Desk, what: &WhatToErase, language: &str) -> Result<ErasePreview> {
    let which = |found: usize, ids: &[String]| {
        let detail = format!("expected the id or code of one, found {found}: {}", ids.join(", "));
        refuse("erase-which", detail).with("found", found.to_string()).with("ids", ids.join("  "))
    };
    if what.person {
        let people = desk.respondents_called(&what.interview);
        return match &people[..] {
            [one] => desk.preview_erasure_of_person(one, language),
            // The card may be gone already; what came later is still there.
            [] => desk.preview_erasure_of_person(&what.interview, language),
            many => Err(which(many.len(), many)),
        };
    }
    let cards = desk.records(language)?;
    let called = cards.iter().filter(|card| card.id == what.interview || card.code == what.interview);
    let ids: Vec<String> = called.map(|card| card.id.clone()).collect();
    match &ids[..] {
        [one] => desk.preview_erasure(one, language),
        [] => desk.preview_erasure(&what.interview, language),
        many => Err(which(many.len(), many)),
    }
}

/// The fields that were named: by their address, or by the question's name where only one answer has it.
fn fields(preview: &ErasePreview, what: &WhatToErase) -> Result<Vec<String>> {
    let mut fields = Vec::new();
    for (named, must_be_file) in
        what.field.iter().map(|field| (field, false)).chain(what.recording.iter().map(|field| (field, true)))
    {
        let fits = |field: &str| field == named || field.rsplit('/').next() == Some(named.as_str());
        let found: Vec<&str> = preview
            .answers
            .iter()
            .filter(|answer| fits(&answer.field) && (answer.file || !must_be_file))
            .map(|answer| answer.field.as_str())
            .collect();
        let [one] = found[..] else {
            let all: Vec<&str> = preview.answers.iter().map(|answer| answer.field.as_str()).collect();
            let detail = format!("expected one of {}, found {named}", all.join(", "));
            return Err(refuse("erase-field", detail).with("field", named).with("fields", all.join("  ")));
        };
        fields.push(one.to_owned());
    }
    Ok(fields)
}

fn tell(preview: &ErasePreview, fields: &[String], what: &WhatToErase, words: &Words) {
    let ErasePreview { code, name, form, .. } = preview;
    let head = if what.person { "erase-person" } else { "erase-interview" };
    let head = if fields.is_empty() { head } else { "erase-answers" };
    say::line(&words.say(head, &[("code", code), ("name", name), ("form", form)]));
    if what.person {
        let count = |count: u32| count.to_string();
        let interviews = preview.interviews.len().to_string();
        let (consents, assignments) = (count(preview.consents), count(preview.assignments));
        let args = [("interviews", &*interviews), ("consents", &*consents), ("assignments", &*assignments)];
        say::line(&format!("  {}", words.say("erase-person-counts", &args)));
        for one in &preview.interviews {
            say::line(&format!("  {}  {}  {}", one.id, one.form, one.interviewer));
        }
    } else {
        let goes = |field: &String| fields.is_empty() || fields.contains(field);
        for answer in preview.answers.iter().filter(|answer| goes(&answer.field)) {
            let number = if answer.number.is_empty() { String::new() } else { format!("{} ", answer.number) };
            say::line(&format!("  {}  {number}{}: {}", answer.field, answer.label, answer.value));
        }
    }
    exports(&preview.exports, words);
    say::line(&words.say("erase-laptops", &[("count", &preview.laptops.to_string())]));
    say::line(&words.say("erase-ask", &[]));
}

fn exports(exports: &[ErasedExport], words: &Words) {
    for one in exports {
        let (rows, files) = (one.rows.to_string(), one.files.to_string());
        let args = [("id", &*one.id), ("at", &*one.at), ("folder", &*one.folder), ("rows", &*rows), ("files", &*files)];
        say::line(&format!("  {}", words.say("erase-export", &args)));
    }
}

fn show(view: &ErasureView, words: &Words) {
    let what = match view.what {
        ErasedWhat::Interview => "erased-interview",
        ErasedWhat::Answers => "erased-answers",
        ErasedWhat::Person => "erased-person",
    };
    let interviews = view.interviews.to_string();
    let what = words.say(what, &[("interviews", &interviews), ("questions", &view.questions.join("; "))]);
    let why = words.say(&format!("erase-why-{}", view.why), &[]);
    say::line(&format!("{}  {}  {}  {what}  {why}  {}", view.id, view.at, view.by, view.note));
    let names = |laptops: &[AnsweredView]| {
        let one = |one: &AnsweredView| format!("{} {} ({})", one.person, one.device, one.code);
        laptops.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    say::line(&format!("  {}", words.say("erased-answered", &[("laptops", &names(&view.answered))])));
    for one in &view.held {
        let args = [("laptop", &*names(std::slice::from_ref(&one.laptop))), ("since", &*one.set_aside.join(", "))];
        for (told, holds) in [("erased-held", !one.set_aside.is_empty()), ("erased-away", one.second_box)] {
            if holds {
                say::line(&format!("  {}", words.say(told, &args)));
            }
        }
    }
    if !view.waiting.is_empty() {
        say::line(&format!("  {}", words.say("erased-waiting", &[("laptops", &names(&view.waiting))])));
    }
    for one in view.answered.iter().chain(view.held.iter().map(|one| &one.laptop)).filter(|one| one.exports > 0) {
        let args = [("laptop", &*one.person), ("count", &*one.exports.to_string())];
        say::line(&format!("  {}", words.say("erased-exports-there", &args)));
    }
    let on_hub = if view.tells_hubs { "erased-on-hub" } else { "erased-on-hub-by-key" };
    for (told, holds) in [(on_hub, view.on_hub), ("erased-unfinished", view.unfinished)] {
        if holds {
            say::line(&format!("  {}", words.say(told, &[])));
        }
    }
    if view.later > 0 {
        say::line(&format!("  {}", words.say("erased-later", &[("count", &view.later.to_string())])));
    }
    exports(&view.exports, words);
}
