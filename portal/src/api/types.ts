/**
 * The shapes of /api/v2.0 that the portal reads and writes, in the contract's own field names. Written by hand until
 * `npm run generate` has a document to generate from; a field that the server may leave out is optional here.
 */
export interface SystemInfo {
  auth_mode?: string;
  banner_message?: string;
  external_url?: string;
  registry_url?: string;
  harbor_version?: string;
  project_creation_restriction?: 'everyone' | 'adminonly';
  read_only?: boolean;
  self_registration?: boolean;
}

export interface User {
  user_id: number;
  username: string;
  email?: string;
  realname?: string;
  comment?: string;
  sysadmin_flag: boolean;
  admin_role_in_auth?: boolean;
  creation_time?: string;
  update_time?: string;
}

export interface UserCreation {
  username: string;
  email: string;
  realname: string;
  password: string;
  comment?: string;
}

export interface UserProfile {
  email: string;
  realname: string;
  comment?: string;
}

export interface UserSearchItem {
  user_id: number;
  username: string;
}

export interface Project {
  project_id: number;
  name: string;
  owner_id?: number;
  owner_name?: string;
  creation_time?: string;
  update_time?: string;
  current_user_role_id?: number;
  current_user_role_ids?: number[] | null;
  repo_count?: number;
  registry_id?: number;
  metadata?: { public?: string };
}

export interface ProjectCreation {
  project_name: string;
  metadata: { public: 'true' | 'false' };
  storage_limit?: number;
}

export interface ProjectSummary {
  repo_count: number;
  project_admin_count?: number;
  maintainer_count?: number;
  developer_count?: number;
  guest_count?: number;
  limited_guest_count?: number;
  quota?: { hard?: { storage?: number }; used?: { storage?: number } };
}

export interface ProjectDeletable {
  deletable: boolean;
  message?: string;
}

export interface Member {
  id: number;
  project_id: number;
  entity_id: number;
  entity_name: string;
  entity_type: 'u' | 'g';
  role_id: number;
  role_name: string;
}

export interface Repository {
  id: number;
  project_id: number;
  name: string;
  description?: string;
  artifact_count?: number;
  pull_count?: number;
  creation_time?: string;
  update_time?: string;
}

export interface Tag {
  id: number;
  artifact_id: number;
  repository_id: number;
  name: string;
  push_time?: string;
  pull_time?: string;
  immutable?: boolean;
}

export interface Platform {
  os?: string;
  architecture?: string;
  variant?: string;
  'os.version'?: string;
}

export interface Reference {
  child_id: number;
  parent_id: number;
  child_digest: string;
  platform?: Platform | null;
  annotations?: Record<string, string> | null;
}

export interface Accessory {
  id: number;
  artifact_id: number;
  digest: string;
  type: string;
  size: number;
  creation_time?: string;
  subject_artifact_digest?: string;
}

export interface ImageConfig {
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Env?: string[] | null;
  ExposedPorts?: Record<string, unknown> | null;
  Labels?: Record<string, string> | null;
  User?: string;
  Volumes?: Record<string, unknown> | null;
  WorkingDir?: string;
}

export interface ExtraAttributes {
  architecture?: string;
  os?: string;
  author?: string;
  created?: string;
  config?: ImageConfig | null;
  [attribute: string]: unknown;
}

export interface Artifact {
  id: number;
  digest: string;
  type?: string;
  size?: number;
  media_type?: string;
  manifest_media_type?: string;
  artifact_type?: string;
  project_id: number;
  repository_id: number;
  repository_name?: string;
  push_time?: string;
  pull_time?: string;
  extra_attrs?: ExtraAttributes | null;
  annotations?: Record<string, string> | null;
  references?: Reference[] | null;
  tags?: Tag[] | null;
  accessories?: Accessory[] | null;
  addition_links?: Record<string, { absolute: boolean; href: string }> | null;
}

export interface AuditEntry {
  id: number;
  username: string;
  operation: string;
  operation_description?: string;
  operation_result: boolean;
  resource: string;
  resource_type: string;
  op_time: string;
}

export interface AuditEventType {
  event_type: string;
}
