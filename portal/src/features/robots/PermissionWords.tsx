import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Permission } from '@/lib/permissions';
import { Tooltip } from '@/ui/Tooltip';
import type { Catalogue } from './api';
import { byResource, inProjects, inSystem, presetOf, type Grant } from './grants';
import { useGrantNames } from './useGrantNames';

interface Props {
  grants: readonly Grant[];
  catalogue: Catalogue | undefined;
  /** a project's own robot: where needs no word */
  here: boolean;
}

const namesShown = 2;
const rowsShown = 2;

/** "Push and pull in library, web", and on hover every permission. */
export function PermissionWords({ grants, catalogue, here }: Props) {
  const { t } = useTranslation();
  const names = useGrantNames();
  const system = inSystem(grants);
  const lines = inProjects(grants).map(({ namespaces, access }) => {
    const what = words(access, catalogue?.project);
    return { key: namespaces.join(), what: here ? what : t('robots.within', { what, where: where(namespaces) }), all: names.all(access) };
  });
  if (system.length > 0) {
    lines.push({ key: '/', what: t('robots.systemWords', { what: words(system, catalogue?.system) }), all: names.all(system) });
  }
  if (lines.length === 0) return <Text size="sm" c="dimmed">{t('robots.nothing')}</Text>;
  return lines.map(({ key, what, all }) => (
    <Tooltip key={key} label={all}>
      <Text span size="sm" display="block" style={{ whiteSpace: 'normal', minWidth: 210 }}>
        {what}
      </Text>
    </Tooltip>
  ));

  function words(access: readonly Permission[], known: readonly Permission[] | undefined): string {
    const preset = known && presetOf(access, known);
    if (preset) return t(`robots.preset.${preset}`);
    const rows = byResource(access);
    const shown = rows.slice(0, rowsShown).map((row) => names.row(row));
    return [...shown, ...(rows.length > rowsShown ? [t('robots.more', { count: rows.length - rowsShown })] : [])].join(' · ');
  }

  function where(namespaces: string[]): string {
    if (namespaces.includes('*')) return t('robots.allProjectsShort');
    const rest = namespaces.length - namesShown;
    return [...namespaces.slice(0, namesShown), ...(rest > 0 ? [t('robots.more', { count: rest })] : [])].join(', ');
  }
}
