//! How well a passage is found.

/// Measures retrieval on the file after `--data`.
pub(crate) fn run(_args: &[String]) -> Result<serde_json::Value, String> {
    Err("eval knowledge is to be written".to_owned())
}
