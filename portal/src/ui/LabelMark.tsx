import { Text } from '@mantine/core';
import classes from './LabelMark.module.css';

interface Props {
  name: string;
  /** #rrggbb, or empty */
  color?: string | undefined;
}

/** A label: its colour as a dot beside its words, which stay readable whatever colour somebody chose. */
export function LabelMark({ name, color }: Props) {
  return (
    <Text span size="xs" className={classes.label} title={name}>
      <span className={classes.dot} style={color ? { background: color } : {}} aria-hidden />
      <span className={classes.name}>{name}</span>
    </Text>
  );
}
