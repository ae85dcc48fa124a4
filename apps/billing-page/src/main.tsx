import { createRoot } from 'react-dom/client';
import '@mantine/core/styles.css';
import './page.css';
import { App } from './shell/app.js';
import { firstLocale } from './shell/preferences.js';
import { speak } from './texts/i18n.js';

await speak(firstLocale());
const root = document.querySelector('#root');
if (root !== null) createRoot(root).render(<App />);
