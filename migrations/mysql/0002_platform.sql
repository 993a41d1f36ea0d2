CREATE TABLE `cluster_health` (
	`seq` bigint AUTO_INCREMENT NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`at` bigint NOT NULL,
	`body` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `cluster_health_seq` PRIMARY KEY(`seq`)
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`actor` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`key` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`request` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`status` bigint,
	`answer` longtext character set utf8mb4 collate utf8mb4_bin,
	`created_at` bigint NOT NULL,
	CONSTRAINT `idempotency_keys_actor_key_pk` PRIMARY KEY(`actor`,`key`)
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`source` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`kind` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`id` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`target` varchar(300) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`at` bigint NOT NULL,
	CONSTRAINT `imports_source_kind_id_pk` PRIMARY KEY(`source`,`kind`,`id`)
);
--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`email` varchar(254) character set utf8mb4 collate utf8mb4_bin,
	`bindings` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`created_by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`expires_at` bigint NOT NULL,
	`used_at` bigint,
	CONSTRAINT `invitations_id` PRIMARY KEY(`id`),
	CONSTRAINT `invitations_hash` UNIQUE(`hash`)
);
--> statement-breakpoint
CREATE TABLE `operations` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`action` varchar(60) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`actor` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`type` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`target` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`target_name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`state` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`percent` bigint NOT NULL,
	`steps` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`input` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`progress` longtext character set utf8mb4 collate utf8mb4_bin,
	`result` longtext character set utf8mb4 collate utf8mb4_bin,
	`problem` longtext character set utf8mb4 collate utf8mb4_bin,
	`request_ids` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`parent` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`retry_of` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`attempts` bigint NOT NULL,
	`cancel_requested_at` bigint,
	`created_at` bigint NOT NULL,
	`started_at` bigint,
	`ended_at` bigint,
	`heartbeat_at` bigint,
	`runner` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`address` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`session` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`request_id` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`version` bigint NOT NULL,
	CONSTRAINT `operations_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `preferences` (
	`user_id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`value` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`updated_at` bigint NOT NULL,
	CONSTRAINT `preferences_user_id_name_pk` PRIMARY KEY(`user_id`,`name`)
);
--> statement-breakpoint
CREATE TABLE `role_bindings` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`role` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`source` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`created_by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `role_bindings_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE TABLE `roles` (
	`name` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`description` varchar(500) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`permissions` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`updated_at` bigint NOT NULL,
	`updated_by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`version` bigint NOT NULL,
	CONSTRAINT `roles_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`last_seen_at` bigint NOT NULL,
	`expires_at` bigint NOT NULL,
	`proven_at` bigint NOT NULL,
	`address` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_agent` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`csrf` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`stage` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`how` varchar(20) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `sessions_id` PRIMARY KEY(`id`),
	CONSTRAINT `sessions_hash` UNIQUE(`hash`)
);
--> statement-breakpoint
CREATE TABLE `sign_in_failures` (
	`key` varchar(300) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`failures` bigint NOT NULL,
	`last_at` bigint NOT NULL,
	`blocked_until` bigint NOT NULL,
	CONSTRAINT `sign_in_failures_key` PRIMARY KEY(`key`)
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`username` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`email` varchar(254) character set utf8mb4 collate utf8mb4_bin,
	`display_name` varchar(200) character set utf8mb4 collate utf8mb4_bin,
	`password_hash` longtext character set utf8mb4 collate utf8mb4_bin,
	`state` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`created_by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`last_login_at` bigint,
	`password_changed_at` bigint,
	`totp` longtext character set utf8mb4 collate utf8mb4_bin,
	`totp_step` bigint,
	`recovery_codes` longtext character set utf8mb4 collate utf8mb4_bin,
	`issuer` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`subject` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`version` bigint NOT NULL,
	CONSTRAINT `users_id` PRIMARY KEY(`id`),
	CONSTRAINT `users_username` UNIQUE(`username`)
);
--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `user_id` varchar(36) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `scope` longtext character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `audit` ADD `address` varchar(64) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `audit` ADD `session` varchar(36) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `audit` ADD `request_id` varchar(64) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `audit` ADD `origin` varchar(255) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
CREATE INDEX `cluster_health_cluster` ON `cluster_health` (`cluster`,`at`);--> statement-breakpoint
CREATE INDEX `cluster_health_at` ON `cluster_health` (`at`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_created` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE INDEX `operations_created` ON `operations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `operations_state` ON `operations` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_actor` ON `operations` (`actor`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_target` ON `operations` (`cluster`,`type`,`target`,`created_at`);--> statement-breakpoint
CREATE INDEX `operations_parent` ON `operations` (`parent`,`state`);--> statement-breakpoint
CREATE INDEX `role_bindings_user` ON `role_bindings` (`user_id`);--> statement-breakpoint
CREATE INDEX `role_bindings_role` ON `role_bindings` (`role`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `users_email` ON `users` (`email`);--> statement-breakpoint
CREATE INDEX `users_subject` ON `users` (`subject`);--> statement-breakpoint
CREATE INDEX `api_tokens_user` ON `api_tokens` (`user_id`);