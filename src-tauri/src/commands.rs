//! The commands: each is one act of the desk, in a file of its topic.

use tianye_desk::view::Refusal;

type Answer<T> = Result<T, Refusal>;

/// A command that is one call of the unlocked desk, on a thread of its own.
macro_rules! desk {
    ($(#[$doc:meta])* $name:ident ($($arg:ident : $type:ty),*) -> $out:ty, $call:expr) => {
        $(#[$doc])*
        #[tauri::command]
        #[specta::specta]
        pub async fn $name(shell: State<'_, Shell>, $($arg: $type),*) -> Answer<$out> {
            shell.beside(move |shell| shell.with_desk(|desk| {
                let call: fn(&mut tianye_desk::Desk, $($type),*) -> Answer<$out> = $call;
                call(desk, $($arg),*)
            })).await
        }
    };
}

mod care;
mod carrying;
mod consent;
mod copies;
mod entrance;
mod erasing;
mod forms;
mod groups;
mod interviewing;
mod joining;
mod merging;
mod people;
mod places;
mod tables;
mod team;

pub use care::*;
pub use carrying::*;
pub use consent::*;
pub use copies::*;
pub use entrance::*;
pub use erasing::*;
pub use forms::*;
pub use groups::*;
pub use interviewing::*;
pub use joining::*;
pub use merging::*;
pub use people::*;
pub use places::*;
pub use tables::*;
pub use team::*;
