import { Text } from '@mantine/core';
import { useMemo, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { highlight, type Language } from '@/lib/highlight';
import classes from './CodeView.module.css';

interface Props {
  text: string;
  language: Language;
  /** what it is, for assistive technology */
  label: string;
  /** lines that are shown: more than anybody reads here would make the page slow */
  most?: number;
}

/** Text with its line numbers and, where it is not enormous, colours. The numbers are drawn and so never copied. */
export function CodeView({ text, language, label, most = 5000 }: Props) {
  const { t } = useTranslation();
  const all = useMemo(() => highlight(text.replace(/\n$/, ''), language), [text, language]);
  const lines = all.slice(0, most);
  const digits = String(lines.length).length;
  return (
    <>
      <pre className={classes.code} tabIndex={0} role="group" aria-label={label} style={{ '--digits': `${digits}ch` } as CSSProperties}>
        {lines.map((pieces, index) => (
          <span key={index} className={classes.line} data-number={index + 1}>
            {pieces.map(([piece, tone], at) =>
              tone ? (
                <span key={at} data-tone={tone}>
                  {piece}
                </span>
              ) : (
                piece
              ),
            )}
            {'\n'}
          </span>
        ))}
      </pre>
      {all.length > most && (
        <Text size="sm" c="dimmed" p="sm">
          {t('artifacts.moreLines', { count: all.length - most })}
        </Text>
      )}
    </>
  );
}
