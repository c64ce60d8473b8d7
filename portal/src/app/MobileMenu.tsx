import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Navigation } from './Navigation';

/** The navigation, where there is no room beside the page. */
export function MobileMenu({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Drawer opened onClose={onClose} size={280} title={t('shell.menu')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Navigation onNavigate={onClose} />
    </Drawer>
  );
}
