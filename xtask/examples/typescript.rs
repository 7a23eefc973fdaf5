//! Prints the window's types as `cargo xtask codegen` writes them.
#![expect(clippy::print_stdout, reason = "printing is all it does")]

fn main() {
    print!("{}", api::typescript());
}
