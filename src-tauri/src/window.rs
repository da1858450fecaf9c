//! The one window: no profile, no cache, no spell-check, no autofill.

#[cfg(target_os = "linux")]
use std::cell::Cell;
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

use tauri::webview::{PermissionKind, PermissionResponse};
use tauri::{App, WebviewUrl, WebviewWindowBuilder};

/// Starts this program anew, in the same process, with the word to WebKitGTK to draw without graphics drivers: pages of text
/// need none, and drawing through those of old laptops, or in software for lack of one, now and then ends the process of the
/// page. WebKitGTK reads it from the environment alone, and a setting of the view comes too late. Whoever set the variable, to
/// `0` for instance, is heeded; where the start fails the program goes on as it is.
#[cfg(target_os = "linux")]
pub fn draw_without_drivers() {
    use std::os::unix::process::CommandExt as _;
    const SWITCH: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
    if std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let _ = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(SWITCH, "1").exec();
    }
}

/// How long pages that die are counted together, and how many may.
#[cfg(target_os = "linux")]
const DYING: Duration = Duration::from_secs(60);
#[cfg(target_os = "linux")]
const MOST_DEATHS: u32 = 5;

/// Opens the window.
///
/// # Errors
/// The window system's own.
pub fn open(app: &App) -> tauri::Result<()> {
    // A web view without profile cannot be driven by WebDriver, so only then it has one; the test that drives it also looks
    // for plain text in everything the profile wrote.
    let driven = std::env::var("TAURI_WEBVIEW_AUTOMATION").is_ok_and(|value| value == "true");
    let window = WebviewWindowBuilder::new(app, "desk", WebviewUrl::default())
        .title("田野 Tianye")
        .inner_size(1366.0, 768.0)
        .min_inner_size(1024.0, 640.0)
        .incognito(!driven)
        .general_autofill_enabled(false)
        .disable_drag_drop_handler()
        // Camera and microphone, which the pages open when a person presses the button for it. Anything else (the place,
        // the screen) is refused.
        .on_permission_request(|_, kind| match kind {
            PermissionKind::Microphone | PermissionKind::Camera => PermissionResponse::Allow,
            _ => PermissionResponse::Deny,
        })
        .build()?;
    #[cfg(target_os = "linux")]
    let program = app.handle().clone();
    #[cfg(target_os = "linux")]
    window.with_webview(move |webview| {
        use webkit2gtk::{InputMethodContextExt as _, SettingsExt as _, WebContextExt as _, WebViewExt as _};
        let view = webview.inner();
        // A page that dies is opened again; the desk below it is still unlocked, and the page goes on there. One that dies
        // as soon as it is opened ends the program: every answer is on disk, and the laptop is of use for something else.
        let deaths = Cell::new((Instant::now(), 0));
        view.connect_web_process_terminated(move |view, _| {
            let (since, count) = deaths.get();
            let (since, count) = if since.elapsed() > DYING { (Instant::now(), 1) } else { (since, count + 1) };
            deaths.set((since, count));
            if count > MOST_DEATHS { program.exit(1) } else { view.reload() }
        });
        if let Some(context) = view.input_method_context() {
            // Without it an input method shows nothing in the field until it commits.
            context.set_enable_preedit(true);
        }
        if let Some(context) = view.context() {
            context.set_spell_checking_enabled(false);
        }
        if let Some(settings) = view.settings() {
            settings.set_enable_media_stream(true);
            // The test that drives the window has no camera, and a microphone only when it says so.
            let real = std::env::var("TIANYE_DEVICES").is_ok_and(|value| value == "real");
            settings.set_enable_mock_capture_devices(driven && !real);
        }
    })?;
    let _ = window;
    Ok(())
}
