//! deskbelld
fn main() {}
