import story from '../../../examples/sandbox-story.graphql?raw';
import { beginAnewWithAnotherKey, previewOf, storedKey, storeKey, takeKeyFromAddress } from '../shared/key';
import { byId } from './elements';

/** As Apollo Server's own landing page loads it; the security policy names the same address. */
const SCRIPT = 'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
/** In the tab's storage: its key may be given to Apollo's page. Goes with the key. */
const CONSENT = 'vault-sandbox-signed-in';

const question = byId('question');
const reason = byId('reason');

if (takeKeyFromAddress()) sessionStorage.setItem(CONSENT, 'yes');
const key = storedKey();
beginAnewWithAnotherKey(() => key);

if (key === null) open(null);
else if (isLive(key)) ask('Live keys are not given to other companies’ pages.');
else if (sessionStorage.getItem(CONSENT)) open(key);
else
  ask(
    `It is Apollo’s page, from Apollo’s servers. Opened signed in, it is given this tab’s key, ${previewOf(key)}`,
  );

byId('open-signed-in').addEventListener('click', () => {
  sessionStorage.setItem(CONSENT, 'yes');
  open(key);
});
byId('open-signed-out').addEventListener('click', () => {
  storeKey(null);
  location.reload();
});

function isLive(secret: string): boolean {
  return secret.startsWith('sk_live_');
}

/** A script of this page can read whatever this tab keeps, and so Apollo's is not even loaded before the answer. */
function ask(why: string): void {
  reason.textContent = why;
  byId('open-signed-in').hidden = key === null || isLive(key);
  question.hidden = false;
}

function open(authorised: string | null): void {
  question.hidden = true;
  const script = document.createElement('script');
  script.src = SCRIPT;
  script.addEventListener('load', () => embed(authorised));
  script.addEventListener('error', () => {
    reason.textContent = 'It could not be loaded from Apollo’s servers.';
    for (const button of question.querySelectorAll('button')) button.hidden = true;
    question.hidden = false;
  });
  document.head.append(script);
}

interface SandboxOptions {
  readonly target: string;
  readonly initialEndpoint: string;
  readonly initialState: {
    readonly document: string;
    readonly variables: Record<string, string>;
    readonly headers: Record<string, string>;
    readonly includeCookies: boolean;
  };
  readonly endpointIsEditable: boolean;
  readonly hideCookieToggle: boolean;
  readonly runTelemetry: boolean;
  readonly allowDynamicStyles: boolean;
}

declare global {
  interface Window {
    readonly EmbeddedSandbox: new (options: SandboxOptions) => unknown;
  }
}

function embed(authorised: string | null): void {
  byId('sandbox').hidden = false;
  new window.EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: `${location.origin}/graphql`,
    initialState: {
      document: story,
      variables: { customerId: '', paymentToken: '', customerToken: '' },
      headers: authorised === null ? {} : { Authorization: `Bearer ${authorised}` },
      includeCookies: false,
    },
    endpointIsEditable: false,
    hideCookieToggle: true,
    runTelemetry: false,
    // They would be refused by the security policy.
    allowDynamicStyles: false,
  });
}
