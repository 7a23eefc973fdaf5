-- The database's schema as it stands after all migrations. Written by `UPDATE_SCHEMA=1 cargo test -p store`;
-- a test compares it with a fresh database. Times are milliseconds since 1970-01-01 UTC.

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY, -- what is set
    value TEXT NOT NULL              -- to what
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    name  TEXT NOT NULL PRIMARY KEY, -- what is counted
    value INTEGER NOT NULL           -- how often it happened
) STRICT, WITHOUT ROWID;

CREATE TABLE endpoint (
    id                 INTEGER PRIMARY KEY,  -- the endpoint's id
    path               TEXT NOT NULL UNIQUE, -- address below the public URL, beginning with /hooks/
    kind               TEXT NOT NULL,        -- provider that calls it
    secret_fingerprint TEXT NOT NULL,        -- salted digest of the signing secret; the secret itself is in the vault
    created_at         INTEGER NOT NULL      -- when it was made
) STRICT;

CREATE TABLE channel (
    id          TEXT NOT NULL PRIMARY KEY,               -- unique everywhere: it also names the secrets in the vault
    endpoint_id INTEGER NOT NULL REFERENCES endpoint(id), -- where its webhooks arrive
    kind        TEXT NOT NULL,                           -- provider behind it
    name        TEXT NOT NULL,                           -- what the owner calls it
    mode        TEXT NOT NULL,                           -- how much the assistant may do: off, shadow, bot
    number_id   TEXT NOT NULL,                           -- provider's id of our number; finds the channel of a webhook
    account_id  TEXT,                                    -- provider's id of the business account
    address     TEXT,                                    -- our number as customers see it
    api_url     TEXT NOT NULL,                           -- where the provider's API is
    api_version TEXT NOT NULL,                           -- which version of it
    hold_class  TEXT,                                    -- why nothing is sent: rate, wait, configuration; null: it is
    hold_code   INTEGER,                                 -- the provider's code for that
    hold_subcode INTEGER,                                -- the provider's finer code
    hold_title  TEXT,                                    -- the sentence to tell when there is no code
    hold_until  INTEGER,                                 -- when one message is tried again
    hold_tries  INTEGER NOT NULL DEFAULT 0,              -- refusals in a row
    created_at  INTEGER NOT NULL,                        -- when it was added
    UNIQUE (kind, number_id)
) STRICT;

CREATE TABLE contact (
    id         INTEGER PRIMARY KEY, -- the contact's id
    name       TEXT,                -- name they go by; null: none is known
    created_at INTEGER NOT NULL     -- when we first met
) STRICT;

