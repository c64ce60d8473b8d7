const names: Record<string, string> = {
  IMAGE: 'Image',
  CHART: 'Helm chart',
  CNAB: 'CNAB',
  WASM: 'WebAssembly',
  SIGNATURE: 'Signature',
  SBOM: 'SBOM',
  MODEL: 'Model',
  CNAI: 'Model',
};

/** Names of artifact kinds; they are names in every language. */
export function kindName(type: string | undefined): string {
  if (!type) return '–';
  return names[type.toUpperCase()] ?? type.charAt(0).toUpperCase() + type.slice(1).toLowerCase();
}
