CREATE TABLE `host_keys` (
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`server_id` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`port` bigint NOT NULL,
	`algorithm` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`fingerprint` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`public_key` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`learnt_from` varchar(12) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`at` bigint NOT NULL,
	`last_seen_at` bigint,
	CONSTRAINT `host_keys_cluster_server_id_port_fingerprint_pk` PRIMARY KEY(`cluster`,`server_id`,`port`,`fingerprint`)
);
--> statement-breakpoint
CREATE TABLE `terminal_chunks` (
	`terminal` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`seq` bigint NOT NULL,
	`from_ms` bigint NOT NULL,
	`until_ms` bigint NOT NULL,
	`bytes` bigint NOT NULL,
	`hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`data` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `terminal_chunks_terminal_seq_pk` PRIMARY KEY(`terminal`,`seq`)
);
--> statement-breakpoint
CREATE TABLE `terminal_keys` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`algorithm` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`fingerprint` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`public_key` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`secret` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`last_used_at` bigint,
	CONSTRAINT `terminal_keys_id` PRIMARY KEY(`id`),
	CONSTRAINT `terminal_keys_name` UNIQUE(`cluster`,`name`)
);
--> statement-breakpoint
CREATE TABLE `terminal_profiles` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`server_id` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`port` bigint NOT NULL,
	`via` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`key_id` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`created_by` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`updated_at` bigint NOT NULL,
	CONSTRAINT `terminal_profiles_id` PRIMARY KEY(`id`),
	CONSTRAINT `terminal_profiles_name` UNIQUE(`cluster`,`server_id`,`name`)
);
--> statement-breakpoint
CREATE TABLE `terminals` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`purpose` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user_id` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`session` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`address` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`server_id` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`server_name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`remote` varchar(400) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`state` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`opened_at` bigint,
	`ended_at` bigint,
	`end_reason` varchar(20) character set utf8mb4 collate utf8mb4_bin,
	`end_detail` longtext character set utf8mb4 collate utf8mb4_bin,
	`home` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`seen_at` bigint NOT NULL,
	`recording` varchar(12) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`recording_key` longtext character set utf8mb4 collate utf8mb4_bin,
	`chunks` bigint NOT NULL,
	`bytes` bigint NOT NULL,
	`duration_ms` bigint NOT NULL,
	`head` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`manifest` longtext character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `terminals_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
CREATE INDEX `terminal_profiles_key` ON `terminal_profiles` (`key_id`);--> statement-breakpoint
CREATE INDEX `terminals_created` ON `terminals` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `terminals_state` ON `terminals` (`state`,`created_at`);--> statement-breakpoint
CREATE INDEX `terminals_user` ON `terminals` (`user`,`created_at`);--> statement-breakpoint
CREATE INDEX `terminals_server` ON `terminals` (`cluster`,`server_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `terminals_recording` ON `terminals` (`recording`,`created_at`);