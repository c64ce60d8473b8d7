import { useTranslation } from 'react-i18next';
import { kindOf, otherKindName } from '@/lib/kind';

/** What an artifact is: an image, a chart, a signature… */
export function Kind({ type }: { type: string | undefined }) {
  const { t } = useTranslation();
  const kind = kindOf(type);
  return <span>{kind ? t(`kind.${kind}`) : otherKindName(type)}</span>;
}
