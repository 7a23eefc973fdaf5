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
, former_until INTEGER) STRICT;
-- endpoint.former_until: until when the former signing secret is valid too; null: there is none

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
    created_at  INTEGER NOT NULL, media_hosts TEXT, forgotten_at INTEGER, return_minutes INTEGER NOT NULL DEFAULT 240,                        -- when it was added
    UNIQUE (kind, number_id)
) STRICT;
-- channel.forgotten_at: when the owner disconnected it here; null: it is connected
-- channel.media_hosts: JSON: further origins files may be fetched from; null: none
-- channel.return_minutes: minutes after the last human message until the assistant has a conversation back; 0: never by itself

CREATE TABLE contact (
    id         INTEGER PRIMARY KEY, -- the contact's id
    name       TEXT,                -- name they go by; null: none is known
    created_at INTEGER NOT NULL     -- when we first met
, own_name TEXT, name_from_book INTEGER NOT NULL DEFAULT 0, username TEXT, marketing_stopped_at INTEGER, marketing_at INTEGER, merged_into INTEGER REFERENCES contact(id), test INTEGER NOT NULL DEFAULT 0, stopped_at INTEGER) STRICT;
-- contact.marketing_at: when they last said stop or go on, by the provider's clock
-- contact.marketing_stopped_at: when they said stop to promotions; null: they take them
-- contact.merged_into: the contact this one turned out to be; null: itself
-- contact.name_from_book: 1: the name is the owner's phone's; a profile name replaces it
-- contact.own_name: name given at this desk; goes before what they call themselves
-- contact.stopped_at: when they told the assistant to stop; null: they did not
-- contact.test: 1: a test person, for whom a conversation's mode may be looser than the channel's
-- contact.username: their user name; changeable, so it identifies nobody

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
    created_at       INTEGER NOT NULL, merged_into INTEGER REFERENCES conversation(id), referral TEXT, free_until INTEGER, thread_owner TEXT, blocked_at INTEGER, window_refused_at INTEGER, held_since INTEGER, held_by TEXT, human_at INTEGER, kept INTEGER NOT NULL DEFAULT 0, returned INTEGER NOT NULL DEFAULT 0, attention_at INTEGER, reminded INTEGER NOT NULL DEFAULT 0, composer_at INTEGER, language TEXT, muted_until INTEGER, decision_id INTEGER, snoozed_until INTEGER,                        -- when it began here
    UNIQUE (channel_id, contact_id)
) STRICT;
-- conversation.attention_at: when a person was first asked for
-- conversation.blocked_at: when we blocked the customer on this channel; null: we did not
-- conversation.composer_at: when somebody last typed in the composer; null: nothing stands in it
-- conversation.decision_id: the assistant's last decision
-- conversation.free_until: until when messages are free after an advertisement
-- conversation.held_by: what made them the holder: typed, take_over, phone, escalation, hand_back, returned
-- conversation.held_since: since when the holder holds it; null: from the beginning
-- conversation.human_at: when a person last wrote or took over; the return counts from it
-- conversation.kept: 1: it does not return by itself this time
-- conversation.language: the language spoken, once it is clear
-- conversation.merged_into: where its messages lie now; null: here
-- conversation.muted_until: until when the assistant keeps quiet, since two programs seemed to talk
-- conversation.referral: JSON: the advertisement or post that last brought the customer
-- conversation.reminded: reminders given since
-- conversation.returned: 1: it returned by itself, so the next answer is only drafted
-- conversation.snoozed_until: until when it asks nobody for anything; null: it does
-- conversation.thread_owner: other program that answers here, in the provider's word; null: we do
-- conversation.window_refused_at: when the provider said the window is closed although we thought otherwise

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
, source TEXT NOT NULL DEFAULT 'live', silence TEXT, sender TEXT, decision_id INTEGER, unheeded TEXT) STRICT;
-- message.decision_id: the decision it came from; null: a person wrote it, or the customer
-- message.sender: name of the writer, in a group
-- message.silence: why the assistant does not consider it; null: it may
-- message.source: which way it came: live, echo, history, standby
-- message.unheeded: why the assistant did not look at it, such as off or held; null: it did

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
, turn_id INTEGER, handover INTEGER NOT NULL DEFAULT 0) STRICT;
-- outbox.handover: 1: the text that tells a customer that a person will answer
-- outbox.turn_id: the turn it answers, for what the assistant says by itself

