/** An accessory's type as the server writes it, such as "signature.cosign" or "sbom.harbor". */
export const isSignature = (type: string) => type.startsWith('signature.');

export function accessoryKind(type: string): 'signature' | 'sbom' | 'accelerator' | 'other' {
  if (isSignature(type)) return 'signature';
  if (type.startsWith('sbom.')) return 'sbom';
  return type.startsWith('accelerator.') ? 'accelerator' : 'other';
}
