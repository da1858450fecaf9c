//! A microphone for a machine that has none: a sound server of its own, whose room holds a tone.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// Pitch of the tone, in hertz.
pub const PITCH: f64 = 440.0;

/// How long the server may take to answer before the test gives up; not a bar for speed.
const PATIENCE: Duration = Duration::from_secs(60);

/// PulseAudio with a room (a sink that nobody hears), a tone in it, and a microphone that hears the room. It ends with this
/// value.
#[derive(Debug)]
pub struct Microphone {
    server: Child,
    socket: PathBuf,
}

impl Microphone {
    /// Starts one; everything it writes lies in a folder.
    pub fn start(folder: &Path) -> Outcome<Self> {
        use std::os::unix::fs::PermissionsExt as _;
        let run = folder.join("run");
        std::fs::create_dir_all(&run)?;
        std::fs::set_permissions(&run, std::fs::Permissions::from_mode(0o700))?;
        let socket = folder.join("sound");
        let mut command = Command::new("pulseaudio");
        command.args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=yes", "--use-pid-file=no"]);
        for module in [
            format!("module-native-protocol-unix socket={} auth-anonymous=1", socket.display()),
            "module-null-sink sink_name=room rate=48000".into(),
            format!("module-sine sink=room frequency={PITCH} rate=48000"),
            // A microphone of its own: windows leave out what only listens in on a loudspeaker.
            "module-remap-source source_name=microphone master=room.monitor".into(),
        ] {
            command.arg("-L").arg(module);
        }
        command.env("HOME", folder).env("XDG_RUNTIME_DIR", &run).env_remove("PULSE_SERVER");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let server = command.spawn().map_err(|why| format!("cannot start pulseaudio: {why}"))?;
        let microphone = Self { server, socket };
        let deadline = Instant::now() + PATIENCE;
        while !microphone.choose()? {
            if Instant::now() > deadline {
                return Err("expected a sound server that answers, found none".into());
            }
            std::thread::sleep(Duration::from_millis(8));
        }
        Ok(microphone)
    }

    /// What the window finds it by: the value of `PULSE_SERVER`.
    pub fn address(&self) -> PathBuf {
        PathBuf::from(format!("unix:{}", self.socket.display()))
    }

    /// Makes the microphone the one that programs take; false while the server does not answer.
    fn choose(&self) -> Outcome<bool> {
        let mut command = Command::new("pactl");
        command.env("PULSE_SERVER", self.address()).args(["set-default-source", "microphone"]);
        Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success())
    }
}

impl Drop for Microphone {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
