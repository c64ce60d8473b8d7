import type { ComponentType } from 'react';
import type { User } from '@/api/types';
import { ApiIcon, AuditIcon, HealthIcon, HomeIcon, JobsIcon, LabelIcon, ProjectsIcon, QuotaIcon, RecycleBinIcon, RegistriesIcon, ReplicationIcon, RobotIcon, SearchIcon, SettingsIcon, StorageIcon, UserIcon, UsersIcon } from '@/ui/icons';

interface Page {
  to: string;
  label: `nav.${string}`;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  /** the two keys that go there: "g h" */
  keys: `g ${string}`;
  for: 'everybody' | 'people' | 'administrators';
  /** where the navigation has it; without one it is in the palette only */
  place?: 'top' | 'administration' | 'bottom';
}

/** The pages with a fixed address, for the navigation, the palette and the keys: one line a page. */
export const pages = [
  { to: '/', label: 'nav.home', icon: HomeIcon, keys: 'g h', for: 'people', place: 'top' },
  { to: '/projects', label: 'nav.projects', icon: ProjectsIcon, keys: 'g p', for: 'everybody', place: 'top' },
  { to: '/search', label: 'nav.search', icon: SearchIcon, keys: 'g s', for: 'everybody', place: 'top' },
  { to: '/audit', label: 'nav.audit', icon: AuditIcon, keys: 'g a', for: 'people', place: 'top' },
  { to: '/users', label: 'nav.users', icon: UsersIcon, keys: 'g u', for: 'administrators', place: 'administration' },
  { to: '/robots', label: 'nav.robots', icon: RobotIcon, keys: 'g r', for: 'administrators', place: 'administration' },
  { to: '/quotas', label: 'nav.quotas', icon: QuotaIcon, keys: 'g q', for: 'administrators', place: 'administration' },
  { to: '/recycle-bin', label: 'nav.recycleBin', icon: RecycleBinIcon, keys: 'g b', for: 'administrators', place: 'administration' },
  { to: '/labels', label: 'nav.labels', icon: LabelIcon, keys: 'g l', for: 'administrators', place: 'administration' },
  { to: '/registries', label: 'nav.registries', icon: RegistriesIcon, keys: 'g y', for: 'administrators', place: 'administration' },
  { to: '/replication', label: 'nav.replication', icon: ReplicationIcon, keys: 'g c', for: 'administrators', place: 'administration' },
  { to: '/storage', label: 'nav.storage', icon: StorageIcon, keys: 'g o', for: 'administrators', place: 'administration' },
  { to: '/jobs', label: 'nav.jobs', icon: JobsIcon, keys: 'g j', for: 'administrators', place: 'administration' },
  { to: '/settings', label: 'nav.settings', icon: SettingsIcon, keys: 'g t', for: 'administrators', place: 'administration' },
  { to: '/health', label: 'nav.health', icon: HealthIcon, keys: 'g e', for: 'administrators', place: 'administration' },
  { to: '/api-docs', label: 'nav.apiDocs', icon: ApiIcon, keys: 'g d', for: 'everybody', place: 'bottom' },
  { to: '/profile', label: 'nav.profile', icon: UserIcon, keys: 'g m', for: 'people' },
] as const satisfies readonly Page[];

/** What somebody, or nobody in particular, is shown of them. */
export function pagesFor(user: User | null) {
  const isAdministrator = user !== null && (user.sysadmin_flag || user.admin_role_in_auth === true);
  return pages.filter((page) => page.for === 'everybody' || (page.for === 'people' ? user !== null : isAdministrator));
}
