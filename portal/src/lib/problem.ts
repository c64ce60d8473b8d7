/** What the server, or the network, answered instead of the thing asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  /** the change said which state of the thing it was made from */
  readonly edited: boolean;

  constructor(init: { status: number; code: string; message: string; requestId?: string | null; edited?: boolean }) {
    super(init.message);
    this.name = 'ApiError';
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId ?? '';
    this.edited = init.edited ?? false;
  }
}

/** Status 0: no answer came at all. */
export const isOffline = (error: unknown) => error instanceof ApiError && error.status === 0;
export const isStatus = (error: unknown, status: number) => error instanceof ApiError && error.status === status;
/** Somebody else changed the thing after it was read: a 412 to a change that named its edition. */
export const isStale = (error: unknown) => error instanceof ApiError && error.status === 412 && error.edited;
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
