CREATE TABLE `acknowledgements` (
	`fingerprint` text NOT NULL,
	`active_at` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`by` text NOT NULL,
	`comment` text NOT NULL,
	PRIMARY KEY(`fingerprint`, `active_at`)
);
--> statement-breakpoint
CREATE TABLE `decisions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`chain_id` integer NOT NULL,
	`fingerprint` text NOT NULL,
	`active_at` integer NOT NULL,
	`receiver` text NOT NULL,
	`is_sent` integer NOT NULL,
	`reason` text NOT NULL,
	`detail` text,
	`notification_id` text
);
--> statement-breakpoint
CREATE INDEX `decisions_alert` ON `decisions` (`fingerprint`,`active_at`);--> statement-breakpoint
CREATE INDEX `decisions_time` ON `decisions` (`at_ms`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`name` text PRIMARY KEY NOT NULL,
	`done_at_ms` integer,
	`failed_at_ms` integer,
	`error` text
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`fingerprint` text NOT NULL,
	`active_at` integer NOT NULL,
	`receiver` text NOT NULL,
	`chain_id` integer NOT NULL,
	`is_open` integer NOT NULL,
	`notice` text NOT NULL,
	PRIMARY KEY(`fingerprint`, `active_at`, `receiver`)
);
--> statement-breakpoint
CREATE INDEX `notices_open` ON `notices` (`chain_id`) WHERE is_open = 1;--> statement-breakpoint
CREATE TABLE `silences` (
	`id` text PRIMARY KEY NOT NULL,
	`match` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`comment` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `watches` (
	`account` text PRIMARY KEY NOT NULL,
	`label` text,
	`receivers` text,
	`created_at` integer NOT NULL
);
