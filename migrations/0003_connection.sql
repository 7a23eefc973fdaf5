-- The connection: what the provider knows of us, what it says of the number, and when we could be reached.

ALTER TABLE channel ADD COLUMN forgotten_at INTEGER;   -- when the owner disconnected it here; null: it is connected
ALTER TABLE endpoint ADD COLUMN former_until INTEGER;  -- until when the former signing secret is valid too; null: there is none

CREATE TABLE registration (
    channel_id   TEXT NOT NULL PRIMARY KEY REFERENCES channel(id), -- whose webhooks are to come here
    callback_url TEXT,             -- the address that was last registered; null: none yet
    step         TEXT NOT NULL,    -- server, tunnel, own_call, subscribe, override, verification, read_back
    state        TEXT NOT NULL,    -- how far that step is: waiting, running, ok, failed
    code         INTEGER,          -- the provider's code when it failed
    subcode      INTEGER,          -- its finer code
    words        TEXT,             -- why it failed and what to do: a sentence
    detail       TEXT,             -- the provider's own words
    tries        INTEGER NOT NULL DEFAULT 0, -- failures in a row
    due_at       INTEGER,          -- when it is done next; null: when the address changes or somebody asks
    done_at      INTEGER,          -- when it last worked from beginning to end
    other_apps   TEXT NOT NULL DEFAULT '[]', -- JSON: names of other apps that get the account's webhooks too
    app_callback TEXT              -- where the app's own webhooks go; null: nowhere, or not known
) STRICT, WITHOUT ROWID;

CREATE TABLE channel_check (
    channel_id TEXT NOT NULL PRIMARY KEY REFERENCES channel(id), -- what was asked about
    checked_at INTEGER,            -- when the provider last answered; null: never
    facts      TEXT,               -- JSON: what it said about number, account and token
    code       INTEGER,            -- the provider's code when the last question failed
    subcode    INTEGER,            -- its finer code
    words      TEXT,               -- why it failed and what to do: a sentence; null: it did not
    tries      INTEGER NOT NULL DEFAULT 0, -- failures in a row
    due_at     INTEGER NOT NULL    -- when it is asked next
) STRICT, WITHOUT ROWID;

CREATE TABLE listening (
    id    INTEGER PRIMARY KEY,     -- order
    since INTEGER NOT NULL,        -- from when on we could be reached
    until INTEGER NOT NULL,        -- until when, as far as it was written down
    ended TEXT                     -- why it ended: quit, crash, sleep, tunnel; null: it has not
) STRICT;

CREATE TABLE tunnel_usage (
    month    TEXT NOT NULL PRIMARY KEY, -- such as 2026-11, in UTC
    requests INTEGER NOT NULL,     -- HTTP requests that came through the tunnel
    bytes    INTEGER NOT NULL      -- bytes of our answers
) STRICT, WITHOUT ROWID;
