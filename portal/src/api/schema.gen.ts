// Made by `make generate` from core/api/openapi.json; do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Accessory: {
            /** Format: int64 */
            artifact_id: number;
            /** Format: date-time */
            creation_time: string;
            digest: string;
            icon: string;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            size: number;
            subject_artifact_digest: string;
            /** Format: int64 */
            subject_artifact_id: number;
            subject_artifact_repo: string;
            type: string;
        };
        ActionRequest: {
            /**
             * @description stop: what waits; what runs goes on
             * @enum {string}
             */
            action: "stop" | "pause" | "resume";
        };
        ActivityDay: {
            /**
             * Format: date
             * @description UTC
             */
            day: string;
            /** Format: int64 */
            pulls: number;
            /** Format: int64 */
            pushes: number;
            /**
             * Format: int64
             * @description Bytes
             */
            stored: number;
        };
        AdditionLink: {
            absolute: boolean;
            href: string;
        };
        AddLabelRequest: {
            /** Format: int64 */
            id: number;
        };
        Artifact: {
            accessories: components["schemas"]["Accessory"][] | null;
            addition_links?: {
                [key: string]: components["schemas"]["AdditionLink"];
            };
            annotations?: {
                [key: string]: string;
            };
            artifact_type?: string;
            digest: string;
            /** @description Facts of the config */
            extra_attrs?: {
                [key: string]: unknown;
            };
            icon?: string;
            /** Format: int64 */
            id: number;
            /** @description With with_label */
            labels: components["schemas"]["Label"][] | null;
            manifest_media_type: string;
            /** @description Of the config, or of an index itself */
            media_type: string;
            /** Format: int64 */
            project_id: number;
            /** Format: date-time */
            pull_time: string;
            /** Format: date-time */
            push_time: string;
            /** @description The artifacts of an index */
            references: components["schemas"]["Reference"][] | null;
            /** Format: int64 */
            repository_id: number;
            /** @description project/name */
            repository_name: string;
            /**
             * Format: int64
             * @description Bytes of manifest, config and layers
             */
            size: number;
            tags: components["schemas"]["Tag"][] | null;
            /** @description IMAGE, CHART, … */
            type: string;
        };
        ArtifactItem: {
            digest: string;
            /** Format: int64 */
            project_id: number;
            /** Format: date-time */
            push_time: string;
            /** @description project/name */
            repository_name: string;
            /** @description The newest ten */
            tags: string[];
            /** @description IMAGE, CHART, … */
            type: string;
        };
        AuditEntry: {
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            op_time: string;
            operation: string;
            operation_description?: string;
            operation_result: boolean;
            resource: string;
            resource_type: string;
            username: string;
        };
        BinRestoring: {
            /** @description Ids of deleted artifacts */
            artifacts?: number[] | null;
            /** @description By the id of a repository of those: the name in the project that it comes back under */
            names?: {
                [key: string]: string;
            };
            /** @description Ids of deleted repositories */
            repositories?: number[] | null;
        };
        BinSelection: {
            /** @description Ids of deleted artifacts */
            artifacts?: number[] | null;
            /** @description Ids of deleted repositories */
            repositories?: number[] | null;
        };
        BrokenArtifact: {
            digest: string;
            /** @description With the project */
            repository_name: string;
            /** @description One of its tags */
            tag?: string;
        };
        CliSecret: {
            secret: string;
        };
        Component: {
            error?: string;
            name: string;
            /** @enum {string} */
            status: "healthy" | "unhealthy";
        };
        CVE: {
            cve_id: string;
        };
        CVEAllowlist: {
            /** Format: date-time */
            creation_time: string;
            /**
             * Format: int64
             * @description Seconds since 1970
             */
            expires_at?: number;
            /** Format: int64 */
            id?: number;
            items: components["schemas"]["CVE"][] | null;
            /** Format: int64 */
            project_id?: number;
            /** Format: date-time */
            update_time: string;
        };
        Deletable: {
            deletable?: boolean;
            message?: string;
        };
        DeletedArtifact: {
            cause: string;
            /** Format: date-time */
            delete_time: string;
            digest: string;
            /** Format: int64 */
            id: number;
            operator: string;
            /** Format: int64 */
            project_id: number;
            project_name: string;
            /**
             * Format: int64
             * @description Bytes that only the recycle bin keeps
             */
            recoverable: number;
            /** @description project/name */
            repository_name: string;
            /** Format: date-time */
            restorable_until: string;
            /**
             * Format: int64
             * @description Bytes of manifest, config and layers
             */
            size: number;
            /** @description That were removed with it, at most 100 */
            tags: string[];
            type: string;
        };
        DeletedProject: {
            /**
             * Format: int64
             * @description That come back with its repositories
             */
            artifact_count: number;
            /** Format: date-time */
            delete_time: string;
            lost: components["schemas"]["LostWithProject"];
            name: string;
            /** @description Another project has the name now: restore this one under another */
            name_taken: boolean;
            operator: string;
            /** Format: int64 */
            project_id: number;
            /**
             * Format: int64
             * @description Bytes that its recycle bin keeps
             */
            recoverable: number;
            /**
             * Format: int64
             * @description In its recycle bin, to be restored after it
             */
            repository_count: number;
            /** Format: date-time */
            restorable_until: string;
        };
        DeletedRepository: {
            /**
             * Format: int64
             * @description That were deleted with it
             */
            artifact_count: number;
            /** Format: date-time */
            delete_time: string;
            /** Format: int64 */
            id: number;
            /** @description project/name */
            name: string;
            /** @description Another repository has the name now: restore this one under another */
            name_taken: boolean;
            operator: string;
            /** Format: int64 */
            project_id: number;
            project_name: string;
            /**
             * Format: int64
             * @description Bytes that only the recycle bin keeps
             */
            recoverable: number;
            /** Format: date-time */
            restorable_until: string;
            /**
             * Format: int64
             * @description That were removed with it
             */
            tag_count: number;
        };
        Emptied: {
            /**
             * Format: int64
             * @description With those of the repositories, and with what refers to them
             */
            artifacts: number;
            /** Format: int64 */
            repositories: number;
        };
        EventType: {
            event_type: string;
        };
        ExecHistory: {
            /** Format: date-time */
            creation_time: string;
            /** Format: int64 */
            id: number;
            /** @description MANUAL or SCHEDULE; of a schedule: its cron */
            job_kind: string;
            job_name?: string;
            /** @description JSON, with the result once there is one */
            job_parameters: string;
            job_status: string;
            /** @description Of a run; its bytes are those that it has freed or read */
            progress?: components["schemas"]["JobProgress"];
            schedule: components["schemas"]["ScheduleObj"];
            /** Format: date-time */
            update_time: string;
        };
        Execution: {
            /** Format: date-time */
            creation_time: string;
            /** Format: date-time */
            end_time?: string;
            /** Format: int64 */
            id: number;
            kind: string;
            parameters: {
                [key: string]: unknown;
            };
            progress: components["schemas"]["JobProgress"];
            result?: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            start_time?: string;
            /** @description Pending, Running, Stopped, Error or Success */
            status: string;
            status_message?: string;
            /** @description Somebody asked to stop it */
            stopping?: boolean;
            /**
             * Format: int64
             * @description The policy that it is a run of
             */
            subject_id?: number;
            /** @description manual, schedule or event */
            trigger: string;
            username: string;
        };
        ExecutionTask: {
            /** Format: int64 */
            bytes?: number;
            /** Format: date-time */
            creation_time: string;
            /** Format: int64 */
            done: number;
            /** Format: date-time */
            end_time?: string;
            /** Format: int64 */
            id: number;
            /** @description Its name in /jobservice/jobs */
            job_id: string;
            kind: string;
            parameters: {
                [key: string]: unknown;
            };
            /** @description The process that works on it, or did last */
            pool_id?: string;
            /**
             * Format: int64
             * @description Bytes a second, on the average
             */
            rate?: number;
            result?: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            run_count: number;
            /** Format: date-time */
            start_time?: string;
            /** @description Pending, Running, Scheduled (for another attempt), Stopped, Error or Success */
            status: string;
            status_message?: string;
            stopping?: boolean;
            /** Format: int64 */
            total?: number;
        };
        FilterStyle: {
            /** @description input, radio or list */
            style: string;
            /** @description name, tag, label or resource */
            type: string;
            values: string[] | null;
        };
        FoundItems: {
            artifacts: components["schemas"]["ArtifactItem"][];
            projects: components["schemas"]["ProjectItem"][];
            repositories: components["schemas"]["RepositoryItem"][];
            tags: components["schemas"]["TagItem"][];
        };
        FoundRepository: {
            /** Format: int64 */
            artifact_count?: number;
            /** Format: int64 */
            project_id: number;
            project_name: string;
            project_public?: boolean;
            /** Format: int64 */
            pull_count?: number;
            /** @description project/name */
            repository_name: string;
        };
        FoundUser: {
            /** Format: int64 */
            user_id: number;
            username: string;
        };
        HealthReport: {
            components: components["schemas"]["Component"][];
            /** @enum {string} */
            status: "healthy" | "unhealthy";
        };
        Icon: {
            /** @description Base64 */
            content: string;
            "content-type": string;
        };
        ImmutableRule: {
            /** @description immutable */
            action: string;
            disabled?: boolean;
            /** Format: int64 */
            id: number;
            /** @description repository: all of these have to match the repository, named without its project */
            scope_selectors: {
                [key: string]: components["schemas"]["Selector"][] | null;
            };
            /** @description All of these have to match the tag */
            tag_selectors: components["schemas"]["Selector"][] | null;
            /** @description immutable_template */
            template: string;
            /**
             * Format: date-time
             * @description Roadstead's addition, for If-Match
             */
            update_time: string;
        };
        JobProgress: {
            /** Format: int64 */
            bytes?: number;
            /** Format: int64 */
            done: number;
            /**
             * Format: int64
             * @description Tasks
             */
            ended: number;
            /**
             * Format: int64
             * @description Tasks
             */
            failed?: number;
            /**
             * Format: int64
             * @description Bytes a second, on the average
             */
            rate?: number;
            /** Format: int64 */
            tasks: number;
            /**
             * Format: int64
             * @description Missing while it is not known
             */
            total?: number;
        };
        JobQueue: {
            /**
             * Format: int64
             * @description How many wait
             */
            count?: number;
            job_type: string;
            /**
             * Format: int64
             * @description For how many seconds the first of them has waited
             */
            latency?: number;
            paused: boolean;
            paused_by?: string;
            /**
             * Format: int64
             * @description How many run, in all processes
             */
            running?: number;
        };
        Label: {
            /** @description #rrggbb */
            color?: string;
            /** Format: date-time */
            creation_time: string;
            description?: string;
            /** Format: int64 */
            id: number;
            name: string;
            /** Format: int64 */
            project_id?: number;
            /** @description g: of all projects; p: of one */
            scope: string;
            /** Format: date-time */
            update_time: string;
        };
        LegacyAuditEntry: {
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            op_time: string;
            operation: string;
            resource: string;
            resource_type: string;
            username: string;
        };
        LogLine: {
            /** Format: date-time */
            at: string;
            /** @description INFO, WARNING or ERROR; missing where lines were dropped */
            level?: string;
            /** Format: int64 */
            seq: number;
            text: string;
        };
        LogLines: {
            /** @description There will be no more */
            ended: boolean;
            lines: components["schemas"]["LogLine"][];
            /**
             * Format: int64
             * @description What to ask for after next
             */
            next: number;
        };
        LostWithProject: {
            retention_policy: boolean;
            /** Format: int64 */
            robot_count: number;
            /**
             * Format: int64
             * @description Robots of the system or of other projects that were given something in it
             */
            robot_grant_count: number;
        };
        Member: {
            /**
             * Format: int64
             * @description The user's id
             */
            entity_id: number;
            entity_name: string;
            /** @description u: a user */
            entity_type: string;
            /**
             * Format: int64
             * @description Of the membership
             */
            id: number;
            /** Format: int64 */
            project_id: number;
            /**
             * Format: int64
             * @description 1 projectAdmin, 2 developer, 3 guest, 4 maintainer, 5 limitedGuest
             */
            role_id: number;
            role_name: string;
        };
        MemberGroup: {
            group_name?: string;
            /** Format: int64 */
            id?: number;
        };
        MemberRole: {
            /** Format: int64 */
            role_id: number;
        };
        MemberUser: {
            /** Format: int64 */
            user_id?: number;
            username?: string;
        };
        NewAllowlist: {
            /**
             * Format: int64
             * @description Seconds since 1970; null for never
             */
            expires_at?: number;
            items: components["schemas"]["CVE"][] | null;
        };
        NewImmutableRule: {
            action?: string;
            disabled?: boolean;
            scope_selectors: {
                [key: string]: components["schemas"]["Selector"][] | null;
            };
            tag_selectors: components["schemas"]["Selector"][] | null;
            template?: string;
        };
        NewLabel: {
            color?: string;
            description?: string;
            name: string;
            /** Format: int64 */
            project_id?: number;
            scope?: string;
        };
        NewMember: {
            /** @description There are no groups yet */
            member_group?: components["schemas"]["MemberGroup"];
            /** @description By id or by name */
            member_user?: components["schemas"]["MemberUser"];
            /** Format: int64 */
            role_id: number;
        };
        NewPassword: {
            new_password: string;
            /** @description Needed to change one's own */
            old_password?: string;
        };
        NewProject: {
            cve_allowlist?: components["schemas"]["NewAllowlist"];
            metadata?: components["schemas"]["ProjectMetadata"];
            project_name: string;
            /** @description Superseded by metadata.public */
            public?: boolean;
            /**
             * Format: int64
             * @description Of the registry that a proxy cache project caches
             */
            registry_id?: number;
            /**
             * Format: int64
             * @description Bytes; -1 for no limit; only a system administrator can set it
             */
            storage_limit?: number;
        };
        NewRegistry: {
            ca_certificate?: string;
            credential?: components["schemas"]["RegistryCredential"];
            description?: string;
            insecure?: boolean;
            name: string;
            /** @description One of /replication/adapters */
            type: string;
            url: string;
        };
        NewRetention: {
            /** @description or */
            algorithm?: string;
            /**
             * Format: int64
             * @description Not read
             */
            id?: number;
            rules?: components["schemas"]["RetentionRule"][] | null;
            scope?: components["schemas"]["RetentionScope"];
            trigger?: components["schemas"]["RetentionTrigger"];
        };
        NewRobot: {
            description?: string;
            disable?: boolean;
            /**
             * Format: int64
             * @description Days; -1 for ever
             */
            duration: number;
            /** @description system or project */
            level: string;
            /** @description Without prefix and project */
            name: string;
            permissions: components["schemas"]["RobotPermission"][] | null;
            /** @description Not read: the secret is generated; PATCH sets another */
            secret?: string;
        };
        NewTag: {
            name: string;
        };
        NewUser: {
            comment?: string;
            email: string;
            password: string;
            realname: string;
            username: string;
        };
        NullBody: Record<string, never>;
        OperateRetentionExecutionRequest: {
            /** @description stop */
            action: string;
        };
        PastArtifact: {
            /** Format: int64 */
            artifact_id: number;
            /** @description Empty when it is not known any more */
            digest: string;
            /**
             * Format: date-time
             * @description In the recycle bin
             */
            restorable_until?: string;
            /** @enum {string} */
            state: "alive" | "bin" | "purged";
        };
        Permission: {
            action: string;
            resource: string;
        };
        PermissionCatalogue: {
            project: components["schemas"]["Permission"][];
            system: components["schemas"]["Permission"][];
        };
        Platform: {
            architecture?: string;
            os?: string;
            OsFeatures: string[] | null;
            OsVersion?: string;
            variant?: string;
        };
        Preferences: {
            /** @enum {string} */
            language?: "en" | "zh-CN" | "";
            /** @description Ids, in the person's order */
            pinned_projects?: number[];
            /**
             * @description Whose commands are shown
             * @enum {string}
             */
            pull_client?: "docker" | "podman" | "nerdctl" | "crane" | "oras" | "helm" | "";
            /** @enum {string} */
            theme?: "light" | "dark" | "auto" | "";
        };
        Problem: {
            errors: components["schemas"]["ProblemDetail"][];
        };
        ProblemDetail: {
            /** @description What kind of error it is: NOT_FOUND, CONFLICT, … */
            code: string;
            /** @description What is wrong and what would help, for a person */
            message: string;
        };
        Project: {
            /** Format: date-time */
            creation_time: string;
            /**
             * Format: int64
             * @description The strongest role of the caller
             */
            current_user_role_id?: number;
            current_user_role_ids: number[] | null;
            cve_allowlist: components["schemas"]["CVEAllowlist"];
            /**
             * Format: date-time
             * @description Of what the lists show; missing when nothing was pushed
             */
            last_push_time?: string;
            metadata: {
                [key: string]: string;
            };
            name: string;
            /** Format: int64 */
            owner_id: number;
            owner_name?: string;
            /** Format: int64 */
            project_id: number;
            /** Format: int64 */
            repo_count: number;
            /**
             * Format: int64
             * @description Bytes, -1 for no limit; for those who may read the quota
             */
            storage_limit?: number;
            /**
             * Format: int64
             * @description Bytes; for those who may read the quota
             */
            storage_used?: number;
            /** Format: date-time */
            update_time: string;
        };
        ProjectItem: {
            name: string;
            /** Format: int64 */
            project_id: number;
            public: boolean;
        };
        ProjectMetadata: {
            auto_sbom_generation?: string;
            auto_scan?: string;
            enable_content_trust?: string;
            enable_content_trust_cosign?: string;
            max_upstream_conn?: string;
            prevent_vul?: string;
            proxy_cache_filter_kind?: string;
            proxy_cache_filter_pattern?: string;
            proxy_cache_local_on_not_found?: string;
            proxy_referrer_api?: string;
            proxy_speed_kb?: string;
            public?: string;
            /** @description Roadstead's addition: for how long what is deleted can be restored, 0 to 365 */
            recovery_days?: string;
            retention_id?: string;
            reuse_sys_cve_allowlist?: string;
            severity?: string;
            /** @description Roadstead's addition: tags expire after so many days */
            tag_expiry_days?: string;
            /** @description Roadstead's addition: which tags expire, ** without it */
            tag_expiry_pattern?: string;
        };
        ProjectQuota: {
            hard: components["schemas"]["StorageBytes"];
            /** @description Roadstead's addition: the part of used that only what was deleted and can be restored keeps */
            recoverable?: components["schemas"]["StorageBytes"];
            used: components["schemas"]["StorageBytes"];
        };
        ProjectRestoring: {
            /** @description That it comes back under; missing: the one that it had */
            name?: string;
        };
        ProjectSummary: {
            /** Format: int64 */
            developer_count?: number;
            /** Format: int64 */
            guest_count?: number;
            /** Format: int64 */
            limited_guest_count?: number;
            /** Format: int64 */
            maintainer_count?: number;
            /** Format: int64 */
            project_admin_count?: number;
            quota?: components["schemas"]["ProjectQuota"];
            /** Format: int64 */
            repo_count: number;
        };
        ProjectUpdate: {
            cve_allowlist?: components["schemas"]["NewAllowlist"];
            metadata?: components["schemas"]["ProjectMetadata"];
            /** @description Superseded by metadata.public */
            public?: boolean;
            /**
             * Format: int64
             * @description Bytes; -1 for no limit; only a system administrator can set it
             */
            storage_limit?: number;
        };
        Quota: {
            /** Format: date-time */
            creation_time: string;
            hard: components["schemas"]["StorageBytes"];
            /** Format: int64 */
            id: number;
            /** @description Roadstead's addition: the part of used that only what was deleted and can be restored keeps */
            recoverable: components["schemas"]["StorageBytes"];
            ref: components["schemas"]["QuotaRef"];
            /**
             * Format: date-time
             * @description Of the limit
             */
            update_time: string;
            used: components["schemas"]["StorageBytes"];
        };
        QuotaLimit: {
            /** @description storage: bytes, -1 for no limit */
            hard: {
                [key: string]: number;
            };
        };
        QuotaRef: {
            /** Format: int64 */
            id: number;
            name: string;
            owner_name: string;
        };
        RecycleBin: {
            /** @description Bytes that only what can be restored keeps */
            recoverable: components["schemas"]["StorageBytes"];
            /**
             * Format: int64
             * @description For how long what is deleted from now on can be restored; 0 for not at all
             */
            recovery_seconds: number;
        };
        Reference: {
            child_digest: string;
            /** Format: int64 */
            child_id: number;
            /** Format: int64 */
            parent_id: number;
            platform?: components["schemas"]["Platform"];
            urls: string[] | null;
        };
        Registry: {
            /** @description PEM of authorities that are trusted besides the system's */
            ca_certificate?: string;
            /** Format: date-time */
            creation_time: string;
            credential: components["schemas"]["RegistryCredential"];
            description?: string;
            /** Format: int64 */
            id: number;
            /** @description Any certificate will do */
            insecure: boolean;
            name: string;
            /** @description healthy or unhealthy */
            status: string;
            /**
             * Format: date-time
             * @description When it was looked at last
             */
            status_check_time?: string;
            /** @description Why it is unhealthy */
            status_reason?: string;
            /**
             * Format: date-time
             * @description It has been like this
             */
            status_since: string;
            type: string;
            /** Format: date-time */
            update_time: string;
            url: string;
        };
        RegistryCredential: {
            /** @description User name, or id of an access key */
            access_key?: string;
            /** @description In an answer ***** where there is one; sent back it means that one */
            access_secret?: string;
            /** @description basic */
            type?: string;
        };
        RegistryCredentialPattern: {
            access_key_data?: string;
            /** @description AccessKeyTypeStandard, or AccessKeyTypeFix: it is access_key_data */
            access_key_type: string;
            access_secret_data?: string;
            /** @description AccessSecretTypeStandard, or AccessSecretTypeFile: the content of a file */
            access_secret_type: string;
        };
        RegistryEndpoint: {
            key: string;
            value: string;
        };
        RegistryEndpointPattern: {
            /** @description EndpointPatternTypeStandard: any; …Fix: the one; …List: one of these, or any */
            endpoint_type: string;
            endpoints: components["schemas"]["RegistryEndpoint"][] | null;
        };
        RegistryID: {
            /** Format: int64 */
            id: number;
        };
        RegistryInfo: {
            description?: string;
            supported_copy_by_chunk?: boolean;
            supported_resource_filters: components["schemas"]["FilterStyle"][];
            supported_triggers: string[];
            type: string;
        };
        RegistryPing: {
            access_key?: string;
            /** @description Has to be sent again with the URL of another server */
            access_secret?: string;
            ca_certificate?: string;
            credential_type?: string;
            description?: string;
            /**
             * Format: int64
             * @description An endpoint, of which the rest are changes
             */
            id?: number;
            insecure?: boolean;
            name?: string;
            type?: string;
            url?: string;
        };
        RegistryProvider: {
            credential_pattern: components["schemas"]["RegistryCredentialPattern"];
            /** @description Whose registry it is */
            description: string;
            endpoint_pattern: components["schemas"]["RegistryEndpointPattern"];
        };
        RegistryUpdate: {
            access_key?: string;
            /** @description Has to be sent again with the URL of another server */
            access_secret?: string;
            ca_certificate?: string;
            credential_type?: string;
            description?: string;
            insecure?: boolean;
            name?: string;
            url?: string;
        };
        ReplicationExecution: {
            /**
             * Format: int64
             * @description That have been sent
             */
            bytes?: number;
            /**
             * Format: int64
             * @description Artifacts, failed ones too
             */
            done?: number;
            /** Format: date-time */
            end_time: string;
            /** Format: int64 */
            failed: number;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            in_progress: number;
            /**
             * Format: int64
             * @description Artifacts that are to be copied or deleted
             */
            items?: number;
            /** Format: int64 */
            policy_id: number;
            /**
             * Format: int64
             * @description Bytes a second, on the average
             */
            rate?: number;
            /** Format: date-time */
            start_time: string;
            /** @description InProgress, Succeed, Failed or Stopped */
            status: string;
            status_text: string;
            /** Format: int64 */
            stopped: number;
            /** @description Somebody asked to stop it */
            stopping?: boolean;
            /** Format: int64 */
            succeed: number;
            /**
             * Format: int64
             * @description Tasks
             */
            total: number;
            /** @description manual, scheduled or event_based */
            trigger: string;
            username?: string;
        };
        ReplicationFilter: {
            /** @description matches or excludes, of tags and labels */
            decoration?: string;
            /** @description name, tag, label or resource */
            type: string;
            /** @description A pattern; labels' names; image or artifact */
            value: unknown;
        };
        ReplicationMatch: {
            /** Format: int64 */
            artifacts: number;
            /** @description Another repository that would be copied to the same one */
            collides?: string;
            destination?: string;
            /** @description Why it could not be copied */
            problem?: string;
            /** @description The first ten tags, or digests of what has none */
            references: string[];
            source: string;
        };
        ReplicationPolicy: {
            /**
             * Format: int64
             * @description Repositories at the same time; missing: as many as there are workers
             */
            concurrency?: number;
            copy_by_chunk: boolean;
            /** Format: date-time */
            creation_time: string;
            creator?: string;
            /** @description What goes at the source goes at the destination, when the trigger is event_based */
            deletion?: boolean;
            description?: string;
            /** @description Missing: repositories keep their names */
            dest_namespace?: string;
            /**
             * Format: int64
             * @description How many components of a name the namespace stands for; -1: all but the last
             */
            dest_namespace_replace_count: number;
            dest_registry?: components["schemas"]["Registry"];
            enabled: boolean;
            filters: components["schemas"]["ReplicationFilter"][];
            /** Format: int64 */
            id: number;
            last_execution?: components["schemas"]["ReplicationExecution"];
            name: string;
            /** Format: date-time */
            next_scheduled_time?: string;
            /** @description A tag that names something else at the destination is moved */
            override: boolean;
            /** @description The same as deletion */
            replicate_deletion?: boolean;
            single_active_replication: boolean;
            /** @description Why the last time of the schedule started nothing */
            skipped?: string;
            /**
             * Format: int64
             * @description KB/s of one run; 0: no limit
             */
            speed: number;
            src_registry?: components["schemas"]["Registry"];
            trigger?: components["schemas"]["ReplicationTrigger"];
            /** Format: date-time */
            update_time: string;
        };
        ReplicationPolicyBody: {
            /**
             * Format: int64
             * @description Repositories at the same time; 0: as many as there are workers
             */
            concurrency?: number;
            copy_by_chunk?: boolean;
            deletion?: boolean;
            description?: string;
            dest_namespace?: string;
            /**
             * Format: int64
             * @description -1 when it is missing
             */
            dest_namespace_replace_count?: number;
            /** @description Missing, or 0: this registry */
            dest_registry?: components["schemas"]["RegistryID"];
            enabled?: boolean;
            filters?: components["schemas"]["ReplicationFilter"][] | null;
            name: string;
            override?: boolean;
            /** @description The same as deletion */
            replicate_deletion?: boolean;
            single_active_replication?: boolean;
            /**
             * Format: int64
             * @description KB/s; 0 and -1: no limit
             */
            speed?: number;
            /** @description Missing, or 0: this registry */
            src_registry?: components["schemas"]["RegistryID"];
            /** @description manual when it is missing */
            trigger?: components["schemas"]["ReplicationTrigger"];
        };
        ReplicationPreview: {
            /** Format: int64 */
            artifacts: number;
            /** @description The first hundred */
            matches: components["schemas"]["ReplicationMatch"][];
            /** Format: int64 */
            repositories: number;
            /** @description There is more than was looked at in the time that there is */
            truncated: boolean;
        };
        ReplicationTask: {
            /** Format: int64 */
            bytes?: number;
            /**
             * Format: int64
             * @description Artifacts
             */
            done?: number;
            dst_resource: string;
            /** Format: date-time */
            end_time: string;
            /** Format: int64 */
            execution_id: number;
            /** Format: int64 */
            id: number;
            /**
             * Format: int64
             * @description Artifacts that it is about
             */
            items?: number;
            job_id: string;
            /** @description copy, deletion or tag deletion */
            operation: string;
            /**
             * Format: int64
             * @description Bytes a second, on the average
             */
            rate?: number;
            resource_type: string;
            /**
             * Format: int64
             * @description How often it was begun
             */
            run_count?: number;
            src_resource: string;
            /** Format: date-time */
            start_time: string;
            /** @description Pending, InProgress, Succeed, Failed or Stopped */
            status: string;
            status_text?: string;
        };
        ReplicationTrigger: {
            trigger_settings: components["schemas"]["ReplicationTriggerSettings"];
            /** @description manual, scheduled or event_based */
            type: string;
        };
        ReplicationTriggerSettings: {
            /** @description Six fields, seconds first (always 0), UTC */
            cron?: string;
        };
        Repository: {
            /** Format: int64 */
            artifact_count: number;
            /** Format: date-time */
            creation_time: string;
            description?: string;
            /** Format: int64 */
            id: number;
            /** @description project/name */
            name: string;
            /** Format: int64 */
            project_id: number;
            /** Format: int64 */
            pull_count: number;
            /** Format: date-time */
            update_time: string;
        };
        RepositoryItem: {
            /** Format: int64 */
            artifact_count: number;
            /** @description project/name */
            name: string;
            /** Format: int64 */
            project_id: number;
            /** Format: int64 */
            pull_count: number;
            /** Format: date-time */
            update_time: string;
        };
        RepositoryRestore: {
            /** Format: date-time */
            at: string;
            /** @description The first 1,000 of them, by tag */
            changes: components["schemas"]["TagChange"][];
            /** @description All changes are listed */
            complete: boolean;
            /**
             * Format: int64
             * @description Tags that come back
             */
            created: number;
            /**
             * Format: int64
             * @description Tags that go
             */
            deleted: number;
            /**
             * Format: int64
             * @description Tags that an immutability rule keeps as they are
             */
            kept: number;
            /**
             * Format: int64
             * @description Tags that stay as they are because what they pointed at was deleted for ever
             */
            lost: number;
            /** Format: int64 */
            moved: number;
            /**
             * Format: int64
             * @description Artifacts that come back from the recycle bin
             */
            revived: number;
        };
        RepositoryRestoring: {
            /** @description RFC 3339 */
            at: string;
        };
        RepositoryUpdate: {
            description: string;
        };
        Restored: {
            /** @description Of those asked for; what belongs to them came back with them */
            artifacts: components["schemas"]["RestoredArtifact"][];
            /** @description project/name */
            repositories: string[];
            /** @description That came back, at most 1,000 */
            tags: components["schemas"]["RestoredTag"][];
            /** @description That did not come back, for their names are used again; at most 1,000 */
            tags_taken: components["schemas"]["RestoredTag"][];
        };
        RestoredArtifact: {
            digest: string;
            /** Format: int64 */
            id: number;
            repository_name: string;
        };
        RestoredProject: {
            lost: components["schemas"]["LostWithProject"];
            name: string;
            /** Format: int64 */
            project_id: number;
        };
        RestoredTag: {
            digest: string;
            name: string;
            repository_name: string;
        };
        RetentionDoomed: {
            digest: string;
            kind: string;
            /** Format: date-time */
            pull_time?: string;
            /**
             * Format: date-time
             * @description The last push, of it or of a tag of it
             */
            push_time: string;
            /** @description Without the project */
            repository: string;
            /** @description Which rules of the policy, from 0, looked at it and do not keep it; none: no rule is about its tags */
            rules: number[];
            /** Format: int64 */
            size: number;
            /** Format: int64 */
            tag_count: number;
            /** @description The newest 20 */
            tags: string[];
        };
        RetentionExecution: {
            dry_run: boolean;
            /** @description In the year 1 while it has not ended */
            end_time: string;
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            policy_id: number;
            start_time: string;
            /** @description Pending, Running, Stopped, Error or Success */
            status: string;
            /** @description MANUAL or SCHEDULE */
            trigger: string;
        };
        RetentionMetadata: {
            scope_selectors: components["schemas"]["RetentionSelectorMetadata"][];
            tag_selectors: components["schemas"]["RetentionSelectorMetadata"][];
            templates: components["schemas"]["RetentionRuleMetadata"][];
        };
        RetentionPolicy: {
            /** @description or: what one rule keeps stays */
            algorithm: string;
            /** Format: int64 */
            id: number;
            rules: components["schemas"]["RetentionRule"][];
            scope: components["schemas"]["RetentionScope"];
            trigger: components["schemas"]["RetentionTrigger"];
            /**
             * Format: date-time
             * @description Roadstead's addition, for If-Match
             */
            update_time: string;
        };
        RetentionPreview: {
            /**
             * Format: int64
             * @description Besides: what refers to what is deleted, and what only deleted indexes consist of
             */
            along: number;
            /**
             * Format: int64
             * @description Of blobs that no artifact of the project has any more then; they are free when nothing can be restored any longer
             */
            bytes: number;
            /**
             * Format: int64
             * @description Of total
             */
            deleted: number;
            /**
             * Format: int64
             * @description Of total: stay for an immutable tag
             */
            immutable: number;
            /** @description One page of what is deleted, by repository, the newest push first */
            items: components["schemas"]["RetentionDoomed"][];
            /**
             * Format: int64
             * @description Of total: stay because an index that stays consists of them
             */
            listed: number;
            /**
             * Format: int64
             * @description That rules are about
             */
            repositories: number;
            /**
             * Format: int64
             * @description Of total
             */
            retained: number;
            /**
             * Format: int64
             * @description Artifacts in these repositories
             */
            total: number;
        };
        RetentionRule: {
            /** @description retain */
            action?: string;
            disabled?: boolean;
            /** Format: int64 */
            id?: number;
            /** @description The template's number under the template's name */
            params: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            priority?: number;
            /** @description repository: all of these have to match the repository, named without its project */
            scope_selectors: {
                [key: string]: components["schemas"]["Selector"][] | null;
            };
            /** @description Each of these has to take one of the artifact's tags; extras say whether it takes what has none */
            tag_selectors: components["schemas"]["Selector"][] | null;
            /** @description One of /retentions/metadatas, or latestActiveK, lastXDays, nothing */
            template: string;
        };
        RetentionRuleMetadata: {
            action: string;
            display_text: string;
            params: components["schemas"]["RetentionRuleParamMetadata"][];
            rule_template: string;
        };
        RetentionRuleParamMetadata: {
            required: boolean;
            type: string;
            /** @description COUNT or DAYS */
            unit: string;
        };
        RetentionScope: {
            /** @description project */
            level: string;
            /**
             * Format: int64
             * @description The project's id
             */
            ref: number;
        };
        RetentionSelectorMetadata: {
            decorations: string[];
            display_text: string;
            kind: string;
        };
        RetentionSettings: {
            /** @description Six fields, seconds first (always 0), UTC; empty: never */
            cron: string;
            /** Format: date-time */
            readonly next_scheduled_time?: string;
        };
        RetentionTask: {
            /** @description In the year 1 while it has not ended */
            end_time: string;
            /** Format: int64 */
            execution_id: number;
            /** Format: int64 */
            id: number;
            job_id: string;
            /** @description Without the project */
            repository: string;
            /** Format: int64 */
            retained: number;
            start_time: string;
            status: string;
            /**
             * Format: int64
             * @description 0 Pending, 1 Scheduled, 2 Running, 3 ended
             */
            status_code: number;
            /** @description Why it failed */
            status_message?: string;
            /**
             * Format: int64
             * @description Artifacts that rules looked at
             */
            total: number;
        };
        RetentionTrigger: {
            /** @description Schedule */
            kind: string;
            settings: components["schemas"]["RetentionSettings"];
        };
        Robot: {
            /** Format: date-time */
            creation_time: string;
            /**
             * Format: int64
             * @description The id of the user, or robot, who made it
             */
            creator_ref: number;
            /** @description local: a user; robot */
            creator_type: string;
            description?: string;
            disable: boolean;
            /**
             * Format: int64
             * @description Days from when it was made; -1 for ever
             */
            duration: number;
            editable: boolean;
            /**
             * Format: int64
             * @description Seconds since 1970; -1 never
             */
            expires_at: number;
            /** Format: int64 */
            id: number;
            /**
             * Format: date-time
             * @description To the minute; missing when it was never used
             */
            last_used_time?: string;
            /** @description system or project */
            level: string;
            /** @description What it signs in with */
            name: string;
            permissions: components["schemas"]["RobotPermission"][];
            /** Format: date-time */
            update_time: string;
        };
        RobotAccess: {
            action: string;
            /** @description allow, or missing, which is the same */
            effect?: string;
            resource: string;
        };
        RobotCreated: {
            /** Format: date-time */
            creation_time: string;
            /**
             * Format: int64
             * @description Seconds since 1970; -1 never
             */
            expires_at: number;
            /** Format: int64 */
            id: number;
            /** @description What it signs in with */
            name: string;
            secret: string;
        };
        RobotPermission: {
            access: components["schemas"]["RobotAccess"][];
            /** @description system or project */
            kind: string;
            /** @description / for the system, a project's name, or * for all projects */
            namespace: string;
        };
        RobotSecret: {
            /** @description In a request: missing to have one generated. In an answer: the generated one */
            secret?: string;
        };
        RobotUpdate: {
            description?: string;
            disable?: boolean;
            /**
             * Format: int64
             * @description Days from when it was made; -1 for ever
             */
            duration?: number;
            /** @description Cannot be changed */
            level?: string;
            /** @description Cannot be changed */
            name?: string;
            /** @description All of them from now on */
            permissions: components["schemas"]["RobotPermission"][] | null;
        };
        Schedule: {
            parameters?: {
                [key: string]: unknown;
            };
            schedule: components["schemas"]["ScheduleObj"];
        };
        ScheduleObj: {
            /** @description Six fields, seconds first (always 0), UTC */
            cron?: string;
            /** Format: date-time */
            readonly next_scheduled_time?: string;
            /** @description Hourly, Daily, Weekly, Custom; Manual: now; None: not any more */
            type: string;
        };
        SchedulerStatus: {
            paused: boolean;
        };
        ScheduleTask: {
            /** @description Six fields, seconds first, UTC */
            cron: string;
            /** @description Hourly, Daily, Weekly or Custom: how it was chosen */
            cron_type?: string;
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            last_scheduled_time?: string;
            /** Format: date-time */
            next_scheduled_time: string;
            /** @description Why the last time started nothing */
            skipped?: string;
            /** Format: date-time */
            update_time: string;
            /**
             * Format: int64
             * @description The policy; -1: none
             */
            vendor_id?: number;
            /** @description The kind of job */
            vendor_type: string;
        };
        SearchResult: {
            project: components["schemas"]["Project"][];
            repository: components["schemas"]["FoundRepository"][];
        };
        Selector: {
            /** @description repoMatches or repoExcludes, matches or excludes */
            decoration: string;
            extras?: string;
            /** @description doublestar */
            kind: string;
            pattern: string;
        };
        StartReplicationRequest: {
            /** Format: int64 */
            policy_id: number;
        };
        Statistic: {
            /** Format: int64 */
            private_project_count: number;
            /** Format: int64 */
            private_repo_count: number;
            /** Format: int64 */
            public_project_count: number;
            /** Format: int64 */
            public_repo_count: number;
            /** Format: int64 */
            total_project_count: number;
            /** Format: int64 */
            total_repo_count: number;
            /**
             * Format: int64
             * @description Bytes
             */
            total_storage_consumption: number;
        };
        StorageAmount: {
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            count: number;
        };
        StorageBytes: {
            /** Format: int64 */
            storage: number;
        };
        StorageFinding: {
            /**
             * Format: int64
             * @description How many artifacts cannot be pulled because of it
             */
            artifact_count: number;
            /** @description The newest of them */
            artifacts: components["schemas"]["BrokenArtifact"][];
            detail: string;
            digest: string;
            /** Format: date-time */
            found_at: string;
            /** @description missing or damaged */
            kind: string;
            /**
             * Format: date-time
             * @description When it was found last
             */
            seen_at: string;
            /** Format: int64 */
            size: number;
        };
        StorageFreed: {
            /** Format: int64 */
            artifacts: number;
            /**
             * Format: int64
             * @description Without manifests
             */
            blobs: number;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            manifests: number;
        };
        StorageSummary: {
            /** @description Deleted artifacts that can still be restored; what they share is counted for each */
            bin: components["schemas"]["StorageAmount"];
            /**
             * Format: int64
             * @description Findings of this kind
             */
            damaged: number;
            /** @description Of the blobs that wait, those whose time has come */
            due: components["schemas"]["StorageAmount"];
            /**
             * Format: date-time
             * @description Since when the first of all that is due waits
             */
            due_since?: string;
            freed_30_days: components["schemas"]["StorageFreed"];
            freed_today: components["schemas"]["StorageFreed"];
            /** @description The newest check of the storage */
            last_check?: components["schemas"]["ExecHistory"];
            /** @description The newest run of garbage collection that was started or scheduled */
            last_run?: components["schemas"]["ExecHistory"];
            /**
             * Format: int64
             * @description Findings of this kind
             */
            missing: number;
            /** @description Garbage collection that goes on by itself rests: its queue is paused, or the system is read only */
            paused: boolean;
            /**
             * Format: int64
             * @description What projects hold, bytes; what they share is counted for each
             */
            stored: number;
            /** @description Blobs that nothing names any more, until the end of a lease or their turn */
            waiting: components["schemas"]["StorageAmount"];
            /**
             * Format: int64
             * @description Links of repositories to blobs that are to be looked at
             */
            waiting_links: number;
        };
        SysAdminFlag: {
            sysadmin_flag: boolean;
        };
        SystemInfo: {
            auth_mode: string;
            banner_message: string;
            /** Format: date-time */
            current_time?: string;
            external_url?: string;
            /** @description The version of Harbor whose API this is, and this program's */
            harbor_version?: string;
            has_ca_root?: boolean;
            notification_enable?: boolean;
            oidc_provider_name: string;
            primary_auth_mode: boolean;
            project_creation_restriction?: string;
            read_only?: boolean;
            registry_storage_provider_name?: string;
            registry_url?: string;
            self_registration: boolean;
        };
        Tag: {
            /** Format: int64 */
            artifact_id: number;
            /**
             * Format: date-time
             * @description Roadstead's addition: when it is removed; missing for never
             */
            expire_time?: string;
            /** Format: int64 */
            id: number;
            /** @description When with_immutable_status asks for it */
            immutable: boolean;
            name: string;
            /** Format: date-time */
            pull_time: string;
            /** Format: date-time */
            push_time: string;
            /** Format: int64 */
            repository_id: number;
        };
        TagChange: {
            /** @enum {string} */
            effect: "move" | "create" | "delete" | "purged" | "immutable";
            /** @description The digest now */
            from?: string;
            tag: string;
            /** @description The digest then */
            to?: string;
        };
        TagExpiration: {
            /** @description RFC 3339; null for never */
            expire_time: string | null;
        };
        TagItem: {
            digest: string;
            name: string;
            /** Format: int64 */
            project_id: number;
            /** Format: date-time */
            push_time: string;
            /** @description project/name */
            repository_name: string;
        };
        TagMove: {
            /** @description push, retag, copy, restore, delete, delete-artifact, delete-repository, retention, replication, untagged, expire */
            cause: string;
            /** @description What the tag pointed at before; missing when it was made */
            from?: components["schemas"]["PastArtifact"];
            /** Format: int64 */
            id: number;
            /** Format: date-time */
            op_time: string;
            operator: string;
            tag: string;
            /** @description What it points at from then on; missing when it was removed */
            to?: components["schemas"]["PastArtifact"];
        };
        TagRestore: {
            /** @description Of an artifact that the tag has pointed at */
            digest: string;
        };
        TagRestored: {
            /** @description The digest that it pointed at; missing when it was not there */
            from?: string;
            /** @description The artifact came back from the recycle bin */
            revived: boolean;
            to: string;
        };
        TriggerRetentionExecutionRequest: {
            /** @description Count and log, delete nothing */
            dry_run?: boolean;
        };
        UpkeepStep: {
            /** @description Six fields, seconds first, UTC */
            cron: string;
            /** @description Of the last run that failed; it stays when later ones succeed */
            error?: string;
            /**
             * Format: date-time
             * @description When that was
             */
            error_time?: string;
            /**
             * Format: int64
             * @description Seconds from one run to the next
             */
            every: number;
            /** Format: date-time */
            failing_since?: string;
            /**
             * Format: int64
             * @description Runs that have failed since one succeeded
             */
            failures: number;
            /** @description Of the process that the last run was in */
            host?: string;
            name: string;
            /** Format: int64 */
            pid?: number;
            /**
             * Format: int64
             * @description Or counted, by the last run that did either
             */
            removed: number;
            /**
             * Format: date-time
             * @description When that was
             */
            removed_time?: string;
            /**
             * Format: date-time
             * @description Of the last run that was noted: one that did nothing is noted once a minute at most
             */
            start_time?: string;
            /**
             * @description waiting: it has not run yet; late: it should have run again; failing: its last run failed
             * @enum {string}
             */
            state: "waiting" | "fine" | "late" | "failing";
            /**
             * Format: date-time
             * @description When a run last succeeded
             */
            success_time?: string;
            /**
             * Format: int64
             * @description How long the last run took
             */
            took_ms?: number;
            /**
             * Format: int64
             * @description Removed or counted since total_since
             */
            total: number;
            /** Format: date-time */
            total_since?: string;
        };
        User: {
            /** @description Administrator because the identity provider says so */
            admin_role_in_auth: boolean;
            comment?: string;
            /** Format: date-time */
            creation_time: string;
            email?: string;
            realname?: string;
            sysadmin_flag: boolean;
            /** Format: date-time */
            update_time: string;
            /** Format: int64 */
            user_id: number;
            username: string;
        };
        UserProfile: {
            comment: string;
            email: string;
            realname: string;
        };
        UserSession: {
            address: string;
            /** Format: date-time */
            creation_time: string;
            /** @description The one of this request */
            current: boolean;
            /**
             * Format: date-time
             * @description When it ends if it is not used
             */
            expiry_time: string;
            id: string;
            /**
             * Format: date-time
             * @description Within a minute
             */
            last_seen_time: string;
            user_agent: string;
        };
        Volume: {
            /**
             * Format: int64
             * @description Bytes
             */
            free?: number;
            /**
             * Format: int64
             * @description Bytes
             */
            total?: number;
        };
        Volumes: {
            storage: components["schemas"]["Volume"][];
        };
        Worker: {
            /** @description How far the job has come */
            check_in?: string;
            /** Format: date-time */
            checkin_at?: string;
            id: string;
            job_id?: string;
            job_name?: string;
            pool_id: string;
            /** Format: date-time */
            start_at?: string;
        };
        WorkerPool: {
            /**
             * Format: int64
             * @description How many jobs it can do at the same time
             */
            concurrency: number;
            /** Format: date-time */
            heartbeat_at: string;
            host?: string;
            /** Format: int64 */
            pid: number;
            /** Format: date-time */
            start_at: string;
            worker_pool_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
