//! Two laptops without any hub: they pair by files, everything travels on a stick, and one of them is revoked. By keyboard.

use std::path::Path;

use fantoccini::key::Key;

use crate::Outcome;
use crate::gallery::{Gallery, switch};
use crate::gate::Gate;
use crate::laptop::{Laptop, testid};
use crate::network;
use crate::team::Person;

const PUPIL: &str = "forms/pupil.md";
/// A recording of so many bytes is sent; it is held back when not quite half of it is through.
const RECORDING: usize = 8 << 20;
const HELD_AFTER: usize = (7 << 20) / 2;

/// What the command line says in the end.
#[derive(Debug)]
pub struct Carried {
    /// The team, on the lead's laptop.
    pub team: String,
    /// The interviews, on the lead's laptop.
    pub records: String,
    /// What the other laptop's page offers to choose from, forms among it.
    pub forms: String,
}

/// Lives it.
pub async fn carry(root: &Path, gallery: &mut Gallery) -> Outcome<Carried> {
    let person = |name, passphrase, device, folder| -> Outcome<Person> {
        Ok(Person { name, group: "", passphrase, device, laptop: Laptop::new(name, &root.join(folder))? })
    };
    let mut lead = person("沈一帆", "竹篮 半夜 蓝色 拖拉机", "组长电脑", "lead")?;
    let mut chen = person("陈禾", "石桥 清早 红薯 喇叭", "示例电脑 03", "wuyi")?;
    lead.tianye(&["new", "浙江留守儿童 2017", "--lead", lead.name, "--device", lead.device])?;
    let form = crate::programs::workspace().join(PUPIL);
    lead.tianye(&["add-form", form.to_str().ok_or("a path without UTF-8")?])?;
    let recording = root.join("rec.md");
    std::fs::write(&recording, network::FORM)?;
    lead.tianye(&["add-form", recording.to_str().ok_or("a path without UTF-8")?])?;
    // A line that stands still while pictures are taken is not given up.
    chen.laptop.set("TIANYE_PATIENCE", Path::new("3600000"));
    lead.laptop.open("zh-CN").await?;
    lead.unlock().await?;
    pair(&lead, &mut chen, gallery).await?;

    // To the interviewer and, filled in, back again.
    write(&lead.laptop, gallery, "stick-written").await?;
    hand(&lead.laptop, &chen.laptop, "tianye")?;
    chen.unlock().await?;
    read(&chen.laptop, gallery, "stick-read").await?;
    chen.laptop.click("tab-today").await?;
    chen.laptop.until_shows("page-today").await?;
    chen.laptop.click("new-interview").await?;
    chen.laptop.until_shows("page-new-interview").await?;
    let offered = "return [...document.querySelectorAll('option')].map((one) => one.textContent).join(' ')";
    let forms = chen.laptop.run(offered).await?.as_str().unwrap_or_default().to_owned();
    chen.laptop.press(Key::PageUp).await?;
    chen.laptop.until_shows("page-today").await?;
    chen.laptop.close().await?;
    chen.tianye(&["simulate", "pupil", "--count", "1"])?;
    chen.laptop.open("zh-CN").await?;
    chen.unlock().await?;
    // The lead's card lies on the stick by now: only what the lead lacks is written.
    hand(&lead.laptop, &chen.laptop, "tianye-card")?;
    write(&chen.laptop, gallery, "stick-written-again").await?;
    chen.laptop.until_says("只写了它们还没有的").await?;
    hand(&chen.laptop, &lead.laptop, "tianye")?;
    read(&lead.laptop, gallery, "stick-read-again").await?;
    chen.laptop.close().await?;
    network::recorded(&root.join("in"), RECORDING)?;
    chen.tianye(&["import", "rec", root.join("in").to_str().ok_or("a path without UTF-8")?, "--yes"])?;
    chen.laptop.open("zh-CN").await?;
    chen.unlock().await?;
    meet(&lead, &chen, gallery).await?;
    revoke(&lead, gallery).await?;
    write_on(&lead, &mut chen, gallery).await?;
    // Whoever sits at the revoked laptop is told when the word comes there.
    write(&lead.laptop, gallery, "stick-written-last").await?;
    hand(&lead.laptop, &chen.laptop, "tianye")?;
    read(&chen.laptop, gallery, "stick-read-last").await?;
    chen.laptop.click("tab-today").await?;
    chen.laptop.until_shows("stopped").await?;
    gallery.both(&chen.laptop, "stopped").await?;
    lead.laptop.close().await?;
    chen.laptop.close().await?;
    Ok(Carried { team: lead.tianye(&["team"])?, records: lead.tianye(&["list"])?, forms })
}

