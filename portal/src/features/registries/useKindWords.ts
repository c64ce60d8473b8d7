import { useTranslation } from 'react-i18next';

const known = ['ali-acr', 'aws-ecr', 'azure-acr', 'docker-hub', 'docker-registry', 'dtr', 'github-ghcr', 'gitlab', 'google-gcr', 'harbor', 'huawei-SWR', 'jfrog-artifactory', 'quay', 'tencent-tcr', 'volcengine-cr'] as const;

/** What a kind is called, and what it calls the name and the secret. Kinds that this portal does not know keep the server's word. */
export function useKindWords() {
  const { t } = useTranslation();
  const find = (kind: string) => known.find((each) => each === kind);
  return {
    name: (kind: string) => {
      const found = find(kind);
      return found ? t(`registries.kinds.${found}`) : kind;
    },
    hint: (kind: string) => {
      const found = find(kind);
      return found ? t(`registries.hints.${found}`) : '';
    },
    key: (kind: string) => t(isSigned(kind) ? 'registries.keyId' : 'registries.user'),
    secret: (kind: string) => t(isSigned(kind) ? 'registries.secretKey' : kind === 'google-gcr' ? 'registries.keyFile' : kind === 'github-ghcr' || kind === 'gitlab' ? 'registries.token' : 'registries.password'),
  };
}

/** Whose API is asked with a signature. */
const isSigned = (kind: string) => ['ali-acr', 'aws-ecr', 'huawei-SWR', 'tencent-tcr', 'volcengine-cr'].includes(kind);
