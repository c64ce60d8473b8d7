import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { roles } from '@/lib/roles';

interface Props {
  label: string;
  role: number;
  onChange: (role: number) => void;
  /** shows its label, as in a form */
  labelled?: boolean;
}

export function RoleSelect({ label, role, onChange, labelled = false }: Props) {
  const { t } = useTranslation();
  return (
    <Select
      {...(labelled ? { label } : { 'aria-label': label, size: 'xs', w: { base: 124, sm: 150 } })}
      data={roles.map(({ id, name }) => ({ value: String(id), label: t(`role.${name}`) }))}
      value={String(role)}
      onChange={(value) => value !== null && Number(value) !== role && onChange(Number(value))}
      allowDeselect={false}
    />
  );
}
