-- Lines of a deployment's own stream stand beside the events; absent: a line of the stream `events`.
ALTER TABLE event ADD COLUMN deployment TEXT;