/// Pairs by files: invitation, request, admission.
async fn pair(lead: &Person, chen: &mut Person, gallery: &mut Gallery) -> Outcome {
    lead.tab("team").await?;
    lead.laptop.fill("invite-name", chen.name).await?;
    lead.laptop.press_button("invite").await?;
    lead.laptop.until_shows("invite-saved").await?;
    hand(&lead.laptop, &chen.laptop, "tianye-invite")?;

    let laptop = &mut chen.laptop;
    laptop.open("zh-CN").await?;
    laptop.until_shows("page-first-run").await?;
    laptop.press_button("open-invitation").await?;
    laptop.until_shows("page-join").await?;
    laptop.fill("new-passphrase", chen.passphrase).await?;
    laptop.fill("new-passphrase-again", chen.passphrase).await?;
    laptop.fill("device-name", chen.device).await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("compare-code").await?;
    laptop.press_button("save-request").await?;
    laptop.until_shows("request-saved").await?;
    gallery.both(laptop, "join-by-file").await?;
    let code = laptop.text("compare-code").await?;
    hand(laptop, &lead.laptop, "tianye-join")?;

    lead.laptop.press_button("open-request").await?;
    lead.laptop.until_shows("request-by-file").await?;
    gallery.both(&lead.laptop, "team-request-by-file").await?;
    let shown = lead.laptop.text("request-by-file").await?;
    if !shown.contains(&code) {
        return Err(format!("expected the code {code} on both screens, found {shown}").into());
    }
    lead.laptop.press_button("approve-file").await?;
    lead.laptop.until_shows("admission-saved").await?;
    hand(&lead.laptop, laptop, "tianye-admit")?;
    laptop.press_button("open-admission").await?;
    laptop.until_shows("admitted").await?;
    laptop.press(Key::Enter).await?;
    laptop.until_shows("page-unlock").await
}

async fn write(laptop: &Laptop, gallery: &mut Gallery, name: &str) -> Outcome {
    laptop.click("tab-sync").await?;
    laptop.until_shows("page-sync").await?;
    laptop.press_button("to-stick").await?;
    laptop.until_shows("stick-written").await?;
    gallery.both(laptop, name).await
}

async fn read(laptop: &Laptop, gallery: &mut Gallery, name: &str) -> Outcome {
    laptop.click("tab-sync").await?;
    laptop.until_shows("page-sync").await?;
    laptop.press_button("from-stick").await?;
    laptop.until_shows("stick-read").await?;
    gallery.both(laptop, name).await
}

/// The lead's laptop becomes the hub of the network, the other one goes there by what the lead's screen shows.
async fn meet(lead: &Person, chen: &Person, gallery: &mut Gallery) -> Outcome {
    let laptop = &lead.laptop;
    laptop.click("tab-sync").await?;
    laptop.until_shows("page-sync").await?;
    laptop.press_button("open-nearby").await?;
    laptop.until_shows("nearby-qr").await?;
    laptop.until_shows("sync-report").await?;
    gallery.both(laptop, "nearby-open").await?;
    let (address, code) = (laptop.text("nearby-address").await?, laptop.text("nearby-code").await?);

    let other = &chen.laptop;
    other.click("tab-sync").await?;
    other.until_shows("page-sync").await?;
    other.press_button("go-nearby").await?;
    other.until_shows("nearby-to-address").await?;
    other.fill("nearby-to-address", &address).await?;
    other.fill("nearby-to-code", "0000 0000 0000 0000").await?;
    other.press_button("sync-nearby").await?;
    other.until_shows("refusal").await?;
    other.until_quiet().await?;
    gallery.both(other, "nearby-other").await?;
    // The line stands still in the middle of the recording: how far it is can be read, and it can be stopped.
    let gate = Gate::before(address.trim_start_matches("https://").parse()?, HELD_AFTER)?;
    other.fill("nearby-to-address", &gate.address().to_string()).await?;
    other.fill("nearby-to-code", &code.to_lowercase()).await?;
    other.press_button("sync-nearby").await?;
    gate.until_it_holds()?;
    let said = "document.querySelector('[data-testid=carrying-count]')?.textContent ?? ''";
    other.until(&format!("/^[34] /.test({said})"), "how many parts are through").await?;
    gallery.both(other, "carrying-middle").await?;
    other.press_button("stop-carrying").await?;
    other.until_shows("refusal").await?;
    gallery.both(other, "carrying-stopped").await?;
    gate.open();
    other.press_button("sync-nearby").await?;
    other.until_shows("sync-report").await?;
    gallery.both(other, "nearby-synced").await?;
    // What the other one brought is being taken in.
    let rests = format!("document.querySelector('{}')?.ariaDisabled !== 'true'", testid("close-nearby"));
    laptop.until(&rests, "a hub that rests").await?;
    laptop.press_button("close-nearby").await?;
    laptop.until_shows("open-nearby").await?;

    lead.tab("team").await?;
    laptop.fill("invite-name", "周宁").await?;
    laptop.press_button("invite").await?;
    laptop.until_shows("invite-saved").await?;
    let shows = "document.querySelector('[data-testid^=show-]')";
    laptop.until(shows, "an invitation that can be shown").await?;
    let button = laptop.run(&format!("return {shows}.dataset.testid")).await?;
    laptop.press_button(button.as_str().ok_or("a button without a name")?).await?;
    laptop.until_shows("invitation-qr").await?;
    gallery.one(laptop, "invitation-qr").await?;
    laptop.press(Key::Escape).await?;
    switch(laptop).await?;
    laptop.press_button(button.as_str().ok_or("a button without a name")?).await?;
    laptop.until_shows("invitation-qr").await?;
    gallery.one(laptop, "invitation-qr").await?;
    laptop.press(Key::Escape).await?;
    switch(laptop).await
}

