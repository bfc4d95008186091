/** What the server told this page; `npx vite dashboard` serves it untold. */
export interface Settings {
  readonly apiKey: string | null;
  readonly sandbox: boolean;
  readonly nonce: string;
}

export const settings: Settings = {
  apiKey: null,
  sandbox: true,
  nonce: '',
  ...JSON.parse(document.getElementById('settings')?.textContent ?? '{}'),
};
