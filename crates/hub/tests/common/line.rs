//! A line to the hub that breaks: a TCP relay that drops a connection after so many bytes in one direction.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// How many bytes of a connection pass before it is cut.
#[derive(Clone, Copy, Debug)]
pub enum Cut {
    /// From the laptop: the hub gets half a request.
    Up(usize),
    /// From the hub: the request was done, the laptop gets half an answer or none.
    Down(usize),
}

/// A relay. Each connection it takes gets the next of the cuts; when they are used up, connections live.
pub struct Line {
    pub address: SocketAddr,
    pub cuts: Arc<AtomicUsize>,
}

impl Line {
    pub fn new(hub: SocketAddr, cuts: Vec<Cut>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let count = Arc::new(AtomicUsize::new(0));
        let made = count.clone();
        std::thread::spawn(move || {
            let mut cuts = cuts.into_iter();
            for laptop in listener.incoming() {
                let Ok(laptop) = laptop else { return };
                let cut = cuts.next();
                let Ok(far) = TcpStream::connect(hub) else { continue };
                let (up, down) = match cut {
                    Some(Cut::Up(bytes)) => (bytes, usize::MAX),
                    Some(Cut::Down(bytes)) => (usize::MAX, bytes),
                    None => (usize::MAX, usize::MAX),
                };
                relay(laptop.try_clone().unwrap(), far.try_clone().unwrap(), up, &made);
                relay(far, laptop, down, &made);
            }
        });
        Self { address, cuts: count }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

fn relay(mut from: TcpStream, mut to: TcpStream, mut left: usize, made: &Arc<AtomicUsize>) {
    let made = made.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let passed = length.min(left);
            if to.write_all(&buffer[..passed]).is_err() {
                break;
            }
            left -= passed;
            if left == 0 {
                made.fetch_add(1, Ordering::SeqCst);
                break;
            }
        }
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    });
}
