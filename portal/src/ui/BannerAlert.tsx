import { Alert } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Banner, BannerTone } from '@/lib/banner';
import { HelpIcon, SuccessIcon, WarningIcon } from './icons';

const looks: Record<BannerTone, { color: string; icon: typeof HelpIcon }> = {
  info: { color: 'harbour', icon: HelpIcon },
  success: { color: 'green', icon: SuccessIcon },
  warning: { color: 'amber', icon: WarningIcon },
  danger: { color: 'red', icon: WarningIcon },
};

/** What the administrators want everybody to read. */
export function BannerAlert({ banner, onHide }: { banner: Banner; onHide?: () => void }) {
  const { t } = useTranslation();
  const { color, icon: Icon } = looks[banner.tone];
  return (
    <Alert
      color={color}
      icon={<Icon size={18} />}
      mb="md"
      withCloseButton={banner.closable && onHide !== undefined}
      closeButtonLabel={t('shell.hideBanner')}
      {...(onHide ? { onClose: onHide } : {})}
      style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}
    >
      {banner.message}
    </Alert>
  );
}
