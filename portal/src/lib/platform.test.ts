import { expect, test } from 'vitest';
import { accessoryKind, isSignature } from './accessory';
import { kindOf, otherKindName } from './kind';
import { platformName, platformsOf } from './platform';

test('platforms of an index leave out attestations', () => {
  const references = [{ platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } }, { platform: { os: 'unknown', architecture: 'unknown' } }, { platform: null }];
  expect(platformsOf({ references }).map(platformName)).toEqual(['linux/arm64/v8']);
});

test('a single image has the platform of its config, a chart has none', () => {
  expect(platformsOf({ references: null, extra_attrs: { os: 'linux', architecture: 'amd64' } }).map(platformName)).toEqual(['linux/amd64']);
  expect(platformsOf({ references: null, extra_attrs: null })).toEqual([]);
});

test('kinds have names', () => {
  expect(kindOf('CHART')).toBe('chart');
  expect(kindOf('CNAI')).toBe('model');
  expect(kindOf('NOTEBOOK')).toBeUndefined();
  expect(otherKindName('NOTEBOOK')).toBe('Notebook');
  expect(otherKindName(undefined)).toBe('–');
  expect(isSignature('signature.cosign')).toBe(true);
  expect(accessoryKind('sbom.harbor')).toBe('sbom');
  expect(accessoryKind('subject.accessory')).toBe('other');
});
