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
        AdditionLink: {
            absolute: boolean;
            href: string;
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
            /** @description There are no labels yet */
            labels: string[] | null;
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
        CliSecret: {
            secret: string;
        };
        Component: {
            error?: string;
            name: string;
            /** @enum {string} */
            status: "healthy" | "unhealthy";
        };
        CVEAllowlist: {
            /** Format: date-time */
            creation_time: string;
            /** Format: int64 */
            id?: number;
            items: string[] | null;
            /** Format: int64 */
            project_id?: number;
            /** Format: date-time */
            update_time: string;
        };
        Deletable: {
            deletable?: boolean;
            message?: string;
        };
        EventType: {
            event_type: string;
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
        History: {
            author?: string;
            comment?: string;
            /** Format: date-time */
            created?: string;
            created_by?: string;
            empty_layer?: boolean;
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
            /** Format: date-time */
            update_time: string;
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
            retention_id?: string;
            reuse_sys_cve_allowlist?: string;
            severity?: string;
        };
        ProjectQuota: {
            hard: components["schemas"]["StorageBytes"];
            used: components["schemas"]["StorageBytes"];
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
            metadata?: components["schemas"]["ProjectMetadata"];
            /** @description Superseded by metadata.public */
            public?: boolean;
            /**
             * Format: int64
             * @description Bytes; -1 for no limit; only a system administrator can set it
             */
            storage_limit?: number;
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
        RepositoryUpdate: {
            description: string;
        };
        SearchResult: {
            project: components["schemas"]["Project"][];
            repository: components["schemas"]["FoundRepository"][];
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
        StorageBytes: {
            /** Format: int64 */
            storage: number;
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
            /** Format: int64 */
            id: number;
            /** @description There are no immutability rules yet */
            immutable: boolean;
            name: string;
            /** Format: date-time */
            pull_time: string;
            /** Format: date-time */
            push_time: string;
            /** Format: int64 */
            repository_id: number;
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
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
