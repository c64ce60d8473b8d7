import { expect, test } from 'vitest';
import { pairLayers, readableCommand } from './layers';
import { prettyJson, readManifest } from './manifest';

const layer = (n: number) => ({ digest: `sha256:${n}`, size: n, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' });

test('each layer stands beside the command that made it', () => {
  const history = [{ created_by: 'ADD rootfs' }, { created_by: 'ENV A=b', empty_layer: true }, { created_by: 'RUN make' }];
  expect(pairLayers(history, [layer(1), layer(2)])).toEqual([
    { command: 'ADD rootfs', layer: layer(1) },
    { command: 'ENV A=b' },
    { command: 'RUN make', layer: layer(2) },
  ]);
});

test('a history that does not add up is not guessed at', () => {
  expect(pairLayers([{ created_by: 'squashed' }], [layer(1), layer(2)])).toEqual([
    { command: '', layer: layer(1) },
    { command: '', layer: layer(2) },
  ]);
  expect(pairLayers([], [layer(1)])).toEqual([{ command: '', layer: layer(1) }]);
});

test('without the manifest the commands are still shown', () => {
  expect(pairLayers([{ created_by: 'ADD rootfs' }], [])).toEqual([{ command: 'ADD rootfs' }]);
});

test.each([
  ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
  ['/bin/sh -c apt-get update', 'RUN apt-get update'],
  ['RUN /bin/sh -c make # buildkit', 'RUN make'],
  ['RUN |1 VERSION=2 /bin/sh -c make # buildkit', 'RUN make'],
  ['COPY h / # buildkit', 'COPY h /'],
  ['', ''],
])('%s is shown as %s', (createdBy, command) => {
  expect(readableCommand(createdBy)).toBe(command);
});

test('a manifest may be anything', () => {
  expect(readManifest('{"layers":[{"digest":"sha256:1","size":3,"mediaType":"x"},{"size":"3"},null]}').layers).toHaveLength(1);
  expect(readManifest('{"layers":7}').layers).toEqual([]);
  expect(readManifest('not json').layers).toEqual([]);
  expect(readManifest('null').layers).toEqual([]);
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyJson('plain')).toBe('plain');
});
