//! Forms on paper, for a place without a laptop or for a family that wants to sign: consent and assent with the text that the
//! window reads, and the short note when a child tells of harm. Words and fields are those of the window.

use std::fmt::Write as _;
use std::path::Path;

use tianye_desk::forms::check_workbook;
use tianye_desk::instruments::ALL;
use tianye_desk::view::{BothWords, ConsentText};
use tianye_desk::{Result, usual_text};

use crate::arguments::Language;
use crate::beginning::read_text;
use crate::form::cannot;
use crate::say;
use crate::words::Words;

/// One sheet of paper: the name of its file without ending, and a page that any browser prints.
pub struct Paper {
    pub name: &'static str,
    pub page: String,
}

/// Writes all papers in both languages into a folder, with the text of a file, or the program's own.
pub fn run(folder: &Path, text: Option<&Path>) -> Result<()> {
    let text = text.map_or_else(|| Ok(usual_text()), read_text)?;
    std::fs::create_dir_all(folder).map_err(|why| cannot("write", folder, &why))?;
    for language in [Language::Zh, Language::En] {
        for paper in papers(&text, language) {
            let path = folder.join(format!("{}.{}.html", paper.name, language.tag()));
            std::fs::write(&path, paper.page).map_err(|why| cannot("write", &path, &why))?;
            say::line(&path.display().to_string());
        }
    }
    Ok(())
}

/// The papers in a language.
pub fn papers(text: &ConsentText, language: Language) -> Vec<Paper> {
    let words = Words::of(language);
    let consent = |name, whose| Paper { name, page: Sheet { language, words: &words }.consent(text, whose) };
    vec![
        consent("consent-guardian", Whose::Guardian),
        consent("consent-child", Whose::Child),
        consent("consent-youth", Whose::Youth),
        consent("consent-adult", Whose::Adult),
        Paper { name: "report", page: Sheet { language, words: &words }.report() },
    ]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Guardian,
    Child,
    Youth,
    /// A teacher, a cadre, a carer, about themselves.
    Adult,
}

impl Whose {
    /// The instruments that this person is asked to take part in for a purpose; how long they take stands in them.
    fn instruments(self, purpose: &str) -> &'static [&'static str] {
        match (self, purpose) {
            (Self::Adult, "questionnaire") => &["teacher", "guardian"],
            (Self::Adult, "interview") => &["cadre"],
            (Self::Guardian | Self::Child | Self::Youth, "questionnaire") => &["pupil"],
            _ => &[],
        }
    }
}

struct Sheet<'a> {
    language: Language,
    words: &'a Words,
}