async fn revoke(lead: &Person, gallery: &mut Gallery) -> Outcome {
    let laptop = &lead.laptop;
    lead.tab("team").await?;
    // The key that changes the language goes no further than an open sheet.
    for _ in 0..2 {
        open_sheet(laptop).await?;
        gallery.one(laptop, "revoke-sheet").await?;
        laptop.press(Key::Escape).await?;
        switch(laptop).await?;
    }
    open_sheet(laptop).await?;
    laptop.press_button("revoke-now").await?;
    laptop.until_says("在汽车上丢了").await?;
    gallery.both(laptop, "team-revoked").await?;
    for _ in 0..2 {
        laptop.press_button("to-recovery-key").await?;
        laptop.tab_to("recovery-key-passphrase").await?;
        laptop.types(lead.passphrase).await?;
        laptop.press_button("recovery-key-show").await?;
        laptop.until_shows("recovery-key").await?;
        gallery.one(laptop, "recovery-key").await?;
        laptop.press(Key::Escape).await?;
        switch(laptop).await?;
    }
    Ok(())
}

/// Whoever sits at the revoked laptop does not know yet and writes on; the lead is told whose laptop that was and what to do.
async fn write_on(lead: &Person, chen: &mut Person, gallery: &mut Gallery) -> Outcome {
    chen.laptop.close().await?;
    chen.tianye(&["simulate", "pupil", "--count", "1"])?;
    let stick = chen.laptop.files();
    chen.tianye(&["to-stick", stick.to_str().ok_or("a path without UTF-8")?])?;
    hand(&chen.laptop, &lead.laptop, "tianye")?;
    read(&lead.laptop, gallery, "stick-read-late").await?;
    lead.laptop.until_shows("misfit-late").await?;
    lead.laptop.run("document.querySelector('[data-testid=misfits]').scrollIntoView()").await?;
    gallery.both(&lead.laptop, "misfits").await?;
    chen.laptop.open("zh-CN").await?;
    chen.unlock().await
}

/// The sheet that revokes the other laptop, filled in.
async fn open_sheet(laptop: &Laptop) -> Outcome {
    laptop.until("document.querySelector('[data-testid^=revoke-]')", "a laptop that can be revoked").await?;
    let button = laptop.run("return document.querySelector('[data-testid^=revoke-]').dataset.testid").await?;
    laptop.press_button(button.as_str().ok_or("a button without a name")?).await?;
    laptop.until_shows("revoke-sheet").await?;
    let first = format!("{} input", testid("revoke-sheet"));
    laptop.run(&format!("document.querySelector('{first}').focus()")).await?;
    laptop.keys(" ").await?;
    laptop.tab_to("revoke-note").await?;
    laptop.types("在汽车上丢了").await
}

/// Moves the files of one kind from what one laptop wrote to what another one reads.
fn hand(from: &Laptop, to: &Laptop, ending: &str) -> Outcome {
    for file in std::fs::read_dir(from.files())?.flatten().map(|file| file.path()) {
        if file.extension().is_some_and(|end| end == ending) {
            std::fs::copy(&file, to.files().join(file.file_name().ok_or("a file without a name")?))?;
            std::fs::remove_file(&file)?;
        }
    }
    Ok(())
}
