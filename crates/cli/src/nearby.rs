//! This laptop as the hub of the network it is in.

use std::net::SocketAddr;

use tianye_desk::world::{Machine, World as _};
use tianye_desk::{Desk, Result, refuse};
use tianye_hub::{Limits, Options};

use crate::arguments::Seat;
use crate::say;

/// Runs the hub until the program is stopped. The store is locked again meanwhile, so that other commands can be used.
pub fn run(mut desk: Desk, seat: &Seat, listen: SocketAddr, json: bool) -> Result<()> {
    let data = crate::project::laptop(&seat.data).hub_folder();
    let now = || Machine.now().timestamp_millis();
    let failed = |why: tianye_hub::HubError| refuse("nearby-failed", why.to_string());
    let running = tianye_hub::start(&Options { data, listen, address: None, now, limits: Limits::default() });
    let running = running.map_err(failed)?;
    let view = desk.open_nearby(running.card())?;
    drop(desk);
    if json {
        say::json(&view);
    } else {
        say::line(&format!("address  {}\ncode     {}", view.address, view.code));
        say::line(&format!("On the other laptops: tianye sync --at {} --code {}", view.address, view.code));
        say::line("Ctrl-C stops it. What came is kept; `tianye sync` on this laptop, in another window, fetches it.");
    }
    running.wait().map_err(failed)
}
