import './mantine.css';
import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLanguage } from '@/i18n';
import { Providers } from './Providers';

async function start() {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  await startLanguage();
  createRoot(root).render(
    <StrictMode>
      <Providers />
    </StrictMode>,
  );
}

void start();