CREATE UNIQUE INDEX outbox_by_place ON outbox(conversation_id, place);

CREATE INDEX outbox_waiting ON outbox(due_at) WHERE state IN ('queued', 'sending');

CREATE INDEX outbox_by_message ON outbox(message_id);

CREATE INDEX outbox_by_provider_id ON outbox(channel_id, provider_id) WHERE provider_id IS NOT NULL;

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

CREATE UNIQUE INDEX outbox_by_turn ON outbox(turn_id) WHERE turn_id IS NOT NULL;

CREATE INDEX outbox_of_bot ON outbox(conversation_id) WHERE permit = 'bot' AND state = 'queued';

CREATE INDEX conversation_held ON conversation(human_at) WHERE holder = 'operator' AND kept = 0;

CREATE INDEX conversation_asking ON conversation(attention_at) WHERE holder = 'waiting_human';

CREATE TABLE turn (
    id              INTEGER PRIMARY KEY,                     -- the turn's id
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- who speaks
    first_at        INTEGER NOT NULL,                        -- when its first message came
    last_message_id INTEGER NOT NULL REFERENCES message(id), -- its last message so far
    state           TEXT NOT NULL,                           -- waiting, working, done, cancelled
    due_at          INTEGER NOT NULL,                        -- not before: the customer may still be writing
    epoch           INTEGER NOT NULL DEFAULT 0,              -- the conversation's epoch when work began
    attempt         INTEGER NOT NULL DEFAULT 0,              -- how often work began
    asked           INTEGER NOT NULL DEFAULT 0,              -- 1: an operator asked for it
    decision_id     INTEGER,                                 -- what came of it
    created_at      INTEGER NOT NULL                         -- when it was opened
, failures INTEGER NOT NULL DEFAULT 0, looks_back INTEGER NOT NULL DEFAULT 0) STRICT;
-- turn.failures: how often it came to no end because something broke
-- turn.looks_back: 1: promises and excuses of the assistant count as no answer

CREATE UNIQUE INDEX turn_open ON turn(conversation_id) WHERE state IN ('waiting', 'working');

CREATE INDEX turn_due ON turn(due_at) WHERE state IN ('waiting', 'working');

CREATE TABLE decision (
    id              INTEGER PRIMARY KEY,                     -- the decision's id
    turn_id         INTEGER REFERENCES turn(id),             -- what it is about; null: no turn was opened
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- with whom
    message_id      INTEGER REFERENCES message(id),          -- the customer's last message it looked at
    mode            TEXT NOT NULL,                           -- the mode that applied: off, shadow, bot
    verdict         TEXT NOT NULL,                           -- send, clarify, draft, escalate, silent
    step            TEXT,                                    -- rule, skill, tap, knowledge, model, fallback; null: none answered
    reason          TEXT NOT NULL,                           -- why, as one word of a list
    escalation      TEXT,                                    -- why a person is needed; null: none is
    skill_id        INTEGER,                                 -- the skill that answered
    skill_version   INTEGER,                                 -- in which form
    confidence      REAL,                                    -- between 0 and 1
    language        TEXT,                                    -- of the answer
    text            TEXT,                                    -- the answer, also when it was not sent
    asked_field     TEXT,                                    -- the field of a lead the answer asks for
    trace           TEXT NOT NULL DEFAULT '{}',              -- JSON: candidates, sources, findings of the guards
    model_call_id   INTEGER,                                 -- what was asked of a language model
    took_ms         INTEGER NOT NULL DEFAULT 0,              -- how long it took
    created_at      INTEGER NOT NULL                         -- when
) STRICT;

CREATE INDEX decision_of_conversation ON decision(conversation_id, id);

