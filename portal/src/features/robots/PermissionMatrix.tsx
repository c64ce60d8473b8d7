import { useTranslation } from 'react-i18next';
import type { Permission } from '@/lib/permissions';
import { actions, byResource, idOf } from './grants';
import classes from './Robots.module.css';
import { useGrantNames } from './useGrantNames';

interface Props {
  label: string;
  catalogue: readonly Permission[];
  chosen: ReadonlySet<string>;
  /** false: the reader lacks it, and nobody can give what they do not have */
  mayGive: (permission: Permission) => boolean;
  onChange: (chosen: ReadonlySet<string>) => void;
}

/** Every permission that a robot can be given: a row for each resource, a column for each action. */
export function PermissionMatrix({ label, catalogue, chosen, mayGive, onChange }: Props) {
  const { t } = useTranslation();
  const names = useGrantNames();
  const columns = actions.filter((action) => catalogue.some((permission) => permission.action === action));

  function toggle(id: string) {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  }
  return (
    <div className={classes.matrix} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('robots.permission')}</th>
            {columns.map((action) => (
              <th key={action} scope="col">
                {names.action(action)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {byResource(catalogue).map((row) => (
            <tr key={row.resource}>
              <th scope="row">{names.resource(row.resource)}</th>
              {columns.map((action) => {
                const permission = { resource: row.resource, action };
                const id = idOf(permission);
                if (!row.actions.includes(action)) return <td key={action} />;
                const given = mayGive(permission);
                return (
                  <td key={action}>
                    <label className={classes.check} {...(given ? {} : { title: t('robots.mayNotGive') })}>
                      <input
                        type="checkbox"
                        aria-label={names.row({ resource: row.resource, actions: [action] })}
                        checked={chosen.has(id)}
                        disabled={!given && !chosen.has(id)}
                        onChange={() => toggle(id)}
                      />
                    </label>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
