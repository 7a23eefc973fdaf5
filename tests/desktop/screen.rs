//! The little of the X11 protocol (X.Org, "X Window System Protocol", version 11) that a window manager would speak:
//! which windows there are, and asking one to close or to change its size. There is no window manager in a test.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use anyhow::{Context, Result, ensure};

use crate::stage::{PATIENCE, until_mut};

const CONFIGURE_WINDOW: u8 = 12;
const QUERY_TREE: u8 = 15;
const GET_WINDOW_ATTRIBUTES: u8 = 3;
const GET_GEOMETRY: u8 = 14;
const INTERN_ATOM: u8 = 16;
const GET_PROPERTY: u8 = 20;
const SEND_EVENT: u8 = 25;
const WARP_POINTER: u8 = 41;
const GET_INPUT_FOCUS: u8 = 43;

/// A connection to the X server.
pub struct Screen {
    stream: UnixStream,
    root: u32,
}

/// A window at the top of the screen's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopWindow {
    id: u32,
    pub title: String,
    pub shown: bool,
    pub size: (u16, u16),
}

impl Screen {
    /// Connects to the display called `name`, such as `:7`.
    pub fn connect(name: &str) -> Result<Self> {
        let number = name.trim_start_matches(':');
        let stream = UnixStream::connect(format!("/tmp/.X11-unix/X{number}"))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut screen = Self { stream, root: 0 };
        // Little endian, version 11.0, no authorisation.
        screen
            .stream
            .write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        let head = screen.read(8)?;
        ensure!(head[0] == 1, "the X server does not let us in");
        let setup = screen.read(usize::from(short(&head, 6)) * 4)?;
        let vendor = usize::from(short(&setup, 16)).next_multiple_of(4);
        screen.root = long(&setup, 32 + vendor + usize::from(setup[21]) * 8);
        Ok(screen)
    }

    /// Waits for the window whose title ends like this to be shown, or not shown.
    pub async fn window(&mut self, title: &str, shown: bool) -> Result<TopWindow> {
        until_mut(
            &format!("a window {title:?} is there, shown: {shown}"),
            async || {
                let all = self.windows()?;
                let found = all
                    .iter()
                    .find(|window| window.title.ends_with(title) && window.shown == shown);
                found.cloned().with_context(|| format!("{all:?}"))
            },
        )
        .await
    }

    /// Waits until a window has this size.
    pub async fn sized(&mut self, title: &str, size: (u16, u16)) -> Result<()> {
        until_mut(&format!("the window is {size:?} large"), async || {
            let all = self.windows()?;
            let fits = all
                .iter()
                .any(|window| window.title.ends_with(title) && window.size == size);
            fits.then_some(()).with_context(|| format!("{all:?}"))
        })
        .await
    }

    /// All windows that have a title.
    pub fn windows(&mut self) -> Result<Vec<TopWindow>> {
        let tree = self.ask(QUERY_TREE, 0, &self.root.to_le_bytes())?;
        let mut windows = Vec::new();
        for at in 0..usize::from(short(&tree, 16)) {
            // A window may go away while we look at it.
            if let Ok(Some(window)) = self.look_at(long(&tree, 32 + at * 4)) {
                windows.push(window);
            }
        }
        Ok(windows)
    }

    fn look_at(&mut self, id: u32) -> Result<Option<TopWindow>> {
        let name = self.atom("_NET_WM_NAME")?;
        let title = self.ask(GET_PROPERTY, 0, &longs(&[id, name, 0, 0, 64]))?;
        let length = long(&title, 16) as usize;
        if length == 0 {
            return Ok(None);
        }
        let attributes = self.ask(GET_WINDOW_ATTRIBUTES, 0, &id.to_le_bytes())?;
        let geometry = self.ask(GET_GEOMETRY, 0, &id.to_le_bytes())?;
        Ok(Some(TopWindow {
            id,
            title: String::from_utf8_lossy(&title[32..32 + length]).into_owned(),
            shown: attributes[26] == 2,
            size: (short(&geometry, 16), short(&geometry, 18)),
        }))
    }

    /// Asks the window to close, as its close button would.
    pub fn close(&mut self, window: &TopWindow) -> Result<()> {
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        // A ClientMessage of 32-bit values; the last three are unused.
        let mut event = vec![33, 32, 0, 0];
        event.extend(longs(&[window.id, protocols, delete, 0, 0, 0, 0]));
        let body = [longs(&[window.id, 0]), event].concat();
        self.tell(SEND_EVENT, 0, &body)
    }

    /// Gives the window another size.
    pub fn resize(&mut self, window: &TopWindow, (width, height): (u16, u16)) -> Result<()> {
        const WIDTH_AND_HEIGHT: u32 = 0b1100;
        let body = longs(&[window.id, WIDTH_AND_HEIGHT, width.into(), height.into()]);
        self.tell(CONFIGURE_WINDOW, 0, &body)
    }

    /// Moves the pointer. Where no window manager runs, the window under it has the keyboard.
    pub fn point_at(&mut self, x: u16, y: u16) -> Result<()> {
        let mut body = longs(&[0, self.root, 0, 0]);
        body.extend([x.to_le_bytes(), y.to_le_bytes()].concat());
        self.tell(WARP_POINTER, 0, &body)
    }

    fn atom(&mut self, name: &str) -> Result<u32> {
        let mut body = u32::try_from(name.len())?.to_le_bytes().to_vec();
        body.extend(name.bytes());
        body.resize(body.len().next_multiple_of(4), 0);
        Ok(long(&self.ask(INTERN_ATOM, 0, &body)?, 8))
    }

    /// Sends a request that has no answer, and waits until the server has seen it.
    fn tell(&mut self, request: u8, detail: u8, body: &[u8]) -> Result<()> {
        self.send(request, detail, body)?;
        self.ask(GET_INPUT_FOCUS, 0, &[]).map(drop)
    }

    fn ask(&mut self, request: u8, detail: u8, body: &[u8]) -> Result<Vec<u8>> {
        self.send(request, detail, body)?;
        loop {
            let mut head = self.read(32)?;
            match head[0] {
                0 => anyhow::bail!("the X server refused request {request} with error {}", head[1]),
                1 => {
                    let rest = self.read(long(&head, 4) as usize * 4)?;
                    head.extend(rest);
                    return Ok(head);
                }
                // An event nobody asked for.
                _ => {}
            }
        }
    }

    fn send(&mut self, request: u8, detail: u8, body: &[u8]) -> Result<()> {
        let length = u16::try_from(1 + body.len() / 4)?;
        let mut bytes = vec![request, detail];
        bytes.extend(length.to_le_bytes());
        bytes.extend(body);
        Ok(self.stream.write_all(&bytes)?)
    }

    fn read(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn longs(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
