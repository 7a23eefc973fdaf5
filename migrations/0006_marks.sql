-- What is told between the messages of a thread, and conversations put off for a while.

ALTER TABLE conversation ADD COLUMN snoozed_until INTEGER;   -- until when it asks nobody for anything; null: it does

CREATE INDEX conversation_snoozed ON conversation(snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE mark (
    id              INTEGER PRIMARY KEY,                     -- order
    conversation_id INTEGER NOT NULL REFERENCES conversation(id), -- where
    kind            TEXT NOT NULL,                           -- taken_over, handed_back, returned, mode, escalated
    detail          TEXT,                                    -- what made it so, the mode that was set, or why a person is needed
    at              INTEGER NOT NULL                         -- when
) STRICT;

CREATE INDEX mark_of_conversation ON mark(conversation_id, at);
