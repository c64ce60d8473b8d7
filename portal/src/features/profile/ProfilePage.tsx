import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useCurrentUser } from '@/api/hooks';
import { AdminMark } from '@/ui/Marks';
import { PageHeader } from '@/ui/PageHeader';
import { Appearance } from './Appearance';
import { Identity } from './Identity';
import { Password } from './Password';
import { Sessions } from './Sessions';

export function ProfilePage() {
  const { t } = useTranslation();
  const { user } = useCurrentUser();
  if (!user) return null;
  return (
    <Stack gap="lg" maw={760}>
      <PageHeader title={t('nav.profile')} text={t('profile.text', { name: user.username })} aside={user.sysadmin_flag && <AdminMark />} />
      <Identity key={user.update_time} user={user} />
      <Password userId={user.user_id} />
      <Appearance />
      <Sessions />
    </Stack>
  );
}
