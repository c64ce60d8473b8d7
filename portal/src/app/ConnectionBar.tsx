import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { OfflineIcon } from '@/ui/icons';
import { useConnection } from './useConnection';
import classes from './Shell.module.css';

/** Over the page, so that nothing in it moves: the server is away, and it is being asked again. */
export function ConnectionBar() {
  const { t } = useTranslation();
  const { connection, tryNow } = useConnection();
  return (
    <div role="status" className={classes.connection}>
      {connection !== 'fine' && (
        <div>
          <OfflineIcon size={18} aria-hidden />
          <span>{connection === 'offline' ? t('shell.offline') : t('shell.connectionLost')}</span>
          {connection === 'lost' && (
            <Button size="compact-sm" variant="white" color="dark" onClick={tryNow}>
              {t('shell.connectionTry')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
