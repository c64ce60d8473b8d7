import { createHash } from 'node:crypto';

export const sha = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
export const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
export const never = '0001-01-01T00:00:00.000Z';
