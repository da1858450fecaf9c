#![no_main]

// Panics of the reader that is not ours are caught; the fuzzer's own hook would end the run before that.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))),
    |bytes: &[u8]| tianye_hostile::workbooks::xls(bytes)
);