impl Sheet<'_> {
    /// What the family is read, one line for each thing that is asked, and who said it.
    fn consent(&self, text: &ConsentText, whose: Whose) -> String {
        let first = match whose {
            Whose::Guardian => &text.opening,
            Whose::Child => &text.child,
            Whose::Youth if self.text(&text.youth).is_empty() => &text.child,
            Whose::Youth => &text.youth,
            Whose::Adult if self.text(&text.adult).is_empty() => &text.opening,
            Whose::Adult => &text.adult,
        };
        let title = self.say(match whose {
            Whose::Guardian => "paper-guardian",
            Whose::Child => "paper-child",
            Whose::Youth => "paper-youth",
            Whose::Adult => "paper-adult",
        });
        let mut body = format!("<p class=\"activity\">{}</p>\n", escaped(self.text(&text.activity)));
        body += &paragraphs(self.text(first));
        let answers = ["consent-say-given", "consent-say-refused", "consent-say-not-yet"].map(|key| self.say(key));
        _ = writeln!(
            body,
            "<table class=\"asked\"><thead><tr><th></th><th>{}</th></tr></thead><tbody>",
            answers.join("</th><th>")
        );
        for about in &text.purposes {
            let asked = match whose {
                Whose::Guardian => &about.text,
                Whose::Adult if self.text(&about.own).is_empty() => &about.text,
                Whose::Adult => &about.own,
                Whose::Child | Whose::Youth => &about.child,
            };
            let purpose = self.say(&format!("purpose-{}", about.purpose));
            let asked = format!("{}{}", escaped(self.text(asked)), self.minutes(whose.instruments(&about.purpose)));
            _ = writeln!(body, "<tr><td><b>{purpose}</b><br>{asked}</td><td>☐</td><td>☐</td><td>☐</td></tr>");
        }
        body += "</tbody></table>\n";
        if whose != Whose::Child {
            body += &paragraphs(self.text(&text.closing));
        }
        body += "<table class=\"lines\"><tbody>\n";
        let mut line = |label: &str, under: &str| _ = writeln!(body, "<tr><th>{label}</th><td>{under}</td></tr>");
        let code = if whose == Whose::Adult { "paper-code-own" } else { "paper-code" };
        line(&self.say(code), &self.say("paper-code-hint"));
        if whose == Whose::Guardian {
            line(&self.say("consent-name"), "");
            line(
                &self.say("consent-relation"),
                &self.boxes(&["consent-standing-legal-guardian", "consent-standing-entrusted-carer"]),
            );
        }
        line(
            &self.say("consent-how"),
            &self.boxes(&["consent-how-paper", "consent-how-oral", "consent-how-recorded-call", "consent-how-video"]),
        );
        line(&self.say(if whose == Whose::Child { "paper-sign-child" } else { "paper-sign" }), "");
        line(&self.say("consent-on"), "");
        line(&self.say("consent-witness"), "");
        line(&self.say("paper-interviewer"), "");
        body += "</tbody></table>\n";
        let version = match text.version.as_str() {
            "" => self.say("consent-version-usual"),
            version => self.words.say("consent-version", &[("version", version)]),
        };
        _ = writeln!(body, "<p class=\"small\">{}　{version}</p>", self.say("paper-consent-then"));
        self.page(&title, &body)
    }

    /// How long the instruments take, as they say themselves.
    fn minutes(&self, instruments: &[&str]) -> String {
        let told = instruments.iter().filter_map(|id| minutes_of(id));
        let (Some(least), Some(most)) = (told.clone().min(), told.max()) else { return String::new() };
        let (least, most) = (least.to_string(), most.to_string());
        let said = match least == most {
            true => self.words.say("consent-minutes", &[("minutes", least.as_str())]),
            false => self.words.say("paper-minutes-between", &[("least", least.as_str()), ("most", most.as_str())]),
        };
        format!("　{}", escaped(&said))
    }

    /// What a report holds (the fields of the window's card), what to say, whom to call, and what becomes of the paper.
    fn report(&self) -> String {
        let mut body = String::new();
        for (title, key) in [("care-say", "care-say"), ("care-dont", "care-dont")] {
            _ = writeln!(body, "<h2>{}</h2>\n<ul>", self.say(title));
            for said in (1..).map_while(|at| self.words.maybe(&format!("{key}-{at}"), [])) {
                _ = writeln!(body, "<li>{}</li>", escaped(&said));
            }
            body += "</ul>\n";
        }
        _ = writeln!(
            body,
            "<h2>{}</h2>\n<p>{}</p>\n<table class=\"lines\"><tbody>",
            self.say("care-short"),
            self.say("care-short-hint")
        );
        let mut line = |label: String, class: &str, under: String| {
            _ = writeln!(body, "<tr class=\"{class}\"><th>{label}</th><td>{under}</td></tr>");
        };
        line(self.say("paper-about"), "", self.say("paper-code-hint"));
        for key in ["words", "when", "present", "place", "seen"] {
            line(
                self.say(&format!("care-{key}")),
                if ["words", "seen"].contains(&key) { "tall" } else { "" },
                String::new(),
            );
        }
        line(
            self.say("care-safe-now"),
            "",
            self.boxes(&["care-safety-safe", "care-safety-unsafe", "care-safety-unsure"]),
        );
        line(self.say("paper-written"), "", String::new());
        body += "</tbody></table>\n";
        let calls = ["care-whom", "care-number", "paper-at", "care-said", "care-outcome"].map(|key| self.say(key));
        _ = writeln!(body, "<h2>{}</h2>\n<p>{}</p>", self.say("care-call-now"), self.say("paper-calls"));
        _ = writeln!(
            body,
            "<table class=\"calls\"><thead><tr><th>{}</th></tr></thead><tbody>",
            calls.join("</th><th>")
        );
        let outcomes = self.boxes(&["care-outcome-told", "care-outcome-no-answer", "care-outcome-call-back"]);
        for whom in ["contact-role-holder", "contact-role-holder", "contact-role-police", ""] {
            let number = if whom == "contact-role-police" { "110" } else { "" };
            let whom = if whom.is_empty() { String::new() } else { self.say(whom) };
            _ = writeln!(body, "<tr><td>{whom}</td><td>{number}</td><td></td><td></td><td>{outcomes}</td></tr>");
        }
        body += "</tbody></table>\n<table class=\"lines\"><tbody>\n";
        let to = self.boxes(&["care-to-police", "care-to-civil-affairs", "care-to-elsewhere"]);
        _ = writeln!(body, "<tr><th>{}</th><td>{to}</td></tr>", self.say("care-hand-over"));
        _ = writeln!(body, "<tr><th>{}</th><td></td></tr>\n</tbody></table>", self.say("care-over-note"));
        _ = writeln!(body, "<p class=\"small\">{}</p>", self.say("paper-report-then"));
        self.page(&self.say("paper-report"), &body)
    }

    fn say(&self, key: &str) -> String {
        escaped(&self.words.say(key, &[]))
    }

    fn text<'b>(&self, both: &'b BothWords) -> &'b str {
        match self.language {
            Language::En if !both.en.is_empty() => &both.en,
            _ => &both.zh,
        }
    }

    fn boxes(&self, keys: &[&str]) -> String {
        keys.iter().map(|key| format!("☐ {}", self.say(key))).collect::<Vec<_>>().join("　")
    }

    fn page(&self, title: &str, body: &str) -> String {
        let language = self.language.tag();
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n{body}</html>\n"
        )
    }
}

