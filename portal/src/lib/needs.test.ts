import { describe, expect, test } from 'vitest';
import { leastNeeded, neededFor } from './needs';
import { ApiError } from './problem';

const refusal = (message: string, status = 403) => new ApiError({ status, code: 'FORBIDDEN', message });

describe('who would be allowed', () => {
  test.each([
    ['forbidden: member:create in project library needs the role projectAdmin; ask an administrator of the project', ['projectAdmin']],
    ['forbidden: label:create in project 3 needs the role projectAdmin or maintainer; ask an administrator of the project', ['projectAdmin', 'maintainer']],
    ['forbidden: repository:pull in project x needs the role projectAdmin or limitedGuest; ask …', ['projectAdmin', 'limitedGuest']],
    ['forbidden: user:list needs a system administrator', ['systemAdministrator']],
    ['forbidden', []],
    ['', []],
  ])('%s', (message, expected) => {
    expect(neededFor(refusal(message))).toEqual(expected);
  });

  test('the least role is what a reader is told to ask for', () => {
    expect(leastNeeded(refusal('x needs the role projectAdmin or maintainer or developer; ask'))).toBe('developer');
  });

  test('only a refusal for lack of permission says it', () => {
    expect(neededFor(refusal('this needs the role guest', 409))).toEqual([]);
    expect(neededFor(new Error('needs the role guest'))).toEqual([]);
  });
});
