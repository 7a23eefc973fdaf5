-- Every kind of message with its files, reactions and versions; people who turn out to be one; templates and news.
-- Times are milliseconds since 1970-01-01 UTC unless a column says otherwise.

ALTER TABLE contact ADD COLUMN own_name TEXT;                -- name given at this desk; goes before what they call themselves
ALTER TABLE contact ADD COLUMN name_from_book INTEGER NOT NULL DEFAULT 0; -- 1: the name is the owner's phone's; a profile name replaces it
ALTER TABLE contact ADD COLUMN username TEXT;                -- their user name; changeable, so it identifies nobody
ALTER TABLE contact ADD COLUMN marketing_stopped_at INTEGER; -- when they said stop to promotions; null: they take them
ALTER TABLE contact ADD COLUMN marketing_at INTEGER;         -- when they last said stop or go on, by the provider's clock
ALTER TABLE contact ADD COLUMN merged_into INTEGER REFERENCES contact(id); -- the contact this one turned out to be; null: itself

ALTER TABLE conversation ADD COLUMN merged_into INTEGER REFERENCES conversation(id); -- where its messages lie now; null: here
ALTER TABLE conversation ADD COLUMN referral TEXT;           -- JSON: the advertisement or post that last brought the customer
ALTER TABLE conversation ADD COLUMN free_until INTEGER;      -- until when messages are free after an advertisement
ALTER TABLE conversation ADD COLUMN thread_owner TEXT;       -- other program that answers here, in the provider's word; null: we do
ALTER TABLE conversation ADD COLUMN blocked_at INTEGER;      -- when we blocked the customer on this channel; null: we did not
ALTER TABLE conversation ADD COLUMN window_refused_at INTEGER; -- when the provider said the window is closed although we thought otherwise

ALTER TABLE message ADD COLUMN source TEXT NOT NULL DEFAULT 'live'; -- which way it came: live, echo, history, standby
ALTER TABLE message ADD COLUMN silence TEXT;                 -- why the assistant does not consider it; null: it may
ALTER TABLE message ADD COLUMN sender TEXT;                  -- name of the writer, in a group

ALTER TABLE channel ADD COLUMN media_hosts TEXT;             -- JSON: further origins files may be fetched from; null: none

