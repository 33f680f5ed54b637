#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| grantor_hostile::run("backchannel_answer", input));
