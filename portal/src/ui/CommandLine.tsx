import { CopyButton } from './CopyButton';
import classes from './CommandLine.module.css';

/** Commands to run elsewhere, exactly as they are copied. */
export function CommandLine({ lines, label }: { lines: string[]; label: string }) {
  return (
    <div className={classes.box}>
      <pre className={classes.text}>
        {lines.map((line) => (
          <span key={line} className={classes.line}>
            {line}
          </span>
        ))}
      </pre>
      <div className={classes.copy}>
        <CopyButton text={lines.join('\n')} label={label} size="md" />
      </div>
    </div>
  );
}
