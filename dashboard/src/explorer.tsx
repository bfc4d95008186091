import { createRoot } from 'react-dom/client';
import { Shell } from './shell/shell';
import { Explorer } from './explorer/explorer';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <Shell page="explorer">
      <Explorer />
    </Shell>,
  );
}