CREATE INDEX decision_of_skill ON decision(skill_id, id) WHERE skill_id IS NOT NULL;

CREATE TABLE draft (
    id              INTEGER PRIMARY KEY,                     -- the draft's id
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- to whom
    decision_id     INTEGER NOT NULL REFERENCES decision(id), -- its evidence
    text            TEXT NOT NULL,                           -- what is proposed
    payload         TEXT,                                    -- JSON: buttons that go with it
    state           TEXT NOT NULL,                           -- pending, sent, edited, dismissed, superseded, expired
    blind           INTEGER NOT NULL DEFAULT 0,              -- 1: hidden until the operator has answered
    expires_at      INTEGER NOT NULL,                        -- when it is worth nothing any more
    created_at      INTEGER NOT NULL,                        -- when it was made
    decided_at      INTEGER,                                 -- when it stopped waiting
    message_id      INTEGER REFERENCES message(id),          -- what was sent instead or as it is
    final_text      TEXT,                                    -- what a person made of it
    distance        REAL,                                    -- how much was changed, between 0 and 1
    facts_changed   TEXT,                                    -- JSON: numbers, prices, dates and links that were changed
    reason          TEXT                                     -- why it was dismissed: wrong, tone, outdated, not_needed, own_words
, file TEXT) STRICT;
-- draft.file: SHA-256 of a stored file that goes with it

CREATE UNIQUE INDEX draft_pending ON draft(conversation_id) WHERE state = 'pending';

CREATE INDEX draft_waiting ON draft(created_at) WHERE state = 'pending';

CREATE INDEX draft_decided ON draft(decided_at) WHERE decided_at IS NOT NULL;

CREATE INDEX draft_of_decision ON draft(decision_id);

CREATE TABLE skill (
    id             INTEGER PRIMARY KEY,                      -- the skill's id
    name           TEXT NOT NULL UNIQUE,                     -- what the owner calls it
    enabled        INTEGER NOT NULL DEFAULT 1,               -- 0: it is not used
    autonomy       TEXT NOT NULL,                            -- how much it may do by itself: off, shadow, bot
    requires_human INTEGER NOT NULL DEFAULT 0,               -- 1: a person takes over whenever it is asked for
    high_risk      INTEGER NOT NULL DEFAULT 0,               -- 1: sent only when the matcher is surer than usual
    valid_from     INTEGER,                                  -- not before
    valid_to       INTEGER,                                  -- not after
    hours          TEXT NOT NULL DEFAULT 'always',           -- always, open, closed
    version        INTEGER NOT NULL DEFAULT 1,               -- raised by every change
    pack           TEXT,                                     -- its name in the starter pack; null: the owner's own
    created_at     INTEGER NOT NULL,                         -- when it was added
    updated_at     INTEGER NOT NULL                          -- when it was changed last
) STRICT;

CREATE TABLE skill_example (
    id       INTEGER PRIMARY KEY,                            -- order
    skill_id INTEGER NOT NULL REFERENCES skill(id),          -- whose
    text     TEXT NOT NULL,                                  -- what a customer may say
    language TEXT,                                           -- in which language
    negative INTEGER NOT NULL DEFAULT 0                      -- 1: it does not mean this skill
) STRICT;

CREATE INDEX skill_example_of ON skill_example(skill_id);

CREATE TABLE skill_answer (
    id       INTEGER PRIMARY KEY,                            -- order
    skill_id INTEGER NOT NULL REFERENCES skill(id),          -- whose
    language TEXT,                                           -- null: for all
    text     TEXT NOT NULL,                                  -- what is answered, with placeholders
    buttons  TEXT NOT NULL DEFAULT '[]',                     -- JSON: [{"title","skill"}], three at most
    file     TEXT                                            -- SHA-256 of a stored file that goes with it
) STRICT;

CREATE INDEX skill_answer_of ON skill_answer(skill_id);