/// For paper of A4, in a size that is read at a table.
const STYLE: &str = "
@page { size: A4; margin: 18mm }
body { max-width: 174mm; margin: auto; font: 12pt/1.6 'Noto Serif SC', SimSun, Songti SC, serif }
h1 { font-size: 17pt; text-align: center } h2 { font-size: 13pt; margin-bottom: 0 }
table { width: 100%; border-collapse: collapse; margin: 4mm 0 } tr { break-inside: avoid }
th, td { border: 0.3mm solid; padding: 1.5mm 2mm; text-align: left; vertical-align: top; font-weight: normal }
.asked th, .asked td + td { width: 16mm; text-align: center } .asked th:first-child { width: auto }
.lines th { width: 45mm } .lines td { height: 9mm } .tall td { height: 45mm }
.small { font-size: 9.5pt }
";

/// How many minutes an instrument says that it takes.
fn minutes_of(id: &str) -> Option<u32> {
    let instrument = ALL.iter().find(|instrument| instrument.id == id)?;
    let (_, checked) = check_workbook(&instrument.file(), instrument.workbook.as_bytes(), &|_| None).ok()?;
    checked?.form.minutes()
}

fn paragraphs(text: &str) -> String {
    let parts = text.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| format!("<p>{}</p>\n", escaped(part))).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The papers in `forms/paper` are made of what the window says; `UPDATE_EXPECT=1` writes them.
    #[test]
    fn the_papers_in_the_folder_say_what_the_window_says() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms/paper");
        for language in [Language::Zh, Language::En] {
            for paper in papers(&usual_text(), language) {
                let path = folder.join(format!("{}.{}.html", paper.name, language.tag()));
                if std::env::var_os("UPDATE_EXPECT").is_some() {
                    std::fs::write(&path, &paper.page).unwrap();
                }
                let there = std::fs::read_to_string(&path).unwrap_or_default();
                assert!(there == paper.page, "{} is not what is written now", path.display());
                // A key that the catalogues do not know would stand there itself.
                for stem in ["paper-", "care-", "consent-", "purpose-"] {
                    assert!(!paper.page.contains(&format!(">{stem}")), "{}: a word is missing", paper.name);
                }
            }
        }
    }

    /// Each field that somebody writes in the window's report has its place on the paper.
    #[test]
    fn the_paper_has_every_field_of_a_report() {
        let report = tianye_survey::Disclosure { safety: Some(tianye_survey::Safety::Safe), ..Default::default() };
        let fields = serde_json::to_value(report).unwrap();
        let words = Words::of(Language::En);
        let page = &papers(&usual_text(), Language::En).pop().unwrap().page;
        for field in fields.as_object().unwrap().keys() {
            let key = match field.as_str() {
                "safety" => "care-safe-now".to_owned(),
                "about" => "paper-about".to_owned(),
                other => format!("care-{other}"),
            };
            assert!(page.contains(&escaped(&words.say(&key, &[]))), "{field}");
        }
    }

    /// Each is spoken to in their own capacity, and told how long it takes by the instrument itself.
    #[test]
    fn adults_are_asked_about_themselves_and_told_how_long_it_takes() {
        let page = |name: &str| {
            let all = papers(&usual_text(), Language::En);
            all.into_iter().find(|paper| paper.name == name).unwrap().page
        };
        let adult = page("consent-adult");
        assert!(adult.contains("You answer a questionnaire") && !adult.contains("your child"), "{adult}");
        assert!(adult.contains("About 14 to 17 minutes.") && adult.contains("About 13 minutes."), "{adult}");
        for name in ["consent-guardian", "consent-child", "consent-youth"] {
            assert!(page(name).contains("About 20 minutes."), "{name}");
        }
        // A text without such words speaks to them as to a family.
        let mut text = usual_text();
        text.adult = BothWords { zh: String::new(), en: String::new() };
        assert!(papers(&text, Language::En)[3].page.contains("would like to ask your child"));
    }

    #[test]
    fn a_text_is_no_markup() {
        let mut text = usual_text();
        text.activity.zh = "<b>春</b> & 秋".into();
        let page = &papers(&text, Language::Zh)[0].page;
        assert!(page.contains("&lt;b&gt;春&lt;/b&gt; &amp; 秋"));
    }

    #[test]
    fn those_of_fourteen_are_read_their_own_words_or_a_childs() {
        let mut text = usual_text();
        let page = |text: &ConsentText| papers(text, Language::En)[2].page.clone();
        assert!(page(&text).contains("people of your age"));
        text.youth = BothWords { zh: String::new(), en: String::new() };
        assert!(page(&text).contains("say “stop” and we stop"));
    }
}
