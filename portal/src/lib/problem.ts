/** What the server, or the network, answered instead of the thing asked for. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;

  constructor(init: { status: number; code: string; message: string; requestId?: string | null }) {
    super(init.message);
    this.name = 'ApiError';
    this.status = init.status;
    this.code = init.code;
    this.requestId = init.requestId ?? '';
  }
}

/** Status 0: no answer came at all. */
export const isOffline = (error: unknown) => error instanceof ApiError && error.status === 0;
export const isStatus = (error: unknown, status: number) => error instanceof ApiError && error.status === status;
export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
