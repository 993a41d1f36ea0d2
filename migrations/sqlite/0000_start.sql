CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`user` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`expires_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash` ON `api_tokens` (`hash`);--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`type` text NOT NULL,
	`actor` text NOT NULL,
	`cluster` text,
	`kind` text,
	`namespace` text,
	`name` text,
	`uid` text,
	`cloud_id` text,
	`result` text NOT NULL,
	`message` text NOT NULL,
	`changes` text NOT NULL,
	`request_ids` text NOT NULL,
	`reconcile_id` text,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE INDEX `audit_type` ON `audit` (`type`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actor`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_cluster` ON `audit` (`cluster`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_object` ON `audit` (`namespace`,`name`,`kind`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_uid` ON `audit` (`uid`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_cloud_id` ON `audit` (`cloud_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_result` ON `audit` (`result`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_reconcile` ON `audit` (`reconcile_id`,`seq`);--> statement-breakpoint
CREATE TABLE `audit_terms` (
	`term` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`term`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `inventory` (
	`cluster` text NOT NULL,
	`type` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`project_id` text,
	`owner_uid` text,
	`body` text NOT NULL,
	`hash` text NOT NULL,
	`first_seen` integer NOT NULL,
	`changed_at` integer NOT NULL,
	`gone_at` integer,
	PRIMARY KEY(`cluster`, `type`, `id`)
);
--> statement-breakpoint
CREATE INDEX `inventory_owner` ON `inventory` (`owner_uid`);--> statement-breakpoint
CREATE INDEX `inventory_name` ON `inventory` (`cluster`,`type`,`name`);--> statement-breakpoint
CREATE TABLE `inventory_changes` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`cluster` text NOT NULL,
	`type` text NOT NULL,
	`id` text NOT NULL,
	`at` integer NOT NULL,
	`change` text NOT NULL,
	`before` text,
	`after` text
);
--> statement-breakpoint
CREATE INDEX `inventory_changes_row` ON `inventory_changes` (`cluster`,`type`,`id`,`at`);--> statement-breakpoint
CREATE TABLE `object_events` (
	`resource_version` integer PRIMARY KEY NOT NULL,
	`resource` text NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`previous` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `object_events_resource` ON `object_events` (`resource`,`resource_version`);--> statement-breakpoint
CREATE TABLE `objects` (
	`resource` text NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`uid` text NOT NULL,
	`resource_version` integer NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`resource`, `namespace`, `name`)
);
--> statement-breakpoint
CREATE INDEX `objects_uid` ON `objects` (`uid`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
