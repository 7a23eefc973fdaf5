//! `deskbelld`: Deskbell without a window.

fn main() -> std::process::ExitCode {
    headless::main()
}
