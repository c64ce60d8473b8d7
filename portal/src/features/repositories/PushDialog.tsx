import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/artifacts';
import { PushCommands } from '@/ui/PushCommands';

/** How the next artifact gets into this repository. */
export function PushDialog({ host, place, onClose }: { host: string; place: Place; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} title={t('artifacts.pushCommands')} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <PushCommands host={host} project={place.project} repository={place.repository} />
    </Modal>
  );
}
