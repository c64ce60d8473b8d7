import { chart } from './chart.mjs';
import { image } from './image.mjs';
import { model } from './model.mjs';
import { ago, never } from './basics.mjs';

let tagId = 1;
export const newTag = (artifact, name, when = ago(0)) => ({ id: tagId++, artifact_id: artifact.id, repository_id: artifact.repository_id, name, push_time: when, pull_time: artifact.pull_time, immutable: name === 'stable' || name.startsWith('v1.0.') });

/** A repository's artifacts, the newest first; what its name says decides what they are. */
export function makeArtifacts(repository, amount, manifests, before, labels) {
  const make = repository.name.includes('charts/') ? chart : repository.name.includes('models/') ? model : image;
  const made = [];
  for (let a = 0; a < amount; a++) {
    const at = before + made.length;
    const common = (digest, i) => ({
      id: at * 4 + i + 1, project_id: repository.project_id, repository_id: repository.id, repository_name: repository.name, digest,
      push_time: ago(30 + a * 610), pull_time: a % 5 === 4 ? never : ago(4 + a * 200), labels: null, tags: null, accessories: null, references: null,
    });
    const [first, ...rest] = make({ repository, a, amount, at, common, keep: (digest, text) => manifests.set(digest, text) });
    made.push(tagged(first, a, amount, labels), ...rest);
  }
  return made;
}

function tagged(artifact, a, amount, labels) {
  const minor = amount - a;
  const names = artifact.type === 'CHART' ? [`0.${minor}.0`] : a % 9 === 8 ? [] : a === 0 ? [`v1.${minor}.0`, 'latest', 'stable'] : [`v1.${minor}.${a % 3}`];
  const worn = [a === 0 && labels[0], a < 3 && labels[1], a % 7 === 3 && labels[3], a === 5 && labels[5], a === 7 && labels[2]].filter(Boolean);
  return {
    ...artifact,
    tags: names.length > 0 ? names.map((name) => newTag(artifact, name, artifact.push_time)) : null,
    labels: worn.filter((label) => label.scope === 'g' || label.project_id === artifact.project_id),
  };
}
