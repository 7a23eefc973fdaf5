//! Tunnels made by programs of the owner's: real processes, written by the test.

use crate::house::{House, PATH, TOKEN};
use domain::TunnelKind;
use gateway::outside::{self, Reach};
use gateway::tunnel::{
    Cloudflared, NamedTunnel, Tailscale, TroubleClass, TunnelConfig, TunnelPhase, detect_in,
};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use vault::Secret;

/// Writes a program that says what it was started with before it does something.
fn program(folder: &TempDir, name: &str, does: &str) -> PathBuf {
    let path = folder.path().join(name);
    let written = folder.path().join(format!("{name}.text"));
    let text = format!("#!/bin/sh\nhere='{}'\n{does}\n", folder.path().display());
    std::fs::write(&written, text).unwrap();
    std::fs::set_permissions(&written, std::fs::Permissions::from_mode(0o755)).unwrap();
    // Copied by another process: a program that any process still has open for writing, such as one that another
    // test is just starting, cannot be run.
    let copied = std::process::Command::new("cp")
        .arg("-p")
        .args([&written, &path])
        .status();
    assert!(copied.unwrap().success());
    path
}

fn read(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap_or_default()
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// Whether a process is there.
fn lives(pid: &str) -> bool {
    Path::new("/proc").join(pid.trim()).exists()
}

fn trial(program: PathBuf) -> TunnelConfig {
    TunnelConfig::Cloudflared(Cloudflared {
        program,
        listen: any_port(),
        named: None,
    })
}

#[tokio::test]
async fn a_trial_at_cloudflare_leads_to_our_port_and_ends_with_us() {
    let folder = tempfile::tempdir().unwrap();
    let cloudflared = program(
        &folder,
        "cloudflared",
        "echo $$ > $here/pid; echo \"$@\" > $here/words
         echo 'INF |  https://blue-kiln-river.trycloudflare.com  |' >&2
         echo 'INF Registered tunnel connection connIndex=0' >&2
         exec sleep 1000",
    );
    let house = House::open();
    let mut kept = house.keep(trial(cloudflared));
    assert_eq!(kept.online().await, "https://blue-kiln-river.trycloudflare.com");
    assert_eq!(kept.now().kind, TunnelKind::Cloudflared);
    let words = read(&folder, "words");
    let local = words.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(
        words.starts_with("tunnel --no-autoupdate --url http://127.0.0.1:"),
        "{words}"
    );
    let nowhere = Reach::default();
    let called = outside::call(&format!("{local}{PATH}"), &Secret::new(TOKEN), &nowhere).await;
    assert_eq!(called, Ok(()));
    assert_eq!(house.street.meter().take().0, 1);

    let pid = read(&folder, "pid");
    assert!(lives(&pid));
    kept.end().await;
    assert!(!lives(&pid), "the program goes on");
    let called = outside::call(&format!("{local}{PATH}"), &Secret::new(TOKEN), &nowhere).await;
    assert!(called.is_err(), "the port is still open");
}

#[tokio::test]
async fn the_token_of_a_named_tunnel_stands_in_no_list_of_processes() {
    let folder = tempfile::tempdir().unwrap();
    let cloudflared = program(
        &folder,
        "cloudflared",
        "echo \"$@\" > $here/words; echo $TUNNEL_TOKEN > $here/token
         echo 'INF Registered tunnel connection connIndex=0' >&2
         exec sleep 1000",
    );
    let house = House::open();
    let mut kept = house.keep(TunnelConfig::Cloudflared(Cloudflared {
        program: cloudflared,
        listen: any_port(),
        named: Some(NamedTunnel {
            token: Secret::new("the tunnel's token"),
            url: "desk.example.com".to_owned(),
        }),
    }));
    assert_eq!(kept.online().await, "https://desk.example.com");
    assert_eq!(read(&folder, "words").trim(), "tunnel --no-autoupdate run");
    assert_eq!(read(&folder, "token").trim(), "the tunnel's token");
    kept.end().await;
}

#[tokio::test]
async fn a_program_that_ends_is_started_again_and_one_that_is_gone_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let cloudflared = program(
        &folder,
        "cloudflared",
        "echo once >> $here/starts
         [ $(wc -l < $here/starts) = 1 ] && { echo 'ERR failed to request quick Tunnel'; exit 1; }
         echo 'https://red-kiln-lake.trycloudflare.com'; echo 'INF Registered tunnel connection'
         exec sleep 1000",
    );
    let house = House::open();
    let mut kept = house.keep(trial(cloudflared));
    let waiting = kept.phase(TunnelPhase::Waiting).await;
    let trouble = waiting.trouble.unwrap();
    assert_eq!(trouble.class, TroubleClass::Passing);
    assert!(
        trouble.words.starts_with("cloudflared has ended"),
        "{}",
        trouble.words
    );
    kept.online().await;
    assert_eq!(read(&folder, "starts").lines().count(), 2);

    kept.keeper.change(trial(folder.path().join("elsewhere")));
    let trouble = kept.phase(TunnelPhase::Stopped).await.trouble.unwrap();
    assert!(trouble.words.contains("Install it again"), "{}", trouble.words);
    kept.end().await;
}

