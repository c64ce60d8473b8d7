import { ApiError } from '@/lib/problem';

export type QueryValue = string | number | boolean | undefined;

export interface RequestOptions {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, QueryValue>;
  /** sent as JSON */
  body?: unknown;
  /** sent as a form, which only /c/login wants */
  form?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** the update_time of what the change was made from: the server answers 412 when somebody has changed it since */
  edition?: string | undefined;
}

export interface Page<T> {
  items: T[];
  total: number;
}

const base = '/api/v2.0';
const csrfHeader = 'X-Harbor-CSRF-Token';

/**
 * Speaks with the server that served this page. A session's cookie travels by itself; what the cookie needs beside it
 * on a changing request, the CSRF token, comes with every answer and is kept here.
 */
export class Client {
  #csrf = '';

  async json<T>(path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(base + path, options);
    return (await response.json()) as T;
  }

  async page<T>(path: string, options: RequestOptions = {}): Promise<Page<T>> {
    const response = await this.send(base + path, options);
    const items = ((await response.json()) as T[] | null) ?? [];
    const total = Number.parseInt(response.headers.get('X-Total-Count') ?? '', 10);
    return { items, total: Number.isNaN(total) ? items.length : total };
  }

  async text(path: string, options: RequestOptions = {}): Promise<string> {
    const response = await this.send(base + path, options);
    return response.text();
  }

  async done(path: string, options: RequestOptions): Promise<void> {
    await this.send(base + path, options);
  }

  async send(path: string, options: RequestOptions = {}): Promise<Response> {
    const method = options.method ?? 'GET';
    const changes = method !== 'GET' && method !== 'HEAD';
    if (changes && this.#csrf === '') await this.#fetchToken();
    let response = await this.#fetch(path, method, options);
    if (changes && response.status === 403 && (await isCsrfRefusal(response))) {
      // The refusal brought a fresh token; the first one belonged to an older session.
      response = await this.#fetch(path, method, options);
    }
    if (!response.ok) throw await problemOf(response, options.edition !== undefined);
    return response;
  }

  /** The first answer sets the cookie, the second one carries the token that belongs to it. */
  async #fetchToken(): Promise<void> {
    for (let attempt = 0; attempt < 2 && this.#csrf === ''; attempt++) {
      await this.#fetch(`${base}/systeminfo`, 'GET', {});
    }
  }

  async #fetch(path: string, method: string, options: RequestOptions): Promise<Response> {
    const headers = new Headers({ Accept: 'application/json' });
    const init: RequestInit = { method, headers, credentials: 'same-origin', signal: options.signal ?? null };
    if (method !== 'GET' && method !== 'HEAD' && this.#csrf !== '') headers.set(csrfHeader, this.#csrf);
    if (options.edition) headers.set('If-Match', `"${options.edition}"`);
    if (options.body !== undefined) {
      headers.set('Content-Type', 'application/json');
      init.body = JSON.stringify(options.body);
    } else if (options.form) {
      init.body = new URLSearchParams(options.form);
    }
    let response: Response;
    try {
      response = await fetch(path + queryString(options.query), init);
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
      throw new ApiError({ status: 0, code: 'OFFLINE', message: '', away: true });
    }
    const token = response.headers.get(csrfHeader);
    if (token) this.#csrf = token;
    return response;
  }
}

export const client = new Client();

/** A repository's name in a path: encoded twice, because proxies decode %2F once. */
export const repositoryInPath = (name: string) => encodeURIComponent(encodeURIComponent(name));

function queryString(query: Record<string, QueryValue> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function isCsrfRefusal(response: Response): Promise<boolean> {
  if (!response.headers.get(csrfHeader)) return false;
  const text = await response.clone().text();
  return text.includes('CSRF');
}

async function problemOf(response: Response, edited: boolean): Promise<ApiError> {
  const requestId = response.headers.get('X-Request-Id');
  const text = await response.text().catch(() => '');
  let code = 'UNKNOWN';
  let message = text.length < 300 && !text.startsWith('<') ? text.trim() : '';
  let away = [502, 503, 504].includes(response.status);
  try {
    const first = (JSON.parse(text) as { errors?: { code?: string; message?: string }[] }).errors?.[0];
    if (first) {
      code = first.code ?? code;
      message = first.message ?? '';
      away = away && response.headers.has('Retry-After');
    }
  } catch {
    // Not Harbor's error body: a proxy in between answered. The text, if short, is shown.
  }
  return new ApiError({ status: response.status, code, message, requestId, edited, away });
}