CREATE TABLE contact_identity (
    kind       TEXT NOT NULL,                          -- wa_id, phone, bsuid, parent_bsuid, group_id, telegram_id
    value      TEXT NOT NULL,                          -- the name the provider uses
    contact_id INTEGER NOT NULL REFERENCES contact(id), -- whose it is
    learnt_at  INTEGER NOT NULL,                       -- when it was first seen
    PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX contact_identity_by_contact ON contact_identity(contact_id);

CREATE TABLE conversation (
    id               INTEGER PRIMARY KEY,                     -- the conversation's id
    channel_id       TEXT NOT NULL REFERENCES channel(id),    -- where it runs
    contact_id       INTEGER NOT NULL REFERENCES contact(id), -- with whom
    mode             TEXT,                                    -- own mode; null: the channel's
    holder           TEXT NOT NULL,                           -- whose turn it is to speak
    attention        TEXT,                                    -- why a person is needed; null: nobody asked
    epoch            INTEGER NOT NULL DEFAULT 0,              -- raised by everything that makes a bot answer stale
    window_closes_at INTEGER,                                 -- end of the service window; null: they never wrote
    unread           INTEGER NOT NULL DEFAULT 0,              -- messages of the customer nobody has looked at
    undelivered      INTEGER NOT NULL DEFAULT 0,              -- our messages that failed or may not have arrived
    last_message_id  INTEGER,                                 -- last thing said
    last_direction   TEXT,                                    -- by whom
    last_at          INTEGER NOT NULL,                        -- when; the list is sorted by it
    composer_text    TEXT,                                    -- left unsent in the composer
    created_at       INTEGER NOT NULL,                        -- when it began here
    UNIQUE (channel_id, contact_id)
) STRICT;

CREATE INDEX conversation_by_time ON conversation(last_at DESC, id DESC);

CREATE INDEX conversation_by_contact ON conversation(contact_id);

CREATE TABLE message (
    id              INTEGER PRIMARY KEY,                          -- the message's id
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- where it was said
    channel_id      TEXT NOT NULL REFERENCES channel(id),         -- over which account
    contact_id      INTEGER NOT NULL REFERENCES contact(id),      -- the customer, whoever wrote
    direction       TEXT NOT NULL,              -- inbound or outbound
    author          TEXT NOT NULL,              -- customer, operator, bot, phone, system
    kind            TEXT NOT NULL,              -- what it is
    original_kind   TEXT NOT NULL,              -- its type in the provider's word
    text            TEXT,                       -- body, caption or button title
    provider_id     TEXT,                       -- the provider's id of the latest attempt
    reply_to        TEXT,                       -- the provider's id of the message it answers
    sent_at         INTEGER NOT NULL,           -- written, by the provider's clock; ours for outbound
    received_at     INTEGER NOT NULL,           -- stored here
    sort_at         INTEGER NOT NULL,           -- its place in the thread
    own_status      TEXT NOT NULL,              -- what this side knows: received, queued, sending, accepted, failed, unknown
    status          TEXT NOT NULL,              -- what the operator sees: own_status and the provider's reports together
    reached_sent    INTEGER,                    -- left the provider, by its clock
    reached_device  INTEGER,                    -- delivered
    reached_read    INTEGER,                    -- opened
    reached_played  INTEGER,                    -- played
    reached_failed  INTEGER,                    -- reported as failed
    error_code      INTEGER,                    -- the provider's code for the failure
    error_subcode   INTEGER,                    -- its finer code
    error_title     TEXT,                       -- its short text
    error_detail    TEXT,                       -- its longer text
    payload         TEXT,                       -- JSON: typed content that text cannot carry
    referral        TEXT,                       -- JSON: the advertisement or post that brought the customer
    raw             TEXT,                       -- JSON: the item as it came, for kinds that are not plain text
    forwarded       TEXT NOT NULL DEFAULT 'no', -- no, once, often
    edited          INTEGER NOT NULL DEFAULT 0, -- 1: the customer changed it later
    revoked         INTEGER NOT NULL DEFAULT 0, -- 1: the customer took it back
    discarded_at    INTEGER                     -- an operator gave it up; null: it stands
) STRICT;

CREATE UNIQUE INDEX message_by_provider_id ON message(channel_id, provider_id) WHERE provider_id IS NOT NULL;

CREATE INDEX message_by_place ON message(conversation_id, sort_at, id);

CREATE INDEX message_in_trouble ON message(conversation_id)
    WHERE status IN ('failed', 'unknown') AND direction = 'outbound' AND discarded_at IS NULL;

CREATE VIRTUAL TABLE message_search USING fts5(
    text,
    content = 'message', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER message_search_insert AFTER INSERT ON message WHEN new.text IS NOT NULL BEGIN
    INSERT INTO message_search(rowid, text) VALUES (new.id, new.text);
END;

CREATE TRIGGER message_search_update AFTER UPDATE OF text ON message BEGIN
    INSERT INTO message_search(message_search, rowid, text)
        SELECT 'delete', old.id, old.text WHERE old.text IS NOT NULL;
    INSERT INTO message_search(rowid, text) SELECT new.id, new.text WHERE new.text IS NOT NULL;
END;

CREATE TRIGGER message_search_delete AFTER DELETE ON message WHEN old.text IS NOT NULL BEGIN
    INSERT INTO message_search(message_search, rowid, text) VALUES ('delete', old.id, old.text);
END;

CREATE TABLE webhook_journal (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,         -- the entry's id; never used twice
    endpoint_id  INTEGER NOT NULL REFERENCES endpoint(id), -- where it arrived
    received_at  INTEGER NOT NULL,                         -- when
    body         BLOB NOT NULL,                            -- the bytes as received; their signature was genuine
    state        TEXT NOT NULL,                            -- pending, processed, unassigned, failed, refused
    attempts     INTEGER NOT NULL DEFAULT 0,               -- how often it was worked through
    error        TEXT,                                     -- why it is unassigned, failed or refused
    processed_at INTEGER                                   -- when it was last worked through
) STRICT;

CREATE INDEX webhook_journal_pending ON webhook_journal(id) WHERE state = 'pending';

CREATE INDEX webhook_journal_by_state ON webhook_journal(state);

CREATE TABLE refused_webhook (
    reason  TEXT NOT NULL PRIMARY KEY, -- signature, size, syntax
    count   INTEGER NOT NULL,          -- how many
    last_at INTEGER NOT NULL           -- when the last one came
) STRICT, WITHOUT ROWID;

CREATE TABLE orphan_status (
    channel_id  TEXT NOT NULL REFERENCES channel(id), -- where it came in
    provider_id TEXT NOT NULL,                        -- the message it is about, not known here yet
    reached     TEXT NOT NULL,                        -- sent, delivered, read, played, failed
    at          INTEGER NOT NULL,                     -- when, by the provider's clock
    error_code  INTEGER,                              -- for failed: the provider's code
    error_title TEXT,                                 -- for failed: its short text
    error_detail TEXT,                                -- for failed: its longer text
    received_at INTEGER NOT NULL,                     -- when it came; forgotten after a day
    PRIMARY KEY (channel_id, provider_id, reached, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id           TEXT NOT NULL PRIMARY KEY,             -- one attempt; travels as biz_opaque_callback_data
    message_id   INTEGER NOT NULL REFERENCES message(id), -- what is sent
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- its place in the order
    channel_id   TEXT NOT NULL REFERENCES channel(id),  -- over which account
    place        INTEGER NOT NULL,                      -- order within the conversation
    state        TEXT NOT NULL,                         -- queued, sending, accepted, failed, unknown, discarded
    permit       TEXT NOT NULL,                         -- who allowed it: operator, bot
    epoch        INTEGER NOT NULL,                      -- the conversation's epoch when it was allowed
    due_at       INTEGER NOT NULL,                      -- not before
    tries        INTEGER NOT NULL DEFAULT 0,            -- requests made
    passing      INTEGER NOT NULL DEFAULT 0,            -- refusals for troubles that pass by themselves
    provider_id  TEXT,                                  -- the id the provider gave it
    error_code   INTEGER,                               -- last refusal: the provider's code
    error_title  TEXT,                                  -- last refusal: its short text
    claimed_at   INTEGER,                               -- when the last request began
    created_at   INTEGER NOT NULL                       -- when it was asked for
) STRICT;

CREATE UNIQUE INDEX outbox_by_place ON outbox(conversation_id, place);

CREATE INDEX outbox_waiting ON outbox(due_at) WHERE state IN ('queued', 'sending');

CREATE INDEX outbox_by_message ON outbox(message_id);

CREATE INDEX outbox_by_provider_id ON outbox(channel_id, provider_id) WHERE provider_id IS NOT NULL;
