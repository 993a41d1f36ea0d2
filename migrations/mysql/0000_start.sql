CREATE TABLE `api_tokens` (
	`id` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`user` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	`last_used_at` bigint,
	`expires_at` bigint,
	CONSTRAINT `api_tokens_id` PRIMARY KEY(`id`),
	CONSTRAINT `api_tokens_hash` UNIQUE(`hash`)
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` bigint NOT NULL,
	`at` bigint NOT NULL,
	`type` varchar(60) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`actor` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin,
	`kind` varchar(63) character set utf8mb4 collate utf8mb4_bin,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin,
	`name` varchar(253) character set utf8mb4 collate utf8mb4_bin,
	`uid` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`cloud_id` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	`result` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`message` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`changes` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`request_ids` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`reconcile_id` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`previous_hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `audit_seq` PRIMARY KEY(`seq`)
);
--> statement-breakpoint
CREATE TABLE `audit_terms` (
	`term` varchar(300) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`seq` bigint NOT NULL,
	CONSTRAINT `audit_terms_term_seq_pk` PRIMARY KEY(`term`,`seq`)
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`value` bigint NOT NULL,
	CONSTRAINT `counters_name` PRIMARY KEY(`name`)
);
--> statement-breakpoint
CREATE TABLE `inventory` (
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`type` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`id` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`project_id` varchar(64) character set utf8mb4 collate utf8mb4_bin,
	`owner_uid` varchar(36) character set utf8mb4 collate utf8mb4_bin,
	`body` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`first_seen` bigint NOT NULL,
	`changed_at` bigint NOT NULL,
	`gone_at` bigint,
	CONSTRAINT `inventory_cluster_type_id_pk` PRIMARY KEY(`cluster`,`type`,`id`)
);
--> statement-breakpoint
CREATE TABLE `inventory_changes` (
	`seq` bigint AUTO_INCREMENT NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`type` varchar(40) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`id` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`at` bigint NOT NULL,
	`change` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`before` longtext character set utf8mb4 collate utf8mb4_bin,
	`after` longtext character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `inventory_changes_seq` PRIMARY KEY(`seq`)
);
--> statement-breakpoint
CREATE TABLE `object_events` (
	`resource_version` bigint NOT NULL,
	`resource` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`type` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`body` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`previous` longtext character set utf8mb4 collate utf8mb4_bin,
	`at` bigint NOT NULL,
	CONSTRAINT `object_events_resource_version` PRIMARY KEY(`resource_version`)
);
--> statement-breakpoint
CREATE TABLE `objects` (
	`resource` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`uid` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`resource_version` bigint NOT NULL,
	`body` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`created_at` bigint NOT NULL,
	CONSTRAINT `objects_resource_namespace_name_pk` PRIMARY KEY(`resource`,`namespace`,`name`)
);
--> statement-breakpoint
CREATE TABLE `settings` (
	`name` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`value` longtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `settings_name` PRIMARY KEY(`name`)
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
CREATE INDEX `inventory_owner` ON `inventory` (`owner_uid`);--> statement-breakpoint
CREATE INDEX `inventory_name` ON `inventory` (`cluster`,`type`,`name`);--> statement-breakpoint
CREATE INDEX `inventory_changes_row` ON `inventory_changes` (`cluster`,`type`,`id`,`at`);--> statement-breakpoint
CREATE INDEX `object_events_resource` ON `object_events` (`resource`,`resource_version`);--> statement-breakpoint
CREATE INDEX `objects_uid` ON `objects` (`uid`);