/** What the server, or the network, answered instead of the thing asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  /** the change said which state of the thing it was made from */
  readonly edited: boolean;
  /** nobody is there: no answer, a proxy's word that there is no server behind it, or the server's that it cannot work now */
  readonly away: boolean;

  constructor(init: { status: number; code: string; message: string; requestId?: string | null; edited?: boolean; away?: boolean }) {
    super(init.message);
    this.name = 'ApiError';
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId ?? '';
    this.edited = init.edited ?? false;
    this.away = init.away ?? false;
  }
}

/** Status 0: no answer came at all. */
export const isOffline = (error: unknown) => error instanceof ApiError && error.status === 0;
export const isAway = (error: unknown) => error instanceof ApiError && error.away;
/** The same would be answered again: the request was understood, and is not done. */
export const isRefusal = (error: unknown) => error instanceof ApiError && !error.away && ((error.status >= 400 && error.status < 500) || error.status === 503);
export const isStatus = (error: unknown, status: number) => error instanceof ApiError && error.status === status;
/** Somebody else changed the thing after it was read: a 412 to a change that named its edition. */
export const isStale = (error: unknown) => error instanceof ApiError && error.status === 412 && error.edited;
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
