import { Button, Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '@/api/types';
import type { Search } from '@/lib/search';
import { formatExact, parseTime } from '@/lib/time';
import { Facts } from '@/ui/Facts';
import { OutcomeMark } from '@/ui/Marks';
import { TimeAgo } from '@/ui/TimeAgo';
import { useWords } from './useWords';

interface Props {
  entry: AuditEntry;
  onSearch: (change: Search) => void;
  onClose: () => void;
}

/** All that the log knows of one thing that happened, and the way to what happened around it. */
export function EntryDialog({ entry, onSearch, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const when = parseTime(entry.op_time);
  return (
    <Modal opened onClose={onClose} title={t('audit.entry')} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <Facts
        facts={[
          [t('audit.when'), <TimeAgo key="when" time={entry.op_time} />],
          [t('audit.exactly'), when ? formatExact(when, i18n.language) : '–'],
          [t('audit.who'), entry.username || t('audit.anonymous')],
          [t('audit.operation'), words.operation(entry)],
          [t('audit.kind'), words.kind(entry)],
          [t('audit.name'), <span key="name" className="mono">{entry.resource || '–'}</span>],
          [t('audit.result'), <OutcomeMark key="result" ok={entry.operation_result} />],
          [t('audit.description'), entry.operation_description || '–'],
          [t('audit.id'), <span key="id" className="tabular">{entry.id}</span>],
        ]}
      />
      <Group gap="sm" mt="lg">
        {entry.username && (
          <Button variant="default" size="xs" onClick={() => onSearch({ who: entry.username })}>
            {t('audit.onlyWho')}
          </Button>
        )}
        {entry.resource && (
          <Button variant="default" size="xs" onClick={() => onSearch({ q: entry.resource })}>
            {t('audit.onlyThing')}
          </Button>
        )}
      </Group>
    </Modal>
  );
}
