CREATE TABLE `bindings` (
	`uid` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`cluster` text NOT NULL,
	`cloud_id` text,
	PRIMARY KEY(`uid`, `version`)
);
--> statement-breakpoint
CREATE INDEX `bindings_uid` ON `bindings` (`uid`,`at`,`version`);--> statement-breakpoint
CREATE TABLE `revised_objects` (
	`uid` text NOT NULL,
	`cluster` text NOT NULL,
	`kind` text NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	PRIMARY KEY(`uid`, `cluster`)
);
--> statement-breakpoint
CREATE INDEX `revised_objects_name` ON `revised_objects` (`kind`,`namespace`,`name`,`uid`,`cluster`);--> statement-breakpoint
CREATE INDEX `revised_objects_cluster` ON `revised_objects` (`cluster`,`kind`,`namespace`,`name`,`uid`);--> statement-breakpoint
CREATE TABLE `revisions` (
	`uid` text NOT NULL,
	`revision` integer NOT NULL,
	`kind` text NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`cluster` text NOT NULL,
	`version` integer NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`actor` text NOT NULL,
	`through` text NOT NULL,
	`spec` text,
	PRIMARY KEY(`uid`, `revision`)
);
--> statement-breakpoint
CREATE INDEX `revisions_name` ON `revisions` (`kind`,`namespace`,`name`,`at`,`version`);--> statement-breakpoint
CREATE INDEX `revisions_uid` ON `revisions` (`uid`,`at`,`version`);--> statement-breakpoint
CREATE INDEX `inventory_changes_cluster` ON `inventory_changes` (`cluster`,`at`);