/// A `tailscale` that is signed in, or not.
fn tailscale(folder: &TempDir, state: &str, funnel: &str) -> PathBuf {
    let status = format!(r#"{{"BackendState":"{state}","Self":{{"DNSName":"desk.tail1234.ts.net."}}}}"#);
    let does = format!(
        "case $1 in
           --version) echo 1.90.1; echo '  tailscale commit: 0' ;;
           status) echo '{status}' ;;
           funnel) echo $2 > $here/port; {funnel} ;;
         esac"
    );
    program(folder, "tailscale", &does)
}

#[tokio::test]
async fn funnel_is_online_under_the_computers_name_at_tailscale() {
    let folder = tempfile::tempdir().unwrap();
    let program = tailscale(
        &folder,
        "Running",
        "echo 'Available on the internet:'; exec sleep 1000",
    );
    let house = House::open();
    let mut kept = house.keep(TunnelConfig::Tailscale(Tailscale {
        program,
        listen: any_port(),
    }));
    assert_eq!(kept.online().await, "https://desk.tail1234.ts.net");
    let local = format!("http://127.0.0.1:{}{PATH}", read(&folder, "port").trim());
    let called = outside::call(&local, &Secret::new(TOKEN), &Reach::default()).await;
    assert_eq!(called, Ok(()));
    kept.end().await;
}

#[tokio::test]
async fn a_tailscale_without_funnel_or_without_an_account_says_what_to_do() {
    for (state, funnel, class, word) in [
        (
            "Running",
            "echo 'Funnel is not enabled on your tailnet.'; exec sleep 1000",
            TroubleClass::Permanent,
            "Switch it on",
        ),
        ("NeedsLogin", "exit 1", TroubleClass::Slow, "sign in"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let house = House::open();
        let mut kept = house.keep(TunnelConfig::Tailscale(Tailscale {
            program: tailscale(&folder, state, funnel),
            listen: any_port(),
        }));
        let trouble = kept
            .until(|status| status.trouble.is_some())
            .await
            .trouble
            .unwrap();
        assert_eq!(trouble.class, class);
        assert!(trouble.words.contains(word), "{}", trouble.words);
        kept.end().await;
    }
}

#[tokio::test]
async fn programs_are_found_with_their_version_and_whether_they_can_be_used() {
    let folder = tempfile::tempdir().unwrap();
    let places = [PathBuf::from("relative"), folder.path().to_owned()];
    assert_eq!(detect_in(&places).await, []);
    program(
        &folder,
        "cloudflared",
        "echo 'cloudflared version 2026.10.1 (built 2026-10-20)'",
    );
    tailscale(&folder, "Running", "exit 1");
    let found = detect_in(&places).await;
    let [cloudflared, tailscale] = &*found else {
        panic!("{found:?}");
    };
    assert_eq!(cloudflared.kind, TunnelKind::Cloudflared);
    assert_eq!(
        cloudflared.version,
        "cloudflared version 2026.10.1 (built 2026-10-20)"
    );
    assert!(cloudflared.ready);
    assert_eq!(
        (tailscale.kind, &*tailscale.version),
        (TunnelKind::Tailscale, "1.90.1")
    );
    assert!(
        tailscale.ready && tailscale.words.contains("desk.tail1234.ts.net"),
        "{tailscale:?}"
    );

    program(&folder, "cloudflared", "exit 3");
    let found = detect_in(&places).await;
    let broken = found.first().unwrap();
    assert!(
        !broken.ready && broken.words.contains("does not start"),
        "{broken:?}"
    );
}

#[tokio::test]
async fn a_program_that_does_not_answer_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    program(&folder, "cloudflared", "echo $$ > $here/pid; exec sleep 1000");
    let places = [folder.path().to_owned()];
    let found = tokio::time::timeout(Duration::from_secs(30), detect_in(&places))
        .await
        .unwrap();
    assert!(!found.first().unwrap().ready);
    let pid = read(&folder, "pid");
    let gone = async {
        while lives(&pid) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
}
