//! Ctrl-C as the stop button of a transfer.

use std::future::Future as _;
use std::pin::pin;
use std::sync::mpsc;

use tianye_desk::Cancel;
use tokio::signal::ctrl_c;

/// What a program ends with that was told twice to stop.
const STOPPED: i32 = 130;

/// A stop button that Ctrl-C presses: the transfer ends before its next step, and what went through stays. Pressed again, it
/// ends the program at once, which loses nothing that was confirmed either. Where keys cannot be listened to, Ctrl-C ends the
/// program as ever.
pub fn by_keyboard() -> Cancel {
    let cancel = Cancel::default();
    let pressed = cancel.clone();
    let (listening, listens) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            let mut first = pin!(ctrl_c());
            // From the first look on the key is listened to.
            let early = std::future::poll_fn(|context| std::task::Poll::Ready(first.as_mut().poll(context))).await;
            drop(listening);
            let heard = match early {
                std::task::Poll::Ready(heard) => heard,
                std::task::Poll::Pending => first.await,
            };
            if heard.is_err() {
                return;
            }
            pressed.cancel();
            if ctrl_c().await.is_ok() {
                std::process::exit(STOPPED);
            }
        });
    });
    // Nothing is ever sent: it ends once the key is listened to, or cannot be.
    let _ = listens.recv();
    cancel
}
