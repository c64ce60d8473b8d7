import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** Sea under a harbour wall: the product's own colour, for what can be acted on. */
const harbour: MantineColorsTuple = [
  '#eaf6f8', '#d3eaef', '#a9d5df', '#7bbdcb', '#4fa5b7', '#2b8ca1', '#17768c', '#0c6076', '#0a4d60', '#083b4b',
];
const gray: MantineColorsTuple = [
  '#f6f8f9', '#eef2f4', '#e2e8eb', '#d2dade', '#b3bfc6', '#8997a0', '#66757e', '#4c5b65', '#34414a', '#1b252b',
];
const dark: MantineColorsTuple = [
  '#d7e0e5', '#b5c2c9', '#93a4ad', '#60717b', '#33424b', '#26333b', '#18232a', '#111a1f', '#0c1418', '#070c0f',
];
const red: MantineColorsTuple = [
  '#fdf0ef', '#fadedb', '#f3b8b3', '#ee938b', '#ee8379', '#d9544a', '#c8382d', '#b3261e', '#931d17', '#701410',
];
const green: MantineColorsTuple = [
  '#ebf7f0', '#d3ecdd', '#a7d9bb', '#77c598', '#55b37d', '#329562', '#237a4e', '#1a6841', '#145233', '#0d3d25',
];
/** The light on the pier head: for what deserves a look. */
const amber: MantineColorsTuple = [
  '#fff5e4', '#ffe7c2', '#ffd08a', '#ffb454', '#f59e2f', '#d98316', '#b3690c', '#8f5205', '#6f3f02', '#522e00',
];

/** Their header element would be a second banner of the page. */
const noBanner = { header: { role: 'presentation' } };
const dialogTitle = { fontSize: '1.0625rem', fontWeight: 650 };

export const theme = createTheme({
  primaryColor: 'harbour',
  primaryShade: { light: 7, dark: 6 },
  colors: { harbour, gray, dark, red, green, amber },
  white: '#ffffff',
  black: '#131c21',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    "Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', 'Liberation Sans', Arial, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.125rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  // Plain objects: naming the components here would bring them into the first load.
  components: {
    // A badge is a word: it is never shortened to fit.
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 550 }, styles: { root: { minWidth: 'max-content' } } },
    Button: { defaultProps: { fw: 550 } },
    Modal: {
      defaultProps: { centered: true, radius: 'lg', overlayProps: { backgroundOpacity: 0.45, blur: 2 }, attributes: noBanner },
      styles: { title: dialogTitle },
    },
    Drawer: { defaultProps: { attributes: noBanner }, styles: { title: dialogTitle } },
    SegmentedControl: { styles: { root: { background: 'var(--rs-sunken)' } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Mantine's own muted colours miss 4.5:1; these reach it on every surface of either theme. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[7],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-disabled-color': gray[7],
    '--mantine-color-error': red[7],
    '--mantine-color-anchor': harbour[7],
    '--mantine-color-default-border': gray[3],
    '--mantine-color-green-light': green[0],
    '--mantine-color-amber-light': amber[0],
    '--mantine-color-gray-light': gray[1],
    '--mantine-color-red-light-color': red[8],
    '--mantine-color-green-light-color': green[8],
    '--mantine-color-amber-light-color': amber[8],
    '--mantine-color-harbour-light-color': harbour[8],
    '--mantine-color-gray-light-color': gray[8],
    '--rs-canvas': gray[0],
    '--rs-surface': '#ffffff',
    '--rs-sunken': gray[1],
    '--rs-line': gray[2],
    '--rs-brand': harbour[7],
    '--rs-hover': '#f2f8f9',
    '--rs-selected': harbour[0],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-disabled-color': dark[2],
    '--mantine-color-error': red[4],
    '--mantine-color-anchor': harbour[3],
    '--mantine-color-default-border': dark[4],
    '--mantine-color-red-light': '#3b1d1b',
    '--mantine-color-red-light-hover': '#4a2320',
    '--mantine-color-green-light': '#14352a',
    '--mantine-color-amber-light': '#3a2c10',
    '--mantine-color-harbour-light': '#12303b',
    '--mantine-color-harbour-light-hover': '#173d4a',
    '--mantine-color-gray-light': dark[5],
    '--mantine-color-red-light-color': red[2],
    '--mantine-color-green-light-color': green[2],
    '--mantine-color-amber-light-color': amber[2],
    '--mantine-color-harbour-light-color': harbour[2],
    '--mantine-color-gray-light-color': dark[0],
    '--rs-canvas': dark[8],
    '--rs-surface': dark[7],
    '--rs-sunken': dark[6],
    '--rs-line': dark[5],
    '--rs-brand': harbour[3],
    '--rs-hover': '#15222a',
    '--rs-selected': '#12303b',
  },
});
