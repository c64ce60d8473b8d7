import type { components } from './schema.gen';

/** The shapes that the portal reads and writes, under the names that its pages use. */
type Schema = components['schemas'];

export type Accessory = Schema['Accessory'];
export type ActivityDay = Schema['ActivityDay'];
export type AuditEntry = Schema['AuditEntry'];
export type DeletedArtifact = Schema['DeletedArtifact'];
export type DeletedProject = Schema['DeletedProject'];
export type DeletedRepository = Schema['DeletedRepository'];
export type EventType = Schema['EventType'];
export type ExecHistory = Schema['ExecHistory'];
export type Execution = Schema['Execution'];
export type ExecutionTask = Schema['ExecutionTask'];
export type Found = Schema['FoundItems'];
export type Member = Schema['Member'];
export type Preferences = Schema['Preferences'];
export type Project = Schema['Project'];
export type ProjectCreation = Schema['NewProject'];
export type ProjectDeletable = Schema['Deletable'];
export type ProjectSummary = Schema['ProjectSummary'];
export type ImmutableRule = Schema['ImmutableRule'];
export type JobQueue = Schema['JobQueue'];
export type LogLine = Schema['LogLine'];
export type LogLines = Schema['LogLines'];
export type Label = Schema['Label'];
export type PastArtifact = Schema['PastArtifact'];
export type Quota = Schema['Quota'];
export type Registry = Schema['Registry'];
export type RegistryProvider = Schema['RegistryProvider'];
export type RetentionPolicy = Schema['RetentionPolicy'];
export type RetentionPreview = Schema['RetentionPreview'];
export type RetentionDoomed = Schema['RetentionDoomed'];
export type RetentionRule = Schema['RetentionRule'];
export type RetentionRun = Schema['RetentionExecution'];
export type RetentionTask = Schema['RetentionTask'];
export type Robot = Schema['Robot'];
export type RobotCreated = Schema['RobotCreated'];
export type RobotPermission = Schema['RobotPermission'];
export type ReplicationExecution = Schema['ReplicationExecution'];
export type ReplicationFilter = Schema['ReplicationFilter'];
export type ReplicationMatch = Schema['ReplicationMatch'];
export type ReplicationPolicy = Schema['ReplicationPolicy'];
export type ReplicationPreview = Schema['ReplicationPreview'];
export type ReplicationTask = Schema['ReplicationTask'];
export type Schedule = Schema['ScheduleTask'];
export type Selector = Schema['Selector'];
export type RecycleBin = Schema['RecycleBin'];
export type Reference = Schema['Reference'];
export type Repository = Schema['Repository'];
export type RepositoryRestore = Schema['RepositoryRestore'];
export type Restored = Schema['Restored'];
export type RestoredProject = Schema['RestoredProject'];
export type RestoredTag = Schema['RestoredTag'];
export type Session = Schema['UserSession'];
export type SystemInfo = Schema['SystemInfo'];
export type StorageFinding = Schema['StorageFinding'];
export type StorageSummary = Schema['StorageSummary'];
export type TagMove = Schema['TagMove'];
export type TagRestored = Schema['TagRestored'];
export type Tag = Schema['Tag'];
export type UpkeepStep = Schema['UpkeepStep'];
export type User = Schema['User'];
export type UserCreation = Schema['NewUser'];
export type UserProfile = Schema['UserProfile'];
export type Worker = Schema['Worker'];
export type WorkerPool = Schema['WorkerPool'];
export type UserSearchItem = Schema['FoundUser'];

/** The document leaves `extra_attrs` open, because it holds what the artifact's makers wrote. */
export type Artifact = Omit<Schema['Artifact'], 'extra_attrs'> & { extra_attrs?: ExtraAttributes | null };

export interface ExtraAttributes {
  architecture?: string;
  os?: string;
  author?: string;
  created?: string;
  config?: ImageConfig | null;
  [attribute: string]: unknown;
}

/** OCI image-spec, config.md. */
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
