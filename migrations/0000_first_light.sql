CREATE TABLE `alerts` (
	`fingerprint` text NOT NULL,
	`active_at` integer NOT NULL,
	`chain_id` integer NOT NULL,
	`rule` text NOT NULL,
	`subject` text NOT NULL,
	`state` text NOT NULL,
	`starts_at` integer,
	`ends_at` integer,
	`alert` text NOT NULL,
	PRIMARY KEY(`fingerprint`, `active_at`)
);
--> statement-breakpoint
CREATE INDEX `alerts_state` ON `alerts` (`state`);--> statement-breakpoint
CREATE TABLE `audit_mismatches` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`chain_id` integer NOT NULL,
	`block_number` integer NOT NULL,
	`position` text NOT NULL,
	`differences` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `blocks` (
	`chain_id` integer NOT NULL,
	`number` integer NOT NULL,
	`hash` text NOT NULL,
	`timestamp` integer NOT NULL,
	PRIMARY KEY(`chain_id`, `number`)
);
--> statement-breakpoint
CREATE TABLE `chains` (
	`chain_id` integer PRIMARY KEY NOT NULL,
	`block_number` integer NOT NULL,
	`block_hash` text NOT NULL,
	`timestamp` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deployments` (
	`id` integer PRIMARY KEY NOT NULL,
	`chain_id` integer NOT NULL,
	`protocol` text NOT NULL,
	`deployment` text NOT NULL,
	`from_block` integer,
	`next_block` integer NOT NULL,
	`target_block` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deployments_name` ON `deployments` (`chain_id`,`protocol`,`deployment`);--> statement-breakpoint
CREATE TABLE `liquidations` (
	`chain_id` integer NOT NULL,
	`block_number` integer NOT NULL,
	`log_index` integer NOT NULL,
	`block_hash` text NOT NULL,
	`transaction_hash` text NOT NULL,
	`position` text NOT NULL,
	`owner` text NOT NULL,
	`liquidator` text NOT NULL,
	`debt_asset` text NOT NULL,
	`repaid` blob NOT NULL,
	`collateral_asset` text NOT NULL,
	`seized` blob NOT NULL,
	PRIMARY KEY(`chain_id`, `block_number`, `log_index`)
);
--> statement-breakpoint
CREATE TABLE `markets` (
	`deployment_id` integer NOT NULL,
	`key` text NOT NULL,
	`state` text NOT NULL,
	`block_number` integer NOT NULL,
	PRIMARY KEY(`deployment_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`receiver` text NOT NULL,
	`notification` text NOT NULL,
	`attempt_count` integer DEFAULT 0 NOT NULL,
	`next_attempt_at_ms` integer DEFAULT 0 NOT NULL,
	`delivered_at_ms` integer,
	`dead_at_ms` integer,
	`last_error` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_id` ON `outbox` (`id`,`receiver`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`delivered_at_ms`,`dead_at_ms`,`next_attempt_at_ms`);--> statement-breakpoint
CREATE TABLE `pending` (
	`deployment_id` integer NOT NULL,
	`key` text NOT NULL,
	`is_retry` integer NOT NULL,
	PRIMARY KEY(`deployment_id`, `key`, `is_retry`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `positions` (
	`deployment_id` integer NOT NULL,
	`key` text NOT NULL,
	`owner` text NOT NULL,
	`state` text NOT NULL,
	`block_number` integer NOT NULL,
	PRIMARY KEY(`deployment_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `positions_owner` ON `positions` (`owner`);--> statement-breakpoint
CREATE TABLE `prices` (
	`deployment_id` integer NOT NULL,
	`key` text NOT NULL,
	`reading` text NOT NULL,
	`block_number` integer NOT NULL,
	PRIMARY KEY(`deployment_id`, `key`)
);
--> statement-breakpoint
CREATE TABLE `snapshots` (
	`subject_id` integer NOT NULL,
	`block_number` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`cause` integer NOT NULL,
	`flags` integer NOT NULL,
	`health_ppm` integer,
	`health_factor` blob,
	`collateral_value` blob,
	`debt_value` blob,
	`reason` text,
	PRIMARY KEY(`subject_id`, `block_number`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `subjects` (
	`id` integer PRIMARY KEY NOT NULL,
	`position` text NOT NULL,
	`chain_id` integer NOT NULL,
	`owner` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_position` ON `subjects` (`position`);--> statement-breakpoint
CREATE INDEX `subjects_owner` ON `subjects` (`owner`);--> statement-breakpoint
CREATE TABLE `touches` (
	`deployment_id` integer NOT NULL,
	`block_number` integer NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`deployment_id`, `block_number`, `key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE VIEW `snapshots_rounded` AS 
  SELECT subjects.position, subjects.owner, snapshots.block_number,
    datetime(snapshots.timestamp, 'unixepoch') AS time,
    CASE snapshots.cause WHEN 0 THEN 'opened' WHEN 1 THEN 'activity' WHEN 2 THEN 'moved' WHEN 3 THEN 'crossed' WHEN 4 THEN 'checkpoint' ELSE 'closed' END AS cause,
    snapshots.health_ppm / 1e6 AS health_rounded,
    snapshots.flags & 1 AS is_liquidatable,
    snapshots.reason
  FROM snapshots JOIN subjects ON subjects.id = snapshots.subject_id
;