CREATE TABLE label (
    id         INTEGER PRIMARY KEY,                          -- order
    message_id INTEGER REFERENCES message(id),               -- what was said
    text       TEXT NOT NULL,                                -- its words
    skill_id   INTEGER,                                      -- what was meant; null: none of the skills
    source     TEXT NOT NULL,                                -- how that is known: tap, draft_sent, draft_edited, manual
    created_at INTEGER NOT NULL                              -- since when
) STRICT;

CREATE UNIQUE INDEX label_of_message ON label(message_id, source) WHERE message_id IS NOT NULL;

CREATE TABLE document (
    id         INTEGER PRIMARY KEY,                          -- the document's id
    title      TEXT NOT NULL,                                -- what it is called
    source     TEXT NOT NULL,                                -- typed, text, markdown, html, csv, docx, pdf, past_replies
    url        TEXT,                                         -- where customers can read it
    language   TEXT,                                         -- its language
    enabled    INTEGER NOT NULL DEFAULT 1,                   -- 0: it is not used
    quotable   INTEGER NOT NULL DEFAULT 1,                   -- 1: its words may be sent without a person looking
    valid_to   INTEGER,                                      -- not after
    content    TEXT NOT NULL,                                -- its text as it was read
    hash       TEXT NOT NULL,                                -- SHA-256 of that text, to tell a second import
    version    INTEGER NOT NULL DEFAULT 1,                   -- raised by every change
    created_at INTEGER NOT NULL,                             -- when it was added
    updated_at INTEGER NOT NULL                              -- when it was changed last
) STRICT;

CREATE TABLE passage (
    id          INTEGER PRIMARY KEY,                         -- the passage's id
    document_id INTEGER NOT NULL REFERENCES document(id),    -- whose
    place       INTEGER NOT NULL,                            -- its order in the document
    heading     TEXT NOT NULL,                               -- the headings above it
    question    TEXT,                                        -- the question it answers; null: it is prose
    text        TEXT NOT NULL,                               -- its words
    vector      BLOB,                                        -- its meaning as little-endian 32-bit floats; null: not worked out
    vector_model TEXT                                        -- by which model
) STRICT;

CREATE INDEX passage_of_document ON passage(document_id, place);

CREATE VIRTUAL TABLE passage_search USING fts5(
    words, stems, grams,
    content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc' tokenchars '_'"
);

CREATE VIRTUAL TABLE passage_term USING fts5vocab(passage_search, 'col');

CREATE TABLE fact (
    id         INTEGER PRIMARY KEY,                          -- order
    kind       TEXT NOT NULL,                                -- price, hours, address, link, phone, text
    key        TEXT NOT NULL,                                -- its name within its kind
    value      TEXT NOT NULL,                                -- what it says
    language   TEXT,                                         -- null: for all
    valid_to   INTEGER,                                      -- not after
    updated_at INTEGER NOT NULL                              -- when it was changed last
) STRICT;

CREATE UNIQUE INDEX fact_by_name ON fact(kind, key, coalesce(language, ''));

CREATE TABLE model_call (
    id          INTEGER PRIMARY KEY,                         -- order
    conversation_id INTEGER REFERENCES conversation(id),     -- about whom; null: a test
    purpose     TEXT NOT NULL,                               -- answer, leads, probe, embed
    host        TEXT NOT NULL,                               -- where it went
    model       TEXT NOT NULL,                               -- which model
    sent        TEXT NOT NULL,                               -- exactly what left this computer, without the key
    received    TEXT,                                        -- what came back
    trouble     TEXT,                                        -- what went wrong: a sentence
    tokens_in   INTEGER NOT NULL DEFAULT 0,                  -- tokens sent
    tokens_out  INTEGER NOT NULL DEFAULT 0,                  -- tokens received
    cost_micros INTEGER NOT NULL DEFAULT 0,                  -- millionths of the owner's currency
    took_ms     INTEGER NOT NULL DEFAULT 0,                  -- how long it took
    created_at  INTEGER NOT NULL                             -- when
) STRICT;

CREATE INDEX model_call_by_time ON model_call(created_at);

