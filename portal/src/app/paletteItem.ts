import type { ComponentType } from 'react';

/** A line of the command palette: a place to go to, or something to do. */
export interface PaletteItem {
  id: string;
  group: 'go' | 'recent' | 'projects' | 'repositories' | 'tags' | 'artifacts' | 'search' | 'pages' | 'actions';
  name: string;
  hint?: string | undefined;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  run: () => void;
}
