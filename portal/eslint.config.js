import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

// app → features → ui | api | lib, downwards only; a feature never reaches into another.
// Files of the same folder are imported with './', everything else with '@/'.
const heavy = {
  name: '@mantine/core',
  importNames: ['Menu', 'Tooltip'],
  message: "Use '@/ui/Menu' and '@/ui/Tooltip': Mantine's bring a positioning engine into the first load.",
};
const line = (files, forbidden, message) => ({
  files,
  ignores: ['**/*.test.{ts,tsx}'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: [heavy],
        patterns: [
          { group: ['../*'], message: "Use '@/…' to leave a folder, so that the layer shows." },
          ...(forbidden.length > 0 ? [{ group: forbidden, message }] : []),
        ],
      },
    ],
  },
});

const visible = '/^(label|title|placeholder|aria-label|description|alt|confirmLabel|emptyTitle)$/';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/api/schema.gen.ts', 'coverage/', 'screenshots/'] },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommended, reactHooks.configs.flat.recommended],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.tsx'],
    ignores: ['src/**/*.test.tsx'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'JSXText[value=/[A-Za-z\\u4e00-\\u9fff]{2,}/]', message: 'Put the text into src/i18n and use t().' },
        {
          selector: `JSXAttribute[name.name=${visible}] > Literal[value=/[A-Za-z\\u4e00-\\u9fff]{2,}/]`,
          message: 'Put the text into src/i18n and use t().',
        },
      ],
    },
  },
  line(['src/app/**'], [], ''),
  line(['src/features/**'], ['@/features/**', '@/app/**'], 'A feature uses ui, api and lib; shared parts belong there.'),
  line(['src/ui/**'], ['@/features/**', '@/app/**', '@/api/**'], 'ui knows no page and no server.'),
  line(['src/api/**'], ['@/features/**', '@/app/**', '@/ui/**'], 'api knows no page and no component.'),
  line(['src/lib/**'], ['@/features/**', '@/app/**', '@/ui/**', '@/api/**', 'react', '@mantine/**'], 'lib is plain TypeScript.'),
);
