import { Alert } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { systemInfoQuery } from '@/api/shared';
import { parseBanner } from '@/lib/banner';
import { remember, remembered } from '@/lib/storage';
import { BannerAlert } from '@/ui/BannerAlert';
import { WarningIcon } from '@/ui/icons';

/** What stands above every page: the administrators' words, and that nothing can be changed. */
export function Notices() {
  const { t } = useTranslation();
  const { data: info, dataUpdatedAt } = useQuery({ ...systemInfoQuery, refetchInterval: 5 * 60_000 });
  const [hidden, setHidden] = useState(() => remembered('banner'));
  const banner = parseBanner(info?.banner_message, new Date(dataUpdatedAt));
  function hide(message: string) {
    setHidden(message);
    remember('banner', message);
  }
  return (
    <>
      {banner && !(banner.closable && hidden === banner.message) && <BannerAlert banner={banner} onHide={() => hide(banner.message)} />}
      {info?.read_only && (
        <Alert color="amber" icon={<WarningIcon size={18} />} mb="lg">
          {t('shell.readOnly')}
        </Alert>
      )}
    </>
  );
}
