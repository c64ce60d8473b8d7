// Lets each component of Mantine bring its own style, when a page brings the component: all of them would be a seventh
// of the first load, and a list by hand is forgotten. The development server takes them all at once.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const styles = fileURLToPath(new URL('../node_modules/@mantine/core/styles/', import.meta.url));
const classNames = /@mantine\/(core|notifications)\/esm\/(?:.*\/)?(\w+)\.module\.mjs$/;

export function mantineStyles(): Plugin[] {
  return [
    {
      name: 'mantine-styles',
      apply: 'build',
      transform(code, id) {
        const [, library, component] = classNames.exec(id) ?? [];
        if (library === undefined) return null;
        const sheet = library === 'core' ? `${component}.layer.css` : 'styles.layer.css';
        if (library === 'core' && !existsSync(styles + sheet)) return null;
        const path = library === 'core' ? `@mantine/core/styles/${sheet}` : `@mantine/notifications/${sheet}`;
        return { code: `import '${path}';\n${code}`, map: null };
      },
    },
    {
      name: 'mantine-styles-of-development',
      apply: 'serve',
      transformIndexHtml: () =>
        ['core', 'notifications'].map((library) => ({
          tag: 'link',
          attrs: { rel: 'stylesheet', href: `/node_modules/@mantine/${library}/styles.layer.css` },
          injectTo: 'head-prepend',
        })),
    },
  ];
}
