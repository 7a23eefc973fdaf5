//! Lets Tauri read its configuration. The front-end itself is built by the build-dependency `webui`, which cargo
//! finishes before it runs this.

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
    tauri_build::build();
}
