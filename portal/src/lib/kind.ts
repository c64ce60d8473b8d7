const kinds = ['image', 'chart', 'cnab', 'wasm', 'signature', 'sbom', 'model'] as const;
export type Kind = (typeof kinds)[number];

/** What the server calls an artifact's type ("IMAGE", "CHART"), where the portal has words for it. */
export function kindOf(type: string | undefined): Kind | undefined {
  const name = type?.toLowerCase();
  return name === 'cnai' ? 'model' : kinds.find((kind) => kind === name);
}

/** A readable name for a type that the portal has no words for. */
export function otherKindName(type: string | undefined): string {
  return type ? type.charAt(0).toUpperCase() + type.slice(1).toLowerCase() : '–';
}
