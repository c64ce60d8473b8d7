import { shellWord, type Client } from '@/lib/pull-command';

export interface Credentials {
  host: string;
  /** the whole name, with prefix and project */
  name: string;
  secret: string;
  /** whose images the examples push; the reader's own where the robot has several projects */
  project: string;
}

/** The secret comes by standard input, so that it is in no list of processes. */
export function loginWithSecret(client: Client, { host, name, secret }: Credentials): string {
  const said = `printf %s ${shellWord(secret)}`;
  switch (client) {
    case 'crane':
      return `${said} | crane auth login ${host} -u ${shellWord(name)} --password-stdin`;
    case 'helm':
      return `${said} | helm registry login ${host} -u ${shellWord(name)} --password-stdin`;
    default:
      return `${said} | ${client} login ${host} -u ${shellWord(name)} --password-stdin`;
  }
}

/** A name that Kubernetes takes: RFC 1123, made of the robot's. */
export function secretName(name: string): string {
  const plain = name.toLowerCase().replace(/^robot\$/, '').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${plain.slice(0, 50).replace(/-+$/, '') || 'registry'}-registry`;
}

export function kubectl({ host, name, secret }: Credentials): string {
  return [
    `kubectl create secret docker-registry ${secretName(name)}`,
    `--docker-server=${host}`,
    `--docker-username=${shellWord(name)}`,
    `--docker-password=${shellWord(secret)}`,
  ].join(' \\\n  ');
}

/** ~/.docker/config.json, which most clients read. */
export function dockerConfig({ host, name, secret }: Credentials): string {
  return JSON.stringify({ auths: { [host]: { username: name, password: secret, auth: base64(`${name}:${secret}`) } } }, null, 2);
}

export function kubernetesSecret(credentials: Credentials): string {
  const config = JSON.stringify(JSON.parse(dockerConfig(credentials)));
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${secretName(credentials.name)}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: ${base64(config)}
---
# In the pod, or in the service account that runs it:
# imagePullSecrets:
#   - name: ${secretName(credentials.name)}
`;
}

export function githubActions({ host, name, project }: Credentials): string {
  return `# Settings → Secrets and variables → Actions: REGISTRY_PASSWORD holds the secret.
- uses: docker/login-action@v3
  with:
    registry: ${host}
    username: ${yamlWord(name)}
    password: \${{ secrets.REGISTRY_PASSWORD }}
- uses: docker/build-push-action@v6
  with:
    push: true
    tags: ${host}/${project}/\${{ github.event.repository.name }}:\${{ github.sha }}
`;
}

export function gitlabCi({ host, name, project }: Credentials): string {
  return `# Settings → CI/CD → Variables: REGISTRY_PASSWORD holds the secret (masked, "Expand variable" off).
build:
  image: docker:28
  services: [docker:28-dind]
  script:
    - echo "$REGISTRY_PASSWORD" | docker login ${host} -u ${shellWord(name)} --password-stdin
    - docker build -t "${host}/${project}/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA" .
    - docker push "${host}/${project}/$CI_PROJECT_NAME:$CI_COMMIT_SHORT_SHA"
`;
}

export function jenkins({ host, name, project }: Credentials): string {
  return `// Manage Jenkins → Credentials: "registry" is a user name with password, ${name} and the secret.
pipeline {
  agent any
  stages {
    stage('Image') {
      steps {
        script {
          docker.withRegistry('https://${host}', 'registry') {
            docker.build("${project}/\${env.JOB_BASE_NAME.toLowerCase()}:\${env.BUILD_NUMBER}").push()
          }
        }
      }
    }
  }
}
`;
}

/** In single quotes YAML takes everything as it is. */
const yamlWord = (word: string) => `'${word.replaceAll("'", "''")}'`;

function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes));
}
