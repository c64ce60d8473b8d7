import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { createElement, Fragment, useMemo, type ReactNode } from 'react';
import { isWebAddress } from '@/lib/linked-text';
import classes from './Markdown.module.css';

/**
 * Markdown that came with an artifact. It is read into tokens and drawn as React elements, so no markup of its
 * makers reaches the page; links go to web addresses only, and pictures, which would tell others who reads, are
 * links too.
 */
export function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text]);
  return <div className={classes.markdown}>{draw(tokens)}</div>;
}

const draw = (tokens: readonly Token[] = []): ReactNode => tokens.map((token, index) => <Fragment key={index}>{one(token as MarkedToken)}</Fragment>);

function one(token: MarkedToken): ReactNode {
  switch (token.type) {
    case 'heading':
      // The page has its own first heading, and the panel a second.
      return createElement(`h${Math.min(token.depth + 2, 6)}`, null, draw(token.tokens));
    case 'paragraph':
      return <p>{draw(token.tokens)}</p>;
    case 'blockquote':
      return <blockquote>{draw(token.tokens)}</blockquote>;
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'codespan':
      return <code>{token.text}</code>;
    case 'list':
      return token.ordered ? <ol start={token.start || 1}>{draw(token.items)}</ol> : <ul>{draw(token.items)}</ul>;
    case 'list_item':
      return (
        <li>
          {token.task && <span aria-hidden>{token.checked ? '☑ ' : '☐ '}</span>}
          {draw(token.tokens)}
        </li>
      );
    case 'table':
      return <Table token={token} />;
    case 'strong':
      return <strong>{draw(token.tokens)}</strong>;
    case 'em':
      return <em>{draw(token.tokens)}</em>;
    case 'del':
      return <del>{draw(token.tokens)}</del>;
    case 'link':
      return <Link href={token.href}>{draw(token.tokens)}</Link>;
    case 'image':
      return <Link href={token.href}>{token.text || token.href}</Link>;
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'html':
      return /^<br\s*\/?>$/i.test(token.text.trim()) ? <br /> : token.block ? withoutMarkup(token.text) : null;
    case 'text':
      return token.tokens ? draw(token.tokens) : token.text;
    case 'escape':
      return token.text;
    default:
      return null;
  }
}

/** A block of HTML keeps its words, but for scripts and styles, which have none. */
const withoutMarkup = (html: string) => html.replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<!--[\s\S]*?(?:-->|$)|<[^>]*>?/gi, ' ').trim() || null;

function Link({ href, children }: { href: string; children: ReactNode }) {
  return isWebAddress(href) ? (
    <a href={href} target="_blank" rel="noreferrer nofollow">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
}

function Table({ token }: { token: Tokens.Table }) {
  return (
    <div className={classes.scroll} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} align={cell.align ?? undefined}>
                {draw(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} align={cell.align ?? undefined}>
                  {draw(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
