import { Anchor } from '@mantine/core';
import { linkedText } from '@/lib/linked-text';

/** What people wrote, its line breaks kept and its web addresses made links; nothing else of it means anything. */
export function LinkedText({ text }: { text: string }) {
  return (
    <span style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
      {linkedText(text).map((part, index) =>
        part.href ? (
          <Anchor key={index} href={part.href} target="_blank" rel="noreferrer nofollow" inherit underline="always">
            {part.text}
          </Anchor>
        ) : (
          part.text
        ),
      )}
    </span>
  );
}
