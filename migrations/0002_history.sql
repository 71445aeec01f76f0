CREATE TABLE `entries` (
	`id` integer PRIMARY KEY NOT NULL,
	`deployment_id` integer NOT NULL,
	`kind` integer NOT NULL,
	`key` text NOT NULL,
	`owner` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `entries_key` ON `entries` (`deployment_id`,`kind`,`key`);--> statement-breakpoint
CREATE INDEX `entries_owner` ON `entries` (`owner`) WHERE owner IS NOT NULL;--> statement-breakpoint
CREATE TABLE `versions` (
	`entry_id` integer NOT NULL,
	`valid_from` integer NOT NULL,
	`state` blob,
	PRIMARY KEY(`entry_id`, `valid_from`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `words` (
	`id` integer PRIMARY KEY NOT NULL,
	`text` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `writes` (
	`chain_id` integer NOT NULL,
	`block_number` integer NOT NULL,
	`entry_id` integer NOT NULL,
	PRIMARY KEY(`chain_id`, `block_number`, `entry_id`)
) WITHOUT ROWID;
--> statement-breakpoint
-- Snapshots stay. State is stored in another way from this version on: borrowers are searched for and read anew.
INSERT INTO `entries`(`id`, `deployment_id`, `kind`, `key`, `owner`)
  SELECT subjects.id, deployments.id, 1,
    substr(subjects.position, length(deployments.chain_id || ':' || deployments.protocol || ':' || deployments.deployment || ':') + 1), subjects.owner
  FROM subjects JOIN deployments ON subjects.chain_id = deployments.chain_id
    AND subjects.position LIKE deployments.chain_id || ':' || deployments.protocol || ':' || deployments.deployment || ':%';
--> statement-breakpoint
DROP VIEW `snapshots_rounded`;--> statement-breakpoint
DELETE FROM `snapshots` WHERE `subject_id` NOT IN (SELECT `id` FROM `entries`);--> statement-breakpoint
ALTER TABLE `snapshots` RENAME COLUMN `subject_id` TO `entry_id`;--> statement-breakpoint
ALTER TABLE `chains` ADD `thinned_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
UPDATE `deployments` SET `next_block` = `from_block` WHERE `from_block` IS NOT NULL;--> statement-breakpoint
UPDATE `snapshots` SET `health_ppm` = 70368744177664 WHERE `health_ppm` > 70368744177664;--> statement-breakpoint
DELETE FROM `pending`;--> statement-breakpoint
DROP TABLE `markets`;--> statement-breakpoint
DROP TABLE `positions`;--> statement-breakpoint
DROP TABLE `prices`;--> statement-breakpoint
DROP TABLE `subjects`;--> statement-breakpoint
CREATE VIEW `snapshots_rounded` AS 
  SELECT deployments.chain_id || ':' || deployments.protocol || ':' || deployments.deployment || ':' || entries.key AS position,
    entries.owner, snapshots.block_number,
    datetime(snapshots.timestamp, 'unixepoch') AS time,
    CASE snapshots.cause WHEN 0 THEN 'opened' WHEN 1 THEN 'activity' WHEN 2 THEN 'moved' WHEN 3 THEN 'crossed' WHEN 4 THEN 'checkpoint' WHEN 5 THEN 'closed' ELSE 'backfilled' END AS cause,
    snapshots.health_ppm / 1e6 AS health_rounded,
    snapshots.flags & 1 AS is_liquidatable,
    snapshots.reason
  FROM snapshots JOIN entries ON entries.id = snapshots.entry_id JOIN deployments ON deployments.id = entries.deployment_id
;