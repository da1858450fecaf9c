#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tianye_hostile::insider::opened(bytes));
