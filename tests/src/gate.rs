//! A gate before a hub: it lets so many bytes through, then holds everything back until it is opened. It cuts nothing, so
//! whoever waits before it sees a transfer stand still in the middle.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::Outcome;

/// How long somebody waits for a transfer to reach the gate before the test is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// The gate.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    bar: Arc<Bar>,
}

#[derive(Debug)]
struct Bar {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    /// Bytes that may still go to the hub; none once it is open.
    left: Option<usize>,
    holds: bool,
}

impl Bar {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until so many bytes may pass.
    fn pass(&self, bytes: usize) {
        let mut state = self.state();
        loop {
            match &mut state.left {
                None => return,
                Some(left) if *left >= bytes => {
                    *left -= bytes;
                    return;
                }
                Some(_) => state.holds = true,
            }
            self.changed.notify_all();
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Gate {
    /// A gate before a hub, through which so many bytes go.
    pub fn before(hub: SocketAddr, bytes: usize) -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let state = Mutex::new(State { left: Some(bytes), holds: false });
        let bar = Arc::new(Bar { state, changed: Condvar::new() });
        let gate = Self { address: listener.local_addr()?, bar: Arc::clone(&bar) };
        std::thread::spawn(move || {
            for laptop in listener.incoming() {
                let (Ok(laptop), Ok(hub)) = (laptop, TcpStream::connect(hub)) else { return };
                let (Ok(from), Ok(to)) = (laptop.try_clone(), hub.try_clone()) else { return };
                relay(from, to, Some(Arc::clone(&bar)));
                relay(hub, laptop, None);
            }
        });
        Ok(gate)
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until it holds something back.
    pub fn until_it_holds(&self) -> Outcome {
        let state = self.bar.state();
        let wait = self.bar.changed.wait_timeout_while(state, PATIENCE, |state| !state.holds);
        let (state, _) = wait.unwrap_or_else(PoisonError::into_inner);
        if state.holds { Ok(()) } else { Err("the transfer never came as far as the gate".into()) }
    }

    /// Lets everything through from now on.
    pub fn open(&self) {
        self.bar.state().left = None;
        self.bar.changed.notify_all();
    }
}

fn relay(mut from: TcpStream, mut to: TcpStream, bar: Option<Arc<Bar>>) {
    std::thread::spawn(move || {
        let mut piece = [0; 16 << 10];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            if let Some(bar) = &bar {
                bar.pass(length);
            }
            if to.write_all(&piece[..length]).is_err() {
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}