CREATE TABLE lead (
    id              INTEGER PRIMARY KEY,                     -- the lead's id
    contact_id      INTEGER NOT NULL REFERENCES contact(id), -- whose; one for each person
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- where it was learnt of first
    status          TEXT NOT NULL DEFAULT 'new',             -- new, open, won, lost, spam
    score           INTEGER NOT NULL DEFAULT 0,              -- 0 to 100
    temperature     TEXT NOT NULL DEFAULT 'cold',            -- cold, warm, hot; from the score
    reasons         TEXT NOT NULL DEFAULT '[]',              -- JSON: what the score is made of
    stage           TEXT NOT NULL DEFAULT 'none',            -- none, informational, qualification, booking_ready; never falls
    refused         TEXT NOT NULL DEFAULT '[]',              -- JSON: fields the customer did not want to tell
    opted_out       INTEGER NOT NULL DEFAULT 0,              -- 1: the customer asked not to be written to
    read_until      INTEGER,                                 -- the last message that was read for values; null: none
    created_at      INTEGER NOT NULL,                        -- when it was opened
    updated_at      INTEGER NOT NULL                         -- when anything of it changed last
) STRICT;

CREATE UNIQUE INDEX lead_contact ON lead(contact_id);

CREATE INDEX lead_list ON lead(updated_at DESC, id DESC);

CREATE TABLE lead_value (
    id            INTEGER PRIMARY KEY,                       -- order
    lead_id       INTEGER NOT NULL REFERENCES lead(id),      -- whose
    field         TEXT NOT NULL,                             -- name, phone, email, company, interest, budget, date, place, language, notes, or the owner's own
    raw           TEXT NOT NULL,                             -- the words as the customer wrote them
    value         TEXT NOT NULL,                             -- in a form that compares; empty: a person says there is none
    message_id    INTEGER REFERENCES message(id),            -- where it was read; null: not from a message
    span_start    INTEGER,                                   -- first byte in the message's text; null: not from its words
    span_end      INTEGER,                                   -- the byte after the last
    method        TEXT NOT NULL,                             -- rule, model, profile, question, manual
    confidence    REAL NOT NULL,                             -- between 0 and 1
    state         TEXT NOT NULL,                             -- current, former, suggested, dismissed
    locked        INTEGER NOT NULL DEFAULT 0,                -- 1: entered by a person; extraction may only suggest
    superseded_by INTEGER REFERENCES lead_value(id),         -- what took its place; null: nothing
    created_at    INTEGER NOT NULL                           -- when it was learnt
) STRICT;

CREATE UNIQUE INDEX lead_value_current ON lead_value(lead_id, field) WHERE state = 'current';

CREATE INDEX lead_value_of_lead ON lead_value(lead_id, id);

CREATE INDEX lead_value_by_message ON lead_value(message_id) WHERE message_id IS NOT NULL;

CREATE TABLE lead_task (
    message_id INTEGER PRIMARY KEY REFERENCES message(id),   -- a message to read for values
    due_at     INTEGER NOT NULL,                             -- not before
    tries      INTEGER NOT NULL DEFAULT 0                    -- how often it was tried
) STRICT;

CREATE INDEX lead_task_due ON lead_task(due_at);

CREATE TABLE lead_reading (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation(id), -- where
    due_at          INTEGER NOT NULL,                        -- when the customer will have been quiet for long enough
    tries           INTEGER NOT NULL DEFAULT 0               -- how often it did not work
) STRICT;

CREATE INDEX lead_reading_due ON lead_reading(due_at);

CREATE INDEX conversation_snoozed ON conversation(snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE mark (
    id              INTEGER PRIMARY KEY,                     -- order
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- where
    kind            TEXT NOT NULL,                           -- taken_over, handed_back, returned, mode, escalated
    detail          TEXT,                                    -- what made it so, the mode that was set, or why a person is needed
    at              INTEGER NOT NULL                         -- when
) STRICT;

CREATE INDEX mark_of_conversation ON mark(conversation_id, at);

CREATE INDEX draft_of_message ON draft(message_id) WHERE message_id IS NOT NULL;

CREATE INDEX model_call_of_conversation ON model_call(conversation_id) WHERE conversation_id IS NOT NULL;
