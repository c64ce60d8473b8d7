import { ago, sha } from './basics.mjs';

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

/** Every second one for one platform, the others for two or three. The base's layers are the same for a while. */
export function image({ repository, a, amount, at, common, keep }) {
  const seed = `${repository.name}${a}`;
  const minor = amount - a;
  function single(arch, variant, i) {
    const base = `${arch}${Math.floor(a / 4)}`;
    const layers = [[`base${base}`, 29_124_864], [`packages${base}`, 1_572_864], [`app${seed}${arch}`, 84_934_656 + a * 4096], ['workdir', 512], [`assets${repository.name}${a >> 1}`, 2_097_152 + (a >> 1) * 900]]
      .map(([text, size]) => ({ mediaType: types.layer, digest: sha(text), size }));
    const text = JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config: { mediaType: types.config, digest: sha(`config${seed}${arch}`), size: 4823 }, layers }, null, 3);
    const digest = sha(text);
    keep(digest, text);
    return {
      ...common(digest, i), type: 'IMAGE', media_type: types.config, manifest_media_type: types.manifest, artifact_type: types.config, size: layers.reduce((sum, layer) => sum + layer.size, text.length),
      extra_attrs: {
        architecture: arch, os: 'linux', variant, author: 'Platform team <platform@example.com>', created: ago(60 + a * 610),
        config: {
          Entrypoint: ['/usr/local/bin/app'], Cmd: a % 4 === 0 ? ['serve', '--port', '8080'] : ['serve', '--port', '8080', '--log-format', 'json'],
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', 'LANG=C.UTF-8', 'APP_ENV=production', `APP_VERSION=1.${minor}.${a % 3}`, ...(a % 4 === 1 ? ['FEATURE_TIDES=on'] : [])],
          ExposedPorts: { '8080/tcp': {}, ...(a % 4 === 1 ? { '9090/tcp': {} } : {}) }, User: '65532', WorkingDir: '/srv',
          Labels: { 'org.opencontainers.image.source': 'https://git.example.com/shop/app', 'org.opencontainers.image.revision': sha(seed).slice(7, 14), 'org.opencontainers.image.version': `1.${minor}.${a % 3}` },
        },
      },
      addition_links: { build_history: { absolute: false, href: '' } },
    };
  }
  if (a % 2 === 1) return [single('amd64', undefined, 0)];
  const children = [single('amd64', undefined, 1), single('arm64', 'v8', 2), ...(a === 0 ? [single('s390x', undefined, 3)] : [])];
  const references = children.map((child) => ({
    child_id: child.id, parent_id: at * 4 + 1, child_digest: child.digest, urls: null,
    platform: { os: 'linux', architecture: child.extra_attrs.architecture, ...(child.extra_attrs.variant ? { variant: child.extra_attrs.variant } : {}), OsFeatures: null },
  }));
  const annotations = { 'org.opencontainers.image.created': ago(60 + a * 610), 'org.opencontainers.image.title': 'app' };
  const text = JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests: references.map((reference) => ({ mediaType: types.manifest, digest: reference.child_digest, size: 1200, platform: reference.platform })), annotations }, null, 2);
  const digest = sha(text);
  keep(digest, text);
  const accessories = a === 0 ? [
    { id: at + 1, artifact_id: 9001, digest: sha(`sig${seed}`), type: 'signature.cosign', size: 2415, icon: '', creation_time: ago(20), subject_artifact_digest: digest, subject_artifact_id: 0, subject_artifact_repo: repository.name },
    { id: at + 2, artifact_id: 9002, digest: sha(`sbom${seed}`), type: 'sbom.harbor', size: 184_320, icon: '', creation_time: ago(19), subject_artifact_digest: digest, subject_artifact_id: 0, subject_artifact_repo: repository.name },
  ] : null;
  return [{ ...common(digest, 0), type: 'IMAGE', media_type: types.index, manifest_media_type: types.index, size: children.reduce((sum, child) => sum + child.size, 0), references, accessories, annotations }, ...children];
}

export const history = [
  ['/bin/sh -c #(nop) ADD file:9b38b383dd93169a663eed88edf3f2285b837257ead69dc40ab5ed1fb3f52c35 in / ', false],
  ['/bin/sh -c #(nop)  CMD ["bash"]', true],
  ['RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/* # buildkit', false],
  ['ENV LANG=C.UTF-8 APP_ENV=production', true],
  ['COPY /out/app /usr/local/bin/app # buildkit', false],
  ['WORKDIR /srv', false],
  ['COPY assets/ /srv/assets # buildkit', false],
  ['USER 65532', true],
  ['ENTRYPOINT ["/usr/local/bin/app"]', true],
].map(([created_by, empty_layer]) => ({ created: ago(300), created_by, ...(empty_layer ? { empty_layer } : {}), comment: 'buildkit.dockerfile.v0' }));
