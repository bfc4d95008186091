import { createRoot } from 'react-dom/client';
import { Explorer } from './explorer/explorer';
import { Shell } from './shell/shell';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <Shell page="explorer">
      <Explorer />
    </Shell>,
  );
}
