import { beginAnewWithAnotherKey, previewOf, storedKey, storeKey, takeKeyFromAddress } from '../shared/key';
import { byId } from './elements';

const session = byId('session');
const signOut = byId('sign-out');

takeKeyFromAddress();
let shown = storedKey();
beginAnewWithAnotherKey(() => shown);
show();

signOut.addEventListener('click', () => {
  storeKey(null);
  shown = null;
  show();
});

function show(): void {
  signOut.hidden = shown === null;
  session.textContent =
    shown === null
      ? 'Not signed in. On your own machine the start of the server prints an address that signs you in.'
      : `This tab is signed in with the key ${previewOf(shown)}`;
}
