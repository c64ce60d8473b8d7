import { CopyButton } from './CopyButton';
import classes from './CodeBlock.module.css';

interface Props {
  text: string;
  label: string;
  copyLabel: string;
  /** a line too long is broken for the eyes, never in what is copied: for commands */
  wrap?: boolean;
}

/** A file or a longer command, exactly as it is copied; it scrolls inside itself. */
export function CodeBlock({ text, label, copyLabel, wrap = false }: Props) {
  return (
    <div className={classes.box}>
      <pre className={classes.text} data-wrap={wrap || undefined} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <div className={classes.copy}>
        <CopyButton text={text} label={copyLabel} size="md" />
      </div>
    </div>
  );
}
