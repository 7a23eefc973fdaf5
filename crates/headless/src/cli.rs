//! The command line (outer interface).

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use vault::{Secret, Vault, VaultError, VaultKind};

/// Deskbell without a window: receives customers' messages and answers scripts and browsers on this computer.
#[derive(Debug, Parser)]
#[command(name = "deskbelld", version, about, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Receives webhooks, sends replies and answers on loopback until it is stopped
    Serve(ServeArgs),
    /// Adds and checks connected numbers
    Channel {
        #[command(subcommand)]
        command: ChannelCommand,
    },
    /// Writes everything, or one conversation, to standard output
    Export(ExportArgs),
    /// Prints how many webhooks came and what became of them
    Journal(JournalArgs),
    /// Says how things stand, in sentences; nothing is changed
    Doctor(DoctorArgs),
    /// Works stored webhooks through again; nothing is doubled
    Replay(ReplayArgs),
    /// Opens the demo shop in a browser; nothing leaves this computer
    Demo(DemoArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChannelCommand {
    /// Adds a number; needs no network
    Add(AddArgs),
    /// Asks the provider about a number
    Check(CheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DataDir {
    /// Where the data lies
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct VaultArgs {
    /// Where secrets are kept; `file` takes its passphrase from `DESKBELL_VAULT_PASSPHRASE`. Without it: the sealed file
    /// when the data directory has one, else the keychain
    #[arg(long, value_enum)]
    pub(crate) vault: Option<VaultChoice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VaultChoice {
    Keychain,
    File,
    Memory,
}

impl VaultChoice {
    fn kind(self) -> VaultKind {
        match self {
            Self::Keychain => VaultKind::Keychain,
            Self::File => VaultKind::File,
            Self::Memory => VaultKind::Memory,
        }
    }
}

impl VaultArgs {
    /// Opens the vault of a data directory.
    pub(crate) async fn open(&self, data_dir: &Path) -> Result<Vault, VaultError> {
        let sealed = data_dir.join(vault::SEALED_FILE);
        let kind = match self.vault {
            Some(choice) => choice.kind(),
            None if sealed.exists() => VaultKind::File,
            None => VaultKind::Keychain,
        };
        match kind {
            VaultKind::Keychain => Ok(Vault::keychain()),
            VaultKind::Memory => Ok(Vault::memory()),
            VaultKind::File => {
                let passphrase = Secret::new(std::env::var("DESKBELL_VAULT_PASSPHRASE").unwrap_or_default());
                Vault::sealed_file(sealed, passphrase).await
            }
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) data: DataDir,
    /// Where webhooks are received; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) webhook_listen: SocketAddr,
    /// Where scripts and browsers are answered; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) api_listen: SocketAddr,
    #[command(flatten)]
    pub(crate) vault: VaultArgs,
    /// How the internet reaches the webhooks: `none`; `ngrok`, with the authtoken from `DESKBELL_NGROK_AUTHTOKEN` or the
    /// vault; or `url:https://...` when a proxy of your own forwards that address to --webhook-listen. Without it, as
    /// chosen in the window
    #[arg(long, value_name = "TUNNEL")]
    pub(crate) tunnel: Option<String>,
    #[command(flatten)]
    pub(crate) elsewhere: ElsewhereArgs,
}

/// Other servers than the providers' own.
#[derive(Debug, Args)]
pub(crate) struct ElsewhereArgs {
    /// Where Meta's Graph API is for numbers connected from now on
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub(crate) graph_url: Option<String>,
    /// Another server than ngrok's own
    #[arg(long, value_name = "HOST:PORT", hide_short_help = true)]
    pub(crate) ngrok_server: Option<String>,
    /// The certificate authority of that server or of a network that looks into TLS, in PEM
    #[arg(long, value_name = "FILE", hide_short_help = true, requires = "ngrok_server")]
    pub(crate) ngrok_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    pub(crate) data: DataDir,
    #[command(flatten)]
    pub(crate) vault: VaultArgs,
    /// JSON file with the number's settings and secrets; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The channel's id, as `channel add` printed it
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) data: DataDir,
    #[command(flatten)]
    pub(crate) vault: VaultArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Jsonl,
    Csv,
    Html,
    Txt,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) data: DataDir,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub(crate) format: Format,
    /// Only this conversation
    #[arg(long, value_name = "ID")]
    pub(crate) conversation: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct JournalArgs {
    #[command(flatten)]
    pub(crate) data: DataDir,
    /// Prints the entries instead of the numbers, one JSON object a line
    #[arg(long)]
    pub(crate) list: bool,
    /// With --list: only entries in this state
    #[arg(long, requires = "list")]
    pub(crate) state: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) data: DataDir,
    #[command(flatten)]
    pub(crate) vault: VaultArgs,
    /// Prints one JSON object instead of sentences
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) data: DataDir,
    /// Only entries in this state
    #[arg(long, conflicts_with = "id")]
    pub(crate) state: Option<String>,
    /// Only this entry
    #[arg(long)]
    pub(crate) id: Option<i64>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where the browser is answered; 0 takes a free port
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
}
