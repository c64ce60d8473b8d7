import { markedParts } from '@/lib/search-terms';
import classes from './Marked.module.css';

/** A name with what was searched for made visible in it. */
export function Marked({ text, words }: { text: string; words: readonly string[] }) {
  return markedParts(text, words).map((part, i) =>
    part.marked ? (
      <mark key={i} className={classes.mark}>
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
