//! A project with a hub in this process, its lead and two interviewers: what both front ends stand on.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{AnswerInput, ConsentText, InterviewView, NewInterview, NewProject, Role};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};
use tianye_hub::{Limits, Options, Running};

pub const PASSPHRASE: &str = "竹篮 半夜 蓝色 拖拉机";

pub const FORM: &str = "
| survey | | | | | | |
| | type | name | label::中文 (zh) | label::English (en) | required | relevant |
| | begin_group | family | A 家里 | A Family | | |
| | text | say | A1 孩子说什么？ | A1 What does the child say? | yes | |
| | integer | age | A2 几岁？ | A2 How old? | | |
| | select_one where | mother | A3 妈妈在哪里？ | A3 Where is mother? | | |
| | text | other | A4 是哪里？ | A4 Where exactly? | | ${mother} = 'other' |
| | end_group | | | | | |
| | begin_repeat | roster | B 家里还有谁 | B Who is at home | | |
| | text | who | B1 是谁？ | B1 Who? | | |
| | integer | years | B2 多大？ | B2 Age? | | |
| | end_repeat | | | | | |
| choices | | | | |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | where | home | 在家 | At home |
| | where | away | 外省 | Another province |
| | where | other | 其他 | Elsewhere |
| settings | | | | |
| | form_title | form_id | version | default_language |
| | 学生问卷 | pupil | 1 | 中文 (zh) |
";

pub struct Field {
    pub folder: TempDir,
    pub hub: Running,
    pub lead: Laptop,
    pub wuyi: Laptop,
    pub wenling: Laptop,
}

pub fn hub(data: &Path) -> Running {
    hub_at(data, "127.0.0.1:0")
}

/// A hub that listens at one address, such as the one where it was before.
pub fn hub_at(data: &Path, listen: &str) -> Running {
    let options = Options {
        data: data.to_owned(),
        listen: listen.trim_start_matches("https://").parse().unwrap(),
        address: None,
        now: || 1_700_000_000_000,
        limits: Limits::default(),
    };
    tianye_hub::start(&options).unwrap()
}

pub fn laptop(folder: &Path, name: &str) -> Laptop {
    Laptop::new(&folder.join(name), Arc::new(Machine), KdfCost::insecure_for_tests())
}

pub fn set_up() -> (Field, Desk, Desk, Desk) {
    let folder = TempDir::new().unwrap();
    let hub = hub(&folder.path().join("hub"));
    let (lead, wuyi, wenling) =
        (laptop(folder.path(), "组长 张三"), laptop(folder.path(), "武义"), laptop(folder.path(), "温岭"));
    let mut desk = lead
        .create_project(&NewProject {
            title: "浙江留守儿童 2017".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: PASSPHRASE.into(),
            hub_card: Some(hub.card().to_json()),
        })
        .unwrap();
    let report = desk.check_form("pupil.md", FORM.as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    desk.add_form().unwrap();
    desk.add_practice_places().unwrap();
    desk.sync().unwrap();
    let chen = join(&mut desk, &wuyi, "陈禾");
    let zhou = join(&mut desk, &wenling, "周宁");
    desk.sync().unwrap();
    (Field { folder, hub, lead, wuyi, wenling }, desk, chen, zhou)
}

pub fn join(lead: &mut Desk, laptop: &Laptop, name: &str) -> Desk {
    join_as(lead, laptop, name, Role::Interviewer)
}

pub fn join_as(lead: &mut Desk, laptop: &Laptop, name: &str, role: Role) -> Desk {
    let invitation = lead.invite(name, "第一组", role).unwrap();
    let view = laptop.read_invitation(&invitation).unwrap();
    assert_eq!((view.person.as_str(), view.compare_code.as_str()), (name, ""));
    let waiting = laptop.request_join(&view.id, PASSPHRASE, "示例电脑").unwrap();
    assert_eq!(laptop.unlock(&waiting.id, PASSPHRASE).unwrap_err().code, "join-waiting");
    let team = lead.team().unwrap();
    let request = team.requests.iter().find(|request| request.name == name).unwrap();
    assert_eq!(request.compare_code, waiting.compare_code, "both screens show the same digits");
    lead.approve(&request.id).unwrap();
    let mut desk = laptop.unlock(&waiting.id, PASSPHRASE).unwrap();
    desk.sync().unwrap();
    desk
}

/// A folder with all that is in it, such as an old copy that somebody puts back.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let item = item.unwrap();
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &to.join(item.file_name()));
        } else {
            std::fs::copy(item.path(), to.join(item.file_name())).unwrap();
        }
    }
}

/// The program's own text for families, with its blanks filled in.
pub fn own_text(desk: &Desk, activity: &str) -> ConsentText {
    let mut text = serde_json::to_string(&desk.consent_text()).unwrap();
    for (blank, word) in [
        ("（单位）", "示例大学"),
        ("（日期）", "2020 年底"),
        ("（负责人、电话）", "沈一帆"),
        ("（伦理委员会、电话）", "学院"),
    ] {
        text = text.replace(blank, word);
    }
    let mut text: ConsentText = serde_json::from_str(&text).unwrap();
    text.activity.zh = activity.into();
    text
}

/// Begins with somebody new, also where that code is somebody's already.
pub fn begin(desk: &mut Desk, code: &str) -> InterviewView {
    let site = desk.home("zh-CN").unwrap().sites.first().map(|site| site.id.clone()).unwrap_or_default();
    let new = NewInterview {
        form: "pupil".into(),
        assignment: None,
        code: code.into(),
        name: "小满".into(),
        site,
        anyway: true,
        ..NewInterview::default()
    };
    desk.start_interview(&new, "zh-CN").unwrap()
}

pub fn say(desk: &mut Desk, field: &str, value: &str) {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap();
}

pub fn finish(desk: &mut Desk) {
    let home = desk.finalise("zh-CN").unwrap();
    assert!(home.practice);
}
