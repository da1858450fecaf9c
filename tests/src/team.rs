//! A hub, the lead's laptop and two interviewers' laptops, set up the way people do it.

use std::path::{Path, PathBuf};

use fantoccini::key::Key;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::hub::Hub;
use crate::laptop::{Laptop, testid};

/// A person with a laptop.
#[derive(Debug)]
pub struct Person {
    /// Display name.
    pub name: &'static str,
    /// Group in the team.
    pub group: &'static str,
    /// What opens their store.
    pub passphrase: &'static str,
    /// Name of the laptop.
    pub device: &'static str,
    /// The laptop.
    pub laptop: Laptop,
}

/// The three of them, and the hub.
#[derive(Debug)]
pub struct People {
    /// Everything lies in here.
    pub root: PathBuf,
    /// The hub.
    pub hub: Hub,
    /// The lead.
    pub lead: Person,
    /// The interviewer in Wuyi.
    pub wuyi: Person,
    /// The interviewer in Wenling.
    pub wenling: Person,
}

impl People {
    /// Three new laptops and a new hub in a folder.
    pub fn new(root: &Path) -> Outcome<Self> {
        let person = |name, group, passphrase, device, folder| -> Outcome<Person> {
            Ok(Person { name, group, passphrase, device, laptop: Laptop::new(name, &root.join(folder))? })
        };
        Ok(Self {
            root: root.to_owned(),
            hub: Hub::start(&root.join("hub"))?,
            lead: person("沈一帆", "", "竹篮 半夜 蓝色 拖拉机", "组长电脑", "lead")?,
            wuyi: person("陈禾", "第一组", "石桥 清早 红薯 喇叭", "示例电脑 03", "wuyi")?,
            wenling: person("周宁", "第二组", "海塘 傍晚 白盐 帆布", "示例电脑 05", "wenling")?,
        })
    }

    /// The practice project on the lead's laptop, by the command line, with places and the pupils' form; on the hub.
    pub fn found(&self) -> Outcome {
        let card = self.hub.card();
        let card = card.to_str().ok_or("a path without UTF-8")?;
        self.lead.tianye(&["practice", "--lead-only", "--hub-card", card])?;
        self.lead.tianye(&["sync"])?;
        Ok(())
    }

    /// Somebody joins: invited on the lead's team page, asked on their own laptop, the codes compared, admitted.
    ///
    /// The lead's window must be open on the team page, the other's on the page of the first use. Gives the code.
    pub async fn join(&self, person: &Person, by: Invited, gallery: &mut Gallery, look: bool) -> Outcome<String> {
        let (lead, laptop) = (&self.lead.laptop, &person.laptop);
        lead.fill("invite-name", person.name).await?;
        lead.fill("invite-group", person.group).await?;
        match by {
            Invited::ByFile => {
                lead.click("invite").await?;
                lead.until_shows("invite-saved").await?;
                if look {
                    gallery.both(lead, "team-invited").await?;
                }
                carry_invitation(lead, laptop)?;
                laptop.press_button("open-invitation").await?;
            }
            Invited::ByCode => {
                lead.press_button("invite-by-code").await?;
                let there = "document.querySelectorAll('[data-testid^=typed-] b').length === 2";
                lead.until(there, "an address and a code to type").await?;
                gallery.both(lead, "team-typed").await?;
                let typed =
                    "return [...document.querySelectorAll('[data-testid^=typed-] b')].map((one) => one.textContent)";
                let typed: Vec<String> = serde_json::from_value(lead.run(typed).await?)?;
                laptop.press_button("type-invitation").await?;
                for (field, text) in ["invitation-address", "invitation-code"].iter().zip(&typed) {
                    laptop.tab_to(field).await?;
                    laptop.types(text).await?;
                }
                gallery.both(laptop, "join-typed").await?;
                laptop.press(Key::Enter).await?;
            }
        }
        laptop.until_shows("page-join").await?;
        if look {
            gallery.both(laptop, "join-passphrase").await?;
        }
        laptop.fill("new-passphrase", person.passphrase).await?;
        laptop.fill("new-passphrase-again", person.passphrase).await?;
        laptop.fill("device-name", person.device).await?;
        laptop.press(Key::Enter).await?;
        laptop.until_shows("compare-code").await?;
        if look {
            gallery.both(laptop, "join-compare").await?;
        }
        let code = laptop.text("compare-code").await?;

        lead.click("look-requests").await?;
        lead.until_shows("compare-code").await?;
        if look {
            gallery.both(lead, "team-request").await?;
        }
        let shown = lead.text("compare-code").await?;
        if shown != code {
            return Err(format!("expected the same code on both screens, found {shown} and {code}").into());
        }
        lead.click_css("[data-testid^=approve-]").await?;
        lead.until(&format!("!document.querySelector('{}')", testid("compare-code")), "no request left").await?;

        laptop.press(Key::Enter).await?;
        laptop.until_shows("admitted").await?;
        if look {
            gallery.both(laptop, "join-admitted").await?;
        }
        laptop.press(Key::Enter).await?;
        laptop.until_shows("page-unlock").await?;
        Ok(code)
    }

