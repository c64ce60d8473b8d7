import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { chunks } from './scripts/chunks.ts';
import { mantineStyles } from './scripts/mantine-styles.ts';

const server = process.env.ROADSTEAD_URL ?? 'http://127.0.0.1:8080';
const forwarded = ['/api', '/c', '/v2', '/service'];

export default defineConfig({
  plugins: [react(), mantineStyles()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    // The committed placeholder lives in dist; scripts/clean.mjs removes older builds around it.
    emptyOutDir: false,
    manifest: true,
    // A data: URL would need a wider content security policy than 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    proxy: Object.fromEntries(forwarded.map((path) => [`^${path}/`, server])),
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/testing/setup.ts'],
    restoreMocks: true,
    testTimeout: 60_000, // longer than what a test waits for
    hookTimeout: 60_000,
  },
});
