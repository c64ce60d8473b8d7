import type { LayerRow } from './layers';
import { isReal, platformName, type PlatformParts } from './platform';

/** A value by its name on two sides; undefined: not there. */
export interface Difference {
  name: string;
  from: string | undefined;
  to: string | undefined;
}

type Values = Readonly<Record<string, string | undefined>>;

/** What is not the same, in the order in which the names are first met. */
export function differences(from: Values, to: Values): Difference[] {
  const names = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...names].map((name) => ({ name, from: own(from, name), to: own(to, name) })).filter((each) => each.from !== each.to);
}

/** Names come from what was pushed: "constructor" is one like any other. */
const own = (values: Values, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined);

/** OCI image-spec, config.md, as far as it says how an image runs. */
interface RunConfig {
  Cmd?: string[] | null;
  Entrypoint?: string[] | null;
  Env?: string[] | null;
  ExposedPorts?: Record<string, unknown> | null;
  Labels?: Record<string, string> | null;
  User?: string;
  Volumes?: Record<string, unknown> | null;
  WorkingDir?: string;
}

export type Fact = 'entrypoint' | 'command' | 'user' | 'directory' | 'ports' | 'volumes';

/** The facts of a config, each as one comparable line. */
export function runFacts(config: RunConfig | null | undefined): Record<Fact, string | undefined> {
  const words = (list: string[] | null | undefined) => (list && list.length > 0 ? list.map(quoted).join(' ') : undefined);
  const names = (set: Record<string, unknown> | null | undefined) => Object.keys(set ?? {}).sort().join(', ') || undefined;
  return {
    entrypoint: words(config?.Entrypoint),
    command: words(config?.Cmd),
    user: config?.User || undefined,
    directory: config?.WorkingDir || undefined,
    ports: names(config?.ExposedPorts),
    volumes: names(config?.Volumes),
  };
}

export const quoted = (word: string) => (word === '' || /[\s"]/.test(word) ? JSON.stringify(word) : word);

/** ["A=b"] → { A: "b" }; a value may hold further "=". */
export function environment(config: RunConfig | null | undefined): Record<string, string> {
  return Object.fromEntries(
    (config?.Env ?? []).map((line) => {
      const at = line.indexOf('=');
      return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

export interface LayerComparison {
  shared: LayerRow[];
  onlyFrom: LayerRow[];
  onlyTo: LayerRow[];
}

/** Layers are the same when their digest is; each stands once for each time it occurs. */
export function compareLayers(from: readonly LayerRow[], to: readonly LayerRow[]): LayerComparison {
  const left = new Map<string, number>();
  for (const { layer } of to) if (layer) left.set(layer.digest, (left.get(layer.digest) ?? 0) + 1);
  const shared: LayerRow[] = [];
  const onlyFrom: LayerRow[] = [];
  for (const row of from) {
    if (!row.layer) continue;
    const count = left.get(row.layer.digest) ?? 0;
    if (count > 0) left.set(row.layer.digest, count - 1);
    (count > 0 ? shared : onlyFrom).push(row);
  }
  const onlyTo = to.filter(({ layer }) => {
    const count = layer ? (left.get(layer.digest) ?? 0) : 0;
    if (layer && count > 0) left.set(layer.digest, count - 1);
    return count > 0;
  });
  return { shared, onlyFrom, onlyTo };
}

export const sizeOf = (rows: readonly LayerRow[]) => rows.reduce((sum, row) => sum + (row.layer?.size ?? 0), 0);

interface Described {
  digest: string;
  references?: { child_digest: string; platform?: PlatformParts | null }[] | null;
  extra_attrs?: PlatformParts | null;
}

/** One platform, and the digest of its manifest on either side. */
export interface PlatformPair {
  name: string;
  from: string | undefined;
  to: string | undefined;
}

/** Matches what runs on the same platform; two that say nothing of platforms are one pair without a name. */
export function matchPlatforms(from: Described, to: Described): PlatformPair[] {
  const left = manifestsOf(from);
  const right = manifestsOf(to);
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const pairs = names.map((name) => ({ name, from: left.get(name), to: right.get(name) }));
  const whole = pairs.filter((pair) => pair.from !== undefined && pair.to !== undefined);
  return [...whole, ...pairs.filter((pair) => !whole.includes(pair))];
}

function manifestsOf(artifact: Described): Map<string, string> {
  const real = (artifact.references ?? []).filter((reference) => isReal(reference.platform));
  if (real.length === 0) return new Map([[isReal(artifact.extra_attrs) ? platformName(artifact.extra_attrs) : '', artifact.digest]]);
  return new Map(real.map((reference) => [platformName(reference.platform ?? {}), reference.child_digest]));
}