CREATE INDEX conversation_merged ON conversation(merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX contact_merged ON contact(merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE attachment (
    id             INTEGER PRIMARY KEY,                     -- the attachment's id
    message_id     INTEGER NOT NULL REFERENCES message(id), -- whose it is
    channel_id     TEXT NOT NULL REFERENCES channel(id),    -- over which account it is fetched or sent
    media_id       TEXT,             -- the provider's id of it: the customer's, or the one our upload got
    url            TEXT,             -- where it can be fetched for some minutes after the message came
    claimed_mime   TEXT,             -- what the sender says it is
    claimed_sha256 TEXT,             -- what its SHA-256 should be, in hexadecimal
    claimed_name   TEXT,             -- what the sender calls it; a stranger's text, good for no path
    state          TEXT NOT NULL,    -- pending, stored, failed, expired
    sha256         TEXT,             -- SHA-256 of its content in hexadecimal; names it in the media folder
    size           INTEGER,          -- in bytes
    mime_type      TEXT,             -- what it is by its content
    family         TEXT,             -- image, video, audio, document, sheet, slides, archive, program, unknown
    file_name      TEXT,             -- a name that is safe to save it under
    dangerous      INTEGER NOT NULL DEFAULT 0, -- 1: may be saved, never opened
    animated       INTEGER NOT NULL DEFAULT 0, -- 1: it moves
    width          INTEGER,          -- in pixels
    height         INTEGER,          -- in pixels
    duration_ms    INTEGER,          -- how long it plays, in milliseconds
    waveform       BLOB,             -- 48 loudnesses from 0 to 100
    thumbnail      TEXT,             -- SHA-256 of a small picture of it
    thumbnail_mime TEXT,             -- what that picture is
    tries          INTEGER NOT NULL DEFAULT 0, -- how often fetching or uploading was tried
    due_at         INTEGER,          -- when it is tried next; null: it is not
    trouble        TEXT,             -- why it is not here, or not there: a sentence
    upload_state   TEXT,             -- ours only: waiting, uploading, uploaded, refused; null: the customer's
    uploaded       INTEGER NOT NULL DEFAULT 0, -- ours only: bytes sent so far
    media_until    INTEGER,          -- when the provider forgets media_id
    created_at     INTEGER NOT NULL  -- when it was asked for
) STRICT;

CREATE INDEX attachment_of_message ON attachment(message_id);
CREATE INDEX attachment_due ON attachment(due_at) WHERE due_at IS NOT NULL;
CREATE INDEX attachment_by_content ON attachment(sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX attachment_by_thumbnail ON attachment(thumbnail) WHERE thumbnail IS NOT NULL;

CREATE TABLE forgotten_content (
    sha256 TEXT NOT NULL PRIMARY KEY -- content in the media folder that lost a name; it goes when that was the last
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
    id         TEXT NOT NULL PRIMARY KEY, -- names it until it is sent
    sha256     TEXT NOT NULL,             -- its content in the media folder
    size       INTEGER NOT NULL,          -- in bytes
    mime_type  TEXT NOT NULL,             -- what it is by its content
    family     TEXT NOT NULL,             -- see attachment
    file_name  TEXT NOT NULL,             -- a name that is safe to send it under
    dangerous  INTEGER NOT NULL,          -- see attachment
    kind       TEXT NOT NULL,             -- what it would be sent as
    width      INTEGER,                   -- see attachment
    height     INTEGER,                   -- see attachment
    duration_ms INTEGER,                  -- see attachment
    animated   INTEGER NOT NULL DEFAULT 0, -- see attachment
    waveform   BLOB,                      -- see attachment
    thumbnail  TEXT,                      -- see attachment
    thumbnail_mime TEXT,                  -- see attachment
    created_at INTEGER NOT NULL           -- when it was handed in; forgotten after a day
) STRICT, WITHOUT ROWID;

CREATE TABLE reaction (
    message_id  INTEGER NOT NULL REFERENCES message(id), -- what is reacted to
    by          TEXT NOT NULL,    -- customer, operator
    person      TEXT NOT NULL,    -- who of a group; empty outside of groups
    emoji       TEXT,             -- null: taken away
    at          INTEGER NOT NULL, -- when, by the provider's clock; an older one changes nothing
    state       TEXT NOT NULL,    -- done, pending, failed; the last two for ours only
    trouble     TEXT,             -- why ours did not leave: a sentence
    PRIMARY KEY (message_id, by, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_version (
    message_id  INTEGER NOT NULL REFERENCES message(id), -- whose form it is
    provider_id TEXT NOT NULL,    -- the provider's id of the change; empty for the first form
    text        TEXT,             -- its words
    payload     TEXT,             -- JSON: its typed content
    written_at  INTEGER NOT NULL, -- since when it reads like that, by the provider's clock
    PRIMARY KEY (message_id, provider_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX message_version_by_time ON message_version(message_id, written_at, provider_id);

CREATE TABLE early_change (
    id          INTEGER PRIMARY KEY,                  -- order of arrival
    channel_id  TEXT NOT NULL REFERENCES channel(id), -- where it came in
    target      TEXT NOT NULL,    -- provider's id of the message it is about, not known here yet
    what        TEXT NOT NULL,    -- reaction, edit, revoke
    provider_id TEXT NOT NULL,    -- the provider's id of the change itself
    content     TEXT NOT NULL,    -- JSON: what is to be done once the message is here
    received_at INTEGER NOT NULL, -- when it came; forgotten after a week
    UNIQUE (channel_id, provider_id)
) STRICT;

CREATE INDEX early_change_by_target ON early_change(channel_id, target);

CREATE TABLE signal (
    id              INTEGER PRIMARY KEY,                  -- order in which they leave
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- whom it goes to
    channel_id      TEXT NOT NULL REFERENCES channel(id), -- over which account
    kind            TEXT NOT NULL,    -- reaction, read, typing
    message_id      INTEGER NOT NULL REFERENCES message(id), -- the message it is about
    emoji           TEXT,             -- the reaction; empty takes it away
    state           TEXT NOT NULL,    -- waiting, done, failed
    due_at          INTEGER NOT NULL, -- not before
    tries           INTEGER NOT NULL DEFAULT 0, -- requests made
    created_at      INTEGER NOT NULL  -- when it was asked for
) STRICT;

CREATE INDEX signal_waiting ON signal(due_at) WHERE state = 'waiting';

CREATE TABLE template (
    channel_id      TEXT NOT NULL REFERENCES channel(id), -- over which account it is sent
    name            TEXT NOT NULL,    -- its name
    language        TEXT NOT NULL,    -- its language code
    provider_id     TEXT,             -- the provider's id
    category        TEXT NOT NULL,    -- MARKETING, UTILITY, AUTHENTICATION; an open list
    coming_category TEXT,             -- the category it will have
    status          TEXT NOT NULL,    -- APPROVED, PENDING ...; an open list
    quality         TEXT,             -- GREEN, YELLOW, RED, UNKNOWN
    named           INTEGER NOT NULL, -- 1: its variables have names; 0: numbers
    components      TEXT NOT NULL,    -- JSON: its parts as the provider wrote them
    reason          TEXT,             -- why it was rejected or stopped
    updated_at      INTEGER NOT NULL, -- when we last heard of it
    PRIMARY KEY (channel_id, name, language)
) STRICT, WITHOUT ROWID;

CREATE TABLE template_sync (
    channel_id TEXT NOT NULL PRIMARY KEY REFERENCES channel(id), -- whose templates
    synced_at  INTEGER,               -- when all were last fetched; null: never
    due_at     INTEGER NOT NULL,      -- when they are fetched next
    tries      INTEGER NOT NULL DEFAULT 0, -- failures in a row
    trouble    TEXT                   -- why they could not be fetched: a sentence
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (
    id          INTEGER PRIMARY KEY,                  -- the notice's id
    channel_id  TEXT NOT NULL REFERENCES channel(id), -- whom it concerns
    field       TEXT NOT NULL,        -- the provider's name for it
    event       TEXT,                 -- what happened, in the provider's word
    raw         TEXT NOT NULL,        -- JSON: as it came
    at          INTEGER NOT NULL,     -- when, by the provider's clock
    received_at INTEGER NOT NULL,     -- when it came here
    seen_at     INTEGER,              -- when somebody looked at it; null: nobody did
    digest      TEXT NOT NULL,        -- recognises a repetition
    UNIQUE (channel_id, digest)
) STRICT;

CREATE INDEX notice_by_time ON notice(at DESC, id DESC);

CREATE TABLE charge (
    channel_id  TEXT NOT NULL REFERENCES channel(id), -- which number sent it
    provider_id TEXT NOT NULL,        -- which message
    category    TEXT NOT NULL,        -- service, utility, marketing ...; an open list
    kind        TEXT,                 -- regular, free_customer_service, free_entry_point ...; an open list
    billable    INTEGER,              -- what older versions said; null: nothing
    at          INTEGER NOT NULL,     -- when, by the provider's clock
    PRIMARY KEY (channel_id, provider_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX charge_by_time ON charge(at);

CREATE TABLE contact_merge (
    id         INTEGER PRIMARY KEY,                     -- the merge's id
    kept       INTEGER NOT NULL REFERENCES contact(id), -- the older contact, which goes on
    merged     INTEGER NOT NULL REFERENCES contact(id), -- the other one
    reason     TEXT NOT NULL,         -- what showed that they are one: kinds of identities
    moved      TEXT NOT NULL,         -- JSON: identities, conversations and messages that went over, to undo it
    at         INTEGER NOT NULL,      -- when
    undone_at  INTEGER                -- when it was undone; null: it stands
) STRICT;

CREATE INDEX contact_merge_by_kept ON contact_merge(kept);
