//! Below SQLite: the file system that SQLite uses on this machine, with a recorder beside each act.
//!
//! It wraps the system's own, so that what is recorded is what runs in the field, locks and shared memory included. The
//! crates that offer a file system of one's own in safe Rust (`sqlite-vfs`, `sqlite-plugin`) put one in place of the
//! system's; they cannot wrap it. Hence the one module with `unsafe`. SQLCipher's codec lies above: only sealed pages
//! come by here.

#![allow(unsafe_code, reason = "SQLite's file systems are tables of C functions")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::{Arc, OnceLock};

use rusqlite::ffi;

use crate::disk::Inode;
use crate::recorder::{Fault, Kind, Recorder, recorder_of};

/// What SQLite holds of an open file; the wrapped file system's own part follows it in memory.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    watched: *mut Watched,
}

struct Watched {
    recorder: Arc<Recorder>,
    path: PathBuf,
    file: Inode,
    /// The system's file system makes the folder durable with the first sync of a log or journal that it made.
    sync_dir: bool,
}

/// The wrapped file system.
struct Base(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite itself calls a file system from any thread, and never changes or frees a registered one.
unsafe impl Send for Base {}
// SAFETY: as above.
unsafe impl Sync for Base {}

static BASE: OnceLock<Base> = OnceLock::new();

/// Wraps the system's file system for every connection that is opened from now on. To be called once.
///
/// # Panics
/// If SQLite has no file system.
pub(crate) fn install() {
    // SAFETY: no name asks for the default; SQLite initialises itself first.
    let base = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    assert!(!base.is_null(), "SQLite has a file system");
    BASE.get_or_init(|| Base(base));
    // SAFETY: found above, alive for ever.
    let wrapped = unsafe { *base };
    let own = c_int::try_from(size_of::<File>()).expect("a file is small");
    let vfs = ffi::sqlite3_vfs {
        iVersion: 2,
        szOsFile: own + wrapped.szOsFile,
        pNext: ptr::null_mut(),
        zName: c"tianye-crash".as_ptr(),
        pAppData: ptr::null_mut(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_path),
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(time),
        xCurrentTimeInt64: Some(time_in_ms),
        xGetLastError: Some(last_error),
        ..wrapped
    };
    // SAFETY: leaked, so it lives for ever; its functions keep to the interface.
    let code = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1) };
    assert_eq!(code, ffi::SQLITE_OK, "SQLite takes the file system");
}

fn base() -> *mut ffi::sqlite3_vfs {
    BASE.get().map_or(ptr::null_mut(), |base| base.0)
}

/// Calls a function of the wrapped file system.
macro_rules! vfs {
    ($name:ident $(, $arg:expr)*) => {{
        let base = base();
        ((*base).$name.expect("a whole file system"))(base $(, $arg)*)
    }};
}

/// Calls a function of the wrapped file.
macro_rules! file {
    ($name:ident, $file:expr $(, $arg:expr)*) => {{
        let real = real($file);
        ((*(*real).pMethods).$name.expect("a whole file"))(real $(, $arg)*)
    }};
}

fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    file.cast::<File>().wrapping_add(1).cast()
}

unsafe fn watched<'f>(file: *mut ffi::sqlite3_file) -> Option<&'f mut Watched> {
    // SAFETY: set by `open`, freed by `close`; SQLite uses a file from one thread at a time.
    unsafe { (*file.cast::<File>()).watched.as_mut() }
}

unsafe fn path_of(name: *const c_char) -> Option<PathBuf> {
    if name.is_null() {
        return None;
    }
    // SAFETY: SQLite's names end with a zero byte.
    Some(PathBuf::from(unsafe { CStr::from_ptr(name) }.to_str().ok()?))
}

fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn code_of(fault: Fault, broken: c_int) -> c_int {
    match fault {
        Fault::Broken => broken,
        Fault::Full | Fault::Short => ffi::SQLITE_FULL,
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Two: shared memory, but no memory-mapped pages, which would pass by unseen. The store maps none.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

// SAFETY, for all functions below: SQLite calls them with what its interface promises, and what is handed on to the
// wrapped file system is what came, with the wrapped file in place of ours.

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let own = file.cast::<File>();
        (*own).base.pMethods = ptr::null();
        (*own).watched = ptr::null_mut();
        (*real(file)).pMethods = ptr::null();
        let watching = path_of(name).and_then(|path| Some((recorder_of(&path)?, path)));
        if let Some((recorder, path)) = &watching {
            let makes = flags & ffi::SQLITE_OPEN_CREATE != 0 && !path.exists();
            // A file that cannot be made is one that cannot be opened: the system's file system says no more.
            if recorder.ask(if makes { Kind::Make } else { Kind::Look }, path).is_some() {
                return ffi::SQLITE_CANTOPEN;
            }
        }
        let code = vfs!(xOpen, name, real(file), flags, out);
        if !(*real(file)).pMethods.is_null() {
            (*own).base.pMethods = &raw const METHODS;
        }
        if let Some((recorder, path)) = watching.filter(|_| code == ffi::SQLITE_OK) {
            let (number, _) = recorder.opened(&path);
            let log = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
            let sync_dir = cfg!(unix) && log;
            (*own).watched = Box::into_raw(Box::new(Watched { recorder, path, file: number, sync_dir }));
        }
        code
    }
}

unsafe extern "C" fn delete(_: *mut ffi::sqlite3_vfs, name: *const c_char, sync_dir: c_int) -> c_int {
    unsafe {
        let watching = path_of(name).and_then(|path| Some((recorder_of(&path)?, path)));
        if let Some((recorder, path)) = &watching
            && recorder.ask(Kind::Less, path).is_some()
        {
            return ffi::SQLITE_IOERR_DELETE;
        }
        let code = vfs!(xDelete, name, sync_dir);
        if let Some((recorder, path)) = watching.filter(|_| code == ffi::SQLITE_OK) {
            recorder.removed(&path);
            if let Some(dir) = path.parent().filter(|_| cfg!(unix) && sync_dir != 0) {
                recorder.synced_dir(dir, recorder.now());
            }
        }
        code
    }
}

unsafe extern "C" fn access(_: *mut ffi::sqlite3_vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    unsafe {
        let watching = path_of(name).and_then(|path| Some((recorder_of(&path)?, path)));
        if watching.is_some_and(|(recorder, path)| recorder.ask(Kind::Look, &path).is_some()) {
            return ffi::SQLITE_IOERR_ACCESS;
        }
        vfs!(xAccess, name, flags, out)
    }
}

unsafe extern "C" fn full_path(_: *mut ffi::sqlite3_vfs, name: *const c_char, len: c_int, out: *mut c_char) -> c_int {
    unsafe { vfs!(xFullPathname, name, len, out) }
}

unsafe extern "C" fn randomness(_: *mut ffi::sqlite3_vfs, len: c_int, out: *mut c_char) -> c_int {
    unsafe { vfs!(xRandomness, len, out) }
}

unsafe extern "C" fn sleep(_: *mut ffi::sqlite3_vfs, micros: c_int) -> c_int {
    unsafe { vfs!(xSleep, micros) }
}

unsafe extern "C" fn time(_: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    unsafe { vfs!(xCurrentTime, out) }
}

unsafe extern "C" fn time_in_ms(_: *mut ffi::sqlite3_vfs, out: *mut ffi::sqlite3_int64) -> c_int {
    unsafe { vfs!(xCurrentTimeInt64, out) }
}

