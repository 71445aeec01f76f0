ALTER TABLE `deployments` ADD `searches_for` text DEFAULT 'borrowers' NOT NULL;
--> statement-breakpoint
-- State of markets has another shape from this version on: it is read anew, with all positions, in the first cycle.
DELETE FROM `markets`;
--> statement-breakpoint
DELETE FROM `prices`;
