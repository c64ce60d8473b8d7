import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { loadTexts, type Area } from '@/i18n';

/** Loads a page together with the texts that only it needs. */
export function withTexts<Module>(areas: Area[], load: () => Promise<Module>): () => Promise<Module> {
  return async () => {
    const [module] = await Promise.all([load(), loadTexts(...areas)]);
    return module;
  };
}

/** A page for where the router does not choose it. */
export function lazyPage<Props>(areas: Area[], load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(withTexts(areas, async () => ({ default: await load() })));
}