unsafe extern "C" fn last_error(_: *mut ffi::sqlite3_vfs, len: c_int, out: *mut c_char) -> c_int {
    unsafe { vfs!(xGetLastError, len, out) }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let own = file.cast::<File>();
        if !(*own).watched.is_null() {
            drop(Box::from_raw((*own).watched));
            (*own).watched = ptr::null_mut();
        }
        file!(xClose, file)
    }
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, len: c_int, at: ffi::sqlite3_int64) -> c_int {
    unsafe {
        if watched(file).is_some_and(|watched| watched.recorder.ask(Kind::Read, &watched.path).is_some()) {
            return ffi::SQLITE_IOERR_READ;
        }
        file!(xRead, file, to, len, at)
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    len: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    unsafe {
        let Some(watched) = watched(file) else { return file!(xWrite, file, from, len, at) };
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(len).unwrap_or(0));
        let place = at.cast_unsigned();
        if let Some(fault) = watched.recorder.ask(Kind::Write, &watched.path) {
            if fault == Fault::Short && file!(xWrite, file, from, len / 2, at) == ffi::SQLITE_OK {
                watched.recorder.written(watched.file, place, &bytes[..bytes.len() / 2]);
            }
            return code_of(fault, ffi::SQLITE_IOERR_WRITE);
        }
        let code = file!(xWrite, file, from, len, at);
        if code == ffi::SQLITE_OK {
            watched.recorder.written(watched.file, place, bytes);
        }
        code
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, len: ffi::sqlite3_int64) -> c_int {
    unsafe {
        if watched(file).is_some_and(|watched| watched.recorder.ask(Kind::Less, &watched.path).is_some()) {
            return ffi::SQLITE_IOERR_TRUNCATE;
        }
        let code = file!(xTruncate, file, len);
        if let Some(watched) = watched(file).filter(|_| code == ffi::SQLITE_OK) {
            watched.recorder.cut(watched.file, len.cast_unsigned());
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        let Some(watched) = watched(file) else { return file!(xSync, file, flags) };
        let upto = watched.recorder.now();
        if watched.recorder.ask(Kind::Sync, &watched.path).is_some() {
            watched.recorder.sync_failed(watched.file);
            return ffi::SQLITE_IOERR_FSYNC;
        }
        let code = file!(xSync, file, flags);
        if code == ffi::SQLITE_OK {
            watched.recorder.synced(watched.file, &watched.path, upto);
            if let Some(dir) = watched.path.parent().filter(|_| watched.sync_dir) {
                watched.recorder.synced_dir(dir, upto);
                watched.sync_dir = false;
            }
        }
        code
    }
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, out: *mut ffi::sqlite3_int64) -> c_int {
    unsafe {
        if watched(file).is_some_and(|watched| watched.recorder.ask(Kind::Look, &watched.path).is_some()) {
            return ffi::SQLITE_IOERR_FSTAT;
        }
        file!(xFileSize, file, out)
    }
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { file!(xLock, file, level) }
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    unsafe { file!(xUnlock, file, level) }
}

unsafe extern "C" fn check_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    unsafe { file!(xCheckReservedLock, file, out) }
}

unsafe extern "C" fn control(file: *mut ffi::sqlite3_file, what: c_int, arg: *mut c_void) -> c_int {
    unsafe {
        if what == ffi::SQLITE_FCNTL_PRAGMA && watched(file).is_some_and(|watched| watched.recorder.is_normal()) {
            // The name and value of a pragma, before SQLite reads the value.
            let words = std::slice::from_raw_parts(arg.cast::<*mut c_char>(), 3);
            let named = !words[1].is_null() && CStr::from_ptr(words[1]).to_bytes().eq_ignore_ascii_case(b"synchronous");
            if named && !words[2].is_null() && CStr::from_ptr(words[2]).to_bytes().eq_ignore_ascii_case(b"full") {
                *words[2] = b'1'.cast_signed();
                *words[2].add(1) = 0;
            }
        }
        file!(xFileControl, file, what, arg)
    }
}

unsafe extern "C" fn sector(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { file!(xSectorSize, file) }
}

unsafe extern "C" fn characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { file!(xDeviceCharacteristics, file) }
}

unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    unsafe {
        let Some(watched) = watched(file) else { return file!(xShmMap, file, region, size, extend, out) };
        let path = beside(&watched.path, "-shm");
        let kind = if path.exists() { Kind::Write } else { Kind::Make };
        if watched.recorder.ask(kind, &path).is_some() {
            // So the system's file system says that the shared memory could not be made longer.
            return ffi::SQLITE_IOERR_SHMSIZE;
        }
        let code = file!(xShmMap, file, region, size, extend, out);
        if code == ffi::SQLITE_OK && path.exists() {
            watched.recorder.shared(&path, u64::try_from((region + 1) * size).unwrap_or(0));
        }
        code
    }
}

unsafe extern "C" fn shm_lock(file: *mut ffi::sqlite3_file, offset: c_int, n: c_int, flags: c_int) -> c_int {
    unsafe { file!(xShmLock, file, offset, n, flags) }
}

unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    unsafe { file!(xShmBarrier, file) }
}

unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    unsafe {
        let code = file!(xShmUnmap, file, delete);
        if let Some(watched) = watched(file).filter(|_| delete != 0) {
            let path = beside(&watched.path, "-shm");
            if !path.exists() {
                watched.recorder.removed(&path);
            }
        }
        code
    }
}
