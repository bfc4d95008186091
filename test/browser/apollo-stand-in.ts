import type { Page } from '@playwright/test';

const SCRIPT = 'https://embeddable-sandbox.cdn.apollographql.com/';
const FRAME = 'https://sandbox.embed.apollographql.com';

/** What Apollo's servers were asked for. */
export interface AskedOfApollo {
  readonly scripts: string[];
  readonly frames: URL[];
}

/**
 * Stands in for Apollo's script and for the page that it frames, which no test can reach. As the real ones do: the
 * script is given options, puts document and headers into the frame's address, and posts for it what the frame asks
 * for; the frame runs the first operation of the document at once.
 */
export async function standInForApollo(page: Page): Promise<AskedOfApollo> {
  const asked: AskedOfApollo = { scripts: [], frames: [] };
  await page.route(`${SCRIPT}**`, (route) => {
    asked.scripts.push(route.request().url());
    return route.fulfill({ contentType: 'text/javascript', body: script });
  });
  await page.route(`${FRAME}/**`, (route) => {
    asked.frames.push(new URL(route.request().url()));
    return route.fulfill({ contentType: 'text/html', body: frame });
  });
  return asked;
}

const script = `window.EmbeddedSandbox = class {
  constructor({ target, initialEndpoint, initialState }) {
    const { document: text, variables, headers, includeCookies } = initialState;
    const query = new URLSearchParams({
      endpoint: initialEndpoint,
      defaultDocument: encodeURIComponent(text),
      defaultVariables: encodeURIComponent(JSON.stringify(variables)),
      defaultHeaders: encodeURIComponent(JSON.stringify(headers)),
      defaultIncludeCookies: includeCookies,
      parent: location.href,
    });
    const iframe = document.createElement('iframe');
    iframe.title = 'Apollo Sandbox';
    iframe.src = '${FRAME}/sandbox/explorer?' + query;
    document.querySelector(target).appendChild(iframe);
    addEventListener('message', async ({ origin, data }) => {
      if (origin !== '${FRAME}') return;
      const { endpointUrl, headers, includeCookies, operation, operationName, variables } = data;
      const response = await fetch(endpointUrl, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ query: operation, operationName, variables }),
        ...(includeCookies && { credentials: 'include' }),
      });
      iframe.contentWindow.postMessage(await response.json(), origin);
    });
  }
};`;

const frame = `<!doctype html><title>Apollo Sandbox</title><pre id="answer"></pre><script>
  const query = new URLSearchParams(location.search);
  const read = (name) => decodeURIComponent(query.get(name));
  addEventListener('message', ({ data }) => { answer.textContent = JSON.stringify(data); });
  parent.postMessage({
    name: 'ExplorerRequest',
    endpointUrl: query.get('endpoint'),
    headers: JSON.parse(read('defaultHeaders')),
    includeCookies: query.get('defaultIncludeCookies') === 'true',
    operation: read('defaultDocument'),
    operationName: /mutation (\\w+)/.exec(read('defaultDocument'))[1],
    variables: {},
  }, '*');
</script>`;