    /// The same without windows, by the command line.
    pub fn join_by_commands(&self, person: &Person) -> Outcome {
        let file = self.lead.laptop.files().join("invite.tianye-invite");
        let file = file.to_str().ok_or("a path without UTF-8")?;
        self.lead.tianye(&["invite", person.name, "--group", person.group, "--output", file])?;
        let said = person.tianye(&["--json", "join", file, "--device", person.device])?;
        let view: serde_json::Value = serde_json::from_str(&said)?;
        let code = view["compareCode"].as_str().ok_or("no code")?;
        self.lead.tianye(&["admit", code])?;
        person.tianye(&["sync"])?;
        self.lead.tianye(&["sync"])?;
        Ok(())
    }

    /// Assigns the pupils of a county to an interviewer; both sides know it afterwards if the other syncs.
    pub fn assign(&self, person: &Person, county: &str) -> Outcome {
        self.lead.tianye(&["assign", person.name, county, "--form", "pupil"])?;
        self.lead.tianye(&["sync"])?;
        Ok(())
    }
}

/// How an invitation comes to somebody.
#[derive(Clone, Copy, Debug)]
pub enum Invited {
    /// As a file, on a stick.
    ByFile,
    /// As an address and a code, which they type.
    ByCode,
}

impl Person {
    /// Runs the command line on this person's store.
    pub fn tianye(&self, args: &[&str]) -> Outcome<String> {
        self.laptop.tianye(self.passphrase, args)
    }

    /// Unlocks the window by keyboard.
    pub async fn unlock(&self) -> Outcome {
        self.laptop.until_shows("unlock-passphrase").await?;
        self.laptop
            .until(&format!("document.activeElement.matches('{}')", testid("unlock-passphrase")), "the focus")
            .await?;
        self.laptop.types(self.passphrase).await?;
        self.laptop.press(Key::Enter).await?;
        self.laptop.until_shows("page-today").await
    }

    /// Goes to a tab.
    pub async fn tab(&self, tab: &str) -> Outcome {
        self.laptop.click(&format!("tab-{tab}")).await?;
        self.laptop.until_shows(&format!("page-{tab}")).await
    }

    /// Syncs in the window; gives what the page says.
    pub async fn sync(&self) -> Outcome<String> {
        self.tab("sync").await?;
        self.laptop.click("sync-now").await?;
        self.laptop
            .until(
                &format!(
                    "document.querySelector('{}') || document.querySelector('{}')",
                    testid("sync-report"),
                    testid("refusal")
                ),
                "a sync that ended",
            )
            .await?;
        if self.laptop.shows("refusal").await? {
            return Err(format!("{}: the sync was refused: {}", self.name, self.laptop.text("refusal").await?).into());
        }
        self.laptop.text("sync-report").await
    }
}

/// Carries the invitation as a stick would.
fn carry_invitation(from: &Laptop, to: &Laptop) -> Outcome {
    for file in std::fs::read_dir(from.files())?.flatten() {
        let path = file.path();
        if path.extension().is_some_and(|ending| ending == "tianye-invite") {
            std::fs::rename(&path, to.files().join(file.file_name()))?;
        }
    }
    Ok(())
}
