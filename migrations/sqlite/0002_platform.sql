CREATE TABLE `cluster_health` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`cluster` text NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `cluster_health_cluster` ON `cluster_health` (`cluster`,`at`);--> statement-breakpoint
CREATE INDEX `cluster_health_at` ON `cluster_health` (`at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`request` text NOT NULL,
	`status` integer,
	`answer` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`actor`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `imports` (
	`source` text NOT NULL,
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`target` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`source`, `kind`, `id`)
);
--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`email` text,
	`bindings` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_hash` ON `invitations` (`hash`);--> statement-breakpoint
CREATE TABLE `operations` (
	`id` text PRIMARY KEY NOT NULL,
	`action` text NOT NULL,
	`actor` text NOT NULL,
	`user_id` text,
	`cluster` text NOT NULL,
	`type` text NOT NULL,
	`target` text NOT NULL,
	`target_name` text NOT NULL,
	`namespace` text NOT NULL,
	`state` text NOT NULL,
	`percent` integer NOT NULL,
	`steps` text NOT NULL,
	`input` text NOT NULL,
	`progress` text,
	`result` text,
	`problem` text,
	`request_ids` text NOT NULL,
	`parent` text,
	`retry_of` text,
	`attempts` integer NOT NULL,
	`cancel_requested_at` integer,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`heartbeat_at` integer,
	`runner` text,
	`address` text,
	`session` text,
	`request_id` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `operations_created` ON `operations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `operations_state` ON `operations` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_actor` ON `operations` (`actor`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_target` ON `operations` (`cluster`,`type`,`target`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_parent` ON `operations` (`parent`,`state`);--> statement-breakpoint
CREATE TABLE `preferences` (
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `name`)
);
--> statement-breakpoint
CREATE TABLE `role_bindings` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`cluster` text NOT NULL,
	`namespace` text NOT NULL,
	`source` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `role_bindings_user` ON `role_bindings` (`user_id`);--> statement-breakpoint
CREATE INDEX `role_bindings_role` ON `role_bindings` (`role`);--> statement-breakpoint
CREATE TABLE `roles` (
	`name` text PRIMARY KEY NOT NULL,
	`description` text NOT NULL,
	`permissions` text NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`proven_at` integer NOT NULL,
	`address` text NOT NULL,
	`user_agent` text NOT NULL,
	`csrf` text NOT NULL,
	`stage` text NOT NULL,
	`how` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_hash` ON `sessions` (`hash`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `sign_in_failures` (
	`key` text PRIMARY KEY NOT NULL,
	`failures` integer NOT NULL,
	`last_at` integer NOT NULL,
	`blocked_until` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`username` text NOT NULL,
	`email` text,
	`display_name` text,
	`password_hash` text,
	`state` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`last_login_at` integer,
	`password_changed_at` integer,
	`totp` text,
	`totp_step` integer,
	`recovery_codes` text,
	`issuer` text,
	`subject` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_username` ON `users` (`username`);--> statement-breakpoint
CREATE INDEX `users_email` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_subject` ON `users` (`subject`);--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `user_id` text;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `scope` text;--> statement-breakpoint
CREATE INDEX `api_tokens_user` ON `api_tokens` (`user_id`);--> statement-breakpoint
ALTER TABLE `audit` ADD `address` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `session` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `request_id` text;--> statement-breakpoint
ALTER TABLE `audit` ADD `origin` text;