import { Text } from '@mantine/core';
import { LinkedText } from '@/ui/LinkedText';
import { Panel } from '@/ui/Panel';
import classes from './Artifact.module.css';

/** Names and values that were written into a config or a manifest. */
export function Annotations({ title, values }: { title: string; values: Record<string, string> }) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <Panel title={title}>
      <ul className={classes.list}>
        {entries.map(([name, value]) => (
          <li key={name}>
            <Text span inherit c="dimmed">
              {name}=
            </Text>
            <LinkedText text={value} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
