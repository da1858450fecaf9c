//! Labels and other texts in a language, with values inserted.

use crate::evaluate::{Scene, TreeNode};
use crate::expression::Position;
use crate::form::{Form, LanguageText, Part, TextDef, TextId};
use crate::itext::{ItextValue, RawPart};
use crate::read::media_ref;
use crate::view::MediaRef;

/// A text as it reads now.
#[derive(Default)]
pub(crate) struct Rendered {
    pub plain: String,
    pub short: String,
    pub guidance: String,
    pub media: Vec<MediaRef>,
}

/// The text in the scene's language; where that lacks it, in the form's default language, then in any.
pub(crate) fn render(scene: &Scene<'_>, text: Option<TextId>, node: TreeNode) -> Rendered {
    let Some(text) = text else { return Rendered::default() };
    match &scene.form.texts[text.0 as usize] {
        TextDef::Fixed(by_language) => {
            let order = [scene.language, scene.form.default_language].into_iter().chain(0..by_language.len());
            let chosen = order.filter_map(|at| by_language.get(at)?.as_ref()).next();
            chosen.map_or_else(Rendered::default, |text| render_language(scene, text, node))
        }
        TextDef::ItextOf(expr) => {
            let id = scene.string(*expr, node).unwrap_or_default();
            Rendered {
                plain: itext(scene, &id).unwrap_or_default(),
                media: itext_media(scene, &id),
                ..Rendered::default()
            }
        }
        TextDef::ValueOf(expr) => {
            Rendered { plain: scene.string(*expr, node).unwrap_or_default(), ..Rendered::default() }
        }
    }
}

fn render_language(scene: &Scene<'_>, text: &LanguageText, node: TreeNode) -> Rendered {
    let join = |parts: &[Part]| {
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Output(expr) => text.push_str(&scene.string(*expr, node).unwrap_or_default()),
            }
        }
        text
    };
    Rendered {
        plain: join(&text.plain),
        short: join(&text.short),
        guidance: join(&text.guidance),
        media: text.media.clone(),
    }
}

/// The plain text of a computed id, in the scene's language or the next best.
pub(crate) fn itext(scene: &Scene<'_>, id: &str) -> Option<String> {
    let values = itext_values(scene, id)?;
    let by_form = |form: &str| values.iter().find(|value| value.form == form);
    let value = by_form("").or_else(|| by_form("long")).or_else(|| by_form("short"))?;
    let mut text = String::new();
    for part in value.parts() {
        match part {
            RawPart::Literal(literal) => text.push_str(&literal),
            RawPart::Output(source) => {
                if let Some(expr) = scene.form.itext_outputs.get(&*source) {
                    text.push_str(
                        &scene.string(*expr, crate::evaluate::primary(crate::instance::ROOT)).unwrap_or_default(),
                    );
                }
            }
        }
    }
    Some(text)
}

pub(crate) fn itext_media(scene: &Scene<'_>, id: &str) -> Vec<MediaRef> {
    let plain = ["", "long", "short", "guidance"];
    let values = itext_values(scene, id).unwrap_or_default();
    values
        .iter()
        .filter(|value| !plain.contains(&value.form))
        .map(|value| media_ref(value.form, value.parts()))
        .collect()
}

fn itext_values<'a>(scene: &Scene<'a>, id: &str) -> Option<Vec<ItextValue<'a>>> {
    let form: &'a Form = scene.form;
    let order = [scene.language, form.default_language].into_iter().chain(0..form.languages.len());
    order.filter_map(|at| form.itext.get(at, id)).next()
}

/// Outputs inside texts whose id is computed are asked at the root.
pub(crate) const OUTPUTS_AT: Position = Position::At(crate::form::DefId(0));
