CREATE TABLE `bindings` (
	`uid` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`version` bigint NOT NULL,
	`at` bigint NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cloud_id` varchar(255) character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `bindings_uid_version_pk` PRIMARY KEY(`uid`,`version`)
);
--> statement-breakpoint
CREATE TABLE `revised_objects` (
	`uid` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`kind` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	CONSTRAINT `revised_objects_uid_cluster_pk` PRIMARY KEY(`uid`,`cluster`)
);
--> statement-breakpoint
CREATE TABLE `revisions` (
	`uid` varchar(36) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`revision` bigint NOT NULL,
	`kind` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`namespace` varchar(63) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`cluster` varchar(253) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`version` bigint NOT NULL,
	`at` bigint NOT NULL,
	`action` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`actor` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`through` varchar(255) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`spec` longtext character set utf8mb4 collate utf8mb4_bin,
	CONSTRAINT `revisions_uid_revision_pk` PRIMARY KEY(`uid`,`revision`)
);
--> statement-breakpoint
CREATE INDEX `bindings_uid` ON `bindings` (`uid`,`at`,`version`);--> statement-breakpoint
CREATE INDEX `revised_objects_name` ON `revised_objects` (`kind`,`namespace`,`name`,`uid`,`cluster`);--> statement-breakpoint
CREATE INDEX `revised_objects_cluster` ON `revised_objects` (`cluster`,`kind`,`namespace`,`name`,`uid`);--> statement-breakpoint
CREATE INDEX `revisions_name` ON `revisions` (`kind`,`namespace`,`name`,`at`,`version`);--> statement-breakpoint
CREATE INDEX `revisions_uid` ON `revisions` (`uid`,`at`,`version`);--> statement-breakpoint
CREATE INDEX `inventory_changes_cluster` ON `inventory_changes` (`cluster`,`at`);