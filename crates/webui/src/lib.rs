//! The built window as bytes, for every program that serves it over HTTP.
//!
//! Building this crate builds `ui/dist` first, when it is out of date (see `build.rs`).

use include_dir::{Dir, include_dir};

static DIST: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../ui/dist");

/// What the page may do when it is served over HTTP: talk to its own server, and nothing else. Everything it shows
/// comes from files of its own, and pictures, sounds and films also from what it has fetched (`blob:`); no script or
/// style in the page itself, no frame around it.
pub const CONTENT_SECURITY_POLICY_HTTP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; object-src 'none'; \
     base-uri 'none'; form-action 'none'; frame-src 'none'; frame-ancestors 'none'";

/// One file of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its content.
    pub bytes: &'static [u8],
    /// The value of its `Content-Type` header.
    pub content_type: &'static str,
}

/// Returns the file served under `path`, the path part of a URL with or without its leading slash; the bare `/` is
/// the page itself. There is nothing outside the built files to be found, whatever the path says.
pub fn asset(path: &str) -> Option<Asset> {
    let name = match path.strip_prefix('/').unwrap_or(path) {
        "" => "index.html",
        name => name,
    };
    let file = DIST.get_file(name)?;
    Some(Asset {
        bytes: file.contents(),
        content_type: content_type(name),
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/vnd.microsoft.icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        // Browsers do nothing with it but offer to save it, which is right for what is not known here.
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bare_address_is_the_page_and_the_page_names_a_script_that_is_there() {
        let page = asset("/").expect("the page");
        assert_eq!(page.content_type, "text/html; charset=utf-8");
        assert_eq!(asset("index.html"), Some(page));

        let text = str::from_utf8(page.bytes).expect("text");
        let script = text
            .split("src=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .expect("a script");
        let script = asset(script).expect("the script the page names");
        assert_eq!(script.content_type, "text/javascript; charset=utf-8");
        assert!(!script.bytes.is_empty());
    }

    #[test]
    fn the_page_holds_no_script_of_its_own_that_the_policy_would_stop() {
        let text = str::from_utf8(asset("/").expect("the page").bytes).expect("text");
        assert!(!text.contains("<script>") && !text.contains("<style"), "{text}");
        assert!(!CONTENT_SECURITY_POLICY_HTTP.contains("unsafe"));
    }

    #[test]
    fn only_pictures_and_sounds_come_from_what_the_page_has_fetched() {
        let mut with_blobs = CONTENT_SECURITY_POLICY_HTTP
            .split("; ")
            .filter(|directive| directive.contains("blob:"));
        assert_eq!(with_blobs.next(), Some("img-src 'self' blob:"));
        assert_eq!(with_blobs.next(), Some("media-src 'self' blob:"));
        assert_eq!(with_blobs.next(), None);
    }

    #[test]
    fn nothing_but_the_built_files_is_served() {
        for path in [
            "/../package.json",
            "/assets/../../src/main.ts",
            "//etc/passwd",
            "/nothing.js",
            "/assets",
            "/%2e",
        ] {
            assert_eq!(asset(path), None, "{path}");
        }
    }
}
