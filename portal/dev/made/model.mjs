import { sha } from './basics.mjs';

const links = (...names) => Object.fromEntries(names.map((name) => [name, { absolute: false, href: '' }]));

/** A model by the ModelPack specification. */
export function model({ repository, a, common, keep }) {
  const seed = `${repository.name}${a}`;
  const layers = [['weight.v1.tar', 4_831_838_208], ['weight.config.v1.tar', 40_210], ['doc.v1.tar', 12_800]].map(([name, size]) => ({ mediaType: `application/vnd.cncf.model.${name}`, digest: sha(`${seed}${name}`), size }));
  const text = JSON.stringify({ schemaVersion: 2, artifactType: 'application/vnd.cncf.model.manifest.v1+json', config: { mediaType: 'application/vnd.cncf.model.config.v1+json', digest: sha(`m${seed}`), size: 610 }, layers });
  const digest = sha(text);
  keep(digest, text);
  return [{
    ...common(digest, 0), type: 'CNAI', media_type: 'application/vnd.cncf.model.config.v1+json', artifact_type: 'application/vnd.cncf.model.manifest.v1+json', manifest_media_type: 'application/vnd.oci.image.manifest.v1+json', size: layers.reduce((sum, layer) => sum + layer.size, 0),
    extra_attrs: { descriptor: { name: 'tide', family: 'transformer' }, config: { paramSize: '8b', precision: 'bf16' } },
    addition_links: links('readme.md', 'license', 'files'),
  }];
}

export const modelContent = {
  'readme.md': '# Tide\n\nForecasts the tide of a harbour from ten years of measurements.\n',
  license: 'Apache License\nVersion 2.0, January 2004\n\nTERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION\n',
  files: [{ name: 'model.safetensors', type: 'file', size: 4_831_838_208 }, { name: 'config', type: 'directory', children: [{ name: 'config.json', type: 'file', size: 1830 }, { name: 'tokenizer.json', type: 'file', size: 38_380 }] }, { name: 'LICENSE', type: 'file', size: 11_357 }],
};
