CREATE TABLE `host_keys` (
	`cluster` text NOT NULL,
	`server_id` text NOT NULL,
	`port` integer NOT NULL,
	`algorithm` text NOT NULL,
	`fingerprint` text NOT NULL,
	`public_key` text NOT NULL,
	`learnt_from` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`last_seen_at` integer,
	PRIMARY KEY(`cluster`, `server_id`, `port`, `fingerprint`)
);
--> statement-breakpoint
CREATE TABLE `terminal_chunks` (
	`terminal` text NOT NULL,
	`seq` integer NOT NULL,
	`from_ms` integer NOT NULL,
	`until_ms` integer NOT NULL,
	`bytes` integer NOT NULL,
	`hash` text NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`terminal`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `terminal_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`cluster` text NOT NULL,
	`algorithm` text NOT NULL,
	`fingerprint` text NOT NULL,
	`public_key` text NOT NULL,
	`secret` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `terminal_keys_name` ON `terminal_keys` (`cluster`,`name`);--> statement-breakpoint
CREATE TABLE `terminal_profiles` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`cluster` text NOT NULL,
	`server_id` text NOT NULL,
	`user` text NOT NULL,
	`port` integer NOT NULL,
	`via` text NOT NULL,
	`key_id` text,
	`created_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `terminal_profiles_name` ON `terminal_profiles` (`cluster`,`server_id`,`name`);--> statement-breakpoint
CREATE INDEX `terminal_profiles_key` ON `terminal_profiles` (`key_id`);--> statement-breakpoint
CREATE TABLE `terminals` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`user` text NOT NULL,
	`user_id` text,
	`session` text,
	`address` text NOT NULL,
	`cluster` text NOT NULL,
	`namespace` text NOT NULL,
	`server_id` text NOT NULL,
	`server_name` text NOT NULL,
	`remote` text NOT NULL,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`opened_at` integer,
	`ended_at` integer,
	`end_reason` text,
	`end_detail` text,
	`home` text NOT NULL,
	`seen_at` integer NOT NULL,
	`recording` text NOT NULL,
	`recording_key` text,
	`chunks` integer NOT NULL,
	`bytes` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`head` text,
	`manifest` text
);
--> statement-breakpoint
CREATE INDEX `terminals_created` ON `terminals` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `terminals_state` ON `terminals` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `terminals_user` ON `terminals` (`user`,`created_at`);--> statement-breakpoint
CREATE INDEX `terminals_server` ON `terminals` (`cluster`,`server_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `terminals_recording` ON `terminals` (`recording`,`created_at`);