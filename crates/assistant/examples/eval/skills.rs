//! How well a skill is matched.

/// Measures the matcher on the files after `--train` and `--test`.
pub(crate) fn run(_args: &[String]) -> Result<serde_json::Value, String> {
    Err("eval skills is to be written".to_owned())
}
