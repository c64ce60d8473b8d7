import { Button, Popover } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { roles } from '@/lib/roles';
import { CheckIcon, HelpIcon } from '@/ui/icons';
import { abilities } from './abilities';
import classes from './RoleMatrix.module.css';

export function RoleMatrix() {
  const { t } = useTranslation();
  return (
    <Popover width={560} position="bottom-start" shadow="md">
      <Popover.Target>
        <Button variant="subtle" size="compact-sm" leftSection={<HelpIcon size={16} />}>
          {t('members.roles')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} maw="92vw" className={classes.scroll} tabIndex={0}>
        <table className={classes.table}>
          <caption className={classes.caption}>{t('members.rolesText')}</caption>
          <thead>
            <tr>
              <td />
              {roles.map((role) => (
                <th key={role.name} scope="col">
                  {t(`role.${role.name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {abilities.map((ability) => (
              <tr key={ability.name}>
                <th scope="row">{t(`members.can.${ability.name}`)}</th>
                {roles.map((role) => (
                  <td key={role.name}>
                    {ability.roles.some((name) => name === role.name) && (
                      <CheckIcon size={16} aria-label={t('members.allowed')} role="img" />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Popover.Dropdown>
    </Popover>
  );
}
