CREATE TABLE `oracle_wiring` (
	`chain_id` integer NOT NULL,
	`source` text NOT NULL,
	`block_number` integer NOT NULL,
	`feeds` text NOT NULL,
	PRIMARY KEY(`chain_id`, `source`)
);
--> statement-breakpoint
CREATE TABLE `parameter_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`chain_id` integer NOT NULL,
	`block_number` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`market` text NOT NULL,
	`parameter` text NOT NULL,
	`asset` text,
	`before` text,
	`after` text,
	`effect` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `parameter_changes_block` ON `parameter_changes` (`chain_id`,`block_number`);--> statement-breakpoint
CREATE INDEX `parameter_changes_market` ON `parameter_changes` (`market`);--> statement-breakpoint
ALTER TABLE `chains` ADD `base_fee_wei` blob;