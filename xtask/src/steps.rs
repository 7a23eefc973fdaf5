//! Steps done one after the other, each shown with its time.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// The steps of one command so far.
pub(crate) struct Steps {
    started: Instant,
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    passed: bool,
}

impl Steps {
    /// Starts the clock.
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Announces a step with the time that has gone by.
    pub(crate) fn announce(&self, name: &str) {
        println!("[{:6.1} s] {name}", self.started.elapsed().as_secs_f64());
    }

    /// Does one step, remembers how it went, and gives its failure on.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.announce(name);
        let began = Instant::now();
        let outcome = work();
        self.done.push(Step {
            name,
            took: began.elapsed(),
            passed: outcome.is_ok(),
        });
        outcome.with_context(|| format!("The step \"{name}\" failed"))
    }

    /// Returns a table of the steps, and how many passed and failed as the last line.
    pub(crate) fn summary(&self) -> String {
        let width = self
            .done
            .iter()
            .map(|step| step.name.len())
            .max()
            .unwrap_or_default();
        let mut lines: Vec<String> = self
            .done
            .iter()
            .map(|step| {
                let word = if step.passed { "passed" } else { "FAILED" };
                format!(
                    "  {:width$}  {:7.1} s  {word}",
                    step.name,
                    step.took.as_secs_f64()
                )
            })
            .collect();
        lines.push(format!(
            "  {:width$}  {:7.1} s",
            "together",
            self.started.elapsed().as_secs_f64()
        ));
        let failed = self.done.iter().filter(|step| !step.passed).count();
        lines.push(format!("{} passed, {failed} failed", self.done.len() - failed));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_what_passed_and_failed() {
        let mut steps = Steps::start();
        steps.step("format", || Ok(())).expect("passes");
        steps.step("tests", || Ok(())).expect("passes");
        let error = steps
            .step("browser", || anyhow::bail!("the page stayed empty"))
            .expect_err("fails");
        assert_eq!(
            format!("{error:#}"),
            "The step \"browser\" failed: the page stayed empty"
        );
        let summary = steps.summary();
        assert_eq!(summary.lines().last(), Some("2 passed, 1 failed"));
        assert!(
            summary.contains("browser") && summary.contains("FAILED"),
            "{summary}"
        );
    }
}
