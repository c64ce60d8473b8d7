export interface BuildStep {
  created?: string;
  created_by?: string;
  empty_layer?: boolean;
}

export interface BlobDescriptor {
  digest: string;
  size: number;
  mediaType: string;
}

/** One line of a layer list: a layer with the command that made it, or a command that made none. */
export interface LayerRow {
  command: string;
  layer?: BlobDescriptor;
}

/**
 * Pairs an image's history with its layers. Both are in build order and a step that is not `empty_layer` made exactly
 * one layer (OCI image-spec, config.md). A history that does not add up is not guessed at: the layers stand alone.
 */
export function pairLayers(history: readonly BuildStep[], layers: readonly BlobDescriptor[]): LayerRow[] {
  const making = history.filter((step) => step.empty_layer !== true).length;
  if (history.length === 0 || (layers.length > 0 && making !== layers.length)) {
    return layers.map((layer) => ({ command: '', layer }));
  }
  const next = layers[Symbol.iterator]();
  return history.map((step) => {
    const command = readableCommand(step.created_by ?? '');
    if (step.empty_layer === true) return { command };
    const layer = next.next();
    return layer.done ? { command } : { command, layer: layer.value };
  });
}

/** The Dockerfile line behind what the builders write into the history. */
export function readableCommand(createdBy: string): string {
  return createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, '')
    .replace(/^(?:RUN )?(?:\|\d+ .*? )?\/bin\/sh -c /, 'RUN ')
    .replace(/\s*# buildkit$/, '')
    .trim();
}
