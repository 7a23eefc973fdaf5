-- Conversations a language model is to read for what they say about a lead.

CREATE TABLE lead_reading (
    conversation_id INTEGER PRIMARY KEY REFERENCES conversation(id), -- where
    due_at          INTEGER NOT NULL,                        -- when the customer will have been quiet for long enough
    tries           INTEGER NOT NULL DEFAULT 0               -- how often it did not work
) STRICT;

CREATE INDEX lead_reading_due ON lead_reading(due_at);
