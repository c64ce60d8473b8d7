import { expect, test } from 'vitest';
import { compareLayers, differences, environment, matchPlatforms, runFacts, sizeOf } from './compare';

test('only what differs is told, with what is missing', () => {
  expect(differences({ a: '1', b: '2', c: undefined }, { a: '1', b: '3', d: '' })).toEqual([
    { name: 'b', from: '2', to: '3' },
    { name: 'd', from: undefined, to: '' },
  ]);
  expect(differences({ constructor: 'x' }, {})).toEqual([{ name: 'constructor', from: 'x', to: undefined }]);
});

test('how an image runs becomes comparable lines', () => {
  expect(runFacts({ Entrypoint: ['/app', 'a b', ''], Cmd: [], ExposedPorts: { '9090/tcp': {}, '80/tcp': {} }, User: '' })).toEqual({
    entrypoint: '/app "a b" ""', command: undefined, user: undefined, directory: undefined, ports: '80/tcp, 9090/tcp', volumes: undefined,
  });
  expect(runFacts(null).entrypoint).toBeUndefined();
  expect(environment({ Env: ['PATH=/bin', 'OPTS=-a=b', 'EMPTY'] })).toEqual({ PATH: '/bin', OPTS: '-a=b', EMPTY: '' });
});

const row = (digest: string, size = 10) => ({ command: `RUN ${digest}`, layer: { digest, size, mediaType: 'x' } });

test('layers are shared by digest, and steps without one are left out', () => {
  const { shared, onlyFrom, onlyTo } = compareLayers([row('a'), { command: 'ENV' }, row('b', 5), row('empty')], [row('a'), row('c', 7), row('empty'), row('empty')]);
  expect(shared.map((each) => each.layer?.digest)).toEqual(['a', 'empty']);
  expect(onlyFrom.map((each) => each.layer?.digest)).toEqual(['b']);
  expect(onlyTo.map((each) => each.layer?.digest)).toEqual(['c', 'empty']);
  expect(sizeOf(shared)).toBe(20);
});

const index = (...names: string[]) => ({ digest: 'index', references: names.map((name) => ({ child_digest: `of ${name}`, platform: { os: name.split('/')[0], architecture: name.split('/')[1] } })) });

test('platforms are matched, those on both sides first', () => {
  expect(matchPlatforms(index('linux/s390x', 'linux/amd64', 'unknown/unknown'), index('linux/amd64', 'linux/arm64'))).toEqual([
    { name: 'linux/amd64', from: 'of linux/amd64', to: 'of linux/amd64' },
    { name: 'linux/s390x', from: 'of linux/s390x', to: undefined },
    { name: 'linux/arm64', from: undefined, to: 'of linux/arm64' },
  ]);
});

test('an index is compared with a single image of one of its platforms, and charts with charts', () => {
  expect(matchPlatforms(index('linux/amd64'), { digest: 'one', extra_attrs: { os: 'linux', architecture: 'amd64' } })).toEqual([{ name: 'linux/amd64', from: 'of linux/amd64', to: 'one' }]);
  expect(matchPlatforms({ digest: 'a' }, { digest: 'b', extra_attrs: null })).toEqual([{ name: '', from: 'a', to: 'b' }]);
});
