CREATE INDEX statuses_reply_approval ON statuses (reply_approval) WHERE reply_approval IS NOT NULL;
ALTER TABLE inbox_queue DROP COLUMN activity_id;
ALTER TABLE status_edits ADD COLUMN emoji TEXT NOT NULL DEFAULT '[]';
ALTER TABLE tombstones ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actors ADD COLUMN moved_at INTEGER;
CREATE INDEX blocks_target ON blocks (target_id);
