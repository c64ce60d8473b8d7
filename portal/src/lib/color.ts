const form = /^#[0-9a-fA-F]{6}$/;
export const isColor = (text: string) => form.test(text);

/** Relative luminance, WCAG 2.2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What labels lie on in either theme. */
const surfaces = ['#ffffff', '#111a1f'];

/** WCAG 1.4.11: a sign is seen from 3:1 on. */
export const isSeenInBothThemes = (color: string) => surfaces.every((surface) => contrast(color, surface) >= 3);

/** Colours to begin with, each seen in both themes, as far from one another as that allows. */
export const palette = [
  '#d64545', '#c8641c', '#a8781c', '#75871f', '#2f9150', '#1f8a86', '#2f83b8', '#3f74dd', '#7a63e0', '#a957c9', '#cf4d8b', '#76828c',
] as const;
