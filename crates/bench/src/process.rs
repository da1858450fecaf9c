//! What the operating system says of this process.

/// A line of `/proc/self/status`, in megabytes: `VmRSS:` for what it holds now, `VmHWM:` for the most it ever held.
///
/// # Errors
/// A system that does not tell.
pub fn status_mb(key: &str) -> Result<f64, String> {
    let text = std::fs::read_to_string("/proc/self/status").map_err(|why| why.to_string())?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)).ok_or(format!("no {key} for this process"))?;
    let kilobytes = line.trim().trim_end_matches("kB").trim().parse::<f64>().map_err(|why| why.to_string())?;
    Ok(kilobytes / 1024.0)
}

/// How busy the machine is: processes that ran or waited in the last minute, where the system tells it.
#[must_use]
pub fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// Seconds that all threads of this process had on processors so far: what a busy machine does not lengthen.
///
/// # Errors
/// A system that does not tell.
pub fn processor_s() -> Result<f64, String> {
    let text = std::fs::read_to_string("/proc/self/stat").map_err(|why| why.to_string())?;
    // The name of the program may hold anything, in brackets; the twelfth and thirteenth number after it are ticks.
    let numbers = text.rsplit_once(')').map_or("", |(_, numbers)| numbers).split_whitespace().skip(11);
    let ticks: Vec<f64> = numbers.take(2).filter_map(|number| number.parse().ok()).collect();
    match ticks.as_slice() {
        // A hundred to the second on Linux, whatever the kernel counts with.
        [user, system] => Ok((user + system) / 100.0),
        _ => Err("expected the ticks of this process, found something else".into()),
    }
}
