//! Ways through an interview by keyboard.

use fantoccini::key::Key;
use serde_json::json;

use crate::Outcome;
use crate::laptop::Laptop;

/// Goes to the summary by keyboard, through the case tree.
pub(super) async fn to_summary(laptop: &Laptop) -> Outcome {
    let in_tree = "document.activeElement.closest('[data-testid=tree]') !== null";
    for _ in 0..4 {
        if laptop.run(&format!("return {in_tree}")).await? == json!(true) {
            break;
        }
        laptop.press(Key::F6).await?;
    }
    laptop.until(in_tree, "the focus in the case tree").await?;
    for _ in 0..60 {
        if laptop.run("return document.activeElement.dataset.testid ?? ''").await? == json!("tree-completion") {
            laptop.press(Key::Enter).await?;
            return laptop
                .until("document.querySelector('[data-testid=page]').dataset.kind === 'completion'", "the summary")
                .await;
        }
        laptop.press(Key::Down).await?;
    }
    Err(format!("{}: expected the arrows to reach the summary in the tree, they did not", laptop.name()).into())
}

/// Goes to a question by its number.
pub(super) async fn go_to(laptop: &Laptop, number: &str) -> Outcome {
    laptop.press(Key::F3).await?;
    laptop.until_shows("find-text").await?;
    laptop.types(number).await?;
    let first = format!("document.querySelector('[data-testid=hit]')?.innerText.startsWith({})", json!(number));
    laptop.until(&first, number).await?;
    laptop.press(Key::Enter).await?;
    let there = format!(
        "!document.querySelector('dialog') && [...document.querySelectorAll('[data-testid=item] .label')].some((one) => one.innerText.startsWith({}))",
        json!(format!("{number} "))
    );
    laptop.until(&there, number).await
}
